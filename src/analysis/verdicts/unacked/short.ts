/**
 * A list of up to four unacknowledged segments, in the order they were sent,
 * in the row of their direction: what most connections have most of the time, and
 * all that a port scan leaves behind.
 *
 * Nothing is clever here: four entries are looked at one by one.
 *
 * @module
 */
import { seqLeq, seqLt } from "../../../wire/seqnum.ts";
import { plus, type Word } from "../word.ts";
import { type Found, MAX_SPAN } from "./entry.ts";

/** Segments in a short list; times that it has in a row. */
export const SHORT = 4;

const LENGTH = 0;
/** Number of the list that has taken over; 0: none. */
const LIST = 1;
const ENTRIES = 2;
// Words of an entry.
const FRAME = 0;
const START = 1;
const END = 2;
const ENTRY_WORDS = 3;

/** Words of a short list in a row. */
export const SHORT_WORDS: number = ENTRIES + SHORT * ENTRY_WORDS;

/** A cursor: moved to the short list of one direction. */
export class ShortList {
  #words: Int32Array = new Int32Array(0);
  #at = 0;
  #times: Float64Array = new Float64Array(0);
  #timeAt = 0;

  /** Called by the row's cursor. */
  seat(words: Int32Array, at: number, times: Float64Array, timeAt: number): void {
    this.#words = words;
    this.#at = at;
    this.#times = times;
    this.#timeAt = timeAt;
  }

  get length(): number {
    return this.#words[this.#at + LENGTH]!;
  }

  /** Number of the list that holds the entries instead; 0: none. */
  get list(): number {
    return this.#words[this.#at + LIST]!;
  }
  set list(number: number) {
    this.#words[this.#at + LIST] = number;
  }

  /** There must be room. */
  push(frame: number, start: Word, end: Word, time: number): void {
    const words = this.#words;
    const i = words[this.#at + LENGTH]!;
    const at = this.#at + ENTRIES + i * ENTRY_WORDS;
    words[at + FRAME] = frame;
    words[at + START] = start;
    words[at + END] = end;
    this.#times[this.#timeAt + i] = time;
    words[this.#at + LENGTH] = i + 1;
  }

  /** Whether each entry begins where the one before it ends, or behind that, all of them near each other. */
  get isInOrder(): boolean {
    const first = this.#word(0, START);
    let reached = first;
    for (let i = 0; i < this.length; i++) {
      const end = this.#word(i, END);
      const span = (end - first) >>> 0;
      if (plus(this.#word(i, START), -reached) < 0 || span >= MAX_SPAN) return false;
      reached = end;
    }
    return true;
  }

  /** Hands all entries over. */
  moveTo(list: { push(frame: number, start: Word, end: Word, time: number): boolean }): void {
    for (let i = 0; i < this.length; i++) {
      list.push(
        this.#word(i, FRAME),
        this.#word(i, START),
        this.#word(i, END),
        this.#times[this.#timeAt + i]!,
      );
    }
    this.#words[this.#at + LENGTH] = 0;
  }

  /** See `Unacked`. */
  acknowledge(ack: Word, found: Found): void {
    const { length } = this;
    let kept = 0;
    for (let i = 0; i < length; i++) {
      const end = this.#word(i, END);
      if (end === ack && found.frame === 0) this.#find(i, found);
      if (!seqLt(ack, end)) continue;
      const start = this.#word(i, START);
      this.#move(i, kept++, seqLt(start, ack) ? ack : start);
    }
    this.#words[this.#at + LENGTH] = kept;
  }

  oldest(found: Found): void {
    if (this.length > 0) this.#find(0, found);
  }

  senderOf(seq: Word, found: Found): void {
    for (let i = 0; i < this.length; i++) {
      if (seqLeq(this.#word(i, START), seq) && seqLt(seq, this.#word(i, END))) {
        return this.#find(i, found);
      }
    }
  }

  span(base: Word): number {
    const { length } = this;
    if (length === 0) return -1;
    let lowest = 0xffff_ffff;
    let highest = 0;
    for (let i = 0; i < length; i++) {
      lowest = Math.min(lowest, (this.#word(i, START) - base) >>> 0);
      highest = Math.max(highest, (this.#word(i, END) - base) >>> 0);
    }
    return (highest - lowest) >>> 0;
  }

  #word(i: number, word: number): number {
    return this.#words[this.#at + ENTRIES + i * ENTRY_WORDS + word]!;
  }

  #find(i: number, found: Found): void {
    found.frame = this.#word(i, FRAME);
    found.time = this.#times[this.#timeAt + i]!;
    found.end = this.#word(i, END);
  }

  #move(from: number, to: number, start: Word): void {
    const at = this.#at + ENTRIES + to * ENTRY_WORDS;
    this.#words[at + START] = start;
    if (from === to) return;
    this.#words[at + FRAME] = this.#word(from, FRAME);
    this.#words[at + END] = this.#word(from, END);
    this.#times[this.#timeAt + to] = this.#times[this.#timeAt + from]!;
  }
}
