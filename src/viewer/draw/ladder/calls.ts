/**
 * The application's calls, outside the two ends.
 *
 * @module
 */
import type { Lang } from "../../../base/lang.ts";
import { callLabels } from "../../model/ladder-words.ts";
import type { Ladder } from "../../model/ladder.ts";
import { cutTo, fitting, type Shape } from "../shape.ts";
import type { Columns, Heights } from "./layout.ts";

const SIZE = 11;
const MAX_CALLS = 600;

/** Calls that are seen; where two would lie over each other in true time the later one has no words. */
export function callShapes(
  ladder: Ladder,
  columns: Columns,
  heights: Heights,
  lang: Lang,
): Shape[] {
  const shapes: Shape[] = [];
  const below = [-Infinity, -Infinity];
  const [from, to] = heights.calls;
  for (let i = from; i < Math.min(to, from + MAX_CALLS); i++) {
    const { call } = ladder.rungs[i]!;
    const { end, error } = ladder.calls[call]!;
    const y = heights.ofCall(i);
    const x = columns.outer[end];
    const out = end === 0 ? -1 : 1;
    const ink = error === null ? "ink" : "bad";
    shapes.push({
      kind: "path",
      d: `M${x + out * 8} ${y}h${-out * 8}`,
      stroke: error === null ? "ink-3" : "bad",
      width: 1.5,
    });
    // Narrow and in true time there is no room that arrows do not cross.
    if (y - below[end]! < SIZE + 2 || (columns.isNarrow && heights.row === null)) continue;
    below[end] = y;
    shapes.push(labelOf(ladder, i, columns, y, lang, ink));
  }
  return shapes;
}

function labelOf(
  ladder: Ladder,
  rung: number,
  columns: Columns,
  y: number,
  lang: Lang,
  fill: "ink" | "bad",
): Shape {
  const { end } = ladder.calls[ladder.rungs[rung]!.call]!;
  const { isNarrow, lane, outer, inner } = columns;
  const labels = callLabels(ladder, ladder.rungs[rung]!, lang);
  // In a narrow picture calls have a row of their own, between the ends.
  const room = isNarrow ? inner[1] - inner[0] - 16 : lane - 14;
  // What went wrong is said as far as it goes.
  const wanted = fill === "bad" ? labels.slice(0, 1) : labels;
  const words = fitting(wanted, room, SIZE) ?? cutTo(wanted.at(-1)!, room, SIZE);
  const inward = isNarrow ? -1 : 1;
  const x = isNarrow ? inner[end] + (end === 0 ? 8 : -8) : outer[end] + (end === 0 ? -11 : 11);
  const anchor = (end === 0 ? inward : -inward) === 1 ? "end" : "start";
  return {
    kind: "text",
    x,
    y: y + 4,
    text: words,
    size: SIZE,
    mono: true,
    anchor,
    fill,
    halo: true,
  };
}
