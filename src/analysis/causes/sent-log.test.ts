import fc from "fast-check";
import { expect, test } from "vitest";
import { seqAdd } from "../../wire/seqnum.ts";
import { type LogSpan, SentLog } from "./sent-log.ts";

const BASE = 0xffff_fe00;

const newSpan = (): LogSpan => ({ logHead: 0, logTail: 0, logCount: 0 });

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
          log.push(span, seqAdd(BASE, next[direction]!), frame, frame, 0, 0);
        } else if (what === "acknowledge") {
          const ack = next[direction]! - by;
          const gone = model.filter(({ end }) => end <= ack);
          const row = log.acknowledge(span, seqAdd(BASE, ack));
          last = [row === 0 ? null : log.frame[row]!, gone.at(-1)?.frame ?? null];
          model.splice(0, gone.length);
        } else {
          log.clear(span);
          model.length = 0;
        }
        expect(last[0]).toBe(last[1]);
        expect(span.logCount).toBe(model.length);
      }
      for (const [direction, model] of models.entries()) {
        const span = spans[direction]!;
        let row = span.logCount === 0 ? 0 : span.logHead;
        for (const { end, frame } of model) {
          expect(log.frame[row]).toBe(frame);
          const found = log.find(span, seqAdd(BASE, end - 1));
          expect(log.frame[found]).toBe(frame);
          row = log.after(span, row);
        }
        expect(row).toBe(0);
      }
    }),
  );
});

test("there is an end to how much is kept of a direction", () => {
  const log = new SentLog();
  const span = newSpan();
  for (let i = 1; i < 100_000; i++) log.push(span, i, i, i, 0, 0);
  expect(span.logCount).toBeLessThanOrEqual(32_768);
  expect(log.acknowledge(span, 200_000)).not.toBe(0);
  expect(span.logCount).toBe(0);
});
