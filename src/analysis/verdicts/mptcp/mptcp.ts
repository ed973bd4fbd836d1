/**
 * Multipath TCP, as far as the verdicts need it: which streams are subflows
 * of one connection, and which kinds of options it has used so far.
 *
 * @module
 */
import type { SegmentRecord } from "../../../trace/segment.ts";
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

/** Connections that are remembered, 100 MB: streams beyond them belong to none. */
const MAX_CONNECTIONS = 2 ** 18;

/** {@link MptcpConnections.note}: Wireshark has no place for a token here, and gives up. */
export const NO_PLACE = -1;

/** The bit of the MPTCP option at `at`; 0 for kinds that do not count. */
export function mptcpOperation(v: DataView, at: number): number {
  const operation = v.getUint8(at + 2) >>> 4;
  return operation <= LAST_OPERATION ? 1 << operation : 0;
}

/** One end of a connection; a direction of each of its streams stands for it. */
interface End {
  hasToken: boolean;
  hasKey: boolean;
}

interface MptcpConnection {
  readonly ends: readonly [End, End];
  /** Kinds of options, a bit each. */
  operations: number;
}

/** All MPTCP connections. */
export class MptcpConnections {
  /** By number; 0 is none. */
  readonly #connections: MptcpConnection[] = [newConnection()];
  readonly #byToken = new Map<number, number>();
  /** By flow. */
  readonly #ends = new Map<number, End>();

  /** Kinds of options that connection `number` has used, a bit each. */
  operations(number: number): number {
    return this.#connections[number]!.operations;
  }

  /** Forgets what the two directions of `flow` stood for: another stream begins in their place. */
  begin(flow: number): void {
    if (this.#ends.size === 0) return;
    this.#ends.delete(flow);
    this.#ends.delete(flow ^ 1);
  }

  /**
   * Takes in the option of `length` bytes at `at` of segment `s`; returns the number of the
   * connection that the stream belongs to, so far `number`, or {@link NO_PLACE}.
   */
  note(number: number, s: SegmentRecord, at: number, length: number): number {
    if (length < 3) return number;
    if (number === 0 && this.#connections.length === MAX_CONNECTIONS) return 0;
    const operation = s.view.getUint8(at + 2) >>> 4;
    if (operation === CAPABLE) return this.#noteKeys(number, s, at, length);
    // A SYN joins by the token of the key that the other end sent before (RFC 8684 §3.2).
    if (operation === JOIN && length === JOIN_SYN)
      return this.#noteToken(number, s, s.flow ^ 1, s.view.getUint32(at + 4));
    return number === 0 ? this.#add(s) : number;
  }

  /** Adds kinds of options to connection `number`, once all options of their segment were read. */
  count(number: number, operations: number): void {
    if (number !== 0) this.#connections[number]!.operations |= operations;
  }

  #noteKeys(number: number, s: SegmentRecord, at: number, length: number): number {
    let mine = number;
    if (length >= ONE_KEY) mine = this.#noteKey(mine, s, s.flow, at, at + 4);
    if (mine !== NO_PLACE && length >= TWO_KEYS)
      mine = this.#noteKey(mine, s, s.flow ^ 1, at, at + 12);
    // The SYN of version 1 has no key (RFC 8684 §3.1): it tells nothing yet.
    return mine;
  }

  /** The sender in `flow` has the key at `keyAt` of the option at `at`. */
  #noteKey(number: number, s: SegmentRecord, flow: number, at: number, keyAt: number): number {
    const known = this.#ends.get(flow);
    if (known !== undefined && known.hasKey) return number;
    const version = s.view.getUint8(at + 2) & 0xf;
    const token = mptcpToken(s.view.getUint32(keyAt), s.view.getUint32(keyAt + 4), version);
    const mine = this.#noteToken(number, s, flow, token);
    const end = this.#ends.get(flow);
    if (mine !== NO_PLACE && end !== undefined) end.hasKey = true;
    return mine;
  }

  /** The sender in `flow` is called `token`; a connection that has an end of that name takes the stream in. */
  #noteToken(number: number, s: SegmentRecord, flow: number, token: number): number {
    const known = this.#ends.get(flow);
    if (known !== undefined && known.hasToken) return number;
    const found = this.#byToken.get(token);
    if (found !== undefined) {
      // Whichever end it is, and of a stream that changes its connection the old ones: so Wireshark has it.
      if (!this.#ends.has(s.flow)) this.#attach(found, s.flow, 1);
      if (!this.#ends.has(s.flow ^ 1)) this.#attach(found, s.flow ^ 1, 0);
      return found;
    }
    const mine = number === 0 ? this.#add(s) : number;
    const index = number === 0 ? 0 : freeEnd(this.#connections[mine]!);
    if (index === null) return NO_PLACE;
    this.#attach(mine, flow, index);
    this.#connections[mine]!.ends[index].hasToken = true;
    this.#byToken.set(token, mine);
    return mine;
  }

  #add(s: SegmentRecord): number {
    const number = this.#connections.push(newConnection()) - 1;
    this.#attach(number, s.flow, 0);
    this.#attach(number, s.flow ^ 1, 1);
    return number;
  }

  #attach(number: number, flow: number, index: 0 | 1): void {
    this.#ends.set(flow, this.#connections[number]!.ends[index]);
  }
}

function newConnection(): MptcpConnection {
  return { ends: [newEnd(), newEnd()], operations: 0 };
}

const newEnd = (): End => ({ hasToken: false, hasKey: false });

/** The end without a token, where the other one has one. */
function freeEnd({ ends }: MptcpConnection): 0 | 1 | null {
  if (ends[0].hasToken) return 1;
  return ends[1].hasToken ? 0 : null;
}
