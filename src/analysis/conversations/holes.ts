/**
 * Bytes of a direction that were passed over: lost before they were
 * captured, or still to come. When they come, they are new, not repeated.
 *
 * Rare, so they live beside the columns. A direction remembers
 * {@link MAX_HOLES}; of more, the oldest is taken to stay empty.
 *
 * @module
 */
import { seqDiff, seqLt, type SeqNum } from "../../wire/seqnum.ts";

/** Holes remembered of one direction. */
const MAX_HOLES = 32;

interface Hole {
  readonly from: SeqNum;
  readonly to: SeqNum;
}

/** The holes of every direction that has some. */
export class Holes {
  readonly #byFlow = new Map<number, Hole[]>();

  /** Bytes `[from, to)` of `flow` were passed over. */
  add(flow: number, from: SeqNum, to: SeqNum): void {
    const holes = this.#byFlow.get(flow) ?? [];
    if (holes.length === 0) this.#byFlow.set(flow, holes);
    if (holes.length === MAX_HOLES) holes.shift();
    holes.push({ from, to });
  }

  /** Bytes `[from, to)` came: how many of them were missing. */
  fill(flow: number, from: SeqNum, to: SeqNum): number {
    const holes = this.#byFlow.get(flow);
    if (holes === undefined) return 0;
    let filled = 0;
    const left: Hole[] = [];
    for (const hole of holes) {
      const start = seqLt(hole.from, from) ? from : hole.from;
      const end = seqLt(hole.to, to) ? hole.to : to;
      if (!seqLt(start, end)) {
        left.push(hole);
        continue;
      }
      filled += seqDiff(end, start);
      if (seqLt(hole.from, start)) left.push({ from: hole.from, to: start });
      if (seqLt(end, hole.to)) left.push({ from: end, to: hole.to });
    }
    if (left.length === 0) this.#byFlow.delete(flow);
    else this.#byFlow.set(flow, left.slice(-MAX_HOLES));
    return filled;
  }

  /** Forgets the holes of `flow`. */
  forget(flow: number): void {
    this.#byFlow.delete(flow);
  }
}
