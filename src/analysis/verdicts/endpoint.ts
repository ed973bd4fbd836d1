/**
 * What is remembered of each direction of a connection: 19 words and two
 * times of its row, and behind them what nobody has acknowledged, read and written by name.
 *
 * Sequence numbers are signed words here ({@link plus}); 0 is "not yet".
 *
 * @module
 */
import { SHORT, SHORT_WORDS } from "./unacked/short.ts";
import { Unacked, type UnackedPool } from "./unacked/unacked.ts";
import type { Word } from "./word.ts";

/** Words of a direction. */
export const End = {
  NEXT: 0,
  NEXT_FRAME: 1,
  EDGE: 2,
  LAST_ACK: 3,
  LAST_WINDOW: 4,
  LAST_VERDICTS: 5,
  LAST_FRAME: 6,
  DUP_COUNT: 7,
  DUP_BASE: 8,
  PUSH_BYTES: 9,
  MARKS: 10,
  MP_OPERATIONS: 11,
  SACK_COUNT: 12,
  SACK: 13,
  /** Where the unacknowledged segments begin. */
  UNACKED: 19,
} as const;
/** Words of a direction in a row. */
export const ENDPOINT_WORDS: number = End.UNACKED + SHORT_WORDS;

/** Times of a direction. */
export const EndTime = {
  NEXT: 0,
  LAST: 1,
  UNACKED: 2,
} as const;
/** Times of a direction in a row. */
export const ENDPOINT_TIMES: number = EndTime.UNACKED + SHORT;

/** Bits of the word `MARKS`. */
export const Mark = {
  SYN_UNANSWERED: 1,
  FLIGHT_UNSURE: 2,
  PUSH_SEEN: 4,
  CLOSING: 8,
} as const;

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
    this.unacked.seat(words, at + End.UNACKED, times, timeAt + EndTime.UNACKED);
  }

  /** Highest end of a segment seen; SYN and FIN count one. */
  get next(): Word {
    return this.#words[this.#at + End.NEXT]!;
  }
  set next(seq: Word) {
    this.#words[this.#at + End.NEXT] = seq;
  }

  /** Frame that raised `next`. */
  get nextFrame(): number {
    return this.#words[this.#at + End.NEXT_FRAME]!;
  }
  set nextFrame(frame: number) {
    this.#words[this.#at + End.NEXT_FRAME] = frame;
  }

  /** Its time, nanoseconds of the stream. */
  get nextTime(): number {
    return this.#times[this.#timeAt + EndTime.NEXT]!;
  }
  set nextTime(ns: number) {
    this.#times[this.#timeAt + EndTime.NEXT] = ns;
  }

  /** End of what was seen without a gap. */
  get edge(): Word {
    return this.#words[this.#at + End.EDGE]!;
  }
  set edge(seq: Word) {
    this.#words[this.#at + End.EDGE] = seq;
  }

  /** The last acknowledgment field, ACK flag or not. */
  get lastAck(): Word {
    return this.#words[this.#at + End.LAST_ACK]!;
  }
  set lastAck(ack: Word) {
    this.#words[this.#at + End.LAST_ACK] = ack;
  }

  /** The last window as sent; before the first segment a number that is no window. */
  get lastWindow(): number {
    // Stored plus one.
    return this.#words[this.#at + End.LAST_WINDOW]! - 1;
  }
  set lastWindow(window: number) {
    this.#words[this.#at + End.LAST_WINDOW] = window + 1;
  }

  /** Verdicts of the last segment. */
  get lastVerdicts(): number {
    return this.#words[this.#at + End.LAST_VERDICTS]!;
  }
  set lastVerdicts(bits: number) {
    this.#words[this.#at + End.LAST_VERDICTS] = bits;
  }

  get lastFrame(): number {
    return this.#words[this.#at + End.LAST_FRAME]!;
  }
  set lastFrame(frame: number) {
    this.#words[this.#at + End.LAST_FRAME] = frame;
  }

  /** Nanoseconds of the stream. */
  get lastTime(): number {
    return this.#times[this.#timeAt + EndTime.LAST]!;
  }
  set lastTime(ns: number) {
    this.#times[this.#timeAt + EndTime.LAST] = ns;
  }

  /** Duplicates of the last acknowledgement, or {@link MUTED}. */
  get dupCount(): number {
    return this.#words[this.#at + End.DUP_COUNT]!;
  }
  set dupCount(count: number) {
    this.#words[this.#at + End.DUP_COUNT] = count;
  }

  /** Frame in which the last acknowledgement number came first. */
  get dupBase(): number {
    return this.#words[this.#at + End.DUP_BASE]!;
  }
  set dupBase(frame: number) {
    this.#words[this.#at + End.DUP_BASE] = frame;
  }

  /** Bytes since the last push. */
  get pushBytes(): number {
    return this.#words[this.#at + End.PUSH_BYTES]! >>> 0;
  }
  set pushBytes(bytes: number) {
    this.#words[this.#at + End.PUSH_BYTES] = bytes;
  }

  /** Whether the last segment with data pushed. */
  get isPushSeen(): boolean {
    return this.#isMarked(Mark.PUSH_SEEN);
  }
  set isPushSeen(is: boolean) {
    this.#mark(Mark.PUSH_SEEN, is);
  }

  /** A SYN was sent, and no acknowledgement since. */
  get isSynUnanswered(): boolean {
    return this.#isMarked(Mark.SYN_UNANSWERED);
  }
  set isSynUnanswered(is: boolean) {
    this.#mark(Mark.SYN_UNANSWERED, is);
  }

  /** Something is missing, so that bytes in flight cannot be told until the next acknowledgement. */
  get isFlightUnsure(): boolean {
    return this.#isMarked(Mark.FLIGHT_UNSURE);
  }
  set isFlightUnsure(is: boolean) {
    this.#mark(Mark.FLIGHT_UNSURE, is);
  }

  /** Sent the first FIN. */
  get isClosing(): boolean {
    return this.#isMarked(Mark.CLOSING);
  }
  set isClosing(is: boolean) {
    this.#mark(Mark.CLOSING, is);
  }

  /** Kinds of MPTCP options seen in the connection when this side last spoke, a bit each. */
  get mpOperations(): number {
    return this.#words[this.#at + End.MP_OPERATIONS]!;
  }
  set mpOperations(bits: number) {
    this.#words[this.#at + End.MP_OPERATIONS] = bits;
  }

  /** SACK blocks of the last segment. */
  get sackCount(): number {
    return this.#words[this.#at + End.SACK_COUNT]!;
  }
  set sackCount(count: number) {
    this.#words[this.#at + End.SACK_COUNT] = count;
  }

  /** Bytes in those blocks. */
  get sackedBytes(): number {
    return sackedBytes(this.#words, this.#at);
  }
  /** Remembers a block when there is room. */
  addSack(left: Word, right: Word): void {
    const count = this.sackCount;
    if (count === SACK_BLOCKS) return;
    this.#words[this.#at + End.SACK + 2 * count] = left;
    this.#words[this.#at + End.SACK + 2 * count + 1] = right;
    this.sackCount = count + 1;
  }

  #isMarked(mark: number): boolean {
    return (this.#words[this.#at + End.MARKS]! & mark) !== 0;
  }

  #mark(mark: number, is: boolean): void {
    const at = this.#at + End.MARKS;
    this.#words[at] = is ? this.#words[at]! | mark : this.#words[at]! & ~mark;
  }
}

/** Bytes in the SACK blocks of the last segment of the direction whose words begin at `at`. */
export function sackedBytes(words: Int32Array, at: number): number {
  let bytes = 0;
  for (let i = 0; i < words[at + End.SACK_COUNT]!; i++) {
    const block = at + End.SACK + 2 * i;
    bytes += (words[block + 1]! - words[block]!) >>> 0;
  }
  return bytes;
}
