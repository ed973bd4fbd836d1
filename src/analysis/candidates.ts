/**
 * The streams that a connection of the program may be, in their order, given
 * away one by one. Whatever is asked costs the logarithm of their number: a
 * hostile recording has twenty thousand connections on one pair of ports.
 *
 * @module
 */

/** Streams between the same endpoints, by the time of their first segment. */
export class Candidates {
  readonly #streams: readonly number[];
  /** Starts in nanoseconds, made to rise: where the clock was set back, the latest before counts. */
  readonly #starts: Float64Array;
  readonly #isTaken: (stream: number) => boolean;
  /** For a stream that is taken, an index behind it, or before it, from which to look on. */
  readonly #newer: Int32Array;
  readonly #older: Int32Array;

  /** @param isTaken Once true for a stream, it stays true. */
  constructor(
    streams: readonly number[],
    startOf: (stream: number) => number,
    isTaken: (stream: number) => boolean,
  ) {
    let latest = -Infinity;
    this.#streams = streams;
    this.#starts = Float64Array.from(streams, (s) => (latest = Math.max(latest, startOf(s))));
    this.#isTaken = isTaken;
    this.#newer = Int32Array.from(streams, (_, i) => i + 1);
    this.#older = Int32Array.from(streams, (_, i) => i - 1);
  }

  /** The last that is free and started at `time` or before; `null` for none. */
  newestUntil(time: number): number | null {
    const at = this.#free(this.#older, this.#countBefore(time, true) - 1);
    return this.#streams[at] ?? null;
  }

  /** The first that is free and started from `begin` to `end`; `null` for none. */
  oldestWithin(begin: number, end: number): number | null {
    const at = this.#free(this.#newer, this.#countBefore(begin, false));
    return at < this.#streams.length && this.#starts[at]! <= end ? this.#streams[at]! : null;
  }

  /** The first index along `next` that is free, from `at`; the way there is made short for the next time. */
  #free(next: Int32Array, at: number): number {
    const isTakenAt = (i: number): boolean => {
      const stream = this.#streams[i];
      return stream !== undefined && this.#isTaken(stream);
    };
    let found = at;
    while (isTakenAt(found)) found = next[found]!;
    for (let i = at; i !== found;) {
      const following = next[i]!;
      next[i] = found;
      i = following;
    }
    return found;
  }

  /** How many started before `time`, or at it as well. */
  #countBefore(time: number, orAt: boolean): number {
    let low = 0;
    let high = this.#starts.length;
    while (low < high) {
      const mid = (low + high) >>> 1;
      const start = this.#starts[mid]!;
      if (start < time || (orAt && start === time)) low = mid + 1;
      else high = mid;
    }
    return low;
  }
}
