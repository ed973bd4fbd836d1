/**
 * How many segments of a direction have each verdict. Most directions have
 * none: only the others take a block of counters.
 *
 * @module
 */
import { VERDICTS } from "../verdicts/verdict.ts";

const COUNTERS = VERDICTS.length;

/** Blocks of counters, one after the other in one array; those given back are used again. */
export class VerdictCounts {
  #counts = new Uint32Array(0);
  #made = 0;
  readonly #free: number[] = [];

  /** Takes a block of zeros: its number, from 1. */
  take(): number {
    const free = this.#free.pop();
    if (free !== undefined) return free;
    const at = this.#made++ * COUNTERS;
    if (at >= this.#counts.length) {
      const old = this.#counts;
      this.#counts = new Uint32Array(Math.max(64 * COUNTERS, old.length * 2));
      this.#counts.set(old);
    }
    return this.#made;
  }

  /** Counts the verdicts that are bits of `bits`. */
  add(block: number, bits: number): void {
    const at = (block - 1) * COUNTERS;
    for (let left = bits; left !== 0; left &= left - 1) {
      const n = at + 31 - Math.clz32(left & -left);
      this.#counts[n] = this.#counts[n]! + 1;
    }
  }

  /** Segments with verdict `n` of `VERDICTS`. */
  of(block: number, n: number): number {
    return this.#counts[(block - 1) * COUNTERS + n]!;
  }

  giveBack(block: number): void {
    this.#counts.fill(0, (block - 1) * COUNTERS, block * COUNTERS);
    this.#free.push(block);
  }
}
