/**
 * Zooming and panning on time: a range within a whole. Nanoseconds since the first packet.
 *
 * @module
 */

/** From, to. */
export type TimeRange = readonly [number, number];

/** No range is shorter. */
const SHORTEST = 1000;

/** The range is `factor` times as long, around `at`; within `whole`. */
export function zoomed(range: TimeRange, whole: TimeRange, factor: number, at: number): TimeRange {
  const length = Math.max(SHORTEST, (range[1] - range[0]) * factor);
  if (length >= whole[1] - whole[0]) return whole;
  const share = (at - range[0]) / Math.max(1, range[1] - range[0]);
  return within([at - length * share, at + length * (1 - share)], whole);
}

/** The range is moved by `ns`; within `whole`. */
export function panned(range: TimeRange, whole: TimeRange, ns: number): TimeRange {
  return within([range[0] + ns, range[1] + ns], whole);
}

/** The range is moved as little as it takes for `ns` to be well inside of it. */
export function showing(range: TimeRange, whole: TimeRange, ns: number): TimeRange {
  const margin = (range[1] - range[0]) * 0.1;
  if (ns < range[0] + margin) return panned(range, whole, ns - range[0] - margin);
  if (ns > range[1] - margin) return panned(range, whole, ns - range[1] + margin);
  return range;
}

/** As the address holds it: whole nanoseconds; `null` when it is everything. */
export function asRange(range: TimeRange, whole: TimeRange): TimeRange | null {
  const [from, to] = [Math.round(range[0]), Math.round(range[1])];
  return from <= whole[0] && to >= whole[1] ? null : [from, to];
}

function within([from, to]: TimeRange, [first, last]: TimeRange): TimeRange {
  const length = to - from;
  const start = Math.max(first, Math.min(from, last - length));
  return [start, start + length];
}
