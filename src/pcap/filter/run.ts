/**
 * Runs a classic BPF program over a packet, as libpcap does over a file.
 *
 * @module
 */
import { type BpfInsn, BPF_MEMWORDS, Op, SRC_X } from "./bpf.ts";

const CLASS = 0x07;
const LD = 0x00;
const LDX = 0x01;
const ALU = 0x04;
const JMP = 0x05;

/**
 * What `program` returns for the packet of `capLen` captured bytes at `at`:
 * 0 drops it, otherwise the number of bytes to keep. Reading past the captured
 * bytes drops the packet, whatever the filter says.
 */
export function runBpf(
  program: readonly BpfInsn[],
  view: DataView,
  at: number,
  capLen: number,
  origLen: number,
): number {
  let a = 0;
  let x = 0;
  const mem = SCRATCH;
  for (let pc = 0; pc < program.length; pc++) {
    const { code, jt, jf, k } = program[pc]!;
    switch (code & CLASS) {
      case LD: {
        const value = load(code, k, x, mem, view, at, capLen, origLen);
        if (value < 0) return 0;
        a = value;
        break;
      }
      case LDX:
        if (code === Op.LDX_IMM) x = k;
        else if (code === Op.LDX_MEM) x = mem[k]!;
        else if (k >= capLen) return 0;
        else x = (view.getUint8(at + k) & 15) << 2;
        break;
      case Op.ST:
        mem[k] = a;
        break;
      case Op.STX:
        mem[k] = x;
        break;
      case ALU: {
        const value = compute(code, a, (code & SRC_X) === 0 ? k : x);
        if (value < 0) return 0;
        a = value;
        break;
      }
      case JMP:
        if (code === Op.JA) pc += k;
        else pc += jumps(code, a, (code & SRC_X) === 0 ? k : x) ? jt : jf;
        break;
      case Op.RET:
        return code === Op.RET ? k : a;
      case Op.TAX:
        if (code === Op.TAX) x = a;
        else a = x;
        break;
      default:
        return 0;
    }
  }
  return 0;
}

/** Scratch memory; a program writes a word before it reads it (verifyBpf). */
const SCRATCH = new Uint32Array(BPF_MEMWORDS);

/** The value loaded, or -1 when it lies beyond the packet. */
function load(
  code: number,
  k: number,
  x: number,
  mem: Uint32Array,
  view: DataView,
  at: number,
  capLen: number,
  origLen: number,
): number {
  switch (code) {
    case Op.LD_IMM:
      return k;
    case Op.LD_LEN:
      return origLen;
    case Op.LD_MEM:
      return mem[k]!;
    case Op.LD_W_ABS:
      return k + 4 <= capLen ? view.getUint32(at + k) : -1;
    case Op.LD_H_ABS:
      return k + 2 <= capLen ? view.getUint16(at + k) : -1;
    case Op.LD_B_ABS:
      return k < capLen ? view.getUint8(at + k) : -1;
    case Op.LD_W_IND:
      return x + k + 4 <= capLen ? view.getUint32(at + x + k) : -1;
    case Op.LD_H_IND:
      return x + k + 2 <= capLen ? view.getUint16(at + x + k) : -1;
    case Op.LD_B_IND:
      return x + k < capLen ? view.getUint8(at + x + k) : -1;
    default:
      return -1;
  }
}

/** The result of an arithmetic instruction modulo 2^32, or -1 for a division by zero. */
export function compute(code: number, a: number, b: number): number {
  switch (code & ~SRC_X) {
    case Op.ADD:
      return (a + b) >>> 0;
    case Op.SUB:
      return (a - b) >>> 0;
    case Op.MUL:
      return Math.imul(a, b) >>> 0;
    case Op.DIV:
      return b === 0 ? -1 : Math.floor(a / b);
    case Op.MOD:
      return b === 0 ? -1 : a % b;
    case Op.OR:
      return (a | b) >>> 0;
    case Op.AND:
      return (a & b) >>> 0;
    case Op.XOR:
      return (a ^ b) >>> 0;
    case Op.LSH:
      return b > 31 ? 0 : (a << b) >>> 0;
    case Op.RSH:
      return b > 31 ? 0 : a >>> b;
    case Op.NEG:
      return -a >>> 0;
    default:
      return -1;
  }
}

function jumps(code: number, a: number, b: number): boolean {
  switch (code & ~SRC_X) {
    case Op.JEQ:
      return a === b;
    case Op.JGT:
      return a > b;
    case Op.JGE:
      return a >= b;
    default:
      return (a & b) !== 0;
  }
}
