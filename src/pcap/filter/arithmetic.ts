/**
 * Code for comparisons of numbers: `tcp[13] & 2 != 0`.
 *
 * A value is computed into A; the right side of an operator that is no
 * constant waits in scratch memory.
 *
 * @module
 */
import type { Arith, ArithOp, Expr, Protocol, Relation } from "./ast.ts";
import { type BpfInsn, BPF_MEMWORDS, Op, SRC_X } from "./bpf.ts";
import { type Condition, all, bytesAre, insn, not, test } from "./condition.ts";
import { FilterError } from "./error.ts";
import type { Link } from "./link.ts";
import { compute } from "./run.ts";
import { ETHERTYPE_IP, ETHERTYPE_IP6, isFirstFragment, isProtocol } from "./protocol.ts";

const ALU: Readonly<Record<ArithOp, number>> = {
  "+": Op.ADD,
  "-": Op.SUB,
  "*": Op.MUL,
  "/": Op.DIV,
  "%": Op.MOD,
  "&": Op.AND,
  "|": Op.OR,
  "^": Op.XOR,
  "<<": Op.LSH,
  ">>": Op.RSH,
};

/** Each relation as a jump, and whether the jump says its opposite. */
const JUMPS: Readonly<Record<Relation, readonly [jump: number, opposite: boolean]>> = {
  "==": [Op.JEQ, false],
  "!=": [Op.JEQ, true],
  ">": [Op.JGT, false],
  "<=": [Op.JGT, true],
  ">=": [Op.JGE, false],
  "<": [Op.JGE, true],
};

const LD_ABS = { 1: Op.LD_B_ABS, 2: Op.LD_H_ABS, 4: Op.LD_W_ABS } as const;
const LD_IND = { 1: Op.LD_B_IND, 2: Op.LD_H_IND, 4: Op.LD_W_IND } as const;

/** Beyond any packet; larger offsets would mean something else to the kernel. */
const FAR = 0xffffff;
const IPV6_HEADER_LEN = 40;

/** A comparison, behind the protocols that its loads need. */
export function relationCondition(link: Link, expr: Expr & { kind: "relation" }): Condition {
  const [jump, opposite] = JUMPS[expr.op];
  const code = new Code(link, expr.at, expr.length);
  const left = code.fold(expr.left);
  const right = code.fold(expr.right);
  let compare: Condition;
  if (right.kind === "number") {
    code.value(left, 0);
    compare = test(code.insns, jump, right.value);
  } else {
    code.pair(left, right, 0);
    compare = test(code.insns, jump | SRC_X, 0);
  }
  const guards = [...guardsOf(link, left), ...guardsOf(link, right)];
  return all(...guards, opposite ? not(compare) : compare);
}

/** Instructions under way. */
class Code {
  readonly insns: BpfInsn[] = [];
  readonly #link: Link;
  readonly #at: number;
  readonly #length: number;

  constructor(link: Link, at: number, length: number) {
    this.#link = link;
    this.#at = at;
    this.#length = length;
  }

  /** `e` with calculations on numbers alone done. */
  fold(e: Arith): Arith {
    if (e.kind === "load") return { ...e, index: this.fold(e.index) };
    if (e.kind === "negate") {
      const of = this.fold(e.of);
      return of.kind === "number" ? { kind: "number", value: -of.value >>> 0 } : { ...e, of };
    }
    if (e.kind !== "binary") return e;
    const left = this.fold(e.left);
    checkOperand(e);
    const folded = this.fold(e.right);
    // What is written out is refused; what only amounts to it is left to the machine.
    const right = isSafeOperand(e.op, folded) ? folded : e.right;
    if (left.kind !== "number" || right.kind !== "number") return { ...e, left, right };
    return { kind: "number", value: compute(ALU[e.op], left.value, right.value) };
  }

  /** Leaves `e` in A; scratch words from `free` on are unused. */
  value(e: Arith, free: number): void {
    switch (e.kind) {
      case "number":
        this.insns.push(insn(Op.LD_IMM, e.value));
        return;
      case "len":
        this.insns.push(insn(Op.LD_LEN));
        return;
      case "negate":
        this.value(e.of, free);
        this.insns.push(insn(Op.NEG));
        return;
      case "binary":
        this.#binary(e, free);
        return;
      case "load":
        this.#load(e, free);
        return;
    }
  }

  /** Leaves `left` in A and `right` in X. */
  pair(left: Arith, right: Arith, free: number): void {
    if (free >= BPF_MEMWORDS) {
      throw new FilterError("the calculation is too deep", this.#at, this.#length);
    }
    this.value(right, free);
    this.insns.push(insn(Op.ST, free));
    this.value(left, free + 1);
    this.insns.push(insn(Op.LDX_MEM, free));
  }

  #binary(e: Arith & { kind: "binary" }, free: number): void {
    if (e.right.kind !== "number") {
      this.pair(e.left, e.right, free);
      this.insns.push(insn(ALU[e.op] | SRC_X));
      return;
    }
    this.value(e.left, free);
    this.insns.push(insn(ALU[e.op], e.right.value));
  }

  #load(e: Arith & { kind: "load" }, free: number): void {
    const base = baseOf(this.#link, e.proto);
    const behindIpv4 = base === null;
    const at = base ?? this.#link.netAt;
    if (!behindIpv4 && e.index.kind === "number") {
      this.insns.push(insn(LD_ABS[e.size], Math.min(at + e.index.value, FAR)));
      return;
    }
    if (e.index.kind === "number" && e.index.value < FAR) {
      this.insns.push(insn(Op.LDX_MSH, at), insn(LD_IND[e.size], at + e.index.value));
      return;
    }
    this.value(e.index, free);
    if (behindIpv4) this.insns.push(insn(Op.LDX_MSH, at), insn(Op.ADD | SRC_X));
    this.insns.push(insn(Op.TAX), insn(LD_IND[e.size], at));
  }
}

/** Byte where the protocol's header begins; `null` for one that follows an IPv4 header. */
function baseOf(link: Link, proto: Protocol): number | null {
  if (proto === "ether") return 0;
  if (proto === "icmp6") return link.netAt + IPV6_HEADER_LEN;
  const isNetwork = proto === "ip" || proto === "ip6" || proto === "arp" || proto === "rarp";
  return isNetwork ? link.netAt : null;
}

/**
 * What must hold before `e` makes sense. As in libpcap, only the left side of
 * an operator counts: `ip[2:2] - tcp[12]` asks for IP alone.
 */
function guardsOf(link: Link, e: Arith): readonly Condition[] {
  if (e.kind === "negate") return guardsOf(link, e.of);
  if (e.kind === "binary") return guardsOf(link, e.left);
  if (e.kind !== "load") return [];
  const ofIndex = guardsOf(link, e.index);
  if (e.proto === "ether") return ofIndex;
  if (e.proto === "icmp6") {
    return [...ofIndex, link.isType(ETHERTYPE_IP6), bytesAre(link.netAt + 6, 1, 58)];
  }
  const is = isProtocol(link, e.proto);
  if (baseOf(link, e.proto) !== null) return [...ofIndex, is];
  return [link.isType(ETHERTYPE_IP), ...ofIndex, is, isFirstFragment(link)];
}

function isSafeOperand(op: ArithOp, right: Arith): boolean {
  if (right.kind !== "number") return true;
  if (op === "/" || op === "%") return right.value !== 0;
  return right.value <= 31 || (op !== "<<" && op !== ">>");
}

function checkOperand({ op, right, at, length }: Arith & { kind: "binary" }): void {
  if (right.kind !== "number" || isSafeOperand(op, right)) return;
  const why =
    right.value === 0 ? "division by zero" : `shift by ${right.value}, which is more than 31 bits`;
  throw new FilterError(why, at, length);
}
