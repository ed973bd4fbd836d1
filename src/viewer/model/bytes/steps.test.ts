import { expect, test } from "vitest";
import { type Steps, Work } from "./steps.ts";

function* countTo(n: number, seen: number[]): Steps<number> {
  for (let i = 0; i < n; i++) {
    seen.push(i);
    yield;
  }
  return n;
}

function* failing(): Steps<number> {
  yield;
  throw new RangeError("the file is gone");
}

const givenUp = (): Promise<void> => Promise.reject(new Error("given up"));
const pause = (): Promise<void> => Promise.resolve();

test("work that was given up goes on with whoever asks next, and is done once", async () => {
  const seen: number[] = [];
  const work = new Work("key", countTo(5, seen));
  await expect(work.finish(givenUp)).rejects.toThrow("given up");
  expect([seen, work.hasFailed]).toEqual([[0], false]);
  expect(await Promise.all([work.finish(pause), work.finish(pause)])).toEqual([5, 5]);
  expect(seen).toEqual([0, 1, 2, 3, 4]);
  expect(await work.finish(pause)).toBe(5);
});

test("work that failed fails for everybody", async () => {
  const work = new Work("key", failing());
  await expect(work.finish(pause)).rejects.toThrow("the file is gone");
  await expect(work.finish(pause)).rejects.toThrow("the file is gone");
  expect(work.hasFailed).toBe(true);
});
