import { expect, test } from "vitest";
import { packetOf } from "../../../testing/packets.ts";
import { Recording } from "../recording.ts";
import { ByteStreams, type ByteView } from "./byte-streams.ts";
import { STEP } from "./steps.ts";

const LINES = [
  "0 > S 100 win 65535 mss 1460",
  "1 < S. 300 ack 101 win 65535 mss 1460",
  "2 > . 101 ack 301 win 65535",
  "3 > P. 101:111(10) ack 301 win 65535",
  "4 > P. 121:131(10) ack 301 win 65535",
  "5 > P. 106:121(15) ack 301 win 65535",
  "6 > P. 101:111(10) ack 301 win 65535",
  "7 > F. 141 ack 301 win 65535",
];

function streams(): ByteStreams {
  const recording = new Recording();
  LINES.forEach((line, i) => {
    const packet = packetOf(line, i + 1);
    const seq = packet.view.getUint32(24);
    for (let at = 40; line.includes(" P") && at < packet.capLen; at++) {
      packet.view.setUint8(at, seq + at - 40);
    }
    recording.sink.onPacket(packet);
  });
  recording.end();
  return new ByteStreams(recording);
}

const givenUp = (): Promise<void> => Promise.reject(new Error("given up"));
const pause = (): Promise<void> => Promise.resolve();

const VIEW: ByteView = { stream: 0, dir: 0, as: "hex", columns: 16 };

test("the first copy of each byte counts; what no segment brought is a hole before the FIN", async () => {
  const [client, server] = (await streams().sums(0, pause))!;
  expect(client).toMatchObject({
    from: 0,
    to: 40,
    bytes: 30,
    segments: 4,
    again: 2,
    firstSeq: 101,
  });
  expect(client).toMatchObject({ holes: 1, missing: 10, isFromStart: true, firstFrame: 4 });
  expect(server.bytes).toBe(0);
  const page = await streams().rows(VIEW, 0, 10, pause);
  expect([...page.from]).toEqual([0, 16, 30]);
  expect([...page.kind]).toEqual([0, 0, 2]);
  const shown = page.spans.map(({ lane, from, to, number }) => `${lane} ${number}: ${from}-${to}`);
  expect(shown).toEqual([
    "segment 4: 0-10",
    "segment 6: 10-20",
    "segment 5: 20-30",
    "again 7: 0-10",
    "again 6: 5-20",
  ]);
});

test("where a segment's bytes are, and which segments are beside it", async () => {
  expect(await streams().spot(VIEW, 5, pause)).toEqual({
    frame: 5,
    dir: 0,
    from: 20,
    to: 30,
    row: 1,
    before: 4,
    after: 6,
  });
  expect(await streams().spot(VIEW, 7, pause)).toMatchObject({ from: 0, to: 10, after: 0 });
  expect(await streams().spot(VIEW, 1, pause)).toBeNull();
  expect(await streams().spot({ ...VIEW, stream: 9 }, 5, pause)).toBeNull();
});

test("bytes leave in blocks, without the holes", async () => {
  const { bytes, runs, next } = await streams().block({ stream: 0, dir: 0, from: 0 }, pause);
  expect([bytes.length, runs, next]).toEqual([30, [{ from: 0, length: 30 }], null]);
  const nothing = { bytes: new Uint8Array(0), runs: [], next: null };
  expect(await streams().block({ stream: 0, dir: 1, from: 0 }, pause)).toEqual(nothing);
  expect(await streams().block({ stream: 0, dir: 0, from: 30, to: 40 }, pause)).toEqual(nothing);
  const part = await streams().block({ stream: 0, dir: 0, from: 5, to: 12 }, pause);
  expect([part.bytes, part.runs]).toEqual([bytes.slice(5, 12), [{ from: 5, length: 7 }]]);
});

test("what a byte belongs to: the segment that brought it first, and those that brought it again", async () => {
  const owners = await streams().owners(0, 0, 6, pause);
  expect(owners.map(({ lane, number }) => `${lane} ${number}`)).toEqual([
    "segment 4",
    "again 7",
    "again 6",
  ]);
  expect(await streams().owners(7, 0, 6, pause)).toEqual([]);
});

test("bytes are found from a place on", async () => {
  const bytes = streams();
  const { bytes: all } = await bytes.block({ stream: 0, dir: 0, from: 0 }, pause);
  const pattern = all.subarray(8, 12);
  const at = await bytes.find(0, 0, pattern, 1, pause);
  expect(all.subarray(at, at + 4)).toEqual(pattern);
  expect(await bytes.find(0, 0, Uint8Array.of(1, 2, 3), 0, pause)).toBe(-1);
});

test("no such stream: nothing", async () => {
  expect(await streams().sums(7, pause)).toBeNull();
  expect((await streams().rows({ ...VIEW, stream: 7 }, 0, 10, pause)).total).toBe(0);
});

/** A stream of more segments than one step takes. */
function long(): ByteStreams {
  const recording = new Recording();
  recording.sink.onPacket(packetOf("0 > S 100 win 65535", 1));
  for (let i = 0; i <= STEP; i++) {
    const seq = 101 + 2 * i;
    recording.sink.onPacket(packetOf(`${i} > P. ${seq}:${seq + 2}(2) ack 1 win 65535`, i + 2));
  }
  recording.end();
  return new ByteStreams(recording);
}

test("a long stream is opened in steps; a question that is given up leaves its work to the next", async () => {
  const bytes = long();
  await expect(bytes.rows(VIEW, 0, 10, givenUp)).rejects.toThrow("given up");
  let pauses = 0;
  const counted = (): Promise<void> => Promise.resolve(void pauses++);
  const [page, sums, spot] = await Promise.all([
    bytes.rows(VIEW, 0, 10, counted),
    bytes.sums(0, counted),
    bytes.spot(VIEW, STEP + 2, counted),
  ]);
  expect(pauses).toBeGreaterThan(3);
  expect(page.total).toBe(Math.ceil((2 * STEP + 2) / 16));
  expect(sums![0]).toMatchObject({ segments: STEP + 1, bytes: 2 * STEP + 2, holes: 0 });
  expect(spot).toMatchObject({ from: 2 * STEP, to: 2 * STEP + 2, before: STEP + 1, after: 0 });
  const before = pauses;
  await bytes.sums(0, counted);
  expect(pauses).toBe(before);
});
