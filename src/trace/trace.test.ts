import { expect, test } from "vitest";
import { packetOf, traceOf } from "../testing/packets.ts";
import { TraceBuilder } from "./builder.ts";
import { formatEndpoint } from "./endpoint.ts";

const HANDSHAKE = ["0 > S 100 mss 1460", "0.1 < S. 300 ack 101", "0.2 > . 101 ack 301"];

test("a trace keeps rows, bytes and ends of each stream", () => {
  const trace = traceOf([...HANDSHAKE, "0.3 > P. 101:106(5) ack 301 gso 1448"]);
  expect(trace.streams).toBe(1);
  expect([...trace.rowsOf(0)]).toEqual([0, 1, 2, 3]);
  expect(formatEndpoint(trace.endpoint(0, 0))).toBe("10.0.0.1:40000");
  expect(formatEndpoint(trace.endpoint(0, 1))).toBe("10.0.0.2:80");
  const { time, relSeq, payloadLen, dir } = trace.segments.columns;
  expect([time[3], relSeq[3], payloadLen[3], dir[1]]).toEqual([300_000, 1, 5, 1]);
  expect(trace.packets.columns.gsoSize[3]).toBe(1448);
  expect(trace.bytesOf(3)).toHaveLength(45);
  expect(trace.viewOf(3).view.getUint16(trace.viewOf(3).at + 20)).toBe(40_000);
});

test("frames that are no TCP have a packet and no segment; frame numbers may skip", () => {
  const builder = new TraceBuilder();
  builder.onPacket(packetOf(HANDSHAKE[0]!, 2));
  const other = packetOf(HANDSHAKE[1]!, 5);
  other.view.setUint8(9, 17);
  builder.onPacket(other);
  builder.onPacket(packetOf(HANDSHAKE[2]!, 9));
  const trace = builder.build();
  expect([1, 2, 5, 9, 10].map((f) => trace.packetOfFrame(f))).toEqual([null, 0, 1, 2, null]);
  expect([2, 5, 9].map((f) => trace.segmentOfFrame(f))).toEqual([0, null, 1]);
  expect(trace.frameOf(1)).toBe(9);
});

test("beyond its limit a trace keeps rows and says that bytes are missing", () => {
  const builder = new TraceBuilder({ keepBytes: 0 });
  for (const [i, line] of HANDSHAKE.entries()) builder.onPacket(packetOf(line, i + 1));
  const trace = builder.build();
  expect(trace.segments.length).toBe(3);
  expect(trace.bytesOf(0)).toHaveLength(0);
  expect(trace.warnings.map((w) => w.frame)).toEqual([1]);
});

test("beyond as many packets as it may keep a trace is full", () => {
  const builder = new TraceBuilder({ maxPackets: 2 });
  for (const [i, line] of HANDSHAKE.entries()) {
    expect(builder.isFull).toBe(false);
    builder.onPacket(packetOf(line, i + 1));
  }
  expect(builder.isFull).toBe(true);
  const trace = builder.build();
  expect([trace.packets.length, trace.segments.length]).toEqual([2, 2]);
  expect(trace.warnings.map((w) => [w.frame, w.fatal])).toEqual([[3, false]]);
});

test("comments, interfaces and calls have a limit of their own", () => {
  const builder = new TraceBuilder({ keepNotes: 2000 });
  const iface = { linkType: 1, snapLen: 0, description: null, filter: null, os: null };
  for (let i = 0; i < 3; i++) {
    builder.onInterface({ ...iface, name: "e".repeat(300), ticksPerSecond: 1e9 }, i);
    builder.onPacket({ ...packetOf(HANDSHAKE[i]!, i + 1), comments: ["c"] });
  }
  const trace = builder.build();
  expect([trace.packets.length, trace.interfaces.length, trace.comments.size]).toEqual([3, 1, 2]);
  expect(trace.warnings.map((w) => w.message)).toEqual([expect.stringContaining("interfaces")]);
});

test("a time beyond 2^53 ns from the first is kept, and said to be inexact", () => {
  const builder = new TraceBuilder();
  const first = packetOf(HANDSHAKE[0]!, 1);
  builder.onPacket(first);
  builder.onPacket({ ...packetOf(HANDSHAKE[1]!, 2), sec: first.sec + 10_000_000 });
  builder.onPacket({ ...packetOf(HANDSHAKE[2]!, 3), sec: 2 ** 33 });
  const trace = builder.build();
  expect(trace.segments.columns.time[1]).toBe(1e16 + 100_000);
  expect(trace.warnings.map((w) => w.message)).toEqual([expect.stringContaining("104 days")]);
});

test("a trace of nothing", () => {
  const trace = new TraceBuilder().build();
  expect([trace.streams, trace.packets.length, trace.epoch]).toEqual([0, 0, 0n]);
});

test("a trace that has ended says what it said before, in less memory, and takes no more", () => {
  const builder = new TraceBuilder();
  for (const [i, line] of HANDSHAKE.entries()) builder.onPacket(packetOf(line, i + 1));
  const { segments, packets } = builder.build();
  const before = [segments, packets].map((table) => rowsIn(table, 3));
  builder.end();
  expect([segments, packets].map((table) => rowsIn(table, 3))).toEqual(before);
  expect(segments.columns.time).toBe(packets.columns.time);
  expect(() => builder.onPacket(packetOf(HANDSHAKE[0]!, 4))).toThrow("the trace has ended");
});

test("where a packet is no segment, both tables keep columns of their own", () => {
  const builder = new TraceBuilder();
  const other = packetOf(HANDSHAKE[0]!, 1);
  other.view.setUint8(9, 17);
  builder.onPacket(other);
  builder.onPacket(packetOf(HANDSHAKE[1]!, 2));
  builder.end();
  const { segments, packets } = builder.build();
  expect(segments.columns.time[0]).toBe(packets.columns.time[1]);
  expect(segments.columns.packet[0]).toBe(1);
});

const rowsIn = ({ columns }: { columns: Readonly<Record<string, ArrayLike<number>>> }, n: number) =>
  Object.entries(columns).map(([name, column]) => [name, Array.from(column).slice(0, n)]);
