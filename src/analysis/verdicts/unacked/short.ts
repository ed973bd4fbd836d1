/**
 * Lists of up to four unacknowledged segments, in the order they were sent,
 * in pages of numbers: what most connections have most of the time, and all
 * that a port scan leaves behind.
 *
 * Nothing is clever here: four entries are looked at one by one.
 *
 * @module
 */
import { type SeqNum, seqLeq, seqLt } from "../../../wire/seqnum.ts";
import type { Found } from "./entry.ts";
import type { LongList } from "./long.ts";
import { Pages, rowOnPage } from "../pages.ts";

/** Segments in a short list. */
export const SHORT = 4;

const LENGTH = 0;
/** 1 + the number of the long list that has taken over. */
const LONG = 1;
const ENTRIES = 2;
// Words of an entry.
const FRAME = 0;
const START = 1;
const END = 2;
const ENTRY_WORDS = 3;
const WORDS = ENTRIES + SHORT * ENTRY_WORDS;

/** The short list of every direction; moved to one of them. */
export class ShortLists {
  readonly #pages = new Pages(WORDS, SHORT);
  #words: Uint32Array = new Uint32Array(0);
  #at = 0;
  #times: Float64Array = new Float64Array(0);
  #timeAt = 0;

  /** Moves to the list of `flow`. */
  seat(flow: number): void {
    const page = this.#pages.of(flow);
    const row = rowOnPage(flow);
    this.#words = page.words;
    this.#at = row * WORDS;
    this.#times = page.times;
    this.#timeAt = row * SHORT;
  }

  get length(): number {
    return this.#words[this.#at + LENGTH]!;
  }

  /** Number of the long list that holds the entries instead; -1: none. */
  get long(): number {
    return this.#words[this.#at + LONG]! - 1;
  }
  set long(number: number) {
    this.#words[this.#at + LONG] = number + 1;
  }

  /** There must be room. */
  push(frame: number, start: SeqNum, end: SeqNum, time: number): void {
    const i = this.length;
    const at = this.#at + ENTRIES + i * ENTRY_WORDS;
    this.#words[at + FRAME] = frame;
    this.#words[at + START] = start;
    this.#words[at + END] = end;
    this.#times[this.#timeAt + i] = time;
    this.#words[this.#at + LENGTH] = i + 1;
  }

  /** Moves all entries to `list`. */
  moveTo(list: LongList): void {
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

  /** See `UnackedTable`. */
  acknowledge(ack: SeqNum, found: Found): void {
    let kept = 0;
    for (let i = 0; i < this.length; i++) {
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

  senderOf(seq: SeqNum, found: Found): void {
    for (let i = 0; i < this.length; i++) {
      if (seqLeq(this.#word(i, START), seq) && seqLt(seq, this.#word(i, END))) {
        return this.#find(i, found);
      }
    }
  }

  span(base: SeqNum): number {
    if (this.length === 0) return -1;
    let lowest = 0xffff_ffff;
    let highest = 0;
    for (let i = 0; i < this.length; i++) {
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

  #move(from: number, to: number, start: SeqNum): void {
    const at = this.#at + ENTRIES + to * ENTRY_WORDS;
    this.#words[at + FRAME] = this.#word(from, FRAME);
    this.#words[at + START] = start;
    this.#words[at + END] = this.#word(from, END);
    this.#times[this.#timeAt + to] = this.#times[this.#timeAt + from]!;
  }
}
