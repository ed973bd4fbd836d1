import fc from "fast-check";
import { expect, test } from "vitest";
import type { PacketRecord } from "../pcap/sink.ts";
import { packetOf, traceOf } from "../testing/packets.ts";
import { FlowTable, LAST_FRAME, SLOT, State, STATE, STREAM } from "./flows.ts";
import { SCALE_UNKNOWN, SCALE_UNUSED, type SegmentRecord } from "./segment.ts";
import { SegmentTracker } from "./tracker.ts";

/** What `pick` says of each segment of the lines. */
function each<T>(lines: readonly string[], pick: (s: SegmentRecord) => T): T[] {
  const out: T[] = [];
  const tracker = new SegmentTracker({ onSegment: (s) => out.push(pick(s)) });
  for (const [i, line] of lines.entries()) tracker.onPacket(packetOf(line, i + 1));
  return out;
}

test("numbers count from the SYN of each side, across the wrap", () => {
  const numbers = each(
    [
      "0 > S 4294967290",
      "1 < S. 4294967295 ack 4294967291",
      "2 > . 4294967291 ack 0",
      "3 > P. 4294967291:5(10) ack 0",
      "4 < . 0 ack 5",
    ],
    (s) => [s.dir, s.relSeq, s.relAck, s.payloadLen],
  );
  expect(numbers).toEqual([
    [0, 0, 0, 0],
    [1, 0, 1, 0],
    [0, 1, 1, 0],
    [0, 1, 1, 10],
    [1, 1, 11, 0],
  ]);
});

test("without a handshake the first numbers seen are shown as 1", () => {
  const numbers = each(["0 < P. 5000:5100(100) ack 700", "1 > . 700 ack 5100"], (s) => [
    s.dir,
    s.relSeq,
    s.relAck,
  ]);
  expect(numbers).toEqual([
    [1, 1, 1],
    [0, 1, 101],
  ]);
});

test("a SYN with another number on known ports begins a new stream, the same SYN again does not", () => {
  const streams = each(
    ["0 > S 100", "1 > S 100", "2 < S. 300 ack 101", "3 > S 900", "4 < S. 400 ack 901"],
    (s) => [s.stream, s.isNewStream, s.isReusedPorts, s.streamFrame],
  );
  expect(streams).toEqual([
    [0, true, false, 1],
    [0, false, false, 2],
    [0, false, false, 3],
    [1, true, true, 1],
    [1, false, false, 2],
  ]);
});

function windowsAfter(syn: string, synAck: string): number[] {
  return each(
    [`0 > S 1${syn}`, `1 < S. 1 ack 2${synAck}`, "2 > . 2 ack 2 win 100", "3 < . 2 ack 2 win 100"],
    (s) => s.windowSize,
  ).slice(2);
}

test("windows are scaled once both ends offered it", () => {
  expect(windowsAfter(" wscale 7", " wscale 2")).toEqual([12_800, 400]);
  expect(windowsAfter(" wscale 7", "")).toEqual([100, 100]);
  expect(windowsAfter("", " wscale 2")).toEqual([100, 100]);
  expect(windowsAfter(" wscale 255", " wscale 14")).toEqual([100 << 14, 100 << 14]);
});

test("the scale is unknown without a handshake", () => {
  expect(each(["0 > . 1 ack 1 win 9"], (s) => [s.scale, s.windowSize])).toEqual([
    [SCALE_UNKNOWN, 9],
  ]);
  expect(each(["0 > S 1", "1 > . 2 ack 1 win 9"], (s) => s.scale)).toEqual([
    SCALE_UNKNOWN,
    SCALE_UNUSED,
  ]);
});

test.each([
  ["SYN", ["0 < S 1", "1 > S. 9 ack 2"], 41_000, 80, [0, 1]],
  ["SYN-ACK first", ["0 < S. 1 ack 2"], 41_000, 80, [1]],
  ["well-known port", ["0 < . 1 ack 1"], 41_000, 80, [1]],
  ["ephemeral port", ["0 < . 1 ack 1"], 41_000, 8080, [1]],
  ["who speaks first", ["0 < . 1 ack 1"], 8081, 8080, [0]],
] as const)("the client by %s", (_, lines, client, server, dirs) => {
  const seen: number[] = [];
  const tracker = new SegmentTracker({ onSegment: (s) => seen.push(s.dir) });
  for (const line of lines) tracker.onPacket(packetOf(line, 1, { client, server }));
  expect(seen).toEqual(dirs);
});

function toItself(line: string): PacketRecord {
  const p = packetOf(line, 1, { client: 7, server: 7 });
  p.view.setUint32(16, p.view.getUint32(12));
  return p;
}

test("a socket connected to itself has one direction", () => {
  const seen: number[][] = [];
  const tracker = new SegmentTracker({
    onSegment: (s) => seen.push([s.stream, s.dir, s.relSeq, s.relAck]),
  });
  for (const line of ["0 > S 5", "1 > S. 5 ack 6", "2 > P. 6:9(3) ack 6"]) {
    tracker.onPacket(toItself(line));
  }
  expect(seen).toEqual([
    [0, 0, 0, 0],
    [0, 0, 0, 1],
    [0, 0, 1, 1],
  ]);
});

test("a header longer than its segment has no length, and sets no base", () => {
  const seen: unknown[] = [];
  const tracker = new SegmentTracker({
    onSegment: (s) => seen.push([s.isLenKnown, s.payloadLen, s.payloadCaptured, s.relSeq]),
  });
  const p = packetOf("0 > . 700 ack 1", 1);
  p.view.setUint8(32, 0xf0);
  tracker.onPacket(p);
  expect(seen).toEqual([[false, 0, 0, 700]]);
});

test("random bytes as options never read beyond the header", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 40, maxLength: 40 }), (options) => {
      const p = packetOf("0 > S 1", 1);
      const bytes = new Uint8Array(80);
      bytes.set(new Uint8Array(p.view.buffer).subarray(0, 40));
      bytes.set(options, 40);
      const view = new DataView(bytes.buffer);
      view.setUint16(2, 80);
      view.setUint8(32, 0xf0);
      let scale = 0;
      const tracker = new SegmentTracker({
        onSegment: (s) => {
          expect(s.payloadLen).toBe(0);
          scale = s.scale;
        },
      });
      tracker.onPacket({ ...p, view, capLen: 80, origLen: 80 });
      tracker.onPacket({ ...p, view, capLen: 80, origLen: 80 });
      expect(scale).toBeLessThanOrEqual(14);
    }),
  );
});

test("the flow table agrees with a map by text", () => {
  const packet = fc.record({
    a: fc.nat(3),
    b: fc.nat(3),
    x: fc.nat(3),
    y: fc.nat(3),
    isV6: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(packet, { maxLength: 300 }), (packets) => {
      const table = new FlowTable();
      const naive = new Map<string, number>();
      const ours: unknown[] = [];
      const theirs: unknown[] = [];
      for (const { a, b, x, y, isV6 } of packets) {
        const v = new DataView(new ArrayBuffer(60));
        v.setUint32(isV6 ? 20 : 12, a);
        v.setUint32(isV6 ? 36 : 16, b);
        v.setUint16(40, x);
        v.setUint16(42, y);
        const ends = [`${a}:${x}`, `${b}:${y}`].toSorted();
        const key = `${isV6} ${ends.join()}`;
        const found = table.find(v, isV6 ? 6 : 4, 0, isV6 ? 24 : 16, 40);
        ours.push(found, table.isSelf);
        theirs.push(naive.get(key) ?? -1, ends[0] === ends[1]);
        if (found !== -1) continue;
        naive.set(key, naive.size);
        expect(table.add()).toBe(naive.size - 1);
      }
      expect(ours).toEqual(theirs);
    }),
  );
});

test("segments of more streams than are told apart are other packets", () => {
  const seen: string[] = [];
  const tracker = new SegmentTracker(
    {
      onSegment: (s) => seen.push(`stream ${s.stream}`),
      onOther: () => seen.push("other"),
      onWarning: (w) => seen.push(`warning after frame ${w.frame}`),
    },
    { maxStreams: 2 },
  );
  for (const [i, port] of [1, 2, 3, 4].entries()) {
    tracker.onPacket(packetOf("0 > S 1", i + 1, { client: port, server: 80 }));
  }
  // A new connection on known ports takes the place of the old one.
  tracker.onPacket(packetOf("1 > S 7", 5, { client: 1, server: 80 }));
  const after = ["stream 0", "stream 1", "warning after frame 3", "other", "other", "stream 2"];
  expect(seen).toEqual(after);
});

/** A header whose addresses are 0 and `n`. */
function headerOf(n: number, v: DataView = new DataView(new ArrayBuffer(40))): DataView {
  v.setUint32(16, n);
  return v;
}

test("200,000 connections, then 20,000 on one pair of ports", () => {
  const table = new FlowTable(Infinity);
  const v = headerOf(0);
  for (let i = 0; i < 200_000; i++) {
    expect(table.find(headerOf(i, v), 4, 0, 16, 20)).toBe(-1);
    table.add();
  }
  for (let i = 0; i < 20_000; i++) table.begin(table.find(headerOf(7, v), 4, 0, 16, 20));
  expect([table.length, table.streams]).toEqual([200_000, 220_000]);
  expect(table.find(headerOf(77, v), 4, 0, 16, 20)).toBe(77);
});

test("closed connections make room when there are too many", () => {
  const table = new FlowTable(64);
  const v = headerOf(0);
  const open = 10;
  for (let i = 0; i < 100_000; i++) {
    table.find(headerOf(i, v), 4, 0, 16, 20);
    const at = table.add() * SLOT;
    table.words[at + LAST_FRAME] = i + 1;
    if (i >= open) table.words[at + STATE] = State.RST;
  }
  expect(table.length).toBeLessThanOrEqual(256);
  expect(table.streams).toBe(100_000);
  for (let i = 0; i < open; i++) {
    expect(table.words[table.find(headerOf(i, v), 4, 0, 16, 20) * SLOT + STREAM]).toBe(i);
  }
  expect(table.find(headerOf(20, v), 4, 0, 16, 20)).toBe(-1);
});

test("the same capture gives the same numbers whatever the hash", () => {
  const lines = Array.from({ length: 50 }, (_, i) => `${i} > S ${i % 7}`);
  const streams = (): number[] => [...traceOf(lines).segments.columns.stream.subarray(0, 50)];
  expect(streams()).toEqual(streams());
});
