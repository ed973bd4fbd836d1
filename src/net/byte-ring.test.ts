import fc from "fast-check";
import { expect, test } from "vitest";
import { ByteRing } from "./byte-ring.ts";

type Operation =
  | { readonly put: Uint8Array; readonly at: number }
  | { readonly take: number }
  | "clear";

function apply(op: Operation, ring: ByteRing): number | number[] | null {
  if (op === "clear") return (ring.clear(), null);
  if ("put" in op) return ring.put(op.put, op.at);
  const p = new Uint8Array(op.take);
  return [...p.subarray(0, ring.take(p))];
}

function applyNaively(op: Operation, bytes: number[], capacity: number): number | number[] | null {
  if (op === "clear") return ((bytes.length = 0), null);
  if (!("put" in op)) return bytes.splice(0, op.take);
  const fits = [...op.put].slice(op.at, op.at + capacity - bytes.length);
  bytes.push(...fits);
  return fits.length;
}

test("ByteRing is a bounded array of bytes, first in, first out", () => {
  const operation: fc.Arbitrary<Operation> = fc.oneof(
    fc.record({ put: fc.uint8Array({ maxLength: 20 }), at: fc.nat(20) }),
    fc.record({ take: fc.nat(20) }),
    fc.constant("clear" as const),
  );
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 16 }), fc.array(operation), (capacity, operations) => {
      const ring = new ByteRing(capacity);
      const naive: number[] = [];
      for (const op of operations) {
        expect(apply(op, ring)).toEqual(applyNaively(op, naive, capacity));
        expect(ring.length).toBe(naive.length);
      }
    }),
  );
});

test.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])("no ring of %d bytes", (capacity) => {
  expect(() => new ByteRing(capacity)).toThrow(RangeError);
});
