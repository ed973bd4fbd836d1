import { expect, test } from "vitest";
import { packetOf } from "../../../testing/packets.ts";
import { Recording } from "../recording.ts";
import { ByteStreams, type ByteView } from "./byte-streams.ts";

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

const VIEW: ByteView = { stream: 0, dir: 0, as: "hex", columns: 16 };

test("the first copy of each byte counts; what no segment brought is a hole before the FIN", () => {
  const [client, server] = streams().sums(0)!;
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
  const page = streams().rows(VIEW, 0, 10);
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

test("where a segment's bytes are, and which segments are beside it", () => {
  expect(streams().spot(VIEW, 5)).toEqual({
    dir: 0,
    from: 20,
    to: 30,
    row: 1,
    before: 4,
    after: 6,
  });
  expect(streams().spot(VIEW, 7)).toMatchObject({ from: 0, to: 10, after: 0 });
  expect(streams().spot(VIEW, 1)).toBeNull();
  expect(streams().spot({ ...VIEW, stream: 9 }, 5)).toBeNull();
});

test("bytes leave in blocks, without the holes", () => {
  const { bytes, next } = streams().block(0, 0, 0);
  expect([bytes.length, next]).toEqual([30, null]);
  expect(streams().block(0, 1, 0)).toEqual({ bytes: new Uint8Array(0), next: null });
});

test("bytes are found from a place on", async () => {
  const bytes = streams();
  const { bytes: all } = bytes.block(0, 0, 0);
  const pattern = all.subarray(8, 12);
  const at = await bytes.find(0, 0, pattern, 1, () => Promise.resolve());
  expect(all.subarray(at, at + 4)).toEqual(pattern);
  expect(await bytes.find(0, 0, Uint8Array.of(1, 2, 3), 0, () => Promise.resolve())).toBe(-1);
});

test("no such stream: nothing", () => {
  expect(streams().sums(7)).toBeNull();
  expect(streams().rows({ ...VIEW, stream: 7 }, 0, 10).total).toBe(0);
});
