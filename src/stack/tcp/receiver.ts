/**
 * The receive half of the TCB (RFC 9293 §3.3.1, figure 4): reassembly, the
 * window that is offered, SACK and D-SACK blocks, TS.Recent.
 *
 * ```
 *            nxt                 edge
 *   ----------|---[ahead]----[]---|----------
 *    here         may come          not yet
 * ```
 *
 * Where two segments differ about the same byte, the first one counts, and {@link Receiver.rewritten} tells.
 *
 * @module
 */
import { seqAdd, seqDiff, seqLeq, seqLt, type SeqNum } from "../../wire/seqnum.ts";
import type { SackBlock } from "../../wire/tcp-option.ts";
import { ReceiveBuffer } from "./receive-buffer.ts";
import type { RingPool } from "./ring-pool.ts";
import { SeqRanges } from "./seq-ranges.ts";

/** Ranges behind holes that are kept; a segment that would make one more is dropped. */
const MAX_RANGES = 256;
/** SACK blocks a segment can have (RFC 2018 §3). */
const MAX_BLOCKS = 4;

/** What became of a segment's bytes. */
export interface Taken {
  /** Bytes that RCV.NXT moved by. */
  readonly inOrder: number;
  /** It lies behind a hole, or fills one, or was here: an ACK is due at once (RFC 5681 §4.2). */
  readonly isUrgentToAck: boolean;
  /** Bytes that were here already. */
  readonly duplicate: number;
  /** Bytes that lie outside of the window, or for which there is no room. */
  readonly refused: number;
  /** There are too many holes for one more. */
  readonly isCrowded: boolean;
}

/** RCV.NXT, RCV.WND … and the bytes that came. */
export class Receiver {
  // Numbers of 32 bits with a sign: without one the larger half of them would take 16 bytes more each.
  #irs = 0;
  #nxt = 0;
  #edge = 0;
  #lastAck = 0;
  #tsRecent = 0;
  /** Rcv.Wind.Shift (RFC 7323 §2.3). */
  shift = 0;
  /** RCV.UP; `null`: none. */
  up: SeqNum | null = null;
  readonly buffer: ReceiveBuffer;
  readonly ahead = new SeqRanges(MAX_RANGES);
  /** The number of the peer's FIN; `null`: not seen. */
  finSeq: SeqNum | null = null;
  /** Bytes that may wait for the user. */
  limit: number;
  /** Bytes of the largest segment that came: what "full-sized" means. */
  mss = 0;
  /** The MSS that we told. */
  readonly advMss: number;
  /** What the next ACK reports as received twice (RFC 2883 §4). */
  dsack: SackBlock | null = null;
  /** When {@link tsRecent} was set; `-Infinity`: never. */
  tsRecentNs = -Infinity;
  /** As `Profile.takesWholeBuffer`. */
  readonly #takesWholeBuffer: boolean;

  constructor(limit: number, advMss: number, pool: RingPool, takesWholeBuffer: boolean = false) {
    this.buffer = new ReceiveBuffer(pool);
    this.#takesWholeBuffer = takesWholeBuffer;
    this.limit = limit;
    this.advMss = advMss;
  }

  get irs(): SeqNum {
    return this.#irs >>> 0;
  }

  set irs(seq: SeqNum) {
    this.#irs = seq | 0;
  }

  /** RCV.NXT. */
  get nxt(): SeqNum {
    return this.#nxt >>> 0;
  }

  set nxt(seq: SeqNum) {
    this.#nxt = seq | 0;
  }

  /** The right edge of the window that the peer knows. */
  get edge(): SeqNum {
    return this.#edge >>> 0;
  }

  set edge(seq: SeqNum) {
    this.#edge = seq | 0;
  }

  /** Last.ACK.sent (RFC 7323 §4.3). */
  get lastAck(): SeqNum {
    return this.#lastAck >>> 0;
  }

  set lastAck(seq: SeqNum) {
    this.#lastAck = seq | 0;
  }

  /** TS.Recent (RFC 7323 §4.3); 0 before the peer told one. */
  get tsRecent(): number {
    return this.#tsRecent >>> 0;
  }

  set tsRecent(value: number) {
    this.#tsRecent = value | 0;
  }

  /** The peer's SYN. */
  begin(irs: SeqNum): void {
    this.irs = irs;
    this.nxt = seqAdd(irs, 1);
    // The window of our own SYN, if there was one.
    this.edge = seqAdd(this.nxt, Math.min(65_535, this.free));
    this.lastAck = this.nxt;
  }

  /** RCV.WND: bytes up to the edge that the peer knows. */
  get wnd(): number {
    return Math.max(0, seqDiff(this.edge, this.nxt));
  }

  /** The right edge of what is taken: {@link edge}, or the end of the buffer. */
  get lastTaken(): SeqNum {
    if (!this.#takesWholeBuffer || this.free <= this.wnd) return this.edge;
    return seqAdd(this.nxt, this.free);
  }

  get isFinReached(): boolean {
    return this.finSeq !== null && seqLt(this.finSeq, this.nxt);
  }

  /** Bytes that could be offered now. */
  get free(): number {
    return Math.max(0, this.limit - this.buffer.length);
  }

  /** How far `edge` would move right if it were told now. */
  get growth(): number {
    return Math.min(this.free, 65_535 << this.shift) - this.wnd;
  }

  /**
   * SEG.WND of a segment that leaves now, and moves {@link edge} to it. It never moves left (RFC 9293
   * §3.8.6), and not right while all that could be offered is silly (§3.8.6.2.2): as BSD and Linux
   * do, what is small is the offer, not the step; no segment leaves for a small step alone.
   */
  offer(): number {
    const known = this.wnd;
    const isSilly = this.free < Math.min(this.advMss, this.limit / 2);
    const wnd = isSilly ? known : known + Math.max(0, this.growth);
    const unit = 1 << this.shift;
    // Less than the scale can tell is told as the least that it can, or the window would never open.
    const units = wnd === known || wnd < unit ? Math.ceil(wnd / unit) : Math.floor(wnd / unit);
    const field = Math.min(65_535, units);
    if (field * unit > known) this.edge = seqAdd(this.nxt, field * unit);
    return field;
  }

  /** SEG.WND of a SYN: not scaled. */
  offerOnSyn(): number {
    const wnd = Math.min(65_535, this.free);
    this.edge = seqAdd(this.nxt, wnd);
    return wnd;
  }

  /** Takes all of `payload`, which comes next, fits in the window, and has nothing behind it; `isLent`: as `TcpEndpoint.onSegment`. */
  takeNext(payload: Uint8Array, isLent: boolean): void {
    const { length } = payload;
    if (length > this.mss) this.mss = Math.min(length, this.advMss);
    if (isLent) this.buffer.lend(payload);
    else {
      this.buffer.write(0, payload, 0, length);
      this.buffer.advance(length);
    }
    this.nxt = seqAdd(this.nxt, length);
  }

  /** Takes what of `[seq, seq + payload.length)` is new and inside the window. */
  take(seq: SeqNum, payload: Uint8Array): Taken {
    const end = seqAdd(seq, payload.length);
    this.mss = Math.max(this.mss, Math.min(payload.length, this.advMss));
    const edge = this.lastTaken;
    const last = this.finSeq !== null && seqLt(this.finSeq, edge) ? this.finSeq : edge;
    const right = seqLt(last, end) ? last : end;
    const left = seqLt(seq, this.nxt) ? this.nxt : seq;
    const refused = Math.max(0, Math.min(payload.length, seqDiff(end, right)));
    if (seqLeq(right, left)) return this.#nothingNew(seq, end, refused);
    return this.#place(seq, left, right, payload, refused);
  }

  /** Bytes of a segment that differ from those that came first, as far as nobody has read these. */
  rewritten(seq: SeqNum, payload: Uint8Array): number {
    const { buffer } = this;
    const end = this.isFinReached ? seqAdd(this.nxt, -1) : this.nxt;
    const offset = seqDiff(seq, end);
    const differing = (left: number, right: number): number => {
      const from = Math.max(0, left - offset);
      return buffer.differing(offset, payload, from, Math.min(payload.length, right - offset));
    };
    let count = differing(-buffer.length, 0);
    for (const { left, right } of this.ahead.list)
      count += differing(seqDiff(left, end), seqDiff(right, end));
    return count;
  }

  #nothingNew(seq: SeqNum, end: SeqNum, refused: number): Taken {
    const known = seqLt(this.nxt, end) ? this.nxt : end;
    const duplicate = Math.max(0, seqDiff(known, seq));
    if (duplicate > 0) this.dsack = { left: seq, right: known };
    return { inOrder: 0, isUrgentToAck: true, duplicate, refused, isCrowded: false };
  }

  #place(seq: SeqNum, left: SeqNum, right: SeqNum, payload: Uint8Array, refused: number): Taken {
    const gaps: SeqNum[] = [];
    this.ahead.gaps(left, right, (from, to) => gaps.push(from, to));
    const hadHole = this.ahead.list.length > 0;
    const added = this.ahead.add(left, right);
    // No place for one more range: the newest goes.
    if (added < 0)
      return {
        inOrder: 0,
        isUrgentToAck: true,
        duplicate: 0,
        refused: payload.length,
        isCrowded: true,
      };
    for (let i = 0; i < gaps.length; i += 2) {
      const from = gaps[i] ?? 0;
      this.buffer.write(
        seqDiff(from, this.nxt),
        payload,
        seqDiff(from, seq),
        seqDiff(gaps[i + 1] ?? 0, seq),
      );
    }
    const before = Math.max(0, seqDiff(left, seq));
    if (before > 0) this.dsack = { left: seq, right: left };
    else if (seqDiff(right, left) > added) this.dsack = this.#overlap(left, right, gaps);
    const duplicate = before + seqDiff(right, left) - added;
    const inOrder = this.#advance();
    return {
      inOrder,
      isUrgentToAck: hadHole || inOrder === 0 || duplicate > 0,
      duplicate,
      refused,
      isCrowded: false,
    };
  }

  /** The first part of `[left, right)` that was here, beside the `gaps` that were not (RFC 2883 §4). */
  #overlap(left: SeqNum, right: SeqNum, gaps: readonly SeqNum[]): SackBlock {
    const firstGap = gaps[0] ?? right;
    if (seqLt(left, firstGap)) return { left, right: firstGap };
    return { left: gaps[1] ?? left, right: gaps[2] ?? right };
  }

  /** Moves RCV.NXT over what is complete. */
  #advance(): number {
    const first = this.ahead.list[0];
    if (first === undefined || first.left !== this.nxt) return 0;
    const n = seqDiff(first.right, first.left);
    this.nxt = first.right;
    this.ahead.dropBelow(this.nxt);
    this.buffer.advance(n);
    return n;
  }

  /** The peer's FIN at `seq`: `true` when all before it is here, and it is taken. */
  takeFin(seq: SeqNum | null): boolean {
    if (
      seq !== null &&
      this.finSeq === null &&
      seqLeq(this.nxt, seq) &&
      seqLeq(seq, this.lastTaken)
    )
      this.finSeq = seq;
    if (this.finSeq === null || this.finSeq !== this.nxt) return false;
    this.nxt = seqAdd(this.nxt, 1);
    if (seqLt(this.edge, this.nxt)) this.edge = this.nxt;
    return true;
  }

  /** D-SACK first, then the ranges, the one that changed last in front (RFC 2018 §4, RFC 2883 §4). */
  sackBlocks(): SackBlock[] {
    const blocks: SackBlock[] = this.dsack === null ? [] : [this.dsack];
    this.dsack = null;
    const newest = [...this.ahead.list].toSorted((a, b) => b.stamp - a.stamp).slice(0, MAX_BLOCKS);
    for (const { left, right } of newest) blocks.push({ left, right });
    return blocks;
  }

  /** RFC 7323 §4.3: TS.Recent is what the segment told that moved, or will move, Last.ACK.sent. */
  takeTimestamp(value: number, seq: SeqNum, nowNs: number): void {
    const isNewer = this.tsRecentNs === -Infinity || ((value - this.tsRecent) | 0) >= 0;
    if (!isNewer || !seqLeq(seq, this.lastAck)) return;
    this.tsRecent = value;
    this.tsRecentNs = nowNs;
  }
}
