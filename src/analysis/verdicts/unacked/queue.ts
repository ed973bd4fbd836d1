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
// Words of an entry, side by side so that one access finds them.
const FRAME = 0;
const START = 1;
const END = 2;
const SHIFT = 2;

/** See the module. */
export class SendQueue {
  /** Time of what is pushed, nanoseconds of the connection. */
  now = 0.5;
  #head = 0;
  #length = 0;
  /** One less than the capacity, which is a power of two. */
  #mask = FIRST_CAPACITY - 1;
  #words = new Int32Array(FIRST_CAPACITY << SHIFT);
  #times = new Float64Array(FIRST_CAPACITY);
  /** Start of the first entry, end of the last. */
  #first: Word = 0;
  #last: Word = 0;
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
    if (length === 0) this.#first = start;
    else if (((start - this.#last) | 0) < 0) return false;
    if ((end - this.#first) >>> 0 >= MAX_SPAN || (end - start) >>> 0 >= MAX_SPAN) return false;
    this.#isFull = length === MAX_UNACKED;
    if (this.#isFull) return true;
    if (length > this.#mask) this.#grow();
    const i = (this.#head + length) & this.#mask;
    const words = this.#words;
    const at = i << SHIFT;
    words[at + FRAME] = frame;
    words[at + START] = start;
    words[at + END] = end;
    this.#times[i] = this.now;
    this.#last = end;
    this.#length = length + 1;
    return true;
  }

  /** False when `ack` is too far off. */
  acknowledge(ack: Word, found: Found): boolean {
    const ahead = plus(ack, -this.#first);
    if (ahead <= -MAX_SPAN || ahead >= 2 * MAX_SPAN - 1) return false;
    if (ahead > 0) this.#drop(ack, found);
    return true;
  }

  #drop(ack: Word, found: Found): void {
    const words = this.#words;
    const mask = this.#mask;
    let head = this.#head;
    let length = this.#length;
    for (; length > 0; length--) {
      const at = head << SHIFT;
      const left = (words[at + END]! - ack) | 0;
      if (left > 0) break;
      if (left === 0) this.#find(head, found);
      head = (head + 1) & mask;
    }
    this.#head = head;
    this.#length = length;
    if (length === 0) return;
    const at = (head << SHIFT) + START;
    if (((words[at]! - ack) | 0) < 0) words[at] = ack;
    this.#first = words[at]!;
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
      if (plus(this.#wordOf(mid, END), -seq) > 0) high = mid;
      else low = mid + 1;
    }
    if (low === this.#length || plus(seq, -this.#wordOf(low, START)) < 0) return;
    this.#find((this.#head + low) & this.#mask, found);
  }

  /** -1: the numbers pass `base` in between. */
  span(base: Word): number {
    const lowest = (this.#first - base) >>> 0;
    const highest = (this.#last - base) >>> 0;
    return highest < lowest ? -1 : highest - lowest;
  }

  clear(): void {
    this.#head = this.#length = 0;
  }

  /** Hands all entries over. */
  moveTo(list: LongList): void {
    for (let n = 0; n < this.#length; n++) {
      const time = this.#times[(this.#head + n) & this.#mask]!;
      list.push(this.#wordOf(n, FRAME), this.#wordOf(n, START), this.#wordOf(n, END), time);
    }
    this.clear();
  }

  /** Of the `n`-th entry. */
  #wordOf(n: number, word: number): number {
    return this.#words[(((this.#head + n) & this.#mask) << SHIFT) + word]!;
  }

  #find(i: number, found: Found): void {
    const at = i << SHIFT;
    found.frame = this.#words[at + FRAME]!;
    found.time = this.#times[i]!;
    found.end = this.#words[at + END]!;
  }

  #grow(): void {
    const capacity = 2 * (this.#mask + 1);
    const words = new Int32Array(capacity << SHIFT);
    const times = new Float64Array(capacity);
    for (let n = 0; n < this.#length; n++) {
      for (const word of [FRAME, START, END]) words[(n << SHIFT) + word] = this.#wordOf(n, word);
      times[n] = this.#times[(this.#head + n) & this.#mask]!;
    }
    this.#words = words;
    this.#times = times;
    this.#head = 0;
    this.#mask = capacity - 1;
  }
}
