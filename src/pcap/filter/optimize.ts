/**
 * Leaves out of a program what an earlier test on the same way has answered.
 *
 * `tcp port 80` asks for the EtherType and the protocol many times over. Blocks
 * are visited in order with what is known on every way to them: the values in
 * A and X, and the outcomes of tests. A jump to a test whose outcome is known
 * goes where that test would go. A load is left out only where the same load
 * was done on every way before, so a packet too short for it was dropped
 * already.
 *
 * @module
 */
import { type Block, inOrder } from "./assemble.ts";
import { type BpfInsn, Op, SRC_X } from "./bpf.ts";
import type { Test } from "./condition.ts";

/** What is known on a way. A value is named by how it was made: `"28 c"` is the half-word at 12. */
interface Known {
  readonly a: string | null;
  readonly x: string | null;
  /** Values that are known to equal a number. */
  readonly equals: ReadonlyMap<string, number>;
  /** Outcomes of tests, by value, jump and k. */
  readonly outcomes: ReadonlyMap<string, boolean>;
}

/** Outcomes remembered on one way: bounds the work for hostile filters. */
const MAX_OUTCOMES = 64;

const NOTHING: Known = { a: null, x: null, equals: new Map(), outcomes: new Map() };

/** A copy of the blocks from `start` on, without what is already known. */
export function optimize(start: Block): Block {
  const known = new Map<Block, Known>([[start, NOTHING]]);
  const ways = new Map<Block, Way>();
  const order = inOrder(start);
  for (const block of order) {
    const before = known.get(block);
    if (block.kind === "ret" || before === undefined) continue;
    const after = afterLoad(block.test, before);
    const yes = follow(block.yes, withOutcome(after, block.test, true), known);
    const no = follow(block.no, withOutcome(after, block.test, false), known);
    ways.set(block, { yes, no, load: neededLoads(block.test, before) });
  }
  return copyOf(order, ways).get(start)!;
}

/** What is left of a test: its loads, and where its ways lead. */
interface Way {
  readonly yes: Block;
  readonly no: Block;
  readonly load: readonly BpfInsn[];
}

/** Copies of the blocks; those that do the same and lead to the same become one. */
function copyOf(order: readonly Block[], ways: ReadonlyMap<Block, Way>): ReadonlyMap<Block, Block> {
  const copies = new Map<Block, Block>();
  const numbers = new Map<Block, number>();
  const same = new Map<string, Block>();
  for (const block of order.toReversed()) {
    const way = ways.get(block);
    const copy =
      block.kind === "ret" || way === undefined ? block : copyTest(block.test, way, copies);
    const name = nameOf(copy, numbers);
    const first = same.get(name);
    copies.set(block, first ?? copy);
    if (first !== undefined) continue;
    same.set(name, copy);
    numbers.set(copy, numbers.size);
  }
  return copies;
}

function copyTest(test: Test, way: Way, copies: ReadonlyMap<Block, Block>): Block {
  const { yes, no, load } = way;
  return { kind: "test", test: { ...test, load }, yes: copies.get(yes)!, no: copies.get(no)! };
}

/** Equal for blocks that do the same. */
function nameOf(block: Block, numbers: ReadonlyMap<Block, number>): string {
  if (block.kind === "ret") return `ret ${block.k}`;
  const { load, jump, k } = block.test;
  const loads = load.map((insn) => `${insn.code} ${insn.k}`).join();
  return `${loads}?${jump}:${k}>${numbers.get(block.yes)},${numbers.get(block.no)}`;
}

/** Where a way into `block` leads; tells that block what is known on it. */
function follow(block: Block, now: Known, known: Map<Block, Known>): Block {
  let to = block;
  while (to.kind === "test") {
    const outcome = outcomeOf(to.test, now);
    if (outcome === null) break;
    to = outcome ? to.yes : to.no;
  }
  const others = known.get(to);
  known.set(to, others === undefined ? now : common(others, now));
  return to;
}

/** How `test` ends when `now` is known; `null`: not known, or it does more than test. */
function outcomeOf(test: Test, now: Known): boolean | null {
  if (!isPure(test)) return null;
  const { a } = afterLoad(test, now);
  if (a === null) return null;
  const value = now.equals.get(a);
  if (value === undefined) return now.outcomes.get(outcomeName(a, test)) ?? null;
  if (test.jump === Op.JEQ) return value === test.k;
  if (test.jump === Op.JGT) return value > test.k;
  return test.jump === Op.JGE ? value >= test.k : (value & test.k) !== 0;
}

const outcomeName = (a: string, test: Test): string => `${a}?${test.jump}:${test.k}`;

/** Whether a test only loads and compares with k. */
function isPure(test: Test): boolean {
  return (test.jump & SRC_X) === 0 && test.load.every(({ code }) => code !== Op.ST);
}

function withOutcome(now: Known, test: Test, outcome: boolean): Known {
  const { a } = now;
  if (a === null || (test.jump & SRC_X) !== 0 || now.outcomes.size >= MAX_OUTCOMES) return now;
  const outcomes = new Map(now.outcomes).set(outcomeName(a, test), outcome);
  const isValue = outcome && test.jump === Op.JEQ;
  return { ...now, outcomes, equals: isValue ? new Map(now.equals).set(a, test.k) : now.equals };
}

/** What holds on both ways. */
function common(one: Known, other: Known): Known {
  return {
    a: one.a === other.a ? one.a : null,
    x: one.x === other.x ? one.x : null,
    equals: new Map([...one.equals].filter(([name, k]) => other.equals.get(name) === k)),
    outcomes: new Map([...one.outcomes].filter(([name, o]) => other.outcomes.get(name) === o)),
  };
}

/** The loads of `test` that do something when `before` is known. */
function neededLoads(test: Test, before: Known): readonly BpfInsn[] {
  const whole = afterLoad(test, before);
  if (isPure(test) && whole.a !== null && whole.a === before.a && whole.x === before.x) return [];
  let now = before;
  return test.load.filter((insn) => {
    const after = step(insn, now);
    const isLoad = (insn.code & 7) <= 1;
    const isKnown = isLoad && after.a === now.a && after.x === now.x;
    const isNamed = (insn.code & 7) === 0 ? after.a !== null : after.x !== null;
    now = after;
    return !(isKnown && isNamed);
  });
}

function afterLoad(test: Test, before: Known): Known {
  let now = before;
  for (const insn of test.load) now = step(insn, now);
  return now;
}

function step({ code, k }: BpfInsn, now: Known): Known {
  const name = `${code.toString(16)} ${k.toString(16)}`;
  switch (code & 7) {
    case 0: // ld
      if (code === Op.LD_MEM) return { ...now, a: null };
      if ((code & 0xe0) !== 0x40) return { ...now, a: name };
      return { ...now, a: now.x === null ? null : `${name}[${now.x}]` };
    case 1: // ldx
      return { ...now, x: code === Op.LDX_MEM ? null : name };
    case 4: // alu
      if ((code & SRC_X) !== 0) return { ...now, a: both(now.a, name, now.x) };
      return { ...now, a: now.a === null ? null : `(${now.a} ${name})` };
    case 7:
      return code === Op.TAX ? { ...now, x: now.a } : { ...now, a: now.x };
    default:
      return now;
  }
}

function both(a: string | null, name: string, x: string | null): string | null {
  return a === null || x === null ? null : `(${a} ${name} ${x})`;
}
