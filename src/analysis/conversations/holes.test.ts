import fc from "fast-check";
import { expect, test } from "vitest";
import { seqAdd } from "../../wire/seqnum.ts";
import { Holes } from "./holes.ts";

/** Just below the wrap. */
const BASE = 4_294_967_200;

test("what is filled is what was missing, as a set of bytes has it", () => {
  const part = fc.tuple(fc.integer({ min: 0, max: 400 }), fc.integer({ min: 1, max: 60 }));
  fc.assert(
    fc.property(fc.array(part, { maxLength: 30 }), (parts) => {
      const holes = new Holes();
      holes.add(7, BASE, seqAdd(BASE, 400));
      const missing = new Set(Array.from({ length: 400 }, (_, i) => i));
      for (const [from, len] of parts) {
        let filled = 0;
        for (let i = from; i < from + len; i++) if (missing.delete(i)) filled++;
        expect(holes.fill(7, seqAdd(BASE, from), seqAdd(BASE, from + len))).toBe(filled);
      }
    }),
  );
});

test("each direction has its own; forgotten, there are none", () => {
  const holes = new Holes();
  holes.add(1, 0, 100);
  expect(holes.fill(2, 0, 100)).toBe(0);
  holes.forget(1);
  expect(holes.fill(1, 0, 100)).toBe(0);
});

test("a thousand holes: the newest are remembered", () => {
  const holes = new Holes();
  for (let i = 0; i < 1000; i++) holes.add(1, i * 10, i * 10 + 5);
  expect(holes.fill(1, 0, 10)).toBe(0);
  expect(holes.fill(1, 9990, 10_000)).toBe(5);
});
