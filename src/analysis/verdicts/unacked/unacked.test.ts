import fc from "fast-check";
import { expect, test } from "vitest";
import { seqAdd, seqLeq, seqLt } from "../../../wire/seqnum.ts";
import { MAX_UNACKED } from "./entry.ts";
import { SHORT, SHORT_WORDS } from "./short.ts";
import { Unacked, UnackedPool } from "./unacked.ts";

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

/** Two directions side by side: neither may see the other. */
function twoLists(): readonly [Unacked, Unacked] {
  const pool = new UnackedPool();
  const words = new Int32Array(2 * SHORT_WORDS);
  const times = new Float64Array(2 * SHORT);
  const lists = [new Unacked(pool), new Unacked(pool)] as const;
  for (const [i, list] of lists.entries()) {
    list.seat(words, i * SHORT_WORDS, times, i * SHORT);
  }
  return lists;
}

/** The time of frame n is 10 n. */
const foundAs = (frame: number): number[] => (frame === 0 ? [] : [frame, frame * 10]);

const found = ({ found: { frame, time } }: Unacked): number[] => (frame === 0 ? [] : [frame, time]);

/** Takes the step on both; what an acknowledgement found in the one and in the other. */
function take(
  step: Step,
  frame: number,
  [list, other]: readonly [Unacked, Unacked],
  naive: Naive,
): readonly number[][] {
  if (step.do === "ack") {
    list.acknowledge(step.ack | 0);
    return [found(list), foundAs(naive.acknowledge(step.ack))];
  }
  const end = seqAdd(step.start, step.len);
  list.now = frame * 10;
  list.push(frame, step.start | 0, end | 0);
  other.push(frame, end | 0, (end + 1) | 0);
  naive.push(frame, step.start, end);
  return [[], []];
}

function compare(script: readonly Step[], base: number): void {
  const lists = twoLists();
  const [list] = lists;
  const naive = new Naive();
  script.forEach((step, i) => {
    const [ours, theirs] = take(step, i + 1, lists, naive);
    expect(ours).toEqual(theirs);
    expect(list.length).toBe(naive.entries.length);
    list.oldest();
    expect(found(list)).toEqual(foundAs(naive.entries.at(-1)?.frame ?? 0));
    expect(list.span(base | 0)).toBe(naive.span(base));
    const seq = step.do === "push" ? step.start : step.ack;
    list.senderOf(seq | 0);
    expect(list.found.frame).toBe(naive.senderOf(seq));
  });
}

/** Sent in order, from `start`, with gaps; acknowledged now and then, near where it is or somewhere. */
const inOrder: fc.Arbitrary<Step[]> = fc
  .tuple(
    seqOf(100),
    fc.array(
      fc.record({
        len: fc.integer({ min: 1, max: 1460 }),
        gap: fc.constantFrom(0, 0, 0, 0, 7),
        back: fc.constantFrom(-1, -1, -1, 0, 1, 1460, 20_000, 0x4000_0000, 0x8000_0000),
      }),
      { maxLength: 80 },
    ),
  )
  .map(([first, segments]) => {
    const script: Step[] = [];
    let start = first;
    for (const { len, gap, back } of segments) {
      start = seqAdd(start, gap);
      script.push({ do: "push", start, len });
      start = seqAdd(start, len);
      if (back !== -1) script.push({ do: "ack", ack: seqAdd(start, -back) });
    }
    return script;
  });

test("a list answers as one that is walked from end to end: what is sent in order", () => {
  fc.assert(
    fc.property(inOrder, seqOf(20_000), (script, base) => compare(script, base)),
    { numRuns: 400 },
  );
});

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
  const [list] = twoLists();
  let spans = 0;
  let entered = 0;
  for (let i = 0; i < 60_000; i++) {
    const start = startOf(i);
    if (list.push(i + 1, start | 0, (start + 1000) | 0)) entered++;
    list.acknowledge(0);
    spans = list.span(0);
  }
  expect([entered, list.length]).toEqual([MAX_UNACKED, MAX_UNACKED]);
  return spans;
}

// A list that is walked would take 600 million steps for each.
test("a flood is kept to its limit, in rising, falling and any order", () => {
  expect(flood((i) => 1 + i * 1000)).toBe(MAX_UNACKED * 1000);
  expect(flood((i) => 1 + (60_000 - i) * 1000)).toBe(MAX_UNACKED * 1000);
  expect(flood((i) => 1 + ((i * 7919) % 60_000) * 1000)).toBeGreaterThan(MAX_UNACKED * 1000);
});
