/**
 * The part of a graph that is looked at, along one axis.
 *
 * @module
 */

/** From, to. */
export type Span = readonly [number, number];

/** Wider or narrower by `factor`; what is at the share `at` of it stays where it is. */
export function zoomed([from, to]: Span, factor: number, at: number): Span {
  const middle = from + (to - from) * at;
  return [middle - (middle - from) * factor, middle + (to - middle) * factor];
}

/** Moved by a share of itself. */
export function panned([from, to]: Span, share: number): Span {
  const by = (to - from) * share;
  return [from + by, to + by];
}

/** Within `limits`, and not narrower than `least`: moved where it can be, else cut. */
export function within([from, to]: Span, [first, last]: Span, least: number): Span {
  const width = Math.min(Math.max(to - from, least), Math.max(last - first, least));
  const middle = (from + to) / 2;
  const start = Math.min(Math.max(middle - width / 2, first), Math.max(first, last - width));
  return [start, start + width];
}

/** With some room around it; one value gets room too. */
export function widened([from, to]: Span, share: number, least: number): Span {
  const by = Math.max((to - from) * share, least);
  return [from - by, to + by];
}
