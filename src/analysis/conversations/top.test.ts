import fc from "fast-check";
import { expect, test } from "vitest";
import { Conversations } from "./conversations.ts";
import { TopConversations } from "./top.ts";

/** Rows with these durations, their streams in order. */
function rowsOf(durations: readonly number[], firstStream: number): Conversations {
  const rows = new Conversations();
  for (const [i, ns] of durations.entries()) {
    const row = rows.add();
    rows.columns.durationNs[row] = ns;
    rows.columns.stream[row] = firstStream + i;
  }
  return rows;
}

test("the same as sorting all of them, whatever the batches", () => {
  const batches = fc.array(fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 60 }));
  fc.assert(
    fc.property(batches, fc.integer({ min: 1, max: 20 }), (given, limit) => {
      const top = new TopConversations("duration", limit);
      let first = 0;
      for (const durations of given) {
        top.take(rowsOf(durations, first));
        first += durations.length;
      }
      const sorted = given
        .flat()
        .map((ns, stream) => [ns, stream] as const)
        .toSorted((a, b) => b[0] - a[0] || a[1] - b[1])
        .slice(0, limit);
      const kept = [...top.result()].map((c) => [c.durationNs, c.stream]);
      expect(kept).toEqual(sorted);
      expect(top.seen).toBe(first);
    }),
  );
});
