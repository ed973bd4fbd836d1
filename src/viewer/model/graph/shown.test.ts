import { expect, test } from "vitest";
import { panned, widened, within, zoomed } from "./camera.ts";
import { FIRST_SHOWN, formatShown, parseShown } from "./shown.ts";

test.each([
  ["", FIRST_SHOWN],
  ["steps.both", FIRST_SHOWN],
  ["rtt", { ...FIRST_SHOWN, kind: "rtt" }],
  [
    "sequence,1,y-10.5:2000,-ack,-sack,table",
    { kind: "sequence", dir: 1, values: [-10.5, 2000], hidden: ["ack", "sack"], isTable: true },
  ],
] as const)("%s says what is shown", (words, shown) => {
  expect(parseShown(words)).toEqual(shown);
  expect(parseShown(formatShown(shown))).toEqual(shown);
});

test.each(["sequence,y9:1", "sequence,y1", "sequence,y1:x", "sequence,-everything"])(
  "%s says nothing",
  (words) => {
    expect(parseShown(words)).toEqual(FIRST_SHOWN);
  },
);

test("a camera zooms around a place, and stays within its limits", () => {
  expect(zoomed([0, 100], 0.5, 0.25)).toEqual([12.5, 62.5]);
  expect(panned([0, 100], 0.1)).toEqual([10, 110]);
  expect(within([90, 140], [0, 100], 1)).toEqual([50, 100]);
  expect(within([-900, 900], [0, 100], 1)).toEqual([0, 100]);
  expect(within([50, 50], [0, 100], 10)).toEqual([45, 55]);
  expect(widened([5, 5], 0.1, 2)).toEqual([3, 7]);
});
