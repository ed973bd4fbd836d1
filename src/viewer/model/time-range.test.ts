import { expect, test } from "vitest";
import { asRange, panned, showing, zoomed } from "./time-range.ts";

const WHOLE = [0, 1_000_000] as const;

test("zooming keeps the moment under the pointer in its place", () => {
  const [from, to] = zoomed([0, 1_000_000], WHOLE, 0.5, 250_000);
  expect([from, to]).toEqual([125_000, 625_000]);
  expect((250_000 - from) / (to - from)).toBe(0.25);
});

test("no range is longer than the whole, outside of it, or shorter than a microsecond", () => {
  expect(zoomed([100_000, 200_000], WHOLE, 100, 150_000)).toEqual(WHOLE);
  expect(panned([100_000, 200_000], WHOLE, -300_000)).toEqual([0, 100_000]);
  expect(panned([100_000, 200_000], WHOLE, 3e6)).toEqual([900_000, 1_000_000]);
  const [from, to] = zoomed([500_000, 501_000], WHOLE, 0.01, 500_500);
  expect(to - from).toBeCloseTo(1000);
});

test("a moment out of sight is brought into it, and everything is no range", () => {
  expect(showing([0, 100_000], WHOLE, 50_000)).toEqual([0, 100_000]);
  expect(showing([0, 100_000], WHOLE, 500_000)).toEqual([410_000, 510_000]);
  expect(asRange(WHOLE, WHOLE)).toBeNull();
  expect(asRange([0.4, 1000.6], WHOLE)).toEqual([0, 1001]);
});
