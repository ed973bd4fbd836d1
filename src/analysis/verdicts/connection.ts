/**
 * What is remembered of each stream as a whole: 40 bytes in pages, and a
 * cursor to read them by name.
 *
 * @module
 */
import { Pages, rowOnPage } from "./pages.ts";

const EPOCH = 0;
const SYN_TIME = 1;
const INITIAL_RTT = 2;
const TIMES = 3;

const COMPLETENESS = 0;
const MARKS = 1;
const MPTCP = 2;
const LAST_FRAME = 3;
const WORDS = 4;

const HAS_SYN_TIME = 1;
const HAS_FAST_OPEN_DATA = 2;

/** The state of every stream; moved to one of them. */
export class Connections {
  readonly #pages = new Pages(WORDS, TIMES);
  #words: Uint32Array = new Uint32Array(0);
  #at = 0;
  #times: Float64Array = new Float64Array(0);
  #timeAt = 0;

  /** Moves to `stream`, new or not. */
  seat(stream: number): void {
    const page = this.#pages.of(stream);
    const row = rowOnPage(stream);
    this.#words = page.words;
    this.#at = row * WORDS;
    this.#times = page.times;
    this.#timeAt = row * TIMES;
  }

  /** The frame of the last segment of `stream`; moves there. */
  lastFrameOf(stream: number): number {
    this.seat(stream);
    return this.lastFrame;
  }

  /** The second in which the stream began, since 1970: its times count from here. */
  get epochSec(): number {
    return this.#times[this.#timeAt + EPOCH]!;
  }
  set epochSec(sec: number) {
    this.#times[this.#timeAt + EPOCH] = sec;
  }

  /** Time of the last SYN without ACK; `null` before. */
  get synTime(): number | null {
    return this.#isMarked(HAS_SYN_TIME) ? this.#times[this.#timeAt + SYN_TIME]! : null;
  }
  set synTime(ns: number | null) {
    this.#mark(HAS_SYN_TIME, ns !== null);
    this.#times[this.#timeAt + SYN_TIME] = ns ?? 0;
  }

  /** Nanoseconds from the SYN to the ACK that ends the handshake; 0: not known. */
  get initialRtt(): number {
    return this.#times[this.#timeAt + INITIAL_RTT]!;
  }
  set initialRtt(ns: number) {
    this.#times[this.#timeAt + INITIAL_RTT] = ns;
  }

  /** Bits of `Completeness`. */
  get completeness(): number {
    return this.#words[this.#at + COMPLETENESS]!;
  }
  set completeness(bits: number) {
    this.#words[this.#at + COMPLETENESS] = bits;
  }

  /** A SYN carried a fast open cookie and data. */
  get hasFastOpenData(): boolean {
    return this.#isMarked(HAS_FAST_OPEN_DATA);
  }
  set hasFastOpenData(has: boolean) {
    this.#mark(HAS_FAST_OPEN_DATA, has);
  }

  /** Number of its MPTCP connection, from 1; 0: none. */
  get mptcp(): number {
    return this.#words[this.#at + MPTCP]!;
  }
  set mptcp(number: number) {
    this.#words[this.#at + MPTCP] = number;
  }

  /** Frame of its last segment. */
  get lastFrame(): number {
    return this.#words[this.#at + LAST_FRAME]!;
  }
  set lastFrame(frame: number) {
    this.#words[this.#at + LAST_FRAME] = frame;
  }

  #isMarked(mark: number): boolean {
    return (this.#words[this.#at + MARKS]! & mark) !== 0;
  }

  #mark(mark: number, is: boolean): void {
    const at = this.#at + MARKS;
    this.#words[at] = is ? this.#words[at]! | mark : this.#words[at]! & ~mark;
  }
}
