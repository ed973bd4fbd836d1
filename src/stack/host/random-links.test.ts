import { expect, test } from "vitest";
import { outcome } from "../../testing/random-links/outcome.ts";

/** Configurations that are tried; `test/simulation/random-links.test.ts` tries as many as it is told. */
const RUNS = 300;

test("on any link every byte arrives once and in order, or the connection says that it failed", () => {
  const wrong = Array.from({ length: RUNS }, (_, seed) => ({ seed, wrong: outcome(seed).wrong }));
  expect(wrong.filter((result) => result.wrong.length > 0)).toEqual([]);
});
