import { expect, test } from "vitest";
import { packetOf } from "../../testing/packets.ts";
import { SegmentTracker } from "../../trace/tracker.ts";
import { VerdictAnalyzer } from "../verdicts/analyzer.ts";
import { NOTES, VERDICTS } from "../verdicts/verdict.ts";
import { EXAMPLES, HANDSHAKE } from "./examples.fixture.ts";
import { Explainer } from "./explainer.ts";
import type { Reason } from "./reason.ts";

const FROM_SYNS = [
  { seq: 100, ack: 300 },
  { seq: 300, ack: 100 },
] as const;

/** The reasons of each line, counted from the SYNs; with `base` `null` on the wire's count. */
function reasonsOf(lines: readonly string[], base: null | "SYN" = "SYN"): (readonly Reason[])[] {
  const out: (readonly Reason[])[] = [];
  const analyzer = new VerdictAnalyzer();
  const explainer = new Explainer();
  const tracker = new SegmentTracker({
    onSegment(s) {
      explainer.pass(s, analyzer.analyze(s));
      out.push(explainer.reasons(base === null ? null : FROM_SYNS[s.dir]));
    },
  });
  for (const [i, line] of lines.entries()) tracker.onPacket(packetOf(line, i + 1));
  return out;
}

test.each(EXAMPLES)("$en", ({ name, lines, en, zh }) => {
  const reason = reasonsOf(lines)
    .at(-1)!
    .filter((r) => r.name === name);
  expect(reason.map(({ text }) => text)).toEqual([{ en, zh }]);
});

test("there is an example of everything that is said", () => {
  const names = new Set<string>(EXAMPLES.map(({ name }) => name));
  const wanted = [...VERDICTS, ...NOTES, "acks_frame", "bytes_in_flight", "rto"];
  expect(wanted.filter((name) => !names.has(name))).toEqual([]);
});

test("verdicts come first, then notes, then numbers; a spurious retransmission has one sentence", () => {
  const lines = [
    "20 > . 101:201(100) ack 301",
    "30 < . 301 ack 201 win 900",
    "900 > F. 101:201(100) ack 301",
  ];
  expect(
    reasonsOf([...HANDSHAKE, ...lines])
      .at(-1)!
      .map(({ name }) => name),
  ).toEqual(["spurious_retransmission", "fin_active", "bytes_in_flight"]);
});

test("positions without a base are the numbers on the wire", () => {
  const again = reasonsOf(
    [...HANDSHAKE, "20 > . 101:201(100) ack 301", "232 > . 101:201(100) ack 301"],
    null,
  );
  expect(again.at(-1)![0]).toMatchObject({ name: "retransmission", kind: "verdict", frame: 4 });
  expect(again.at(-1)![0]!.text.en).toContain("its bytes 101–200 ");
});

test("a connection on ports of another starts with no memory of it", () => {
  const lines = [...HANDSHAKE, "5000 > S 9000 win 1000", "5001 < S. 300 ack 9001 win 70"];
  expect(
    reasonsOf(lines)
      .at(-1)!
      .map(({ name }) => name),
  ).toEqual(["acks_frame"]);
});

test("a clock that was set back is not told", () => {
  const lines = ["20 > . 101:201(100) ack 301", "-500 > . 101:201(100) ack 301"];
  expect(reasonsOf([...HANDSHAKE, ...lines]).at(-1)![0]!.text).toEqual({
    en: "retransmission of frame 4: its bytes 1–100 were sent before and never acknowledged",
    zh: "重传第 4 帧：它的第 1–100 字节先前已经发过，一直没有得到确认",
  });
});

test("nothing is said before the first segment", () => {
  expect(new Explainer().reasons(null)).toEqual([]);
});
