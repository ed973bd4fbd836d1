/**
 * How far from its time an event may be.
 *
 * @module
 */

/** From the script's options. */
export interface Tolerance {
  readonly ns: number;
  /** Part of the time since the event before that is allowed too: 0.125 is an eighth. */
  readonly ratio: number;
}

/** Whether `actualNs` is in `[fromNs, toNs]`, both ends widened; `beforeNs`: the event before. */
export function isOnTime(
  actualNs: number,
  fromNs: number,
  toNs: number,
  beforeNs: number,
  tolerance: Tolerance,
): boolean {
  const slack = (end: number): number =>
    Math.max(tolerance.ns, tolerance.ratio * Math.max(0, end - beforeNs));
  if (actualNs < fromNs - slack(fromNs)) return false;
  return toNs === Infinity || actualNs <= toNs + slack(toNs);
}

/** Nanoseconds as seconds with microseconds: `0.250000`. */
export function showSeconds(ns: number): string {
  return (ns / 1e9).toFixed(6);
}
