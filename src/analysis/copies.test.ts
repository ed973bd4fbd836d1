import { expect, test } from "vitest";
import { TraceBuilder } from "../trace/builder.ts";
import { packetOf } from "../testing/packets.ts";
import type { Trace } from "../trace/trace.ts";
import { copiesOf } from "./copies.ts";

/** Each line is a packet; the same line twice is the same packet twice. */
function captureOf(lines: readonly string[]): Trace {
  const builder = new TraceBuilder();
  for (const [i, line] of lines.entries()) builder.onPacket(packetOf(line, i + 1));
  return builder.build();
}

test("data that stands there again within a millisecond is a copy, later it is not", () => {
  const trace = captureOf([
    "0 > P. 101:106(5) ack 301",
    "0.2 > P. 106:111(5) ack 301",
    "0.3 > P. 101:106(5) ack 301",
    "5 > P. 106:111(5) ack 301",
  ]);
  expect([...copiesOf(trace, trace.rowsOf(0))]).toEqual([2]);
});

test("of many the last one with the same number is the one compared with", () => {
  const lines = Array.from({ length: 600 }, (_, i) => {
    const at = 101 + (i % 200) * 5;
    return `${(i / 1000).toFixed(3)} > P. ${at}:${at + 5}(5) ack 301`;
  });
  const trace = captureOf(lines);
  const copies = copiesOf(trace, trace.rowsOf(0));
  expect(copies.size).toBe(400);
  expect(Math.min(...copies)).toBe(200);
});
