import { expect, test } from "vitest";
import { Opening } from "./opening.ts";

const opened = (row: number, viewport = 400): number =>
  new Opening().topFor(shape(viewport), 0, row);

const shape = (viewport: number) => ({ rows: 1000, rowHeight: 20, viewport });

test("what a list opens with stands at one place, whichever heights it had on the way", () => {
  for (const row of [0, 5, 12, 20, 30, 64, 500]) {
    const tall = new Opening();
    const first = tall.topFor(shape(900), 0, row);
    const steps = new Opening();
    steps.topFor(shape(400), 0, row);
    const last = steps.topFor(shape(900), 7777, row);
    expect([row, last]).toEqual([row, first]);
  }
});

test("the first rows are shown from the top, the others with five before them, all of them whole", () => {
  expect(opened(0)).toBe(0);
  expect(opened(9)).toBe(0);
  expect(opened(20)).toBe(15 * 20);
  expect(opened(999)).toBe(1000 * 20 - 400);
  expect(opened(9, 100)).toBeGreaterThanOrEqual(10 * 20 - 100);
});

test("from another row on, or a movement, it moves as little as it takes", () => {
  const walked = new Opening();
  const top = walked.topFor(shape(400), 0, 30);
  expect(walked.topFor(shape(400), top, 31)).toBe(top);
  expect(walked.topFor(shape(400), top, 30)).toBe(top);
  const scrolled = new Opening();
  scrolled.topFor(shape(400), 0, 30);
  scrolled.end();
  expect(scrolled.topFor(shape(400), 26 * 20, 30)).toBe(26 * 20);
});
