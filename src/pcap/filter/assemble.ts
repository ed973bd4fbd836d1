/**
 * Turns a condition into a program: blocks first, each a test with two ways
 * out, then instructions in one row.
 *
 * @module
 */
import { type BpfInsn, Op } from "./bpf.ts";
import { type Condition, type Test, insn } from "./condition.ts";

/** A test with two ways out, or an end. */
export type Block =
  | { readonly kind: "test"; readonly test: Test; readonly yes: Block; readonly no: Block }
  | { readonly kind: "ret"; readonly k: number };

/** The block where `condition` begins, ending in `yes` or `no`. */
export function blockOf(condition: Condition, yes: Block, no: Block): Block {
  switch (condition.kind) {
    case "test":
      return { kind: "test", test: condition.test, yes, no };
    case "all":
      return condition.of.reduceRight((next, part) => blockOf(part, next, no), yes);
    case "any":
      return condition.of.reduceRight((next, part) => blockOf(part, yes, next), no);
    case "not":
      return blockOf(condition.of, no, yes);
    case "constant":
      return condition.value ? yes : no;
  }
}

/** The blocks that can be reached, each before those it leads to. */
export function inOrder(start: Block): readonly Block[] {
  const seen = new Set<Block>([start]);
  const done: Block[] = [];
  const stack: { readonly block: Block; next: number }[] = [{ block: start, next: 0 }];
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const { block } = top;
    const follower =
      block.kind === "ret" || top.next === 2 ? null : [block.no, block.yes][top.next]!;
    top.next++;
    if (follower === null) {
      done.push(block);
      stack.pop();
    } else if (!seen.has(follower)) {
      seen.add(follower);
      stack.push({ block: follower, next: 0 });
    }
  }
  return done.toReversed();
}

/** A conditional jump reaches 255 instructions; further it needs a JA of its own. */
const REACH = 255;

/** Instructions of blocks in their order. */
export function assemble(blocks: readonly Block[]): readonly BpfInsn[] {
  const far = blocks.map(() => ({ yes: false, no: false }));
  for (;;) {
    const starts = startsOf(blocks, far);
    if (!growJumps(blocks, starts, far)) return write(blocks, starts, far);
  }
}

interface Far {
  yes: boolean;
  no: boolean;
}

function startsOf(blocks: readonly Block[], far: readonly Far[]): ReadonlyMap<Block, number> {
  const starts = new Map<Block, number>();
  let at = 0;
  for (const [i, block] of blocks.entries()) {
    starts.set(block, at);
    at += block.kind === "ret" ? 1 : jumpAt(block) + 1 + Number(far[i]!.yes) + Number(far[i]!.no);
  }
  return starts;
}

const jumpAt = (block: Block & { kind: "test" }): number => block.test.load.length;

/** Marks jumps that do not reach; whether there were any. */
function growJumps(
  blocks: readonly Block[],
  starts: ReadonlyMap<Block, number>,
  far: readonly Far[],
): boolean {
  let grew = false;
  for (const [i, block] of blocks.entries()) {
    if (block.kind === "ret") continue;
    const from = starts.get(block)! + jumpAt(block) + 1;
    for (const way of ["yes", "no"] as const) {
      if (far[i]![way] || starts.get(block[way])! - from <= REACH) continue;
      far[i]![way] = true;
      grew = true;
    }
  }
  return grew;
}

function write(
  blocks: readonly Block[],
  starts: ReadonlyMap<Block, number>,
  far: readonly Far[],
): readonly BpfInsn[] {
  const program: BpfInsn[] = [];
  for (const [i, block] of blocks.entries()) {
    if (block.kind === "ret") {
      program.push(insn(Op.RET, block.k));
      continue;
    }
    program.push(...block.test.load);
    const from = program.length + 1;
    const { yes, no } = far[i]!;
    const [toYes, toNo] = [starts.get(block.yes)!, starts.get(block.no)!];
    const jt = yes ? 0 : toYes - from;
    const jf = no ? Number(yes) : toNo - from;
    program.push({ code: block.test.jump, jt, jf, k: block.test.k });
    if (yes) program.push(insn(Op.JA, toYes - program.length - 1));
    if (no) program.push(insn(Op.JA, toNo - program.length - 1));
  }
  return program;
}
