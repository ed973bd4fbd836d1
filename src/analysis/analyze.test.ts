import { expect, test } from "vitest";
import { concat } from "../base/bytes.ts";
import { PcapngWriter } from "../pcap/pcapng-writer.ts";
import { packetOf } from "../testing/packets.ts";
import { LinkType } from "../wire/linktype.ts";
import { analyze, analyzeInBatches } from "./analyze.ts";

const LINES = [
  "0 > S 100 win 1000 mss 1460",
  "10 < S. 300 ack 101 win 1000",
  "12 > . 101 ack 301 win 1000",
  "20 > P. 101:201(100) ack 301 win 1000",
  "21 > P. 201:301(100) ack 301 win 1000",
  "40 < . 301 ack 201 win 900",
  "41 < . 301 ack 201 win 900",
];

function fileOf(lines: readonly string[]): Uint8Array {
  const writer = new PcapngWriter();
  const head = [writer.section(), writer.iface({ linkType: LinkType.RAW })];
  return concat(...head, ...lines.map((line, i) => writer.packet(packetOf(line, i + 1))));
}

const FILE = fileOf(LINES);

/** @yields The file in pieces of `size` bytes. */
function* piecesOf(file: Uint8Array, size: number): Generator<Uint8Array, void, void> {
  for (let at = 0; at < file.length; at += size) yield file.subarray(at, at + size);
}

test("connections and, when asked for, segments", async () => {
  const { info, packets, conversations, segments, warnings } = await analyze(FILE, {
    segments: true,
  });
  expect([info?.format, packets, conversations.length, warnings]).toEqual(["pcapng", 7, 1, []]);
  expect(segments.at(6)).toEqual({
    frame: 7,
    frameLen: 40,
    timeNs: 1_767_225_600_041_000_000n,
    stream: 0,
    from: "server",
    seq: 301,
    ack: 201,
    relSeq: 1,
    relAck: 101,
    len: 0,
    flags: 16,
    window: 900,
    windowSize: 900,
    verdicts: ["duplicate_ack"],
    notes: [],
    duplicateAck: { num: 1, frame: 6 },
    acks: null,
    initialRttNs: 12e6,
    bytesInFlight: null,
    pushBytes: null,
    rto: null,
    completeness: 15,
  });
  expect([...segments].map((s) => s.acks?.rttNs ?? null)).toEqual([
    null,
    10e6,
    2e6,
    null,
    null,
    20e6,
    null,
  ]);
  expect((await analyze(FILE)).segments.length).toBe(0);
});

test.each([1, 7, 100, 10_000])("chunks of %i bytes give the same", async (size) => {
  const whole = await analyze(FILE, { segments: true });
  const parts = await analyze(piecesOf(FILE, size), { segments: true });
  expect([...parts.segments]).toEqual([...whole.segments]);
  expect([...parts.conversations]).toEqual([...whole.conversations]);
});

test("batches hold every segment and every connection once", async () => {
  const frames: number[] = [];
  const streams: number[] = [];
  for await (const batch of analyzeInBatches([FILE], { segments: true })) {
    frames.push(...batch.segments.columns.frame.subarray(0, batch.segments.length));
    streams.push(...[...batch.conversations].map((c) => c.stream));
  }
  expect([frames, streams]).toEqual([[1, 2, 3, 4, 5, 6, 7], [0]]);
});

test("connections come in the order of their streams", async () => {
  const again = [...LINES, "90 > S 9000", "91 < S. 8000 ack 9001"];
  const { conversations } = await analyze(fileOf(again));
  expect([...conversations].map((c) => c.stream)).toEqual([0, 1]);
});

test("damage is told, and what came before it is there", async () => {
  const { conversations, warnings, packets } = await analyze(FILE.subarray(0, FILE.length - 10));
  expect([packets, conversations.length]).toEqual([6, 1]);
  expect(warnings.map((w) => w.fatal)).toEqual([true]);
  const none = await analyze(new TextEncoder().encode("no capture, but a text of some length"));
  expect([none.info, none.packets, none.warnings.length]).toEqual([null, 0, 1]);
});

test("a signal stops it with its reason", async () => {
  const abort = new AbortController();
  const { signal } = abort;
  abort.abort(new RangeError("enough"));
  await expect(analyze(FILE, { signal })).rejects.toThrow(new RangeError("enough"));
});

test("rows that are not there", async () => {
  const { conversations, segments } = await analyze(FILE);
  expect(() => segments.at(0)).toThrow("Cannot read segment 0: there are 0 rows");
  expect(() => conversations.at(1.5)).toThrow("Cannot read connection 1.5: there are 1 rows");
});
