import fc from "fast-check";
import { expect, test } from "vitest";
import { seqAdd } from "../../wire/seqnum.ts";
import { Ranges } from "./ranges.ts";

/** Where the numbers begin: just below the wrap. */
const BASE = 0xffff_ffd0;
const SPAN = 120;

test("ranges are a set of numbers", () => {
  const step = fc.record({
    what: fc.constantFrom("add", "add", "add", "drop"),
    from: fc.integer({ min: 0, max: SPAN }),
    len: fc.integer({ min: 0, max: 12 }),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const ranges = new Ranges();
      const set = new Set<number>();
      let added = 0;
      let expected = 0;
      for (const { what, from, len } of steps) {
        const before = set.size;
        if (what === "add") {
          for (let i = from; i < from + len; i++) set.add(i);
          added += ranges.add(seqAdd(BASE, from), seqAdd(BASE, from + len));
          expected += set.size - before;
        } else {
          for (const n of set) if (n < from) set.delete(n);
          ranges.dropBelow(seqAdd(BASE, from));
        }
        expect([ranges.bytes, added]).toEqual([set.size, expected]);
      }
      for (let n = 0; n <= SPAN + 12; n++) {
        expect(ranges.has(seqAdd(BASE, n))).toBe(set.has(n));
        const behind = [...set].filter((m) => m >= n).length;
        expect(ranges.bytesFrom(seqAdd(BASE, n))).toBe(behind);
      }
      for (let i = 1; i < ranges.length; i++) expect(ranges.from(i)).not.toBe(ranges.to(i - 1));
    }),
  );
});

test("there is an end to how many are kept", () => {
  const ranges = new Ranges();
  for (let i = 0; i < 100_000; i++) ranges.add(10 * i, 10 * i + 1);
  expect(ranges.length).toBe(256);
});
