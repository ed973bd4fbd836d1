/**
 * Which values a picture shows when nobody says which.
 *
 * @module
 */
import type { Span } from "../../model/graph/camera.ts";
import type { Graph, GraphSeries, SeriesName } from "../../model/graph/graph.ts";
import { GRAPHS, STYLES } from "./style.ts";

/** A limit so many times as high as what it limits is still shown. */
const REACH = 1.6;

/** Room above and below. */
const MARGIN = 0.06;

/** Bytes above and below a single value. */
const ALONE = 10;

const isLimit = ({ name }: GraphSeries): boolean => STYLES[name].isLimit ?? false;

/** Those seen between two times; limits only where they are near. */
export function fitValues(graph: Graph, seen: Span, hidden: readonly SeriesName[]): Span {
  const shown = graph.series.filter(({ name, x }) => !hidden.includes(name) && x.length > 0);
  const rest = shown.filter((series) => !isLimit(series));
  const core = extent(rest, seen) ?? extent(shown, seen) ?? [0, 1];
  const { fromZero } = GRAPHS[graph.kind];
  const bottom = fromZero ? 0 : core[0];
  const most = bottom + (core[1] - bottom) * REACH;
  let top = core[1];
  for (const series of shown.filter(isLimit)) {
    const found = extent([series], seen);
    if (found !== null && found[0] <= most) top = Math.max(top, Math.min(most, found[1]));
  }
  const alone = top > bottom ? 0 : Math.max(Math.abs(top) * MARGIN, ALONE);
  const room = Math.max((top - bottom) * MARGIN, alone);
  // Of bytes that were never sent, such as those before the first, there is nothing to see.
  const below = alone > 0 && bottom === 0 ? room * MARGIN : room;
  return [fromZero ? 0 : bottom - below, top + room];
}

function extent(all: readonly GraphSeries[], [from, to]: Span): Span | null {
  let [least, greatest] = [Infinity, -Infinity];
  for (const { x, lo, hi, end, shape } of all) {
    for (let i = 0; i < x.length; i++) {
      if (x[i]! > to) break;
      const isBefore = x[i]! < from;
      // Of a step that began before, what it ended with is seen.
      if (isBefore && (shape !== "steps" || (x[i + 1] ?? Infinity) < from)) continue;
      least = Math.min(least, isBefore ? end[i]! : lo[i]!);
      greatest = Math.max(greatest, isBefore ? end[i]! : hi[i]!);
    }
  }
  return least > greatest ? null : [least, greatest];
}
