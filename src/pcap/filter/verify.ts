/**
 * Checks a program by the rules of the Linux kernel (`bpf_check_classic`), so
 * that what passes here is taken by `SO_ATTACH_FILTER` too.
 *
 * @module
 */
import { type BpfInsn, BPF_MAXINSNS, BPF_MEMWORDS, Op, SRC_X } from "./bpf.ts";

const KNOWN: ReadonlySet<number> = new Set(Object.values(Op));
const JUMPS: ReadonlySet<number> = new Set([Op.JEQ, Op.JGT, Op.JGE, Op.JSET]);
/** Operations that may take X instead of k. */
const WITH_X: ReadonlySet<number> = new Set([
  Op.ADD,
  Op.SUB,
  Op.MUL,
  Op.DIV,
  Op.OR,
  Op.AND,
  Op.LSH,
  Op.RSH,
  Op.MOD,
  Op.XOR,
  ...JUMPS,
]);

/** Why the kernel would refuse `program`, or `null`. */
export function verifyBpf(program: readonly BpfInsn[]): string | null {
  if (program.length === 0 || program.length > BPF_MAXINSNS) {
    return `${program.length} instructions; 1 to ${BPF_MAXINSNS} are allowed`;
  }
  for (const [pc, insn] of program.entries()) {
    const why = checkInsn(insn, pc, program.length);
    if (why !== null) return `instruction ${pc}: ${why}`;
  }
  if (program.at(-1)!.code !== Op.RET) return "the last instruction does not return";
  return checkMemory(program);
}

function checkInsn(insn: BpfInsn, pc: number, length: number): string | null {
  const { code, k } = insn;
  const base = WITH_X.has(code & ~SRC_X) ? code & ~SRC_X : code;
  if (!KNOWN.has(base)) return `code 0x${code.toString(16)} is not known`;
  if (!Number.isInteger(k) || k < 0 || k > 0xffffffff) return `k ${k} has not 32 bits`;
  if ((code === Op.DIV || code === Op.MOD) && k === 0) return "divides by zero";
  if ((code === Op.LSH || code === Op.RSH) && k > 31) return "shifts by more than 31";
  if (usesMemory(code) && k >= BPF_MEMWORDS) return `M[${k}] does not exist`;
  if (code === Op.JA) return pc + 1 + k < length ? null : "jumps past the end";
  if (!JUMPS.has(base)) return null;
  if (insn.jt > 255 || insn.jf > 255 || insn.jt < 0 || insn.jf < 0) return "jumps too far";
  return pc + 1 + Math.max(insn.jt, insn.jf) < length ? null : "jumps past the end";
}

function usesMemory(code: number): boolean {
  return code === Op.LD_MEM || code === Op.LDX_MEM || code === Op.ST || code === Op.STX;
}

/** Every word of scratch memory is written before it is read, on every way there. */
function checkMemory(program: readonly BpfInsn[]): string | null {
  const known = new Uint16Array(program.length + 1).fill(0xffff);
  known[0] = 0;
  for (const [pc, { code, jt, jf, k }] of program.entries()) {
    let words = known[pc]!;
    if (code === Op.ST || code === Op.STX) words |= 1 << k;
    if ((code === Op.LD_MEM || code === Op.LDX_MEM) && (words & (1 << k)) === 0) {
      return `instruction ${pc}: reads M[${k}] before it is written`;
    }
    if (code === Op.RET) continue;
    const isJump = JUMPS.has(code & ~SRC_X);
    for (const skip of code === Op.JA ? [k] : isJump ? [jt, jf] : [0])
      known[pc + 1 + skip]! &= words;
  }
  return null;
}
