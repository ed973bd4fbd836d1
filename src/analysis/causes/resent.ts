/**
 * The last retransmissions of every direction, kept until it turns out whether
 * they were needed.
 *
 * All directions share one ring of rows, in which the newest take the places
 * of the oldest; those of one direction are linked from the newest back.
 *
 * @module
 */
import { type SeqNum, seqLeq, seqLt } from "../../wire/seqnum.ts";

/** Retransmissions kept of a direction. */
const MOST_OF_ONE = 256;
/** Of all directions together: 4 MB. */
const MOST = 2 ** 17;
/** Rows at the beginning; they double up to {@link MOST}. */
const FIRST_ROWS = 256;

/** Its bytes have been acknowledged. */
const ACKED = 1;
/** It has been proven needless. */
const NEEDLESS = 2;
/** It has a time stamp. */
const STAMPED = 4;

/** The retransmissions of one direction. */
export interface ResentChain {
  /** Number of the newest, 0: none. */
  resentLast: number;
  /** Those that wait for their acknowledgement, at most. */
  resentWaiting: number;
}

/** One retransmission. */
export interface Retransmission {
  readonly seq: SeqNum;
  readonly end: SeqNum;
  readonly frame: number;
  readonly time: number;
  readonly hasTs: boolean;
  readonly tsVal: number;
}

/** See the module. A row is where a retransmission stands until the next one is added; -1: none. */
export class Resent {
  #length = FIRST_ROWS;
  from: Uint32Array = new Uint32Array(FIRST_ROWS);
  to: Uint32Array = new Uint32Array(FIRST_ROWS);
  frame: Uint32Array = new Uint32Array(FIRST_ROWS);
  tsVal: Uint32Array = new Uint32Array(FIRST_ROWS);
  cause: Uint8Array = new Uint8Array(FIRST_ROWS);
  time: Float64Array = new Float64Array(FIRST_ROWS);
  #marks = new Uint8Array(FIRST_ROWS);
  /** Number of the one before in the same direction. */
  #before = new Uint32Array(FIRST_ROWS);
  /** Number of the next one; the n-th stands in row `n % length`. */
  #next = 1;
  readonly #acked = new Int32Array(MOST_OF_ONE);

  add(chain: ResentChain, one: Retransmission, cause: number): void {
    if (this.#next === this.#length && this.#length < MOST) this.#grow();
    const row = this.#rowOf(this.#next);
    this.from[row] = one.seq;
    this.to[row] = one.end;
    this.frame[row] = one.frame;
    this.time[row] = one.time;
    this.tsVal[row] = one.tsVal;
    this.cause[row] = cause;
    this.#marks[row] = one.hasTs ? STAMPED : 0;
    this.#before[row] = chain.resentLast;
    chain.resentLast = this.#next;
    chain.resentWaiting = Math.min(chain.resentWaiting + 1, MOST_OF_ONE);
    this.#next = (this.#next + 1) >>> 0 || 1;
  }

  /** Calls `look` with the row of each one that `ack` acknowledges for the first time, the oldest first. */
  acknowledge(chain: ResentChain, ack: SeqNum, look: (row: number) => void): void {
    let waiting = 0;
    let count = 0;
    let number = chain.resentLast;
    for (let n = 0; n < MOST_OF_ONE && this.#isKept(number); n++) {
      if (waiting + count === chain.resentWaiting) break;
      const row = this.#rowOf(number);
      number = this.#before[row]!;
      if ((this.#marks[row]! & ACKED) !== 0) continue;
      if (seqLeq(this.to[row]!, ack)) this.#acked[count++] = row;
      else waiting++;
    }
    chain.resentWaiting = waiting;
    while (count > 0) {
      const row = this.#acked[--count]!;
      this.#marks[row]! |= ACKED;
      look(row);
    }
  }

  /** The last one of the bytes `[from, to)` sent before `time` and not yet proven needless, or -1. */
  needless(chain: ResentChain, from: SeqNum, to: SeqNum, time: number): number {
    let number = chain.resentLast;
    for (let n = 0; n < MOST_OF_ONE && this.#isKept(number); n++) {
      const row = this.#rowOf(number);
      const isOf = seqLt(this.from[row]!, to) && seqLt(from, this.to[row]!);
      if (isOf && !this.isNeedless(row) && this.time[row]! <= time) return row;
      number = this.#before[row]!;
    }
    return -1;
  }

  /** The one in `frame`, or -1. */
  inFrame(chain: ResentChain, frame: number): number {
    let number = chain.resentLast;
    for (let n = 0; n < MOST_OF_ONE && this.#isKept(number); n++) {
      const row = this.#rowOf(number);
      if (this.frame[row] === frame) return row;
      number = this.#before[row]!;
    }
    return -1;
  }

  isNeedless(row: number): boolean {
    return (this.#marks[row]! & NEEDLESS) !== 0;
  }

  /** It is proven needless. */
  markNeedless(row: number): void {
    this.#marks[row]! |= NEEDLESS;
  }

  /** Whether `tsVal` of the row says something. */
  hasTs(row: number): boolean {
    return (this.#marks[row]! & STAMPED) !== 0;
  }

  #rowOf(number: number): number {
    return number & (this.#length - 1);
  }

  #isKept(number: number): boolean {
    return number !== 0 && (this.#next - number) >>> 0 <= this.#length;
  }

  /** Before the first row is taken again, so that each one stays where it is. */
  #grow(): void {
    const length = (this.#length *= 2);
    this.from = grown(this.from, new Uint32Array(length));
    this.to = grown(this.to, new Uint32Array(length));
    this.frame = grown(this.frame, new Uint32Array(length));
    this.tsVal = grown(this.tsVal, new Uint32Array(length));
    this.cause = grown(this.cause, new Uint8Array(length));
    this.time = grown(this.time, new Float64Array(length));
    this.#marks = grown(this.#marks, new Uint8Array(length));
    this.#before = grown(this.#before, new Uint32Array(length));
  }
}

function grown<T extends { set(from: T): void }>(from: T, to: T): T {
  to.set(from);
  return to;
}
