/**
 * Blocks of counters for those rows that need some: one after the other in one
 * array; those given back are used again.
 *
 * @module
 */

/** See the module. */
export class CounterBlocks {
  /** Replaced when it grows. */
  counts: Uint32Array = new Uint32Array(0);
  readonly #size: number;
  readonly #first: number;
  #made = 0;
  readonly #free: number[] = [];

  /** Of `size` counters each; there is room for `first` blocks to begin with. */
  constructor(size: number, first: number) {
    this.#size = size;
    this.#first = first;
  }

  /** Takes a block of zeros: its number, from 1. */
  take(): number {
    const free = this.#free.pop();
    if (free !== undefined) return free;
    const at = this.#made++ * this.#size;
    if (at >= this.counts.length) {
      const old = this.counts;
      this.counts = new Uint32Array(Math.max(this.#first * this.#size, old.length * 2));
      this.counts.set(old);
    }
    return this.#made;
  }

  /** Where block `number` begins in {@link counts}. */
  at(number: number): number {
    return (number - 1) * this.#size;
  }

  giveBack(number: number): void {
    this.counts.fill(0, this.at(number), this.at(number + 1));
    this.#free.push(number);
  }
}
