/**
 * Least and greatest value of any part of a long column, in a few steps.
 *
 *     level 0   16 values each      |  |  |  |  |  |  |  |
 *     level 1   64                  |           |
 *     level 2   256 …               |
 *
 * One and a half bytes a value.
 *
 * @module
 */

/** Values of a block of the lowest level, and blocks of a level in one above. */
const BLOCK = 16;
const FAN = 4;

interface Level {
  /** Values of a block. */
  readonly size: number;
  lo: Float64Array;
  hi: Float64Array;
}

/** Columns that are looked at; `hi` is `lo` plus `size` where there is one. */
export interface Values {
  readonly lo: Float64Array;
  readonly size: Uint32Array | null;
}

/** See the module. */
export class Pyramid {
  readonly #levels: Level[] = [];
  #length = 0;
  /** What {@link find} found. */
  lo = 0;
  hi = 0;

  /** Takes the first `length` values in; those taken before must not have changed. */
  extend(values: Values, length: number): void {
    const before = this.#length;
    this.#length = length;
    for (let depth = 0, size = BLOCK; size <= length; depth++, size *= FAN) {
      const level = (this.#levels[depth] ??= { size, lo: NONE, hi: NONE });
      const full = Math.floor(length / size);
      if (level.lo.length < full) grow(level, full, depth === 0 ? length : full * size);
      for (let block = Math.floor(before / size); block < full; block++) {
        this.#measure(values, depth, block * size, (block + 1) * size);
        level.lo[block] = this.lo;
        level.hi[block] = this.hi;
      }
    }
  }

  /** Forgets everything. */
  clear(): void {
    this.#levels.length = 0;
    this.#length = 0;
  }

  /** Sets {@link lo} and {@link hi} to those of `[from, to)`; `Infinity` and `-Infinity` when empty. */
  find(values: Values, from: number, to: number): void {
    this.#measure(values, this.#levels.length, from, to);
  }

  /** With the blocks of the levels below `depth`. */
  #measure({ lo, size }: Values, depth: number, from: number, to: number): void {
    let least = Infinity;
    let greatest = -Infinity;
    let at = from;
    while (at < to) {
      const level = this.#blockAt(depth, at, to);
      if (level === null) {
        const value = lo[at]!;
        const high = size === null ? value : value + size[at]!;
        if (value < least) least = value;
        if (high > greatest) greatest = high;
        at++;
        continue;
      }
      const block = at / level.size;
      if (level.lo[block]! < least) least = level.lo[block]!;
      if (level.hi[block]! > greatest) greatest = level.hi[block]!;
      at += level.size;
    }
    this.lo = least;
    this.hi = greatest;
  }

  /** The largest block that begins at `at` and does not pass `to`. */
  #blockAt(depth: number, at: number, to: number): Level | null {
    let found: Level | null = null;
    for (let i = 0; i < depth; i++) {
      const level = this.#levels[i]!;
      if (at % level.size !== 0 || at + level.size > to) break;
      found = level;
    }
    return found;
  }
}

const NONE = new Float64Array(0);

function grow(level: Level, least: number, room: number): void {
  const length = Math.max(least, level.lo.length * 2, Math.ceil(room / level.size));
  const [lo, hi] = [new Float64Array(length), new Float64Array(length)];
  lo.set(level.lo);
  hi.set(level.hi);
  level.lo = lo;
  level.hi = hi;
}
