import fc from "fast-check";
import { expect, test } from "vitest";
import { nearestIn } from "./near.ts";
import { Track } from "./track.ts";

/** A track of bars, and its points as objects, in the order of time. */
function trackOf(points: readonly (readonly [time: number, lo: number, size: number])[]): {
  readonly track: Track;
  readonly all: readonly { readonly time: number; readonly lo: number; readonly hi: number }[];
} {
  const track = new Track("data", "bars");
  const time = Float64Array.from(points, ([at]) => at);
  points.forEach(([, lo, size], row) => track.add(time, row, lo, size));
  track.settle(time);
  const all = points
    .map(([at, lo, size]) => ({ time: at, lo, hi: lo + size }))
    .toSorted((a, b) => a.time - b.time);
  return { track, all };
}

const points = fc.array(fc.tuple(fc.nat(5000), fc.integer({ min: -99, max: 99 }), fc.nat(20)), {
  maxLength: 400,
});

test("a column of the picture has the least and greatest of its points, whatever the order they came in", () => {
  fc.assert(
    fc.property(
      points,
      fc.nat(4000),
      fc.integer({ min: 1, max: 5000 }),
      fc.integer({ min: 1, max: 40 }),
      (list, from, wide, columns) => {
        const { track, all } = trackOf(list);
        const to = from + wide;
        const seen = all.filter(({ time }) => time >= from && time <= to);
        const cut = track.cut([from, to], columns);
        expect(cut.seen).toBe(seen.length);
        expect(cut.isExact).toBe(seen.length <= 2 * columns);
        const columnOf = (time: number): number => Math.floor(time / (wide / columns));
        const groups = cut.isExact
          ? seen.map((point) => [point])
          : [...new Set(seen.map(({ time }) => columnOf(time)))].map((column) =>
              seen.filter(({ time }) => columnOf(time) === column),
            );
        expect([...cut.x].map((x, i) => [x, cut.lo[i], cut.hi[i]])).toEqual(
          groups.map((group) => [
            group[0]!.time,
            Math.min(...group.map(({ lo }) => lo)),
            Math.max(...group.map(({ hi }) => hi)),
          ]),
        );
      },
    ),
  );
});

test("a step begins before the picture and ends behind it", () => {
  const track = new Track("ack", "steps");
  const time = Float64Array.of(0, 10, 20, 30);
  for (let row = 0; row < 4; row++) track.add(time, row, row * 100);
  track.settle(time);
  const cut = track.cut([12, 18], 100);
  expect([cut.seen, [...cut.x], [...cut.end]]).toEqual([0, [10, 20], [100, 200]]);
});

test("the pointer means the nearest point within its reach", () => {
  fc.assert(
    fc.property(points, fc.nat(5000), fc.integer({ min: -99, max: 99 }), (list, time, value) => {
      const { track, all } = trackOf(list);
      const found = nearestIn([track], { time, value, perX: 4, perY: 1 });
      const away = (p: (typeof all)[number]): number =>
        ((p.time - time) / 4) ** 2 + Math.max(0, p.lo - value, value - p.hi) ** 2;
      const least = Math.min(...all.map(away));
      expect(found === null ? null : away(all[found.at]!)).toBe(least > 16 ** 2 ? null : least);
    }),
  );
});
