import { expect, test } from "vitest";
import { Prng } from "./prng.ts";

function draw(seed: number, stream?: number): number[] {
  const prng = new Prng(seed, stream);
  return Array.from({ length: 8 }, () => prng.uint32());
}

test("the same seed gives the same numbers, another stream others", () => {
  expect(draw(7)).toEqual(draw(7, 0));
  expect(draw(7)).not.toEqual(draw(8));
  expect(draw(7, 1)).not.toEqual(draw(7, 2));
  expect(draw(2 ** 40)).not.toEqual(draw(0));
});

test("each of the 32 bits is set half of the time", () => {
  const prng = new Prng(1);
  const set = new Uint32Array(32);
  const draws = 20_000;
  for (let i = 0; i < draws; i++) {
    const x = prng.uint32();
    for (let bit = 0; bit < 32; bit++) set[bit]! += (x >>> bit) & 1;
  }
  // Five standard deviations of a fair coin.
  for (const n of set) expect(Math.abs(n - draws / 2)).toBeLessThan((5 * Math.sqrt(draws)) / 2);
});

test("unit, below and chance keep to their ranges and means", () => {
  const prng = new Prng(3);
  const draws = 50_000;
  let sum = 0;
  let hits = 0;
  const faces = new Uint32Array(6);
  for (let i = 0; i < draws; i++) {
    sum += prng.unit();
    faces[prng.below(6)]!++;
    if (prng.chance(0.02)) hits++;
  }
  expect(sum / draws).toBeCloseTo(0.5, 2);
  expect(faces.reduce((a, b) => a + b)).toBe(draws);
  for (const n of faces) expect(Math.abs(n - draws / 6)).toBeLessThan(5 * Math.sqrt(draws / 6));
  expect(hits / draws).toBeCloseTo(0.02, 2);
  expect(prng.chance(0)).toBe(false);
  expect(prng.chance(1)).toBe(true);
});
