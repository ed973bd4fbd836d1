/**
 * The rungs of a ladder as a list: segments, with the calls in front of them; all of them, or those
 * within a range of time.
 *
 * @module
 */
import { type Ladder, lowerBound } from "./ladder.ts";

/** A rung: a segment by its index, or a call by its place in `ladder.rungs`. */
export type LadderRow =
  | { readonly kind: "segment"; readonly index: number }
  | { readonly kind: "call"; readonly index: number };

/** See the module. Rows count from 0. */
export class LadderList {
  readonly ladder: Ladder;
  /** Segments `[from, to)`, and the calls in front of them. */
  readonly from: number;
  readonly to: number;
  readonly length: number;
  /** First call, and behind the last one. */
  readonly #firstCall: number;
  readonly #endCall: number;
  /** Row of each call: they rise. */
  readonly #callRows: Float64Array;

  /** @param range Nanoseconds since the first packet, both ends included; `null`: all. */
  constructor(ladder: Ladder, range: readonly [number, number] | null) {
    this.ladder = ladder;
    const { time, rungs } = ladder;
    // Times of a merged capture may step back: what lies between the first and the last within.
    this.from = range === null ? 0 : lowerBound(time, range[0]);
    this.to = range === null ? time.length : lowerBound(time, range[1] + 1);
    this.to = Math.max(this.from, this.to);
    const isAll = range === null;
    const slots = Float64Array.from(rungs, (rung) => rung.slot);
    this.#firstCall = isAll ? 0 : lowerBound(slots, this.from);
    this.#endCall = isAll ? rungs.length : lowerBound(slots, this.to + (this.isAtEnd ? 1 : 0));
    this.#endCall = Math.max(this.#firstCall, this.#endCall);
    const count = this.#endCall - this.#firstCall;
    this.#callRows = new Float64Array(count);
    for (let k = 0; k < count; k++) {
      this.#callRows[k] = slots[this.#firstCall + k]! - this.from + k;
    }
    this.length = this.to - this.from + count;
  }

  /** Whether the last segment is in the list. */
  get isAtEnd(): boolean {
    return this.to === this.ladder.time.length;
  }

  /** Indices in `ladder.rungs` of the calls in the list. */
  get calls(): readonly [number, number] {
    return [this.#firstCall, this.#endCall];
  }

  /** What is in a row; `null` beyond the end. */
  at(row: number): LadderRow | null {
    if (row < 0 || row >= this.length) return null;
    const k = lowerBound(this.#callRows, row);
    if (this.#callRows[k] === row) return { kind: "call", index: this.#firstCall + k };
    return { kind: "segment", index: this.from + row - k };
  }

  /** The row of a segment; `null` when it is not in the list. */
  rowOf(index: number): number | null {
    if (index < this.from || index >= this.to) return null;
    // Calls in front of it: those whose slot is at most its index.
    let low = 0;
    let high = this.#callRows.length;
    while (low < high) {
      const mid = (low + high) >>> 1;
      if (this.#callRows[mid]! - mid <= index - this.from) low = mid + 1;
      else high = mid;
    }
    return index - this.from + low;
  }

  /** The row of a call; `null` when it is not in the list. */
  rowOfCall(rung: number): number | null {
    return this.#callRows[rung - this.#firstCall] ?? null;
  }
}

/** Index of a frame's segment; -1 when the ladder has none. */
export function segmentOfFrame({ frame }: Ladder, wanted: number): number {
  const at = lowerBound(frame, wanted);
  return frame[at] === wanted ? at : -1;
}
