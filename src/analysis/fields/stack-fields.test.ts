import { expect, test } from "vitest";
import { packetOf, TEST_EPOCH } from "../../testing/packets.ts";
import { sampleAt } from "../../testing/samples.ts";
import type { DecisionEvent, RecordedEvent } from "../../pcap/event.ts";
import { SegmentTracker } from "../../trace/tracker.ts";
import { parseDisplayFilter } from "../display/parser.ts";
import { type FieldValue, showValue } from "./field.ts";
import { FrameFeed } from "./frame.ts";
import { findField } from "./registry.ts";

const MS = 1_000_000;

function decided(ms: number, act: DecisionEvent["act"], why: string, seq?: number): DecisionEvent {
  const time = TEST_EPOCH + BigInt(ms * MS);
  return {
    kind: "decision",
    by: "stack",
    act,
    time,
    local: "10.0.0.1:40000",
    remote: "10.0.0.2:80",
    why,
    seq: seq ?? null,
    len: seq === undefined ? null : 10,
    sent: seq === undefined ? null : time,
  };
}

/** Packets as lines, events between them as they are. */
const RECORDED: readonly (string | RecordedEvent)[] = [
  "0 > S 100 mss 1460",
  "1 < S. 300 ack 101 mss 1460",
  sampleAt(1, { cwnd: 14_600, srttNs: null }),
  decided(2, "sent", "data", 101),
  "2 > P. 101:111(10) ack 301",
  decided(2, "limited", "cwnd"),
  sampleAt(300, { cwnd: 1460, ssthresh: 7300, recovery: "loss", pacingRate: 5000 }),
  decided(300, "sent", "timeout", 101),
  "300 > P. 101:111(10) ack 301",
  sampleAt(301, { cwnd: 2920, ssthresh: 7300, recovery: "loss" }),
  "302 > . 111 ack 301",
  "303 < . 301 ack 111",
];

function eachFrame(onFrame: ConstructorParameters<typeof FrameFeed>[0]): void {
  const tracker = new SegmentTracker(new FrameFeed(onFrame));
  let frame = 0;
  for (const one of RECORDED) {
    if (typeof one === "string") tracker.onPacket(packetOf(one, ++frame));
    else tracker.onEvents([one]);
  }
}

/** What is printed of `seqack.stack` and `name` below it, frame by frame. */
function column(name: string): string[] {
  const field = findField(`seqack.stack${name}`)!;
  const cells: string[] = [];
  eachFrame((frame) => {
    const values: FieldValue[] = [];
    field.read(frame, values);
    cells.push(values.map((value) => showValue(field, value)).join(","));
  });
  return cells;
}

test.each([
  ["", ["", "", "1", "1", "1", ""]],
  [".why", ["", "", "data", "timeout", "", ""]],
  [".limited", ["", "", "", "cwnd", "cwnd", ""]],
  [".cwnd", ["", "", "14600", "1460", "2920", ""]],
  [".ssthresh", ["", "", "", "7300", "7300", ""]],
  [".recovery", ["", "", "open", "loss", "loss", ""]],
  [".srtt", ["", "", "", "0.010000000", "0.010000000", ""]],
  [".rto", ["", "", "0.200000000", "0.200000000", "0.200000000", ""]],
  [".pacing_rate", ["", "", "", "5000", "", ""]],
])("seqack.stack%s is of the sender, as it was when the segment left", (name, expected) => {
  expect(column(name)).toEqual(expected);
});

test.each([
  ["seqack.stack", [3, 4, 5]],
  ['seqack.stack.why == "timeout"', [4]],
  ["seqack.stack.cwnd < 2000 && seqack.stack.rto >= 0.2", [4]],
  ["!seqack.stack.why && tcp.len == 0", [1, 2, 5, 6]],
])("-Y %s", (words, expected) => {
  const filter = parseDisplayFilter(words);
  const passed: number[] = [];
  eachFrame((frame) => filter(frame) && passed.push(frame.packet.frame));
  expect(passed).toEqual(expected);
});
