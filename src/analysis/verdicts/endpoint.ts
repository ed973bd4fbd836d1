/**
 * What is remembered of each direction of a connection: 19 words and two
 * times of its row, and behind them what nobody has acknowledged, read and written by name.
 *
 * Sequence numbers are signed words here ({@link plus}); 0 is "not yet".
 *
 * @module
 */
import { SHORT_TIMES, SHORT_WORDS } from "./unacked/short.ts";
import { Unacked, type UnackedPool } from "./unacked/unacked.ts";
import type { Word } from "./word.ts";

// Words of a direction.
const NEXT = 0;
const NEXT_FRAME = 1;
const EDGE = 2;
const LAST_ACK = 3;
const LAST_WINDOW = 4;
const LAST_VERDICTS = 5;
const LAST_FRAME = 6;
const DUP_COUNT = 7;
const DUP_BASE = 8;
const PUSH_BYTES = 9;
const MARKS = 10;
const MP_OPERATIONS = 11;
const SACK_COUNT = 12;
const SACK = 13;
const WORDS = 19;
/** Words of a direction in a row. */
export const ENDPOINT_WORDS: number = WORDS + SHORT_WORDS;

// Times of a direction.
const NEXT_TIME = 0;
const LAST_TIME = 1;
const TIMES = 2;
/** Times of a direction in a row. */
export const ENDPOINT_TIMES: number = TIMES + SHORT_TIMES;

// Marks.
const SYN_UNANSWERED = 1;
const FLIGHT_UNSURE = 2;
const PUSH_SEEN = 4;
const CLOSING = 8;

/** SACK blocks that are remembered. */
export const SACK_BLOCKS = 3;

/** A duplicate-ACK count that stands for "no more verdicts": it is beyond any threshold. */
export const MUTED = 0x7fff_ffff;

/**
 * One direction: what its sender has done so far. A cursor: moved to one row.
 * "Last" is the last segment of this direction.
 */
export class Endpoint {
  /** What it sent and nobody has acknowledged. */
  readonly unacked: Unacked;
  #words: Int32Array = new Int32Array(0);
  #at = 0;
  #times: Float64Array = new Float64Array(0);
  #timeAt = 0;

  constructor(pool: UnackedPool) {
    this.unacked = new Unacked(pool);
  }

  /** Called by the table of rows. */
  seat(words: Int32Array, at: number, times: Float64Array, timeAt: number): void {
    this.#words = words;
    this.#at = at;
    this.#times = times;
    this.#timeAt = timeAt;
    this.unacked.seat(words, at + WORDS, times, timeAt + TIMES);
  }

  /** Highest end of a segment seen; SYN and FIN count one. */
  get next(): Word {
    return this.#words[this.#at + NEXT]!;
  }
  set next(seq: Word) {
    this.#words[this.#at + NEXT] = seq;
  }

  /** Frame that raised `next`. */
  get nextFrame(): number {
    return this.#words[this.#at + NEXT_FRAME]!;
  }
  set nextFrame(frame: number) {
    this.#words[this.#at + NEXT_FRAME] = frame;
  }

  /** Its time, nanoseconds of the stream. */
  get nextTime(): number {
    return this.#times[this.#timeAt + NEXT_TIME]!;
  }
  set nextTime(ns: number) {
    this.#times[this.#timeAt + NEXT_TIME] = ns;
  }

  /** End of what was seen without a gap. */
  get edge(): Word {
    return this.#words[this.#at + EDGE]!;
  }
  set edge(seq: Word) {
    this.#words[this.#at + EDGE] = seq;
  }

  /** The last acknowledgment field, ACK flag or not. */
  get lastAck(): Word {
    return this.#words[this.#at + LAST_ACK]!;
  }
  set lastAck(ack: Word) {
    this.#words[this.#at + LAST_ACK] = ack;
  }

  /** The last window as sent; before the first segment a number that is no window. */
  get lastWindow(): number {
    // Stored plus one.
    return this.#words[this.#at + LAST_WINDOW]! - 1;
  }
  set lastWindow(window: number) {
    this.#words[this.#at + LAST_WINDOW] = window + 1;
  }

  /** Verdicts of the last segment. */
  get lastVerdicts(): number {
    return this.#words[this.#at + LAST_VERDICTS]!;
  }
  set lastVerdicts(bits: number) {
    this.#words[this.#at + LAST_VERDICTS] = bits;
  }

  get lastFrame(): number {
    return this.#words[this.#at + LAST_FRAME]!;
  }
  set lastFrame(frame: number) {
    this.#words[this.#at + LAST_FRAME] = frame;
  }

  /** Nanoseconds of the stream. */
  get lastTime(): number {
    return this.#times[this.#timeAt + LAST_TIME]!;
  }
  set lastTime(ns: number) {
    this.#times[this.#timeAt + LAST_TIME] = ns;
  }

  /** Duplicates of the last acknowledgement, or {@link MUTED}. */
  get dupCount(): number {
    return this.#words[this.#at + DUP_COUNT]!;
  }
  set dupCount(count: number) {
    this.#words[this.#at + DUP_COUNT] = count;
  }

  /** Frame in which the last acknowledgement number came first. */
  get dupBase(): number {
    return this.#words[this.#at + DUP_BASE]!;
  }
  set dupBase(frame: number) {
    this.#words[this.#at + DUP_BASE] = frame;
  }

  /** Bytes since the last push. */
  get pushBytes(): number {
    return this.#words[this.#at + PUSH_BYTES]! >>> 0;
  }
  set pushBytes(bytes: number) {
    this.#words[this.#at + PUSH_BYTES] = bytes;
  }

  /** Whether the last segment with data pushed. */
  get isPushSeen(): boolean {
    return this.#isMarked(PUSH_SEEN);
  }
  set isPushSeen(is: boolean) {
    this.#mark(PUSH_SEEN, is);
  }

  /** A SYN was sent, and no acknowledgement since. */
  get isSynUnanswered(): boolean {
    return this.#isMarked(SYN_UNANSWERED);
  }
  set isSynUnanswered(is: boolean) {
    this.#mark(SYN_UNANSWERED, is);
  }

  /** Something is missing, so that bytes in flight cannot be told until the next acknowledgement. */
  get isFlightUnsure(): boolean {
    return this.#isMarked(FLIGHT_UNSURE);
  }
  set isFlightUnsure(is: boolean) {
    this.#mark(FLIGHT_UNSURE, is);
  }

  /** Sent the first FIN. */
  get isClosing(): boolean {
    return this.#isMarked(CLOSING);
  }
  set isClosing(is: boolean) {
    this.#mark(CLOSING, is);
  }

  /** Kinds of MPTCP options seen in the connection when this side last spoke, a bit each. */
  get mpOperations(): number {
    return this.#words[this.#at + MP_OPERATIONS]!;
  }
  set mpOperations(bits: number) {
    this.#words[this.#at + MP_OPERATIONS] = bits;
  }

  /** SACK blocks of the last segment. */
  get sackCount(): number {
    return this.#words[this.#at + SACK_COUNT]!;
  }
  set sackCount(count: number) {
    this.#words[this.#at + SACK_COUNT] = count;
  }

  sackLeft(i: number): Word {
    return this.#words[this.#at + SACK + 2 * i]!;
  }
  sackRight(i: number): Word {
    return this.#words[this.#at + SACK + 2 * i + 1]!;
  }
  /** Remembers a block when there is room. */
  addSack(left: Word, right: Word): void {
    const count = this.sackCount;
    if (count === SACK_BLOCKS) return;
    this.#words[this.#at + SACK + 2 * count] = left;
    this.#words[this.#at + SACK + 2 * count + 1] = right;
    this.sackCount = count + 1;
  }

  #isMarked(mark: number): boolean {
    return (this.#words[this.#at + MARKS]! & mark) !== 0;
  }

  #mark(mark: number, is: boolean): void {
    const at = this.#at + MARKS;
    this.#words[at] = is ? this.#words[at]! | mark : this.#words[at]! & ~mark;
  }
}
