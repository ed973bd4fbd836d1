import { expect, test } from "vitest";
import { rowAfter } from "./keys.ts";

test("keys lead from row to row, and not beyond the ends", () => {
  expect(rowAfter("next-row", -1, 10, 50)).toBe(0);
  expect(rowAfter("next-row", 49, 10, 50)).toBe(49);
  expect(rowAfter("previous-row", 0, 10, 50)).toBe(0);
  expect(rowAfter("next-page", 20, 10, 50)).toBe(30);
  expect(rowAfter("previous-page", 5, 10, 50)).toBe(0);
  expect(rowAfter("last-row", 3, 10, 50)).toBe(49);
  expect(rowAfter("first-row", 3, 10, 50)).toBe(0);
  expect(rowAfter("zoom-in", 3, 10, 50)).toBeNull();
});
