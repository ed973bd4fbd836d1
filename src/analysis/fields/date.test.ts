import fc from "fast-check";
import { expect, test } from "vitest";
import { civilDate, clockTime } from "./date.ts";

test("dates and times of day agree with Date", () => {
  fc.assert(
    fc.property(fc.integer({ min: -62_135_596_800, max: 253_402_300_799 }), (sec) => {
      const { year, month, day } = civilDate(Math.floor(sec / 86_400));
      const date = new Date(sec * 1000);
      expect([year, month, day]).toEqual([
        date.getUTCFullYear(),
        date.getUTCMonth() + 1,
        date.getUTCDate(),
      ]);
      expect(clockTime(sec)).toBe(date.toISOString().slice(11, 19));
    }),
    { numRuns: 2000 },
  );
});
