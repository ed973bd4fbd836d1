/**
 * Disjoint ranges of sequence numbers in order: what the receiver holds
 * behind a hole, and what the sender knows to be held there.
 *
 * @module
 */
import { seqDiff, seqLeq, seqLt, type SeqNum } from "../../wire/seqnum.ts";

/** `[left, right)`, never empty, never touching the next. */
export interface SeqRange {
  left: SeqNum;
  right: SeqNum;
  /** Grows with each change, over all ranges: the newest has the largest. */
  stamp: number;
}

/** What all empty lists are, so that an idle connection has none: never changed. */
const NONE: SeqRange[] = [];

/** A sorted list of at most `limit` ranges. */
export class SeqRanges {
  /** Not for others to change. */
  list: SeqRange[] = NONE;
  /** Numbers in all ranges together. */
  total = 0;
  readonly #limit: number;
  #stamp = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Index of the first range that ends at `seq` or behind it. */
  #find(seq: SeqNum): number {
    let low = 0;
    let high = this.list.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (seqLt(this.list[middle]!.right, seq)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Adds `[left, right)`: how many numbers were not in it before, or -1 when there is no place for one more range. */
  add(left: SeqNum, right: SeqNum): number {
    const first = this.#find(left);
    let end = first;
    const merged: SeqRange = { left, right, stamp: ++this.#stamp };
    let known = 0;
    for (; end < this.list.length && seqLeq(this.list[end]!.left, right); end++) {
      const range = this.list[end]!;
      known += seqDiff(range.right, range.left);
      if (seqLt(range.left, merged.left)) merged.left = range.left;
      if (seqLt(merged.right, range.right)) merged.right = range.right;
    }
    if (end === first && this.list.length >= this.#limit) return -1;
    if (this.list === NONE) this.list = [merged];
    else this.list.splice(first, end - first, merged);
    const added = seqDiff(merged.right, merged.left) - known;
    this.total += added;
    return added;
  }

  /** Calls `gap` for each part of `[left, right)` that is in no range, in order. */
  gaps(left: SeqNum, right: SeqNum, gap: (left: SeqNum, right: SeqNum) => void): void {
    let at = left;
    for (let i = this.#find(left); i < this.list.length; i++) {
      const range = this.list[i]!;
      if (!seqLt(range.left, right)) break;
      if (seqLt(at, range.left)) gap(at, range.left);
      if (seqLt(at, range.right)) at = range.right;
    }
    if (seqLt(at, right)) gap(at, right);
  }

  /** Forgets all before `seq`. */
  dropBelow(seq: SeqNum): void {
    let n = 0;
    while (n < this.list.length && seqLeq(this.list[n]!.right, seq)) {
      this.total -= seqDiff(this.list[n]!.right, this.list[n]!.left);
      n++;
    }
    if (n === this.list.length) return this.clear();
    if (n > 0) this.list.splice(0, n);
    const first = this.list[0];
    if (first === undefined || !seqLt(first.left, seq)) return;
    this.total -= seqDiff(seq, first.left);
    first.left = seq;
  }

  /** How many numbers of `[left, right)` are in it. */
  within(left: SeqNum, right: SeqNum): number {
    let count = 0;
    for (let i = this.#find(left); i < this.list.length; i++) {
      const range = this.list[i]!;
      if (!seqLt(range.left, right)) break;
      const from = seqLt(range.left, left) ? left : range.left;
      const to = seqLt(right, range.right) ? right : range.right;
      if (seqLt(from, to)) count += seqDiff(to, from);
    }
    return count;
  }

  /** The range that `seq` is in, or the first behind it; `null`: there is none. */
  at(seq: SeqNum): SeqRange | null {
    let i = this.#find(seq);
    if (i < this.list.length && this.list[i]!.right === seq) i++;
    return this.list[i] ?? null;
  }

  clear(): void {
    this.list = NONE;
    this.total = 0;
  }
}
