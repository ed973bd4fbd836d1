import { expect, test } from "vitest";
import { showSpan } from "./show.ts";

test.each([
  [999, "999 ns"],
  [41_300_000, "41.3 ms"],
  [119e9, "119 s"],
  [323e9, "5:23 min"],
  [11_123e9, "3:05:23 h"],
  [-11_123e9, "-3:05:23 h"],
  [535_246_524e9, "6194 d 23 h"],
])("%d ns are %s", (ns, words) => {
  expect(showSpan(ns)).toBe(words);
});
