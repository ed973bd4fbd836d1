/**
 * How many segments of a direction have each verdict. Most directions have
 * none: only the others take a block of counters.
 *
 * @module
 */
import { VERDICTS } from "../verdicts/verdict.ts";
import { CounterBlocks } from "./counter-blocks.ts";

const COUNTERS = VERDICTS.length;

/** See the module. */
export class VerdictCounts {
  readonly #blocks = new CounterBlocks(COUNTERS, 64);

  /** Takes a block of zeros: its number, from 1. */
  take(): number {
    return this.#blocks.take();
  }

  /** Counts the verdicts that are bits of `bits`. */
  add(block: number, bits: number): void {
    const { counts } = this.#blocks;
    const at = this.#blocks.at(block);
    for (let left = bits; left !== 0; left &= left - 1) {
      const n = at + 31 - Math.clz32(left & -left);
      counts[n] = counts[n]! + 1;
    }
  }

  /** Segments with verdict `n` of `VERDICTS`. */
  of(block: number, n: number): number {
    return this.#blocks.counts[this.#blocks.at(block) + n]!;
  }

  giveBack(block: number): void {
    this.#blocks.giveBack(block);
  }
}
