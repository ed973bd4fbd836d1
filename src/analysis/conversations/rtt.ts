/**
 * Round-trip times of many directions in little memory: the least and the
 * greatest exactly, the first {@link RTT_EXACT} each, and from then on a
 * histogram whose classes are an eighth of an octave wide or less.
 *
 * A percentile is exact up to {@link RTT_EXACT} samples; above, it is wrong by
 * 6 % at most, or by 64 ns.
 *
 * @module
 */
import { CounterBlocks } from "./counter-blocks.ts";

/** Samples that are kept as they are. */
export const RTT_EXACT = 8;

/** Nanoseconds of a class below one microsecond; the greatest class is at 137 s. */
const UNIT_NS = 64;
const MOST_UNITS = 2 ** 31 - 1;
/** Classes of an octave: 2^3. */
const SUB_BITS = 3;
const SUBS = 1 << SUB_BITS;
const CLASSES = (31 - SUB_BITS) * SUBS + SUBS;

/** Number of the class of a round-trip time. */
function classOf(ns: number): number {
  const units = ns >= UNIT_NS * MOST_UNITS ? MOST_UNITS : (ns / UNIT_NS) | 0;
  if (units < SUBS) return units;
  const shift = 31 - SUB_BITS - Math.clz32(units);
  return (shift << SUB_BITS) + (units >>> shift);
}

/** The least time of class `c`. */
function startOf(c: number): number {
  if (c < 2 * SUBS) return c * UNIT_NS;
  const shift = (c >>> SUB_BITS) - 1;
  return ((c & (SUBS - 1)) + SUBS) * 2 ** shift * UNIT_NS;
}

/** Histograms of those directions that need one. */
export class RttHistograms {
  readonly #blocks = new CounterBlocks(CLASSES, 16);

  /** Takes an empty histogram: its number, from 1. */
  take(): number {
    return this.#blocks.take();
  }

  add(histogram: number, ns: number): void {
    const { counts } = this.#blocks;
    const at = this.#blocks.at(histogram) + classOf(ns);
    counts[at] = counts[at]! + 1;
  }

  giveBack(histogram: number): void {
    this.#blocks.giveBack(histogram);
  }

  /** The sample of rank `rank`, from 1: the middle of its class. */
  valueAt(histogram: number, rank: number): number {
    const { counts } = this.#blocks;
    const from = this.#blocks.at(histogram);
    let below = 0;
    for (let c = 0; c < CLASSES; c++) {
      below += counts[from + c]!;
      if (below >= rank) return (startOf(c) + startOf(c + 1)) / 2;
    }
    return startOf(CLASSES);
  }
}

/** Rank of a percentile among `count` samples: the nearest one, from 1. */
export function rankOf(share: number, count: number): number {
  return Math.max(1, Math.ceil(share * count));
}
