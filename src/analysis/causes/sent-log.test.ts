import fc from "fast-check";
import { expect, test } from "vitest";
import { seqAdd } from "../../wire/seqnum.ts";
import { SentLog, SPAN_WORDS } from "./sent-log.ts";

const BASE = 0xffff_fe00;

/** Words of a table, and where the span stands in them. */
type Span = readonly [Int32Array, number];

const newSpan = (): Span => [new Int32Array(1 + SPAN_WORDS), 1];

const countOf = ([words, at]: Span): number => words[at + SPAN_WORDS - 1]!;

test("what was sent is found until it is acknowledged, in several directions at once", () => {
  const step = fc.record({
    what: fc.constantFrom("push", "push", "push", "push", "acknowledge", "clear"),
    direction: fc.integer({ min: 0, max: 2 }),
    by: fc.integer({ min: 1, max: 60 }),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
      const log = new SentLog();
      const spans = [newSpan(), newSpan(), newSpan()];
      const models: { end: number; frame: number }[][] = [[], [], []];
      const next = [0, 0, 0];
      for (const [frame, { what, direction, by }] of steps.entries()) {
        const span = spans[direction]!;
        const model = models[direction]!;
        /** Frame of the last one struck off: as told, and as it should be. */
        let last: (number | null)[] = [null, null];
        if (what === "push") {
          next[direction]! += by;
          model.push({ end: next[direction]!, frame });
          log.push(...span, seqAdd(BASE, next[direction]!), frame, 0, 0);
        } else if (what === "acknowledge") {
          const ack = next[direction]! - by;
          const gone = model.filter(({ end }) => end <= ack);
          const row = log.acknowledge(...span, seqAdd(BASE, ack));
          last = [row === 0 ? null : log.frame[row]!, gone.at(-1)?.frame ?? null];
          model.splice(0, gone.length);
        } else {
          log.clear(...span);
          model.length = 0;
        }
        expect(last[0]).toBe(last[1]);
        expect(countOf(span)).toBe(model.length);
      }
      for (const [direction, model] of models.entries()) {
        const span = spans[direction]!;
        let row = countOf(span) === 0 ? 0 : span[0][span[1]]!;
        for (const { end, frame } of model) {
          expect(log.frame[row]).toBe(frame);
          const found = log.find(...span, seqAdd(BASE, end - 1));
          expect(log.frame[found]).toBe(frame);
          row = log.after(...span, row);
        }
        expect(row).toBe(0);
      }
    }),
  );
});

test("there is an end to how much is kept of a direction", () => {
  const log = new SentLog();
  const span = newSpan();
  for (let i = 1; i < 100_000; i++) log.push(...span, i, i, 0, 0);
  expect(countOf(span)).toBeLessThanOrEqual(32_768);
  expect(log.acknowledge(...span, 200_000)).not.toBe(0);
  expect(countOf(span)).toBe(0);
});

/** Where the i-th segment of ten bytes ends. */
const sent = (i: number): number => seqAdd(BASE, 10 * i);

test("everything is found in a long direction, from its first byte to its last, wherever it begins", () => {
  const log = new SentLog();
  const span = newSpan();
  const other = newSpan();
  let to = 0;
  for (const [first, last] of [
    [0, 3000],
    [7, 3001],
    [512, 3002],
    [530, 5000],
    [4999, 9000],
  ] as const) {
    log.acknowledge(...span, sent(first));
    while (to < last) {
      log.push(...span, sent(++to), to, 0, 0);
      // Takes what was given back.
      log.push(...other, sent(to), 0, 0, 0);
    }
    for (let i = first + 1; i <= last; i++) {
      const row = log.find(...span, seqAdd(sent(i), -1));
      expect(log.frame[row]).toBe(i);
    }
    expect(log.find(...span, sent(last))).toBe(0);
  }
});
