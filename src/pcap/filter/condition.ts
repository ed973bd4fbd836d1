/**
 * Conditions between a filter's tree and its program: tests of one loaded
 * value, joined by all, any and not.
 *
 * @module
 */
import { type BpfInsn, Op } from "./bpf.ts";

/** A condition on a packet. Evaluated from left to right, no further than needed. */
export type Condition =
  | { readonly kind: "test"; readonly test: Test }
  | { readonly kind: "all" | "any"; readonly of: readonly Condition[] }
  | { readonly kind: "not"; readonly of: Condition }
  | { readonly kind: "constant"; readonly value: boolean };

/** Instructions that leave a value in A, and the jump that judges it. */
export interface Test {
  readonly load: readonly BpfInsn[];
  /** JEQ, JGT, JGE or JSET, with SRC_X when A is compared with X. */
  readonly jump: number;
  readonly k: number;
}

/** One instruction that does not jump. */
export const insn = (code: number, k: number = 0): BpfInsn => ({ code, jt: 0, jf: 0, k: k >>> 0 });

export const all = (...of: readonly Condition[]): Condition => ({ kind: "all", of });
export const any = (...of: readonly Condition[]): Condition => ({ kind: "any", of });
export const not = (of: Condition): Condition => ({ kind: "not", of });
export const ALWAYS: Condition = { kind: "constant", value: true };
export const NEVER: Condition = { kind: "constant", value: false };

/** A test of what `load` leaves in A. */
export const test = (load: readonly BpfInsn[], jump: number, k: number): Condition => ({
  kind: "test",
  test: { load, jump, k: k >>> 0 },
});

const LOAD = { 1: Op.LD_B_ABS, 2: Op.LD_H_ABS, 4: Op.LD_W_ABS } as const;

/** The `size` bytes at `at` are `value`, looked at through `mask`. */
export function bytesAre(
  at: number,
  size: 1 | 2 | 4,
  value: number,
  mask: number = 0xffffffff,
): Condition {
  const load = [insn(LOAD[size], at)];
  if (mask !== 0xffffffff) load.push(insn(Op.AND, mask));
  return test(load, Op.JEQ, value);
}

/** The `size` bytes at `at`, judged by `jump`. */
export function bytesTest(at: number, size: 1 | 2 | 4, jump: number, k: number): Condition {
  return test([insn(LOAD[size], at)], jump, k);
}
