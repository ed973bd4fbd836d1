/**
 * A series in full: its points in the order of time, 12 to 17 bytes each. Times are not copied:
 * a point names the row that has its time.
 *
 * @module
 */
import type { Row } from "../../../trace/table.ts";
import type { GraphSeries, SeriesName, SeriesShape } from "./graph.ts";
import { Pyramid } from "./pyramid.ts";

/** Points of a picture for each column of pixels, up to which each is in it. */
const EXACT_SHARE = 2;

const LEAST_ROOM = 64;

/** See the module. Say {@link settle} after points were added. */
export class Track {
  readonly name: SeriesName;
  readonly shape: SeriesShape;
  length = 0;
  /** Rows of the table with the times. */
  rows: Uint32Array;
  lo: Float64Array;
  /** Of bars: bytes from `lo` to the upper end. */
  size: Uint32Array | null;
  #time: Float64Array = new Float64Array(0);
  #isSorted = true;
  readonly #pyramid = new Pyramid();

  /** @param room Points that there may be: memory that is not written to is not taken. */
  constructor(name: SeriesName, shape: SeriesShape, room: number = LEAST_ROOM) {
    this.name = name;
    this.shape = shape;
    const length = Math.max(LEAST_ROOM, room);
    this.rows = new Uint32Array(length);
    this.lo = new Float64Array(length);
    this.size = shape === "bars" ? new Uint32Array(length) : null;
  }

  /** `time` of `row` is compared with that of the point before. */
  add(time: Float64Array, row: Row, lo: number, size: number = 0): void {
    const i = this.length;
    if (i === this.rows.length) this.#grow();
    if (i > 0 && time[row]! < time[this.rows[i - 1]!]!) this.#isSorted = false;
    this.rows[i] = row;
    this.lo[i] = lo;
    if (this.size !== null) this.size[i] = size;
    this.length++;
  }

  /** Puts the points in order; clocks may have gone back. */
  settle(time: Float64Array): void {
    this.#time = time;
    if (!this.#isSorted) this.#sort();
    this.#pyramid.extend(this, this.length);
  }

  timeAt(i: number): number {
    return this.#time[this.rows[i]!]!;
  }

  hiAt(i: number): number {
    return this.lo[i]! + (this.size === null ? 0 : this.size[i]!);
  }

  /** The first point at `time` or later, from `low` on. */
  firstAt(time: number, low: number = 0): number {
    let high = this.length;
    // What comes next is near as a rule.
    for (let step = 16; low + step < high; step *= 4) {
      if (this.timeAt(low + step) >= time) high = low + step;
    }
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.timeAt(middle) < time) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** What can be seen of it from `from` to `to` in `columns` columns; `bits` of the rows when they are marked. */
  cut(
    [from, to]: readonly [number, number],
    columns: number,
    bits: Uint8Array | Uint32Array | null = null,
  ): GraphSeries {
    let first = this.firstAt(from);
    let end = this.firstAt(to, first);
    while (end < this.length && this.timeAt(end) === to) end++;
    const seen = end - first;
    // A step begins before the picture and ends behind it.
    if (this.shape === "steps") {
      first = Math.max(0, first - 1);
      end = Math.min(this.length, end + 1);
    }
    const isExact = end - first <= EXACT_SHARE * columns;
    const starts = isExact
      ? Uint32Array.from({ length: end - first + 1 }, (_, i) => first + i)
      : this.#columnStarts(first, end, (to - from) / columns);
    const n = Math.max(0, starts.length - 1);
    const lo = new Float64Array(n);
    // One array where all three are the same: pictures come and go with every movement.
    const isLevel = isExact && this.size === null;
    const series: GraphSeries = {
      name: this.name,
      shape: this.shape,
      total: this.length,
      seen,
      isExact,
      x: new Float64Array(n),
      lo,
      hi: isLevel ? lo : new Float64Array(n),
      end: isLevel || this.shape !== "steps" ? lo : new Float64Array(n),
      bits: new Uint32Array(bits === null ? 0 : n),
    };
    for (let i = 0; i < n; i++) this.#fill(series, i, starts, bits);
    return series;
  }

  #fill(
    series: GraphSeries,
    i: number,
    starts: Uint32Array,
    bits: Uint8Array | Uint32Array | null,
  ): void {
    const [at, next] = [starts[i]!, starts[i + 1]!];
    this.#pyramid.find(this, at, next);
    series.x[i] = this.timeAt(at);
    series.lo[i] = this.#pyramid.lo;
    series.hi[i] = this.#pyramid.hi;
    if (this.shape === "steps") series.end[i] = this.lo[next - 1]!;
    if (bits !== null) series.bits[i] = bits[this.rows[at]!]!;
  }

  /** Where the points of each column that has some begin; columns lie at multiples of `width`, wherever the picture begins. */
  #columnStarts(first: number, end: number, width: number): Uint32Array {
    const starts: number[] = [];
    for (let at = first; at < end;) {
      starts.push(at);
      const border = (Math.floor(this.timeAt(at) / width) + 1) * width;
      at = Math.min(end, Math.max(at + 1, this.firstAt(border, at)));
    }
    starts.push(end);
    return Uint32Array.from(starts);
  }

  #grow(): void {
    const length = this.rows.length * 2;
    const [rows, lo] = [new Uint32Array(length), new Float64Array(length)];
    rows.set(this.rows);
    lo.set(this.lo);
    this.rows = rows;
    this.lo = lo;
    if (this.size === null) return;
    const size = new Uint32Array(length);
    size.set(this.size);
    this.size = size;
  }

  #sort(): void {
    const time = this.#time;
    const { rows, lo, size } = this;
    const order = Uint32Array.from({ length: this.length }, (_, i) => i);
    order.sort((a, b) => time[rows[a]!]! - time[rows[b]!]! || a - b);
    this.rows = order.map((i) => rows[i]!);
    this.lo = Float64Array.from(order, (i) => lo[i]!);
    if (size !== null) this.size = order.map((i) => size[i]!);
    this.#isSorted = true;
    this.#pyramid.clear();
  }
}
