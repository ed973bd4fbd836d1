/**
 * Multipath TCP, as far as the verdicts need it: which streams are subflows
 * of one connection, and which kinds of options it has used so far.
 *
 * @module
 */
import { Flag } from "../../../wire/tcp.ts";
import { mptcpToken } from "./token.ts";

/** Subtypes (RFC 8684 §8). */
const CAPABLE = 0;
const JOIN = 1;
/** Capable, join, dss, add, remove, prio, fail, fastclose. */
const LAST_OPERATION = 7;

/** Least length of an MP_CAPABLE with one key, with two; of the MP_JOIN of a SYN. */
const ONE_KEY = 12;
const TWO_KEYS = 20;
const JOIN_SYN = 12;

/** All MPTCP connections. */
export class MptcpConnections {
  /** Kinds of options seen, a bit each; by the connection's number, of which 0 is none. */
  readonly #operations: number[] = [0];
  readonly #byToken = new Map<number, number>();

  /** Kinds of options that connection `number` has used, a bit each. */
  operations(number: number): number {
    return this.#operations[number]!;
  }

  /**
   * Takes in the option of `length` bytes at `at` of a segment with `flags`;
   * returns the number of the connection that the stream belongs to, so far `number`.
   */
  note(number: number, v: DataView, at: number, length: number, flags: number): number {
    if (length < 3) return number;
    const operation = v.getUint8(at + 2) >>> 4;
    const mine = number === 0 ? this.#connectionOf(operation, v, at, length, flags) : number;
    if (operation === CAPABLE) this.#noteKeys(mine, v, at, length);
    if (operation <= LAST_OPERATION) this.#operations[mine]! |= 1 << operation;
    return mine;
  }

  /** A SYN joins by the token of the key that the other end sent before (RFC 8684 §3.2). */
  #connectionOf(op: number, v: DataView, at: number, length: number, flags: number): number {
    const isJoin = op === JOIN && (flags & Flag.SYN) !== 0 && length === JOIN_SYN;
    const joined = isJoin ? this.#byToken.get(v.getUint32(at + 4)) : undefined;
    return joined ?? this.#operations.push(0) - 1;
  }

  #noteKeys(number: number, v: DataView, at: number, length: number): void {
    const version = v.getUint8(at + 2) & 0xf;
    for (const [key, least] of [[at + 4, ONE_KEY] as const, [at + 12, TWO_KEYS] as const]) {
      if (length < least) return;
      const token = mptcpToken(v.getUint32(key), v.getUint32(key + 4), version);
      this.#byToken.set(token, number);
    }
  }
}
