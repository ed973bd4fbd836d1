import fc from "fast-check";
import { expect, test } from "vitest";
import { seqAdd, seqLeq, seqLt } from "../../../wire/seqnum.ts";
import { MAX_UNACKED } from "./entry.ts";
import { UnackedTable } from "./unacked.ts";

interface Entry {
  readonly frame: number;
  start: number;
  readonly end: number;
}

/** The list as Wireshark keeps it: the newest first, looked at from end to end. */
class Naive {
  entries: Entry[] = [];

  push(frame: number, start: number, end: number): void {
    this.entries.unshift({ frame, start, end });
  }

  /** The last match is the oldest entry. */
  acknowledge(ack: number): number {
    let found = 0;
    this.entries = this.entries.filter((e) => {
      if (e.end === ack) {
        found = e.frame;
        return false;
      }
      if (seqLt(e.start, ack) && seqLeq(ack, e.end)) e.start = ack;
      else if (!seqLt(ack, e.end)) return false;
      return true;
    });
    return found;
  }

  span(base: number): number {
    if (this.entries.length === 0) return -1;
    const lowest = Math.min(...this.entries.map((e) => (e.start - base) >>> 0));
    const highest = Math.max(...this.entries.map((e) => (e.end - base) >>> 0));
    return (highest - lowest) >>> 0;
  }

  senderOf(seq: number): number {
    const senders = this.entries.filter((e) => seqLeq(e.start, seq) && seqLt(seq, e.end));
    return senders.at(-1)?.frame ?? 0;
  }
}

type Step =
  | { readonly do: "push"; readonly start: number; readonly len: number }
  | { readonly do: "ack"; readonly ack: number };

/** Numbers near the wrap, some of them half the circle off. */
const seqOf = (span: number): fc.Arbitrary<number> =>
  fc
    .tuple(fc.integer({ min: 0, max: span }), fc.integer({ min: 0, max: 9 }))
    .map(([n, far]) => seqAdd(0xffff_ff00, far === 0 ? n + 0x8000_0000 : n));

const steps = (span: number, maxLen: number): fc.Arbitrary<Step[]> =>
  fc.array(
    fc.oneof(
      {
        arbitrary: fc.record({
          do: fc.constant("push" as const),
          start: seqOf(span),
          len: fc.integer({ min: 1, max: maxLen }),
        }),
        weight: 4,
      },
      { arbitrary: fc.record({ do: fc.constant("ack" as const), ack: seqOf(span) }), weight: 1 },
    ),
    { maxLength: 60 },
  );

/** Another flow's list is filled beside it: neither may see the other. */
const FLOW = 7;

/** The time of frame n is 10 n. */
const foundAs = (frame: number): number[] => (frame === 0 ? [] : [frame, frame * 10]);

const found = ({ found: { frame, time } }: UnackedTable): number[] =>
  frame === 0 ? [] : [frame, time];

/** Takes the step on both; what an acknowledgement found in the one and in the other. */
function take(step: Step, frame: number, table: UnackedTable, naive: Naive): readonly number[][] {
  if (step.do === "ack") {
    table.acknowledge(FLOW, step.ack);
    return [found(table), foundAs(naive.acknowledge(step.ack))];
  }
  const end = seqAdd(step.start, step.len);
  table.push(FLOW, frame, step.start, end, frame * 10);
  table.push(FLOW + 1, frame, end, seqAdd(end, 1), 0);
  naive.push(frame, step.start, end);
  return [[], []];
}

function compare(script: readonly Step[], base: number): void {
  const table = new UnackedTable();
  const naive = new Naive();
  script.forEach((step, i) => {
    const [ours, theirs] = take(step, i + 1, table, naive);
    expect(ours).toEqual(theirs);
    expect(table.length(FLOW)).toBe(naive.entries.length);
    table.oldest(FLOW);
    expect(found(table)).toEqual(foundAs(naive.entries.at(-1)?.frame ?? 0));
    expect(table.span(FLOW, base)).toBe(naive.span(base));
    const seq = step.do === "push" ? step.start : step.ack;
    table.senderOf(FLOW, seq);
    expect(table.found.frame).toBe(naive.senderOf(seq));
  });
}

test.each([
  ["close together", 60, 20],
  ["as connections send", 20_000, 1460],
  ["anywhere", 0xffff_ffff, 0x7fff_ffff],
  ["anywhere, short", 0xffff_ffff, 65_536],
])("a list answers as one that is walked from end to end: segments %s", (_, span, maxLen) => {
  fc.assert(
    fc.property(steps(span, maxLen), seqOf(span), (script, base) => compare(script, base)),
    { numRuns: 400 },
  );
});

/** 60,000 segments that nobody acknowledges, of which {@link MAX_UNACKED} are kept. */
function flood(startOf: (i: number) => number): number {
  const table = new UnackedTable();
  let spans = 0;
  let entered = 0;
  for (let i = 0; i < 60_000; i++) {
    const start = startOf(i);
    if (table.push(FLOW, i + 1, start, seqAdd(start, 1000), i)) entered++;
    table.acknowledge(FLOW, 0);
    spans = table.span(FLOW, 0);
  }
  expect([entered, table.length(FLOW)]).toEqual([MAX_UNACKED, MAX_UNACKED]);
  return spans;
}

// A list that is walked would take 600 million steps for each.
test("a flood is kept to its limit, in rising, falling and any order", () => {
  expect(flood((i) => 1 + i * 1000)).toBe(MAX_UNACKED * 1000);
  expect(flood((i) => 1 + (60_000 - i) * 1000)).toBe(MAX_UNACKED * 1000);
  expect(flood((i) => 1 + ((i * 7919) % 60_000) * 1000)).toBeGreaterThan(MAX_UNACKED * 1000);
});
