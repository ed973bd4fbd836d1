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
  readonly iss: SeqNum;
  /** SND.UNA. */
  una: SeqNum;
  /** SND.NXT. */
  nxt: SeqNum;
  /** SND.WND, scaled. */
  wnd = 0;
  /** SND.WL1 and SND.WL2: SEG.SEQ and SEG.ACK of the last window update. */
  wl1: SeqNum = 0;
  wl2: SeqNum = 0;
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
  /** The number of the first byte of {@link queue}. */
  base: SeqNum;
  /** The user has closed this side. */
  isFinQueued = false;
  /** One past the last segment that was less than full. */
  smallEnd: SeqNum;
  /** When anything with a number was sent last; `-Infinity`: never. */
  lastNs = -Infinity;
  /** The most that was in flight in this window of data, and where that window ends (RFC 7661 §4.1). */
  peakFlight = 0;
  peakEnd: SeqNum;
  /** The segment whose round trip is measured: its end, and when it left (RFC 6298 §3); `null`: none. */
  timed: { readonly end: SeqNum; readonly sentNs: number } | null = null;

  constructor(iss: SeqNum, pool: RingPool) {
    this.queue = new ByteQueue(pool);
    this.iss = iss;
    this.una = iss;
    this.nxt = iss;
    this.smallEnd = iss;
    this.peakEnd = iss;
    this.base = seqAdd(iss, 1);
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
