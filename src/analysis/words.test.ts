import { expect, test } from "vitest";
import { duration } from "./words.ts";

const S = 1e9;

test.each([
  [0, "0 s"],
  [850, "850 ns"],
  [35_200, "35.2 µs"],
  [999_600, "1.00 ms"],
  [1.2 * S, "1.20 s"],
  [75 * S, "75.0 s"],
  [599 * S, "599 s"],
  [750 * S, "12.5 min"],
  [26 * 3600 * S, "26.0 h"],
  [154_136_588 * S, "1,784 d"],
  [-750 * S, "-12.5 min"],
])("%d ns: %s", (ns, words) => {
  expect(duration(ns)).toBe(words);
});
