import fc from "fast-check";
import { expect, test } from "vitest";
import type { FindingId } from "./catalogue.ts";
import { FindingCollector, MAX_KEPT } from "./collector.ts";

interface Seen {
  readonly id: FindingId;
  readonly weight: number;
}

/** What is kept and counted when the connections end in this order. */
function kept(connections: readonly (readonly [stream: number, seen: readonly Seen[]])[]): unknown {
  const collector = new FindingCollector();
  for (const [stream, seen] of connections) {
    for (const { id, weight } of seen) {
      const found = { id, severity: "note", weight, stream } as const;
      const words = { client: "", server: "", certainty: "certain" } as const;
      const none = { en: "", zh: "" };
      const evidence = { frames: [weight], atNs: null, numbers: {} };
      const said = { sentence: none, cause: none, advice: none, evidence };
      collector.add(found, () => ({ ...found, ...words, ...said }));
    }
  }
  return { findings: collector.findings(), more: collector.more().map(({ count }) => count) };
}

const ids = fc.constantFrom<FindingId>("reset", "ports-reused", "nagle-delayed-ack");
const seen = fc.array(fc.record({ id: ids, weight: fc.nat(3) }), { maxLength: 3 });

test("in which order connections end makes no difference", () => {
  const some = fc.array(fc.record({ seen, place: fc.nat() }), { minLength: 200, maxLength: 400 });
  fc.assert(
    fc.property(some, (all) => {
      const inOrder = all.map((one, stream) => [stream, one.seen] as const);
      const shuffled = inOrder.toSorted(([a], [b]) => all[a]!.place - all[b]!.place);
      expect(kept(shuffled)).toEqual(kept(inOrder));
    }),
    { numRuns: 20, endOnFailure: true },
  );
});

test("the heaviest are kept, of the same weight those of the first connections", () => {
  const all = Array.from(
    { length: MAX_KEPT + 2 },
    (_, n) => [n, [{ id: "reset", weight: n === MAX_KEPT ? 1 : 0 }]] as const,
  );
  const streams = Array.from({ length: MAX_KEPT - 1 }, (_, n) => ({ stream: n }));
  expect(kept(all)).toMatchObject({ findings: [...streams, { stream: MAX_KEPT }], more: [2] });
});
