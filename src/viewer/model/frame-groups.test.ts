import { expect, test } from "vitest";
import { frameGroups, showGroup } from "./frame-groups.ts";

test.each([
  [[], ""],
  [[4], "#4"],
  [[4, 5], "#4 #5"],
  [[4, 5, 6, 9], "#4–6 #9"],
  [[1, 3, 5, 6, 7], "#1 #3 #5–7"],
])("frames %j are named as in the terminal", (frames, shown) => {
  expect(frameGroups(frames).map(showGroup).join(" ")).toBe(shown);
});
