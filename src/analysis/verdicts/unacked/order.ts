/**
 * Entries in the order of their ends: a sorted array with room at both ends.
 *
 * ```text
 *            first        first + length
 *              v                v
 *    . . . . . 7 3 9 1 12 4 0 8 . . . .      numbers of entries, by end
 * ```
 *
 * Ends rise nearly always, and the lowest ones go first: both cost one step.
 * What comes in between moves the shorter side, 20 KB at most.
 *
 * @module
 */
import type { SeqNum } from "../../../wire/seqnum.ts";

/** See the module. Ends are ordered as plain numbers; the caller knows where they wrap. */
export class EndOrder {
  length = 0;
  #first = 0;
  #items: Uint16Array;

  constructor(capacity: number) {
    this.#items = new Uint16Array(2 * capacity);
  }

  /** The entry at `position`. */
  at(position: number): number {
    return this.#items[this.#first + position]!;
  }

  clear(): void {
    this.length = this.#first = 0;
  }

  /** Makes room for `capacity` entries. */
  grow(capacity: number): void {
    const items = new Uint16Array(2 * capacity);
    items.set(this.#items.subarray(this.#first, this.#first + this.length));
    this.#items = items;
    this.#first = 0;
  }

  /** The first position whose end is not below `end`; `length` when there is none. */
  lowerBound(ends: Uint32Array, end: SeqNum): number {
    let high = this.length;
    // Nearly always one of the ends: the search is for the rest.
    if (high === 0 || ends[this.at(0)]! >= end) return 0;
    if (ends[this.at(high - 1)]! < end) return high;
    let low = 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (ends[this.at(middle)]! < end) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The first position whose end is beyond `end`. */
  upperBound(ends: Uint32Array, end: SeqNum): number {
    return end === 0xffff_ffff ? this.length : this.lowerBound(ends, end + 1);
  }

  /** Adds `entry` behind all whose ends are not beyond its own; there must be room. */
  insert(ends: Uint32Array, entry: number): void {
    const end = ends[entry]!;
    const { length } = this;
    const isLast = length === 0 || ends[this.at(length - 1)]! <= end;
    const position = isLast ? length : this.upperBound(ends, end);
    this.#open(position);
    this.#items[this.#first + position] = entry;
    this.length = length + 1;
  }

  /** Takes out the entries at `[from, to)`. */
  remove(from: number, to: number): void {
    const items = this.#items;
    const first = this.#first;
    const count = to - from;
    const end = first + this.length;
    if (from <= this.length - to) {
      items.copyWithin(first + count, first, first + from);
      this.#first = first + count;
    } else items.copyWithin(first + from, first + to, end);
    this.length -= count;
    if (this.length === 0) this.#first = 0;
  }

  /** Moves the shorter side to make room at `position`. */
  #open(position: number): void {
    const items = this.#items;
    const { length } = this;
    if (this.#first > 0 && position < length >>> 1) {
      items.copyWithin(this.#first - 1, this.#first, this.#first + position);
      this.#first--;
      return;
    }
    // Half of the array is free: this move comes after as many steps as it costs.
    if (this.#first + length === items.length) {
      const to = (items.length - length) >>> 1;
      items.copyWithin(to, this.#first, this.#first + length);
      this.#first = to;
    }
    const at = this.#first + position;
    items.copyWithin(at + 1, at, this.#first + length);
  }
}
