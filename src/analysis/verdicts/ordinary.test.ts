import fc from "fast-check";
import { expect, test } from "vitest";
import type { PacketRecord } from "../../pcap/sink.ts";
import { packetOf } from "../../testing/packets.ts";
import type { SegmentSink } from "../../trace/segment.ts";
import { SegmentTracker } from "../../trace/tracker.ts";
import { VerdictAnalyzer } from "./analyzer.ts";
import type { SegmentVerdicts } from "./result.ts";

/** Numbers just below the wrap, where client and server begin. */
const START = 0xffff_ff00;

/** Few numbers, so that segments meet; most go on where the last one of their side ended. */
const segment = fc.record({
  isForth: fc.boolean(),
  isRare: fc.constantFrom(...Array.from({ length: 9 }, () => false), true),
  step: fc.constantFrom(0, 0, -10, 10, 30, -1),
  len: fc.constantFrom(0, 10, 10, 20, 1),
  acked: fc.constantFrom(0, 0, -10, 10, 1),
  win: fc.constantFrom(100, 100, 100, 0, 20, 40),
  flags: fc.constantFrom(".", "P.", "F.", "R", "S", "S.", "R."),
});

type Step = typeof segment extends fc.Arbitrary<infer T> ? T : never;

function linesOf(segments: readonly Step[]): string[] {
  const next = [START, START];
  const lines = [
    `0 > S ${START} win 100 wscale 0`,
    `1 < S. ${START} ack ${(START + 1) >>> 0} win 100 wscale 0`,
  ];
  next[0] = next[1] = START + 1;
  for (const [i, s] of segments.entries()) {
    const side = s.isForth ? 0 : 1;
    const flags = s.isRare ? s.flags : s.len > 0 ? "P." : ".";
    const from = next[side]! + (s.isRare ? s.step : 0);
    const to = from + s.len;
    next[side] = Math.max(next[side]!, to);
    const ack =
      flags === "S" || flags === "R"
        ? ""
        : ` ack ${(next[1 - side]! + (s.isRare ? s.acked : 0)) >>> 0}`;
    const range = `${from >>> 0}:${to >>> 0}(${s.len})`;
    lines.push(`${i + 2} ${s.isForth ? ">" : "<"} ${flags} ${range}${ack} win ${s.win}`);
  }
  return lines;
}

const copy = (v: SegmentVerdicts): unknown => {
  const { evidence: _, ...rest } = v;
  return { ...rest };
};

interface Run {
  readonly results: readonly unknown[];
  /** Segments that went the short way. */
  readonly short: number;
}

function run(packets: readonly PacketRecord[], isShort: boolean): Run {
  const analyzer = new VerdictAnalyzer();
  const results: unknown[] = [];
  let short = 0;
  const long: SegmentSink = { onSegment: (s) => void results.push(copy(analyzer.analyze(s))) };
  const onPlain: SegmentSink["onPlain"] = (...plain) => {
    if (!analyzer.passPlain(...plain)) return false;
    short++;
    results.push(copy(analyzer.result));
    return true;
  };
  const tracker = new SegmentTracker(isShort ? { ...long, onPlain } : long);
  for (const p of packets) tracker.onPacket(p);
  return { results, short };
}

test("the short way says what the long way says", () => {
  let short = 0;
  fc.assert(
    fc.property(fc.array(segment, { maxLength: 80 }), (segments) => {
      const packets = linesOf(segments).map((line, i) => packetOf(line, i + 1));
      const one = run(packets, true);
      expect(one.results).toEqual(run(packets, false).results);
      short += one.short;
    }),
    { numRuns: 500 },
  );
  expect(short).toBeGreaterThan(300);
});
