/**
 * Arguments of a script's calls as values.
 *
 * @module
 */
import { printExpr } from "../language/print-script.ts";
import type { Expr } from "../language/script.ts";

/** Why a call cannot be understood; the script fails with it. */
export class ArgumentError extends Error {
  override readonly name = "ArgumentError";
  /** What stands there instead. */
  readonly got: string;

  constructor(expected: string, got: string = "a call that is not understood") {
    super(expected);
    this.got = got;
  }
}

/** Names of numbers that scripts write where a value stands. */
const NUMBERS: Readonly<Record<string, number>> = {
  NULL: 0,
  SOMAXCONN: 128,
  AF_INET: 2,
  SOCK_STREAM: 1,
  IPPROTO_TCP: 6,
  IPTOS_LOWDELAY: 0x10,
  IPTOS_THROUGHPUT: 0x08,
  IPTOS_RELIABILITY: 0x04,
  IPTOS_MINCOST: 0x02,
  IPTOS_DSCP_CS1: 0x20,
  IPTOS_DSCP_CS7: 0xe0,
  IP_PMTUDISC_DONT: 0,
  IP_PMTUDISC_WANT: 1,
  IP_PMTUDISC_DO: 2,
  IP_PMTUDISC_PROBE: 3,
};

/** What a length may be at most: an int. */
const MOST_BYTES = 0x7fff_ffff;

/** A number, or a name of one; `[N]` counts as N. */
export function numberOf(expr: Expr | undefined): number {
  const value = optionalNumberOf(expr);
  if (value !== null) return value;
  throw new ArgumentError(`a number, not ${expr === undefined ? "nothing" : printExpr(expr)}`);
}

/** Bytes that a call is to move. */
export function lengthOf(expr: Expr | undefined): number {
  const length = numberOf(expr);
  if (length >= 0 && length <= MOST_BYTES) return length;
  throw new ArgumentError(`a length from 0 to ${MOST_BYTES}, not ${length}`);
}

/** As {@link numberOf}, or `null` when it is none. */
export function optionalNumberOf(expr: Expr | undefined): number | null {
  if (expr?.kind === "number") return expr.value;
  if (expr?.kind === "name") return NUMBERS[expr.name] ?? null;
  if (expr?.kind === "list" && expr.items.length === 1) return optionalNumberOf(expr.items[0]);
  if (expr?.kind !== "or") return null;
  const parts = expr.parts.map(optionalNumberOf);
  return parts.reduce((sum, part) => (sum === null || part === null ? null : sum | part), 0);
}

/** The name alone, or every name of `A|B|0`. */
export function namesOf(expr: Expr | undefined): ReadonlySet<string> {
  if (expr === undefined) return new Set();
  if (expr.kind === "name") return new Set([expr.name]);
  if (expr.kind === "or") return new Set(expr.parts.flatMap((part) => [...namesOf(part)]));
  if (expr.kind === "number") return messageFlags(expr.value);
  return new Set();
}

/** Numbers that scripts write for names that their tool did not know. */
function messageFlags(value: number): ReadonlySet<string> {
  return new Set((value & 0x2000_0000) === 0 ? [] : ["MSG_FASTOPEN"]);
}

/** Members of a structure that are numbers. */
export function membersOf(expr: Expr | undefined): ReadonlyMap<string, number> | null {
  if (expr?.kind === "list" && expr.items.length === 1) return membersOf(expr.items[0]);
  if (expr?.kind !== "struct") return null;
  const members = new Map<string, number>();
  for (const { name, value } of expr.members) {
    const number = optionalNumberOf(value);
    if (name !== null && number !== null) members.set(name, number);
  }
  return members;
}

/** Bytes of a message: the lengths of its `msg_iov`. */
export function messageLen(expr: Expr | undefined): number {
  if (expr?.kind !== "struct") throw new ArgumentError("a message as {msg_iov(N)=[{..., LEN}]}");
  const parts = expr.members.find(({ name }) => name === "msg_iov")?.value;
  if (parts?.kind !== "list") throw new ArgumentError("a message with msg_iov");
  return partsLen(parts.items);
}

/** Bytes of `[{..., LEN}, …]`. */
export function partsLen(parts: readonly Expr[]): number {
  return parts.reduce((sum, part) => {
    if (part.kind !== "struct") throw new ArgumentError(`{..., LEN}, not ${printExpr(part)}`);
    return sum + lengthOf(part.members.at(-1)?.value);
  }, 0);
}
