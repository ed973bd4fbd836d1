import { expect, test } from "vitest";
import { packetOf } from "../testing/packets.ts";
import { SegmentTracker } from "../trace/tracker.ts";
import { LineBases } from "./line-bases.ts";

/** `seq ack` that are subtracted in each line, or nothing. */
function basesOf(...lines: string[]): (string | null)[] {
  const out: (string | null)[] = [];
  const bases = new LineBases();
  const tracker = new SegmentTracker({
    onSegment(s) {
      const base = bases.of(s);
      out.push(base === null ? null : `${base.seq} ${base.ack}`);
    },
  });
  for (const [i, line] of lines.entries()) tracker.onPacket(packetOf(line, i + 1));
  return out;
}

test("numbers count from the SYNs", () => {
  expect(
    basesOf("0 > S 100", "1 < S. 300 ack 101", "2 > . 101 ack 301", "3 < . 301 ack 101"),
  ).toEqual([null, null, "100 300", "300 100"]);
});

test("in the middle of a connection they count from the first segment with an acknowledgement", () => {
  expect(basesOf("0 > P. 500:505(5) ack 900", "1 < . 900 ack 505")).toEqual([null, "899 500"]);
});

test("a new connection on the same ports counts anew", () => {
  const lines = ["0 > S 100", "1 < S. 300 ack 101", "2 > S 9000", "3 < . 301 ack 9001"];
  expect(basesOf(...lines).at(-1)).toBeNull();
});
