/**
 * What is remembered of each direction: what its sender sent, what was
 * acknowledged, its timer and its round-trip time. One cache line of words and
 * one of times, and a cursor to read them by name.
 *
 * @module
 */
import type { SeqNum } from "../../wire/seqnum.ts";
import type { LogSpan } from "./sent-log.ts";

// Words of a direction.
const MARKS = 0;
const SND_MAX = 1;
const UNA = 2;
const WINDOW = 3;
const DUP_ACKS = 4;
const LOG_HEAD = 5;
const LOG_TAIL = 6;
const LOG_COUNT = 7;
const MSS = 8;
const ACK_FRAME = 9;
const TS_VAL = 10;
const IP_ID = 11;
const PUSHED_TO = 12;
const TROUBLE = 13;
const SEGMENT_SIZE = 14;
const WORDS = 16;

// Times of a direction.
const SEND_TIME = 0;
const TIMER_TIME = 1;
const ACK_TIME = 2;
const MIN_RTT = 3;
const SRTT = 4;
const RTTVAR = 5;
const SYN_TIME = 6;
const TIMES = 8;

/** Marks of a direction. */
export const Mark = {
  /** `sndMax` is known. */
  SENT: 1,
  /** `una` is known. */
  ACKED: 2,
  /** Its SYN was seen, so what it permits is known. */
  SYN: 4,
  /** Its SYN permits SACK, or a SACK option was seen. */
  SACK: 8,
  /** Does not probe for a lost tail, as was seen. */
  NO_PROBES: 32,
  /** Uses time stamps. */
  TIMESTAMPS: 64,
} as const;

/** The state of every direction, by slot. */
export class Directions {
  words: Uint32Array = new Uint32Array(WORDS * 64);
  times: Float64Array = new Float64Array(TIMES * 64);
  #length = 64;

  /** Makes room for `flow`: the cursors must be moved again. */
  reserve(flow: number): void {
    if (flow >= this.#length) this.#grow(flow);
  }

  /** Moves `cursor` to `flow`, for which there is room. */
  seat(cursor: Direction, flow: number): void {
    cursor.seat(this.words, flow * WORDS, this.times, flow * TIMES);
  }

  #grow(flow: number): void {
    while (flow >= this.#length) this.#length *= 2;
    const { words, times } = this;
    this.words = new Uint32Array(WORDS * this.#length);
    this.words.set(words);
    this.times = new Float64Array(TIMES * this.#length);
    this.times.set(times);
  }
}

/** One direction, named after its sender; times are nanoseconds of the capture. */
export class Direction implements LogSpan {
  #w: Uint32Array = new Uint32Array(WORDS);
  #at = 0;
  #t: Float64Array = new Float64Array(TIMES);
  #timeAt = 0;

  /** Called by the table. */
  seat(words: Uint32Array, at: number, times: Float64Array, timeAt: number): void {
    this.#w = words;
    this.#at = at;
    this.#t = times;
    this.#timeAt = timeAt;
  }

  /** Back to the beginning of a connection. */
  reset(): void {
    this.#w.fill(0, this.#at, this.#at + WORDS);
    this.#t.fill(0, this.#timeAt, this.#timeAt + TIMES);
  }

  has(mark: number): boolean {
    return (this.#w[this.#at + MARKS]! & mark) !== 0;
  }
  mark(mark: number): void {
    const at = this.#at + MARKS;
    this.#w[at] = this.#w[at]! | mark;
  }

  /** Highest end sent; SYN and FIN count one. */
  get sndMax(): SeqNum {
    return this.#w[this.#at + SND_MAX]!;
  }
  set sndMax(seq: SeqNum) {
    this.#w[this.#at + SND_MAX] = seq;
  }

  /** Highest acknowledgement of it that was seen. */
  get una(): SeqNum {
    return this.#w[this.#at + UNA]!;
  }
  set una(seq: SeqNum) {
    this.#w[this.#at + UNA] = seq;
  }

  /** Bytes that its receiver last said it can take, from `una` on. */
  get window(): number {
    return this.#w[this.#at + WINDOW]!;
  }
  set window(bytes: number) {
    this.#w[this.#at + WINDOW] = bytes;
  }

  /** Acknowledgements of `una` after the first. */
  get dupAcks(): number {
    return this.#w[this.#at + DUP_ACKS]!;
  }
  set dupAcks(count: number) {
    this.#w[this.#at + DUP_ACKS] = count;
  }

  get logHead(): number {
    return this.#w[this.#at + LOG_HEAD]!;
  }
  set logHead(row: number) {
    this.#w[this.#at + LOG_HEAD] = row;
  }

  get logTail(): number {
    return this.#w[this.#at + LOG_TAIL]!;
  }
  set logTail(row: number) {
    this.#w[this.#at + LOG_TAIL] = row;
  }

  get logCount(): number {
    return this.#w[this.#at + LOG_COUNT]!;
  }
  set logCount(count: number) {
    this.#w[this.#at + LOG_COUNT] = count;
  }

  /** MSS that its sender announced; 0: not seen. */
  get mss(): number {
    return this.#w[this.#at + MSS]!;
  }
  set mss(bytes: number) {
    this.#w[this.#at + MSS] = bytes;
  }

  /** Frame of the last acknowledgement from its receiver. */
  get ackFrame(): number {
    return this.#w[this.#at + ACK_FRAME]!;
  }
  set ackFrame(frame: number) {
    this.#w[this.#at + ACK_FRAME] = frame;
  }

  /** TSval of its last segment with data. */
  get tsVal(): number {
    return this.#w[this.#at + TS_VAL]!;
  }
  set tsVal(value: number) {
    this.#w[this.#at + TS_VAL] = value;
  }

  /** IP identification of its last segment with data; 0 with IPv6. */
  get ipId(): number {
    return this.#w[this.#at + IP_ID]!;
  }
  set ipId(id: number) {
    this.#w[this.#at + IP_ID] = id;
  }

  /** End of the last segment with the push flag. */
  get pushedTo(): SeqNum {
    return this.#w[this.#at + PUSHED_TO]!;
  }
  set pushedTo(seq: SeqNum) {
    this.#w[this.#at + PUSHED_TO] = seq;
  }

  /** Number of its `Trouble`, from 1; 0: none. */
  get trouble(): number {
    return this.#w[this.#at + TROUBLE]!;
  }
  set trouble(number: number) {
    this.#w[this.#at + TROUBLE] = number;
  }

  /** Bytes of payload that one of its segments carries at most; 0: not computed yet. */
  get segmentSize(): number {
    return this.#w[this.#at + SEGMENT_SIZE]!;
  }
  set segmentSize(bytes: number) {
    this.#w[this.#at + SEGMENT_SIZE] = bytes;
  }

  /** Of its last segment with data, SYN or FIN. */
  get sendTime(): number {
    return this.#t[this.#timeAt + SEND_TIME]!;
  }
  set sendTime(ns: number) {
    this.#t[this.#timeAt + SEND_TIME] = ns;
  }

  /** Since when its retransmission timer runs, as seen here (RFC 6298 §5). */
  get timerTime(): number {
    return this.#t[this.#timeAt + TIMER_TIME]!;
  }
  set timerTime(ns: number) {
    this.#t[this.#timeAt + TIMER_TIME] = ns;
  }

  /** Of the last acknowledgement from its receiver. */
  get ackTime(): number {
    return this.#t[this.#timeAt + ACK_TIME]!;
  }
  set ackTime(ns: number) {
    this.#t[this.#timeAt + ACK_TIME] = ns;
  }

  /** Shortest time from here to its receiver and back; 0: not measured. */
  get minRtt(): number {
    return this.#t[this.#timeAt + MIN_RTT]!;
  }
  set minRtt(ns: number) {
    this.#t[this.#timeAt + MIN_RTT] = ns;
  }

  /** The same, smoothed. */
  get srtt(): number {
    return this.#t[this.#timeAt + SRTT]!;
  }
  set srtt(ns: number) {
    this.#t[this.#timeAt + SRTT] = ns;
  }

  get rttvar(): number {
    return this.#t[this.#timeAt + RTTVAR]!;
  }
  set rttvar(ns: number) {
    this.#t[this.#timeAt + RTTVAR] = ns;
  }

  /** Of its last SYN. */
  get synTime(): number {
    return this.#t[this.#timeAt + SYN_TIME]!;
  }
  set synTime(ns: number) {
    this.#t[this.#timeAt + SYN_TIME] = ns;
  }
}
