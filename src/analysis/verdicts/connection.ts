/**
 * What is remembered of a connection as a whole: the first numbers of its
 * row, read and written by name.
 *
 * @module
 */

/** Times of a connection. */
export const WholeTime = {
  EPOCH: 0,
  SYN: 1,
  INITIAL_RTT: 2,
} as const;
/** Times in a row. */
export const CONNECTION_TIMES = 3;

/** Words of a connection. */
export const Whole = {
  COMPLETENESS: 0,
  MARKS: 1,
  MPTCP: 2,
  LAST_FRAME: 3,
} as const;
/** Words in a row. */
export const CONNECTION_WORDS = 4;

/** Bit of the word `MARKS`: a SYN without ACK was seen, and when. */
export const HAS_SYN_TIME = 1;
const HAS_FAST_OPEN_DATA = 2;

/** A cursor: moved to the row of one connection. */
export class Connection {
  #words: Int32Array = new Int32Array(0);
  #at = 0;
  #times: Float64Array = new Float64Array(0);
  #timeAt = 0;

  /** Called by the table of rows. */
  seat(words: Int32Array, at: number, times: Float64Array, timeAt: number): void {
    this.#words = words;
    this.#at = at;
    this.#times = times;
    this.#timeAt = timeAt;
  }

  /** The second in which the stream began, since 1970: its times count from here. */
  get epochSec(): number {
    return this.#times[this.#timeAt + WholeTime.EPOCH]!;
  }
  set epochSec(sec: number) {
    this.#times[this.#timeAt + WholeTime.EPOCH] = sec;
  }

  /** Whether a SYN without ACK was seen, and when: {@link synTime}. */
  get hasSynTime(): boolean {
    return this.#isMarked(HAS_SYN_TIME);
  }

  /** Time of the last SYN without ACK. */
  get synTime(): number {
    return this.#times[this.#timeAt + WholeTime.SYN]!;
  }

  /** `null`: not known. */
  setSynTime(ns: number | null): void {
    this.#mark(HAS_SYN_TIME, ns !== null);
    this.#times[this.#timeAt + WholeTime.SYN] = ns ?? 0;
  }

  /** Nanoseconds from the SYN to the ACK that ends the handshake; 0: not known. */
  get initialRtt(): number {
    return this.#times[this.#timeAt + WholeTime.INITIAL_RTT]!;
  }
  set initialRtt(ns: number) {
    this.#times[this.#timeAt + WholeTime.INITIAL_RTT] = ns;
  }

  /** Bits of `Completeness`. */
  get completeness(): number {
    return this.#words[this.#at + Whole.COMPLETENESS]!;
  }
  set completeness(bits: number) {
    this.#words[this.#at + Whole.COMPLETENESS] = bits;
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
    return this.#words[this.#at + Whole.MPTCP]!;
  }
  set mptcp(number: number) {
    this.#words[this.#at + Whole.MPTCP] = number;
  }

  /** Frame of its last segment. */
  get lastFrame(): number {
    return this.#words[this.#at + Whole.LAST_FRAME]!;
  }
  set lastFrame(frame: number) {
    this.#words[this.#at + Whole.LAST_FRAME] = frame;
  }

  #isMarked(mark: number): boolean {
    return (this.#words[this.#at + Whole.MARKS]! & mark) !== 0;
  }

  #mark(mark: number, is: boolean): void {
    const at = this.#at + Whole.MARKS;
    this.#words[at] = is ? this.#words[at]! | mark : this.#words[at]! & ~mark;
  }
}
