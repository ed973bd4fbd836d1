import { expect, test } from "vitest";
import { packetOf } from "../../testing/packets.ts";
import { SegmentTracker } from "../../trace/tracker.ts";
import { CauseAnalyzer } from "./analyzer.ts";
import { CAUSES } from "./cause.ts";
import { explainCauses } from "./explain.ts";

/** Numerical Recipes' generator: the same numbers in every run. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const FLAGS = [".", ".", ".", "P.", "S", "S.", "F.", "R", "R.", "none"];

test("any segments in any order are judged without a fault, and each frame that is named came before", () => {
  for (let seed = 1; seed <= 20; seed++) {
    const below = numbers(seed);
    const analyzer = new CauseAnalyzer();
    let frame = 0;
    const tracker = new SegmentTracker({
      onSegment(s) {
        const c = analyzer.analyze(s);
        expect(CAUSES[c.cause]).toBeDefined();
        for (const named of [c.sentFrame, c.triggerFrame, c.spuriousFrame, c.reorderedFrame]) {
          expect(named).toBeLessThan(s.packet.frame);
        }
        if (c.cause !== 0) expect(explainCauses(c)).not.toBeNull();
      },
    });
    for (let i = 0; i < 400; i++) {
      const seq = below(50) === 0 ? below(2 ** 32) : 100 + below(40) * 100;
      const len = below(3) * 100;
      const flags = below(4) === 0 ? FLAGS[below(FLAGS.length)]! : ".";
      const ack = 300 + below(40) * 100;
      const sack = below(3) === 0 ? ` sack ${ack + 100} ${ack + 100 + below(9) * 100}` : "";
      const ts = below(2) === 0 ? ` ts ${i} ${below(i + 1)}` : "";
      const data = len === 0 ? "" : `:${(seq + len) % 2 ** 32}(${len})`;
      const direction = below(2) === 0 ? ">" : "<";
      const line = `${i * below(9)} ${direction} ${flags} ${seq}${data} ack ${ack} win ${below(3) * 500}${ts}${sack}`;
      tracker.onPacket(packetOf(line, ++frame));
    }
  }
});

test("a connection that takes the place of another one knows nothing of it", () => {
  const analyzer = new CauseAnalyzer();
  const seen: string[] = [];
  const tracker = new SegmentTracker({
    onSegment: (s) => void seen.push(CAUSES[analyzer.analyze(s).cause]!),
  });
  const lines = [
    "0 > S 100",
    "1 < S. 300 ack 101",
    "2 > P. 101:201(100) ack 301",
    "400 > P. 101:201(100) ack 301",
    "5000 > S 50",
    "5001 < S. 900 ack 51",
    "5002 > P. 51:151(100) ack 901",
  ];
  for (const [i, line] of lines.entries()) tracker.onPacket(packetOf(line, i + 1));
  expect(seen.slice(4)).toEqual(["none", "none", "none"]);
});
