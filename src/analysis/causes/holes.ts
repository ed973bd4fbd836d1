/**
 * Holes: sequence numbers that what was captured skipped. Their bytes were lost
 * before the point of capture, were overtaken, or were missed by the capture.
 *
 * @module
 */
import { type SeqNum, seqLeq, seqLt } from "../../wire/seqnum.ts";

/** Holes kept of a direction: the oldest is forgotten. */
const MOST = 64;

/** One hole, and the segments on both sides of it. */
export interface Hole {
  from: SeqNum;
  to: SeqNum;
  /** When the segment behind it came, in which frame, with which time stamp and IP identification. */
  readonly time: number;
  readonly frame: number;
  readonly tsVal: number;
  readonly ipId: number;
  /** IP identification of the last segment before that one. */
  readonly ipIdBefore: number;
}

/** See the module: in the order in which they appeared. */
export class Holes {
  #holes: Hole[] = [];

  add(hole: Hole): void {
    if (this.#holes.length === MOST) this.#holes.shift();
    this.#holes.push(hole);
  }

  /** The hole in which `seq` is, or `null`. */
  at(seq: SeqNum): Hole | null {
    for (const hole of this.#holes) {
      if (seqLeq(hole.from, seq) && seqLt(seq, hole.to)) return hole;
    }
    return null;
  }

  /** `[from, to)` has come. */
  fill(from: SeqNum, to: SeqNum): void {
    const left: Hole[] = [];
    for (const hole of this.#holes) {
      if (seqLt(hole.from, from)) left.push({ ...hole, to: least(hole.to, from) });
      if (seqLt(to, hole.to)) left.push({ ...hole, from: seqLt(to, hole.from) ? hole.from : to });
      if (left.length > MOST) left.shift();
    }
    this.#holes = left;
  }

  dropBelow(seq: SeqNum): void {
    if (this.#holes.length === 0) return;
    this.#holes = this.#holes.filter(({ to }) => seqLt(seq, to));
  }
}

const least = (a: SeqNum, b: SeqNum): SeqNum => (seqLt(a, b) ? a : b);
