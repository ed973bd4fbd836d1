/**
 * A list of many unacknowledged segments, each of which begins where the one
 * before it ends or behind that: a ring. What is sent goes in at one end, what is
 * acknowledged leaves at the other.
 *
 * ```text
 *                 head                     head + length
 *                  v                            v
 *    . . . . . . [100,110) [110,150) [160,170) . . . .
 * ```
 *
 * All of it spans less than {@link MAX_SPAN}, so that numbers compare as on a
 * line. Whatever does not fit that picture is for `LongList`: methods say so with `false`.
 *
 * @module
 */
import { plus, type Word } from "../word.ts";
import { type Found, MAX_SPAN, MAX_UNACKED } from "./entry.ts";
import type { LongList } from "./long.ts";

const FIRST_CAPACITY = 16;

/** See the module. */
export class SendQueue {
  /** Time of what is pushed, nanoseconds of the connection. */
  now = 0.5;
  #head = 0;
  #length = 0;
  /** One less than the capacity, which is a power of two. */
  #mask = FIRST_CAPACITY - 1;
  #frame = new Int32Array(FIRST_CAPACITY);
  #start = new Int32Array(FIRST_CAPACITY);
  #end = new Int32Array(FIRST_CAPACITY);
  #time = new Float64Array(FIRST_CAPACITY);
  #isFull = false;

  get length(): number {
    return this.#length;
  }

  /** The last segment was not entered because there are {@link MAX_UNACKED}. */
  get isFull(): boolean {
    return this.#isFull;
  }

  /** False when the segment does not go on where the others end. */
  push(frame: number, start: Word, end: Word): boolean {
    const length = this.#length;
    if (length > 0) {
      const first = this.#start[this.#head]!;
      const last = this.#end[(this.#head + length - 1) & this.#mask]!;
      if (plus(start, -last) < 0 || (end - first) >>> 0 >= MAX_SPAN) return false;
    }
    if ((end - start) >>> 0 >= MAX_SPAN) return false;
    this.#isFull = length === MAX_UNACKED;
    if (this.#isFull) return true;
    if (length > this.#mask) this.#grow();
    const i = (this.#head + length) & this.#mask;
    this.#frame[i] = frame;
    this.#start[i] = start;
    this.#end[i] = end;
    this.#time[i] = this.now;
    this.#length = length + 1;
    return true;
  }

  /** False when `ack` is too far off. */
  acknowledge(ack: Word, found: Found): boolean {
    const mask = this.#mask;
    let head = this.#head;
    const ahead = plus(ack, -this.#start[head]!);
    if (ahead <= -MAX_SPAN || ahead >= 2 * MAX_SPAN - 1) return false;
    if (ahead <= 0) return true;
    let length = this.#length;
    for (; length > 0; length--) {
      const left = plus(this.#end[head]!, -ack);
      if (left > 0) {
        if (plus(this.#start[head]!, -ack) < 0) this.#start[head] = ack;
        break;
      }
      if (left === 0) this.#find(head, found);
      head = (head + 1) & mask;
    }
    this.#head = head;
    this.#length = length;
    return true;
  }

  oldest(found: Found): void {
    if (this.#length > 0) this.#find(this.#head, found);
  }

  senderOf(seq: Word, found: Found): void {
    let low = 0;
    let high = this.#length;
    // The first whose end is beyond `seq`.
    while (low < high) {
      const mid = (low + high) >>> 1;
      if (plus(this.#end[(this.#head + mid) & this.#mask]!, -seq) > 0) high = mid;
      else low = mid + 1;
    }
    if (low === this.#length) return;
    const i = (this.#head + low) & this.#mask;
    if (plus(seq, -this.#start[i]!) >= 0) this.#find(i, found);
  }

  /** -1: the numbers pass `base` in between. */
  span(base: Word): number {
    const first = this.#start[this.#head]!;
    const last = this.#end[(this.#head + this.#length - 1) & this.#mask]!;
    const lowest = (first - base) >>> 0;
    const highest = (last - base) >>> 0;
    return highest < lowest ? -1 : highest - lowest;
  }

  clear(): void {
    this.#head = this.#length = 0;
  }

  /** Hands all entries over. */
  moveTo(list: LongList): void {
    for (let n = 0; n < this.#length; n++) {
      const i = (this.#head + n) & this.#mask;
      list.push(this.#frame[i]!, this.#start[i]!, this.#end[i]!, this.#time[i]!);
    }
    this.clear();
  }

  #find(i: number, found: Found): void {
    found.frame = this.#frame[i]!;
    found.time = this.#time[i]!;
    found.end = this.#end[i]!;
  }

  #grow(): void {
    const capacity = 2 * (this.#mask + 1);
    this.#frame = this.#unrolled(this.#frame, new Int32Array(capacity));
    this.#start = this.#unrolled(this.#start, new Int32Array(capacity));
    this.#end = this.#unrolled(this.#end, new Int32Array(capacity));
    this.#time = this.#unrolled(this.#time, new Float64Array(capacity));
    this.#head = 0;
    this.#mask = capacity - 1;
  }

  #unrolled<A extends Int32Array | Float64Array>(old: A, array: A): A {
    for (let n = 0; n < this.#length; n++) array[n] = old[(this.#head + n) & this.#mask]!;
    return array;
  }
}
