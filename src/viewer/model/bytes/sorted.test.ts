import { expect, test } from "vitest";
import { Prng } from "../../../base/prng.ts";
import { finished } from "./carried.fixture.ts";
import { sortedBy } from "./sorted.ts";
import { STEP } from "./steps.ts";

test.each<[string, number, number]>([
  ["nothing", 0, 1],
  ["what is in order", 100, 0],
  ["what is nearly in order", 1000, 20],
  ["what is not, in several steps", 3 * STEP + 7, STEP],
])("%s is sorted as an array is, equal ones as they stood", (_, n, disorder) => {
  const random = new Prng(11);
  const keys = Float64Array.from({ length: n }, (__, i) =>
    disorder === 0 || random.below(4) > 0 ? i : random.below(disorder),
  );
  const list = Uint32Array.from({ length: n }, (__, i) => i);
  const expected = Array.from(list).toSorted((a, b) => keys[a]! - keys[b]!);
  const sorted = finished(sortedBy(list, (i) => keys[i]!));
  // Comparing element by element tells the first difference, quickly.
  expect(sorted.findIndex((value, i) => value !== expected[i])).toBe(-1);
  expect(sorted.length).toBe(n);
});
