import { expect, test } from "vitest";
import {
  barOfTop,
  MAX_HEIGHT,
  maxTop,
  scrollHeight,
  seenAt,
  topOfBar,
  topToShow,
} from "./scrolling.ts";

const short = { rows: 100, rowHeight: 20, viewport: 300 };
const long = { rows: 50_000_000, rowHeight: 20, viewport: 300 };

test("a list that fits scrolls by its own pixels", () => {
  expect(scrollHeight(short)).toBe(2000);
  expect(topOfBar(short, 123)).toBe(123);
  expect(barOfTop(short, 123)).toBe(123);
});

test("a list too long for a browser scrolls by its share, to both ends", () => {
  expect(scrollHeight(long)).toBe(MAX_HEIGHT);
  expect(topOfBar(long, 0)).toBe(0);
  expect(topOfBar(long, MAX_HEIGHT - 300)).toBe(maxTop(long));
  const { first, count } = seenAt(long, maxTop(long));
  expect(first + count).toBe(long.rows);
});

test.each([0, 1, 7, 19, 20, 21, 1699, 1700])("at %d exactly the rows in sight are seen", (top) => {
  const { first, count, offset } = seenAt(short, top);
  expect(offset).toBeLessThanOrEqual(0);
  expect(offset).toBeGreaterThan(-20);
  expect(offset + count * 20).toBeGreaterThanOrEqual(300);
  expect(first).toBe(Math.floor(top / 20));
});

test("a row out of sight is shown with two neighbours, one in sight stays where it is", () => {
  expect(topToShow(short, 0, 20)).toBe(21 * 20 + 40 - 300);
  expect(topToShow(short, 1000, 55)).toBe(1000);
  expect(topToShow(short, 460, 10)).toBe(160);
  expect(topToShow(short, 1500, 99)).toBe(1700);
});

test("a row far away is shown at the same place, wherever the list was and however much of it is seen", () => {
  const rest = { rows: 1000, rowHeight: 20 };
  for (const viewport of [300, 500]) {
    for (const top of [0, 100, 19_000]) {
      expect(topToShow({ ...rest, viewport }, top, 500)).toBe(495 * 20);
    }
  }
  expect(topToShow({ ...rest, viewport: 60 }, 0, 500)).toBe(499 * 20);
  expect(topToShow({ ...rest, viewport: 300 }, 0, 999)).toBe(1000 * 20 - 300);
  expect(topToShow({ ...rest, viewport: 300 }, 5000, 2)).toBe(0);
});

test("an empty list shows nothing", () => {
  expect(seenAt({ rows: 0, rowHeight: 20, viewport: 300 }, 50)).toEqual({
    first: 0,
    count: 0,
    offset: 0,
  });
});
