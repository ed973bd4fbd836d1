/**
 * Payload per second, over bins of any length: sums before every 16th segment, so that a bin costs two
 * look-ups.
 *
 * @module
 */
import { Holes } from "../../../analysis/conversations/holes.ts";
import type { Row } from "../../../trace/table.ts";
import type { GraphSeries, SeriesName } from "./graph.ts";
import { Track } from "./track.ts";

/** Pixels of a bin, about. */
const BIN_COLUMNS = 5;
/** Bins of a picture. */
const MAX_BINS = 4096;
/** Shortest bin: in less, a segment's own length would be all that counts. */
const LEAST_BIN_NS = 1000;
/** Segments between two sums. */
const BLOCK = 16;
/** Nothing is so far from where the SYN began that it belongs to it. */
const FAR = 2 ** 30;
/** The only direction that is looked at. */
const FLOW = 0;

/** See the module. `throughput` counts all payload, `goodput` each byte once, when it first passes. */
export class Rates {
  /** A point for each data segment: `lo` is its bytes that had not passed before, `size` all of them. */
  readonly #segments: Track;
  readonly #holes = new Holes();
  /** The number after the highest byte seen; `null` before the first. */
  #next: number | null = null;
  #summed = 0;
  #sums: readonly [Float64Array, Float64Array] = [new Float64Array(1), new Float64Array(1)];

  /** @param room Segments that there may be. */
  constructor(room: number) {
    this.#segments = new Track("throughput", "bars", room);
  }

  /** A SYN says where the bytes begin: what comes before them out of order is new all the same. */
  begin(at: number): void {
    if (this.length === 0) this.#next = at;
  }

  /** Takes a segment with `len` bytes from `at`. */
  add(time: Float64Array, row: Row, at: number, len: number): void {
    if (len > 0) this.#segments.add(time, row, this.#fresh(at, at + len), len);
  }

  /** All segments so far are taken. */
  settle(time: Float64Array): void {
    this.#segments.settle(time);
    const { length, lo, size } = this.#segments;
    if (length === this.#summed) return;
    this.#summed = length;
    const blocks = Math.floor(length / BLOCK) + 1;
    const [sent, fresh] = [new Float64Array(blocks), new Float64Array(blocks)];
    for (let block = 1; block < blocks; block++) {
      let [all, once] = [sent[block - 1]!, fresh[block - 1]!];
      for (let i = (block - 1) * BLOCK; i < block * BLOCK; i++) {
        all += size![i]!;
        once += lo[i]!;
      }
      sent[block] = all;
      fresh[block] = once;
    }
    this.#sums = [sent, fresh];
  }

  /** Data segments. */
  get length(): number {
    return this.#segments.length;
  }

  /** Payload altogether: of all segments, and each byte once. */
  get totals(): readonly [number, number] {
    return [this.#before(0, this.length), this.#before(1, this.length)];
  }

  /** Length of a bin when `columns` pixels show `spanNs`: 1, 2 or 5 and noughts. */
  static binNs(spanNs: number, columns: number): number {
    const least = Math.max(LEAST_BIN_NS, (spanNs / columns) * BIN_COLUMNS, spanNs / MAX_BINS);
    const ten = 10 ** Math.floor(Math.log10(least));
    return [1, 2, 5, 10].map((n) => n * ten).find((n) => n >= least * 0.999) ?? least;
  }

  /** Both rates, in bits per second, in bins that begin at multiples of `binNs`; a step at each change. */
  cut([from, to]: readonly [number, number], binNs: number): readonly GraphSeries[] {
    const first = Math.floor(from / binNs);
    const last = Math.min(first + MAX_BINS + 2, Math.floor(to / binNs));
    const borders = Uint32Array.from({ length: last - first + 2 }, (_, i) =>
      this.#segments.firstAt((first + i) * binNs),
    );
    return (["throughput", "goodput"] as const).map((name, which) =>
      this.#series(name, which === 0 ? 0 : 1, first, borders, binNs),
    );
  }

  #series(
    name: SeriesName,
    which: 0 | 1,
    first: number,
    borders: Uint32Array,
    binNs: number,
  ): GraphSeries {
    const n = borders.length - 1;
    const x = Float64Array.from({ length: n }, (_, i) => (first + i) * binNs);
    const lo = Float64Array.from(x, (_, i) => {
      const bytes = this.#before(which, borders[i + 1]!) - this.#before(which, borders[i]!);
      return (bytes * 8e9) / binNs;
    });
    return {
      name,
      shape: "steps",
      total: this.length,
      seen: borders[n]! - borders[0]!,
      isExact: true,
      x,
      lo,
      hi: lo,
      end: lo,
      bits: new Uint32Array(0),
    };
  }

  /** Bytes of the first `count` segments. */
  #before(which: 0 | 1, count: number): number {
    const block = Math.floor(count / BLOCK);
    let sum = this.#sums[which][block]!;
    const bytes = which === 0 ? this.#segments.size! : this.#segments.lo;
    for (let i = block * BLOCK; i < count; i++) sum += bytes[i]!;
    return sum;
  }

  /** How many bytes of `[at, end)` pass for the first time. */
  #fresh(at: number, end: number): number {
    const isElsewhere = this.length === 0 && Math.abs(at - (this.#next ?? at)) > FAR;
    const next = isElsewhere ? null : this.#next;
    if (next === null || at >= next) {
      if (next !== null && at > next) this.#holes.add(FLOW, next >>> 0, at >>> 0);
      this.#next = end;
      return end - at;
    }
    const filled = this.#holes.fill(FLOW, at >>> 0, Math.min(end, next) >>> 0);
    this.#next = Math.max(next, end);
    return filled + Math.max(0, end - next);
  }
}
