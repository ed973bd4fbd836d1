import fc from "fast-check";
import { expect, test } from "vitest";
import { Candidates } from "./candidates.ts";

test("agrees with looking through all of them", () => {
  const question = fc.record({
    isNewest: fc.boolean(),
    time: fc.constantFrom(-Infinity, 0, 1, 2, 3, 4, 5, Infinity),
    span: fc.nat(3),
  });
  fc.assert(
    fc.property(fc.array(fc.nat(5), { maxLength: 8 }), fc.array(question), (times, questions) => {
      const starts = times.toSorted((a, b) => a - b);
      const streams = starts.map((_, i) => i + 10);
      const taken = new Set<number>();
      const startOf = (stream: number): number => starts[stream - 10]!;
      const some = new Candidates(streams, startOf, (s) => taken.has(s));
      for (const { isNewest, time, span } of questions) {
        const free = streams.filter((s) => !taken.has(s));
        const wanted = isNewest
          ? free.findLast((s) => startOf(s) <= time)
          : free.find((s) => startOf(s) >= time && startOf(s) <= time + span);
        const found = isNewest ? some.newestUntil(time) : some.oldestWithin(time, time + span);
        expect(found).toBe(wanted ?? null);
        if (found !== null) taken.add(found);
      }
    }),
  );
});

test("where the clock was set back, a stream started no earlier than those before it", () => {
  const starts = [5, 1, 9];
  const some = new Candidates(
    [0, 1, 2],
    (s) => starts[s]!,
    () => false,
  );
  expect([some.newestUntil(4), some.newestUntil(5), some.newestUntil(9)]).toEqual([null, 1, 2]);
});

test("all of 50,000 are given away", () => {
  const streams = Array.from({ length: 50_000 }, (_, i) => i);
  const taken = new Set<number>();
  const some = new Candidates(
    streams,
    (s) => s,
    (s) => taken.has(s),
  );
  for (let i = 0; i < streams.length; i++) taken.add(some.newestUntil(Infinity)!);
  expect([taken.size, some.newestUntil(Infinity)]).toEqual([50_000, null]);
});
