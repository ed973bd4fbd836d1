/**
 * What is remembered of each direction: what its sender sent, what was
 * acknowledged, its timer and its round-trip time. One cache line of words and
 * one of times, and a cursor to read them by name.
 *
 * @module
 */
import type { SeqNum } from "../../wire/seqnum.ts";
import { SPAN_WORDS } from "./sent-log.ts";

/** Words of a direction; sequence numbers are signed here. */
export const Word = {
  MARKS: 0,
  SND_MAX: 1,
  UNA: 2,
  WINDOW: 3,
  DUP_ACKS: 4,
  /** A span of `SentLog`. */
  LOG: 5,
  MSS: 8,
  ACK_FRAME: 9,
  TS_VAL: 10,
  IP_ID: 11,
  PUSHED_TO: 12,
  TROUBLE: 13,
  SEGMENT_SIZE: 14,
} as const;

/** Words of each direction. */
export const WORDS = 16;

/** Times of a direction. */
export const Time = {
  SEND: 0,
  TIMER: 1,
  ACK: 2,
  MIN_RTT: 3,
  SRTT: 4,
  RTTVAR: 5,
  SYN: 6,
  /** The round trip that is being entered. */
  SAMPLE: 7,
} as const;

/** Times of each direction. */
export const TIMES = 8;

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
  /** Its trouble may have something to say of the next segment. */
  TROUBLED: 128,
} as const;

/** The state of every direction, by slot. */
export class Directions {
  words: Int32Array = new Int32Array(WORDS * 64);
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
    this.words = new Int32Array(WORDS * this.#length);
    this.words.set(words);
    this.times = new Float64Array(TIMES * this.#length);
    this.times.set(times);
  }
}

/** One direction, named after its sender; times are nanoseconds of the capture. */
export class Direction {
  #w: Int32Array = new Int32Array(WORDS);
  #at = 0;
  #t: Float64Array = new Float64Array(TIMES);
  #timeAt = 0;

  /** Called by the table. */
  seat(words: Int32Array, at: number, times: Float64Array, timeAt: number): void {
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
    return (this.#w[this.#at + Word.MARKS]! & mark) !== 0;
  }
  mark(mark: number): void {
    const at = this.#at + Word.MARKS;
    this.#w[at] = this.#w[at]! | mark;
  }
  unmark(mark: number): void {
    const at = this.#at + Word.MARKS;
    this.#w[at] = this.#w[at]! & ~mark;
  }

  /** Highest end sent; SYN and FIN count one. */
  get sndMax(): SeqNum {
    return this.#w[this.#at + Word.SND_MAX]! >>> 0;
  }
  set sndMax(seq: SeqNum) {
    this.#w[this.#at + Word.SND_MAX] = seq;
  }

  /** Highest acknowledgement of it that was seen. */
  get una(): SeqNum {
    return this.#w[this.#at + Word.UNA]! >>> 0;
  }
  set una(seq: SeqNum) {
    this.#w[this.#at + Word.UNA] = seq;
  }

  /** Bytes that its receiver last said it can take, from `una` on. */
  get window(): number {
    return this.#w[this.#at + Word.WINDOW]!;
  }
  set window(bytes: number) {
    this.#w[this.#at + Word.WINDOW] = bytes;
  }

  /** Acknowledgements of `una` after the first. */
  get dupAcks(): number {
    return this.#w[this.#at + Word.DUP_ACKS]!;
  }
  set dupAcks(count: number) {
    this.#w[this.#at + Word.DUP_ACKS] = count;
  }

  /** Where its span of the log stands, in {@link words}. */
  get logAt(): number {
    return this.#at + Word.LOG;
  }

  /** Of the table. */
  get words(): Int32Array {
    return this.#w;
  }

  /** Of the table. */
  get times(): Float64Array {
    return this.#t;
  }

  /** Where its own begin in {@link times}. */
  get timesAt(): number {
    return this.#timeAt;
  }

  /** Segments sent and not acknowledged. */
  get logCount(): number {
    return this.#w[this.logAt + SPAN_WORDS - 1]!;
  }

  /** MSS that its sender announced; 0: not seen. */
  get mss(): number {
    return this.#w[this.#at + Word.MSS]!;
  }
  set mss(bytes: number) {
    this.#w[this.#at + Word.MSS] = bytes;
  }

  /** Frame of the last acknowledgement from its receiver. */
  get ackFrame(): number {
    return this.#w[this.#at + Word.ACK_FRAME]!;
  }
  set ackFrame(frame: number) {
    this.#w[this.#at + Word.ACK_FRAME] = frame;
  }

  /** TSval of its last segment with data. */
  get tsVal(): number {
    return this.#w[this.#at + Word.TS_VAL]! >>> 0;
  }
  set tsVal(value: number) {
    this.#w[this.#at + Word.TS_VAL] = value;
  }

  /** IP identification of its last segment with data; 0 with IPv6. */
  get ipId(): number {
    return this.#w[this.#at + Word.IP_ID]!;
  }
  set ipId(id: number) {
    this.#w[this.#at + Word.IP_ID] = id;
  }

  /** End of the last segment with the push flag. */
  get pushedTo(): SeqNum {
    return this.#w[this.#at + Word.PUSHED_TO]! >>> 0;
  }
  set pushedTo(seq: SeqNum) {
    this.#w[this.#at + Word.PUSHED_TO] = seq;
  }

  /** Number of its `Trouble`, from 1; 0: none. */
  get trouble(): number {
    return this.#w[this.#at + Word.TROUBLE]!;
  }
  set trouble(number: number) {
    this.#w[this.#at + Word.TROUBLE] = number;
  }

  /** Bytes of payload that one of its segments carries at most; 0: not computed yet. */
  get segmentSize(): number {
    return this.#w[this.#at + Word.SEGMENT_SIZE]!;
  }
  set segmentSize(bytes: number) {
    this.#w[this.#at + Word.SEGMENT_SIZE] = bytes;
  }

  /** Of its last segment with data, SYN or FIN. */
  get sendTime(): number {
    return this.#t[this.#timeAt + Time.SEND]!;
  }
  set sendTime(ns: number) {
    this.#t[this.#timeAt + Time.SEND] = ns;
  }

  /** Since when its retransmission timer runs, as seen here (RFC 6298 §5). */
  get timerTime(): number {
    return this.#t[this.#timeAt + Time.TIMER]!;
  }
  set timerTime(ns: number) {
    this.#t[this.#timeAt + Time.TIMER] = ns;
  }

  /** Of the last acknowledgement from its receiver. */
  get ackTime(): number {
    return this.#t[this.#timeAt + Time.ACK]!;
  }
  set ackTime(ns: number) {
    this.#t[this.#timeAt + Time.ACK] = ns;
  }

  /** Shortest time from here to its receiver and back; 0: not measured. */
  get minRtt(): number {
    return this.#t[this.#timeAt + Time.MIN_RTT]!;
  }
  set minRtt(ns: number) {
    this.#t[this.#timeAt + Time.MIN_RTT] = ns;
  }

  /** The same, smoothed. */
  get srtt(): number {
    return this.#t[this.#timeAt + Time.SRTT]!;
  }
  set srtt(ns: number) {
    this.#t[this.#timeAt + Time.SRTT] = ns;
  }

  get rttvar(): number {
    return this.#t[this.#timeAt + Time.RTTVAR]!;
  }
  set rttvar(ns: number) {
    this.#t[this.#timeAt + Time.RTTVAR] = ns;
  }

  /** Of its last SYN. */
  get synTime(): number {
    return this.#t[this.#timeAt + Time.SYN]!;
  }
  set synTime(ns: number) {
    this.#t[this.#timeAt + Time.SYN] = ns;
  }
}
