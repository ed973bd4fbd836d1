/**
 * The last retransmissions of a direction, kept until it turns out whether
 * they were needed.
 *
 * @module
 */
import { type SeqNum, seqLeq, seqLt } from "../../wire/seqnum.ts";

/** Retransmissions kept: the oldest is forgotten. */
const MOST = 256;

/** One retransmission. */
export interface Retransmission {
  readonly from: SeqNum;
  readonly to: SeqNum;
  readonly frame: number;
  readonly time: number;
  /** Its TSval; `null` without time stamps. */
  readonly tsVal: number | null;
  readonly cause: number;
  /** Its bytes have been acknowledged. */
  isAcked: boolean;
  /** It has been proven needless. */
  isNeedless: boolean;
}

/** See the module. */
export class Resent {
  readonly #all: Retransmission[] = [];
  /** Those before this one have been acknowledged. */
  #open = 0;

  add(one: Omit<Retransmission, "isAcked" | "isNeedless">): void {
    if (this.#all.length === MOST) {
      this.#all.splice(0, MOST / 2);
      this.#open = Math.max(0, this.#open - MOST / 2);
    }
    this.#all.push({ ...one, isAcked: false, isNeedless: false });
  }

  /** Whether one of them waits for its acknowledgement. */
  get isWaiting(): boolean {
    return this.#open < this.#all.length;
  }

  /** Calls `look` with each one that `ack` acknowledges for the first time. */
  acknowledge(ack: SeqNum, look: (one: Retransmission) => void): void {
    for (let i = this.#open; i < this.#all.length; i++) {
      const one = this.#all[i]!;
      if (one.isAcked || !seqLeq(one.to, ack)) continue;
      one.isAcked = true;
      look(one);
    }
    while (this.#open < this.#all.length && this.#all[this.#open]!.isAcked) this.#open++;
  }

  /** The last one of the bytes `[from, to)` sent before `time` and not yet proven needless, or `null`. */
  needless(from: SeqNum, to: SeqNum, time: number): Retransmission | null {
    return (
      this.#all.findLast(
        (one) => !one.isNeedless && one.time <= time && seqLt(one.from, to) && seqLt(from, one.to),
      ) ?? null
    );
  }

  /** The one in `frame`, or `null`. */
  inFrame(frame: number): Retransmission | null {
    return this.#all.findLast((one) => one.frame === frame) ?? null;
  }
}
