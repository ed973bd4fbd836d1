import fc from "fast-check";
import { expect, test } from "vitest";
import { Pyramid } from "./pyramid.ts";

test("the least and greatest of any part, taken in at once or bit by bit", () => {
  const value = fc.integer({ min: -1000, max: 1000 });
  const bar = fc.tuple(value, fc.nat(50));
  fc.assert(
    fc.property(
      fc.array(bar, { maxLength: 700 }),
      fc.boolean(),
      fc.nat(),
      fc.nat(),
      (bars, isAtOnce, a, b) => {
        const lo = Float64Array.from(bars, ([from]) => from);
        const size = Uint32Array.from(bars, ([, len]) => len);
        const pyramid = new Pyramid();
        for (let n = isAtOnce ? bars.length : 0; n <= bars.length; n += 13)
          pyramid.extend({ lo, size }, n);
        pyramid.extend({ lo, size }, bars.length);
        const [from, to] = [a % (bars.length + 1), b % (bars.length + 1)].toSorted((x, y) => x - y);
        pyramid.find({ lo, size }, from!, to!);
        const part = bars.slice(from, to);
        expect([pyramid.lo, pyramid.hi]).toEqual([
          Math.min(...part.map(([low]) => low)),
          Math.max(...part.map(([low, len]) => low + len)),
        ]);
      },
    ),
  );
});
