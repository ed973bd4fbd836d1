import { expect, test } from "vitest";
import { tellStory } from "../analysis/story.ts";
import { traceOf } from "../testing/packets.ts";
import { frameRefs, formatStory } from "./story.ts";
import { textWidth } from "./wrap.ts";

const story = tellStory(traceOf(["0 > S 100", "0.5 < R. 0 ack 101"]), 0);

test("a story in 60 columns", () => {
  expect(`\n${formatStory(story, { lang: "en", columns: 60 })}`).toBe(`
Connection 0: 10.0.0.1:40000 → 10.0.0.2:80

Opening
  The client asked for a connection (SYN) and said at which
  number it starts to count its bytes: 100. #1
  The answer was a refusal (RST): as a rule it means that no
  program listens on port 80 there. #2

Closing
  There was never a connection.
  The capture holds 2 segments of it, over 500 µs.
`);
});

test.each([20, 40, 80, 200])("no line is wider than %i columns", (columns) => {
  for (const lang of ["en", "zh"] as const) {
    const widths = formatStory(story, { lang, columns }).split("\n").map(textWidth);
    expect(Math.max(...widths)).toBeLessThanOrEqual(columns);
  }
});

test.each([
  [[], ""],
  [[4], "#4"],
  [[4, 5], "#4 #5"],
  [[4, 5, 6, 9], "#4–6 #9"],
  [[1, 3, 5, 7, 9, 11, 13], "#1 #3 #5 #7 #9 #11 …"],
])("frames %j are named %j", (frames, shown) => {
  expect(frameRefs(frames)).toBe(shown);
});
