/**
 * What is lost, and what is sent again: the variables of loss recovery with
 * SACK (RFC 6675) and without (RFC 6582), and after a timeout.
 *
 * ```
 *      una       highRxt      lostEdge           nxt
 *   ----|xxxxxxxxxx|xxxx[sack]xxx|......[sack]....|-----
 *        sent again   lost          not known yet
 * ```
 *
 * One rule serves all three: what is not SACKed below `lostEdge` is lost, and
 * of that, what is below `highRxt` was sent again. Without SACK each
 * duplicate ACK counts as one segment that has left the network.
 *
 * @module
 */
import { seqAdd, seqDiff, seqLeq, seqLt, type SeqNum } from "../../wire/seqnum.ts";
import type { SackBlock } from "../../wire/tcp-option.ts";
import type { RecoveryState } from "../types.ts";
import { SeqRanges } from "./seq-ranges.ts";
import type { Sender } from "./sender.ts";

/** Ranges of the scoreboard; what the peer reports beyond is not looked at. */
const MAX_RANGES = 1024;

/** Bytes to be sent again. */
export interface Resend {
  readonly seq: SeqNum;
  /** Numbers, so that a FIN counts as one. */
  readonly len: number;
  /** By rule 4: not because it is lost, but because nothing else could tell. */
  readonly isRescue: boolean;
}

/** Scoreboard and edges of one connection. */
export class Recovery {
  // Numbers of 32 bits with a sign: without one the larger half of them would take 16 bytes more each.
  #point = 0;
  #lostEdge = 0;
  #highRxt = 0;
  state: RecoveryState = "open";
  dupAcks = 0;
  /** RescueRxt (RFC 6675 §2): one a recovery. */
  isRescued = false;
  /** The next resend does not ask cwnd (RFC 6675 §5 step 4.2, RFC 6582 §3.2). */
  isForced = false;
  /** Bytes that duplicate ACKs without SACK told to have arrived. */
  emulated = 0;
  /** Most of them: what was out but for the first segment. A peer that repeats itself lets out no more (RFC 5681 §5). */
  emulatedMost = 0;
  /** Flight when the first duplicate ACK came: limited transmit does not count (RFC 5681 §3.2 step 1). */
  flightBefore = 0;
  readonly sacked = new SeqRanges(MAX_RANGES);

  constructor(iss: SeqNum) {
    this.point = iss;
    this.lostEdge = iss;
    this.highRxt = iss;
  }

  /** RecoveryPoint (RFC 6675 §2), recover (RFC 6582 §2): the episode ends when it is acknowledged. */
  get point(): SeqNum {
    return this.#point >>> 0;
  }

  set point(seq: SeqNum) {
    this.#point = seq | 0;
  }

  /** All that is not SACKed before it is lost. */
  get lostEdge(): SeqNum {
    return this.#lostEdge >>> 0;
  }

  set lostEdge(seq: SeqNum) {
    this.#lostEdge = seq | 0;
  }

  /** HighRxt (RFC 6675 §2), as the number behind it. */
  get highRxt(): SeqNum {
    return this.#highRxt >>> 0;
  }

  set highRxt(seq: SeqNum) {
    this.#highRxt = seq | 0;
  }

  /** Update (): takes the blocks of an ACK; how many bytes are told for the first time (RFC 6675 §4). */
  takeSack(blocks: readonly SackBlock[], snd: Sender, ack: SeqNum): number {
    let added = 0;
    for (const { left, right } of blocks) {
      // D-SACK (RFC 2883 §4), and what cannot be, end here.
      if (
        !seqLt(left, right) ||
        seqLeq(right, ack) ||
        seqLt(left, snd.una) ||
        seqLt(snd.nxt, right)
      )
        continue;
      added += Math.max(0, this.sacked.add(seqLt(left, ack) ? ack : left, right));
    }
    return added;
  }

  /** SND.UNA has moved. */
  onAdvance(una: SeqNum): void {
    this.sacked.dropBelow(una);
    if (seqLt(this.lostEdge, una)) this.lostEdge = una;
    if (seqLt(this.highRxt, una)) this.highRxt = una;
    // An old point would seem to lie ahead again half the numbers later.
    if (seqLt(this.point, una)) this.point = seqAdd(una, -1);
  }

  /**
   * IsLost () for every byte at once (RFC 6675 §4): lost is what has `dupThresh` ranges behind it, or
   * more than `dupThresh - 1` segments' worth of SACKed bytes.
   */
  markLost(mss: number, dupThresh: number): void {
    const { list } = this.sacked;
    let bytes = 0;
    for (let i = list.length - 1; i >= 0; i--) {
      const range = list[i];
      if (range === undefined) return;
      bytes += seqDiff(range.right, range.left);
      if (list.length - i < dupThresh && bytes <= (dupThresh - 1) * mss) continue;
      if (seqLt(this.lostEdge, range.left)) this.lostEdge = range.left;
      return;
    }
  }

  /** Everything in flight is taken for lost. */
  markAllLost(snd: Sender): void {
    this.lostEdge = snd.nxt;
    this.highRxt = snd.una;
    this.emulated = 0;
  }

  /** SetPipe () (RFC 6675 §4): bytes in the network. */
  pipe(snd: Sender): number {
    const isQuiet = this.lostEdge === snd.una && this.highRxt === snd.una;
    if (isQuiet && this.sacked.total === 0) return Math.max(0, snd.flight - this.emulated);
    const notLost = this.#unsacked(this.lostEdge, snd.nxt);
    const again = this.#unsacked(snd.una, this.highRxt);
    return Math.max(0, notLost - this.emulated) + again;
  }

  /** Bytes taken for lost. */
  lost(snd: Sender): number {
    return this.#unsacked(snd.una, this.lostEdge);
  }

  #unsacked(from: SeqNum, to: SeqNum): number {
    if (!seqLt(from, to)) return 0;
    return seqDiff(to, from) - this.sacked.within(from, to);
  }

  /** NextSeg () rule 1 (RFC 6675 §4): the next lost bytes that were not sent again, one segment at most. */
  nextLost(mss: number): Resend | null {
    return this.#nextHole(this.lostEdge, mss);
  }

  /** NextSeg () rules 3 and 4: when there is nothing new to send, what may be lost, once. */
  nextDoubtful(snd: Sender, mss: number): Resend | null {
    const last = this.sacked.list.at(-1);
    if (this.state !== "recovery" || last === undefined) return null;
    const hole = this.#nextHole(last.left, mss);
    if (hole !== null || this.isRescued || !seqLt(last.right, snd.nxt)) return hole;
    const from = seqDiff(snd.nxt, last.right) > mss ? seqAdd(snd.nxt, -mss) : last.right;
    return { seq: from, len: seqDiff(snd.nxt, from), isRescue: true };
  }

  #nextHole(end: SeqNum, mss: number): Resend | null {
    let seq = this.highRxt;
    let next = this.sacked.at(seq);
    while (next !== null && seqLeq(next.left, seq)) {
      seq = next.right;
      next = this.sacked.at(seq);
    }
    if (!seqLt(seq, end)) return null;
    const stop = next !== null && seqLt(next.left, end) ? next.left : end;
    return { seq, len: Math.min(mss, seqDiff(stop, seq)), isRescue: false };
  }

  /** `resend` has left. */
  onResent({ seq, len, isRescue }: Resend): void {
    const end = seqAdd(seq, len);
    if (isRescue) this.isRescued = true;
    else if (seqLt(this.highRxt, end)) this.highRxt = end;
    this.isForced = false;
  }

  /** A new episode: `from` SND.UNA to `point`. What the one before has sent again may still be on its way. */
  begin(state: RecoveryState, snd: Sender): void {
    this.state = state;
    this.point = snd.nxt;
    if (seqLt(this.highRxt, snd.una)) this.highRxt = snd.una;
    this.isRescued = false;
  }

  /** All that the episode was about is acknowledged. */
  end(snd: Sender): void {
    this.state = this.sacked.total > 0 ? "disorder" : "open";
    this.dupAcks = 0;
    this.emulated = 0;
    this.isForced = false;
    if (this.sacked.total > 0) return;
    this.lostEdge = snd.una;
    this.highRxt = snd.una;
  }
}
