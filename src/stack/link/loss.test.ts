import { expect, test } from "vitest";
import { Prng } from "../../base/prng.ts";
import { Loss, meanLoss, type LossModel } from "./loss.ts";

/** Which of `count` packets are lost. */
function run(model: LossModel, count: number, seed: number = 1): boolean[] {
  const loss = new Loss(model, new Prng(seed));
  return Array.from({ length: count }, () => loss.takes());
}

/** Lengths of the runs of lost packets. */
function burstsOf(lost: readonly boolean[]): number[] {
  const text = lost.map((is) => (is ? "x" : ".")).join("");
  return (text.match(/x+/g) ?? []).map((burst) => burst.length);
}

test.each([0, 0.01, 0.2, 1])("uniform loss of %d is met within five standard deviations", (p) => {
  const count = 40_000;
  const model: LossModel = { name: "uniform", p };
  const lost = run(model, count).filter(Boolean).length;
  expect(meanLoss(model)).toBe(p);
  expect(Math.abs(lost - p * count)).toBeLessThanOrEqual(5 * Math.sqrt(count * p * (1 - p)));
});

test("periodic loss takes every n-th packet", () => {
  const model: LossModel = { name: "periodic", every: 3 };
  expect(run(model, 7)).toEqual([false, false, true, false, false, true, false]);
  expect(meanLoss(model)).toBe(1 / 3);
});

test("uniform losses know nothing of each other", () => {
  const lost = run({ name: "uniform", p: 0.2 }, 40_000);
  const after = lost.filter((_, i) => lost[i - 1] === true);
  expect(after.filter(Boolean).length / after.length).toBeCloseTo(0.2, 1);
});

test("bursts: share and length of Gilbert's model, 1 / toGood packets in a row", () => {
  const model: LossModel = { name: "bursts", toBad: 0.01, toGood: 0.25 };
  const lost = run(model, 200_000);
  const bursts = burstsOf(lost);
  const mean = bursts.reduce((a, b) => a + b, 0) / bursts.length;
  expect(meanLoss(model)).toBeCloseTo(0.01 / 0.26, 10);
  expect(lost.filter(Boolean).length / lost.length).toBeCloseTo(meanLoss(model), 2);
  expect(mean).toBeGreaterThan(3.8);
  expect(mean).toBeLessThan(4.2);
});

test("bursts: Elliott's model loses in both states, each at its rate", () => {
  const model: LossModel = {
    name: "bursts",
    toBad: 0.05,
    toGood: 0.1,
    lossGood: 0.01,
    lossBad: 0.5,
  };
  const lost = run(model, 200_000).filter(Boolean).length;
  expect(meanLoss(model)).toBeCloseTo((1 / 3) * 0.5 + (2 / 3) * 0.01, 10);
  expect(lost / 200_000).toBeCloseTo(meanLoss(model), 2);
});

test("a link that is never bad loses nothing", () => {
  const model: LossModel = { name: "bursts", toBad: 0, toGood: 0 };
  expect(meanLoss(model)).toBe(0);
  expect(run(model, 1000).includes(true)).toBe(false);
});

test("a list loses exactly what it names", () => {
  const model: LossModel = { name: "list", packets: [0, 3] };
  expect(run(model, 5)).toEqual([true, false, false, true, false]);
  expect(meanLoss(model)).toBe(0);
});
