import { expect, test } from "vitest";
import { isLong, longStep, showLong } from "./long-times.ts";
import { ticks } from "./graph/ticks.ts";

const S = 1e9;
const HOUR = 3600 * S;
const DAY = 24 * HOUR;

test.each([
  [100 * S, null],
  [301 * S, 600 * S],
  [40 * 60 * S, HOUR],
  [7 * HOUR, 12 * HOUR],
  [3 * DAY, 5 * DAY],
  [201 * DAY, 365.25 * DAY],
  [900 * 365 * DAY, null],
])("a step of at least %d ns", (least, step) => {
  expect(longStep(least)).toBe(step);
  expect(step === null || isLong(step)).toBe(true);
});

test.each([
  [0, 600 * S, "0 min"],
  [80 * 60 * S, 600 * S, "1 h 20 min"],
  [-30 * 60 * S, 600 * S, "-30 min"],
  [2 * DAY + 3 * HOUR, HOUR, "2 d 3 h"],
  [0, HOUR, "0 h"],
  [400 * DAY, 50 * DAY, "400 d"],
  [40 * 365.25 * DAY, 10 * 365.25 * DAY, "40 y"],
])("%d ns on a scale of %d ns", (ns, step, words) => {
  expect(showLong(ns, step)).toBe(words);
});

const labels = (to: number): string[] => ticks(0, to, 5, "ns").map(({ label }) => label);

test("a graph's axis over hours and over years", () => {
  expect(labels(100 * S)).toEqual(["0 s", "20 s", "40 s", "60 s", "80 s", "100 s"]);
  expect(labels(5 * HOUR)).toEqual(["0 h", "1 h", "2 h", "3 h", "4 h", "5 h"]);
  expect(labels(1.5e18)).toEqual(["0 y", "10 y", "20 y", "30 y", "40 y"]);
});
