/**
 * Classic BPF: the instructions that a capture filter becomes.
 *
 * A program is loaded into the kernel with `SO_ATTACH_FILTER` (a
 * {@link BpfInsn} is a `struct sock_filter`, 8 bytes), or run here by
 * `runBpf`. The machine has an accumulator A, an index register X, 16 words of
 * scratch memory, and only forward jumps.
 *
 * @module
 */

/** One instruction, as `struct sock_filter` has it. */
export interface BpfInsn {
  /** Operation: class, size and mode or-ed together ({@link Op}). 16 bits. */
  readonly code: number;
  /** Instructions to skip when a condition holds, 0 to 255. */
  readonly jt: number;
  /** Instructions to skip when it does not. */
  readonly jf: number;
  /** The operand, an unsigned 32-bit integer. */
  readonly k: number;
}

/** The operations in use, by their names in `tcpdump -d`. */
export const Op = {
  /** A = the word at k. */
  LD_W_ABS: 0x20,
  LD_H_ABS: 0x28,
  LD_B_ABS: 0x30,
  /** A = the word at X + k. */
  LD_W_IND: 0x40,
  LD_H_IND: 0x48,
  LD_B_IND: 0x50,
  LD_IMM: 0x00,
  LD_MEM: 0x60,
  /** A = length of the packet on the wire. */
  LD_LEN: 0x80,
  LDX_IMM: 0x01,
  LDX_MEM: 0x61,
  /** X = 4 * (byte at k & 15): the length of an IPv4 header. */
  LDX_MSH: 0xb1,
  ST: 0x02,
  STX: 0x03,
  /** Arithmetic with k; or-ed with {@link SRC_X} with X. */
  ADD: 0x04,
  SUB: 0x14,
  MUL: 0x24,
  DIV: 0x34,
  OR: 0x44,
  AND: 0x54,
  LSH: 0x64,
  RSH: 0x74,
  NEG: 0x84,
  MOD: 0x94,
  XOR: 0xa4,
  /** Skips k instructions. */
  JA: 0x05,
  JEQ: 0x15,
  JGT: 0x25,
  JGE: 0x35,
  JSET: 0x45,
  /** Ends: k bytes of the packet are kept, 0 drops it. */
  RET: 0x06,
  TAX: 0x07,
  TXA: 0x87,
} as const;

/** Bit of arithmetic and jumps: the operand is X, not k. */
export const SRC_X = 0x08;

/** Words of scratch memory. */
export const BPF_MEMWORDS = 16;

/** Longest program that the Linux kernel takes. */
export const BPF_MAXINSNS = 4096;

/** What a program returns for "the whole packet": libpcap's default snapshot length. */
export const MAX_SNAPLEN = 262144;
