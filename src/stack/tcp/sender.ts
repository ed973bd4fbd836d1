/**
 * The send half of the TCB (RFC 9293 §3.3.1, figure 3): the variables, and
 * what follows from them alone.
 *
 * ```
 *            una            nxt          una + wnd
 *   ----------|--------------|--------------|----------
 *    acked        in flight      may be sent    not yet
 * ```
 *
 * @module
 */
import { seqAdd, seqDiff, seqLt, type SeqNum } from "../../wire/seqnum.ts";
import { ByteQueue } from "./byte-queue.ts";
import type { RingPool } from "./ring-pool.ts";

/** SND.UNA, SND.NXT … and the bytes that the user gave. */
export class Sender {
  // Numbers of 32 bits with a sign: without one the larger half of them would take 16 bytes more each.
  #iss = 0;
  #una = 0;
  #nxt = 0;
  #wl1 = 0;
  #wl2 = 0;
  #base = 0;
  #smallEnd = 0;
  #peakEnd = 0;
  /** SND.WND, scaled. */
  wnd = 0;
  /** MAX.SND.WND (RFC 5961 §5.2). */
  maxWnd = 0;
  /** SND.UP: one past the last urgent byte; `null`: none. */
  up: SeqNum | null = null;
  /** Snd.Wind.Shift (RFC 7323 §2.3). */
  shift = 0;
  /** Payload bytes of a full segment. */
  mss = 536;
  /** The user's bytes from {@link base} on. */
  readonly queue: ByteQueue;
  /** The user has closed this side. */
  isFinQueued = false;
  /** When anything with a number was sent last; `-Infinity`: never. */
  lastNs = -Infinity;
  /** The most that was in flight in this window of data, and where that window ends (RFC 7661 §4.1). */
  peakFlight = 0;
  /** The segment whose round trip is measured: its end, and when it left (RFC 6298 §3); `null`: none. */
  timed: { readonly end: SeqNum; readonly sentNs: number } | null = null;

  constructor(iss: SeqNum, pool: RingPool) {
    this.queue = new ByteQueue(pool);
    this.#iss = iss | 0;
    this.una = iss;
    this.nxt = iss;
    this.smallEnd = iss;
    this.peakEnd = iss;
    this.base = seqAdd(iss, 1);
  }

  get iss(): SeqNum {
    return this.#iss >>> 0;
  }

  /** SND.UNA. */
  get una(): SeqNum {
    return this.#una >>> 0;
  }

  set una(seq: SeqNum) {
    this.#una = seq | 0;
  }

  /** SND.NXT. */
  get nxt(): SeqNum {
    return this.#nxt >>> 0;
  }

  set nxt(seq: SeqNum) {
    this.#nxt = seq | 0;
  }

  /** SND.WL1 and SND.WL2: SEG.SEQ and SEG.ACK of the last window update. */
  get wl1(): SeqNum {
    return this.#wl1 >>> 0;
  }

  set wl1(seq: SeqNum) {
    this.#wl1 = seq | 0;
  }

  get wl2(): SeqNum {
    return this.#wl2 >>> 0;
  }

  set wl2(seq: SeqNum) {
    this.#wl2 = seq | 0;
  }

  /** The number of the first byte of {@link queue}. */
  get base(): SeqNum {
    return this.#base >>> 0;
  }

  set base(seq: SeqNum) {
    this.#base = seq | 0;
  }

  /** One past the last segment that was less than full. */
  get smallEnd(): SeqNum {
    return this.#smallEnd >>> 0;
  }

  set smallEnd(seq: SeqNum) {
    this.#smallEnd = seq | 0;
  }

  get peakEnd(): SeqNum {
    return this.#peakEnd >>> 0;
  }

  set peakEnd(seq: SeqNum) {
    this.#peakEnd = seq | 0;
  }

  /** Numbers sent and not acknowledged. */
  get flight(): number {
    return seqDiff(this.nxt, this.una);
  }

  /** One past the user's last byte: where the FIN stands. */
  get streamEnd(): SeqNum {
    return seqAdd(this.base, this.queue.length);
  }

  /** Bytes of the user that were never sent. */
  get unsent(): number {
    return Math.max(0, seqDiff(this.streamEnd, this.nxt));
  }

  /** Our SYN was sent and is not acknowledged. */
  get isSynOut(): boolean {
    return this.una === this.iss && this.nxt !== this.iss;
  }

  get isFinSent(): boolean {
    return this.isFinQueued && seqLt(this.streamEnd, this.nxt);
  }

  /** Our FIN is acknowledged. */
  get isFinAcked(): boolean {
    return this.isFinQueued && seqLt(this.streamEnd, this.una);
  }

  /** Bytes that the peer's window still takes; negative when it shrank. */
  get usable(): number {
    return this.wnd - this.flight;
  }

  /** A new window of data begins. */
  beginPeak(): void {
    this.peakFlight = this.flight;
    this.peakEnd = this.nxt;
  }

  /** SEG.ACK moves SND.UNA: how many numbers. */
  advance(ack: SeqNum): number {
    const acked = seqDiff(ack, this.una);
    this.una = ack;
    const bytes = Math.min(this.queue.length, Math.max(0, seqDiff(ack, this.base)));
    this.queue.drop(bytes);
    this.base = seqAdd(this.base, bytes);
    return acked;
  }

  /** The peer's window as it comes, by RFC 9293 §3.10.7.4; whether it was taken. */
  takeWindow(seq: SeqNum, ack: SeqNum, wnd: number): boolean {
    const isNewer = seqLt(this.wl1, seq) || (this.wl1 === seq && !seqLt(ack, this.wl2));
    if (!isNewer) return false;
    this.setWindow(seq, ack, wnd);
    return true;
  }

  setWindow(seq: SeqNum, ack: SeqNum, wnd: number): void {
    this.wnd = wnd;
    this.wl1 = seq;
    this.wl2 = ack;
    if (wnd > this.maxWnd) this.maxWnd = wnd;
  }
}
