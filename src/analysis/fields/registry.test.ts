import { expect, test } from "vitest";
import { packetOf } from "../../testing/packets.ts";
import { SegmentTracker } from "../../trace/tracker.ts";
import { type FieldValue, showTime, showValue } from "./field.ts";
import { FrameFeed } from "./frame.ts";
import { FIELDS, findField, nearestFields } from "./registry.ts";

test("names are unique, and each is found", () => {
  expect(new Set(FIELDS.map(({ name }) => name)).size).toBe(FIELDS.length);
  for (const field of FIELDS) expect(findField(field.name)).toBe(field);
  expect(findField("constructor")).toBeNull();
});

test.each([
  ["tcp.prot", "tcp.port"],
  ["tcp.sequence", "tcp.seq"],
  ["tcp.window", "tcp.window_size"],
  ["srcport", "tcp.srcport"],
  ["frame.nmber", "frame.number"],
])("%s is near %s", (wrong, right) => {
  expect(nearestFields(wrong)).toContain(right);
});

test("nothing is near what is like nothing, or far too long", () => {
  expect(nearestFields("qqqqqqqqqqqq")).toEqual([]);
  expect(nearestFields("t".repeat(100_000))).toEqual([]);
});

test("times have nine digits, whatever their sign and size", () => {
  expect([0n, -1000n, 1_500_000_000n, 2n ** 63n].map(showTime)).toEqual([
    "0.000000000",
    "-0.000001000",
    "1.500000000",
    "9223372036.854775808",
  ]);
});

/** What `tshark -T fields` prints of a field in each of the lines. */
function column(name: string, lines: readonly string[]): string[] {
  const field = findField(name)!;
  const cells: string[] = [];
  const feed = new FrameFeed((frame) => {
    const values: FieldValue[] = [];
    field.read(frame, values);
    cells.push(values.map((value) => showValue(field, value)).join(","));
  });
  const tracker = new SegmentTracker(feed);
  for (const [i, line] of lines.entries()) tracker.onPacket(packetOf(line, i + 1));
  return cells;
}

const LINES = [
  "0 > S 4294967295 mss 1460 wscale 7",
  "1 < S. 300 ack 0 wscale 2",
  "2.5 > P. 0:5(5) ack 301 win 10",
];

test.each([
  ["tcp.seq", ["0", "0", "1"]],
  ["tcp.seq_raw", ["4294967295", "300", "0"]],
  ["tcp.nxtseq", ["1", "1", "6"]],
  ["tcp.ack", ["0", "1", "1"]],
  ["tcp.flags", ["0x0002", "0x0012", "0x0018"]],
  ["tcp.flags.str", ["··········S·", "·······A··S·", "·······AP···"]],
  ["tcp.flags.syn", ["1", "1", "0"]],
  ["tcp.window_size", ["65535", "65535", "1280"]],
  ["tcp.window_size_scalefactor", ["", "", "128"]],
  ["tcp.options.mss_val", ["1460", "", ""]],
  ["tcp.port", ["40000,80", "80,40000", "40000,80"]],
  ["ip.addr", ["10.0.0.1,10.0.0.2", "10.0.0.2,10.0.0.1", "10.0.0.1,10.0.0.2"]],
  ["tcp.time_delta", ["0.000000000", "0.001000000", "0.001500000"]],
  ["frame.time_relative", ["0.000000000", "0.001000000", "0.002500000"]],
  [
    "frame.time",
    [
      "Jan  1, 2026 00:00:00.000000000 UTC",
      "Jan  1, 2026 00:00:00.001000000 UTC",
      "Jan  1, 2026 00:00:00.002500000 UTC",
    ],
  ],
  ["tcp.payload", ["", "", "0000000000"]],
])("%s", (name, expected) => {
  expect(column(name, LINES)).toEqual(expected);
});
