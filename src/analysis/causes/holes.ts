/**
 * Holes: sequence numbers that what was captured skipped. Their bytes were lost
 * before the point of capture, were overtaken, or were missed by the capture.
 *
 * @module
 */
import { type SeqNum, seqLeq, seqLt } from "../../wire/seqnum.ts";
import type { Room } from "./room.ts";

/** Holes kept of a direction: the oldest is forgotten. */
const MOST = 64;

/** One hole, and the segments on both sides of it. */
export interface Hole {
  readonly from: SeqNum;
  readonly to: SeqNum;
  /** When the segment behind it came, in which frame, with which time stamp and IP identification. */
  readonly time: number;
  readonly frame: number;
  readonly hasTs: boolean;
  readonly tsVal: number;
  readonly ipId: number;
  /** IP identification of the last segment before that one. */
  readonly ipIdBefore: number;
}

const NO_HOLES: readonly Hole[] = [];

/** See the module: in the order in which they appeared. */
export class Holes {
  readonly #room: Room;
  #holes = NO_HOLES;

  /** `room` is for holes, and shared with others. */
  constructor(room: Room) {
    this.#room = room;
  }

  /** How many holes. */
  get length(): number {
    return this.#holes.length;
  }

  add(hole: Hole): void {
    this.#keep([...this.#holes, hole]);
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
    if (!this.#holes.some((hole) => seqLt(hole.from, to) && seqLt(from, hole.to))) return;
    const left: Hole[] = [];
    for (const hole of this.#holes) {
      if (seqLt(hole.from, from)) left.push({ ...hole, to: least(hole.to, from) });
      if (seqLt(to, hole.to)) left.push({ ...hole, from: seqLt(to, hole.from) ? hole.from : to });
    }
    this.#keep(left);
  }

  dropBelow(seq: SeqNum): void {
    if (this.#holes.length === 0) return;
    this.#keep(this.#holes.filter(({ to }) => seqLt(seq, to)));
  }

  clear(): void {
    this.#keep(NO_HOLES);
  }

  /** The newest of `holes`, as many as there is room for. */
  #keep(holes: readonly Hole[]): void {
    this.#room.give(this.#holes.length);
    let kept = holes.length > MOST ? holes.slice(-MOST) : holes;
    while (!this.#room.take(kept.length)) kept = kept.slice(1);
    this.#holes = kept;
  }
}

const least = (a: SeqNum, b: SeqNum): SeqNum => (seqLt(a, b) ? a : b);
