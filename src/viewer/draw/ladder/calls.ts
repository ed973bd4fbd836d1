/**
 * The application's calls, outside the two ends.
 *
 * @module
 */
import type { Lang } from "../../../base/lang.ts";
import { callLabels } from "../../model/ladder-words.ts";
import type { Ladder } from "../../model/ladder.ts";
import { cutTo, fitting, type Shape } from "../shape.ts";
import { type Columns, HEAD, type Heights } from "./layout.ts";

const SIZE = 11;
const MAX_CALLS = 600;
/** Pixels under the head, in a narrow picture: the state's name is beside the band there, words of calls stand below it. */
const UNDER_NAME = 27;
/** Pixels under the head: words of a call that is higher would lie on those of the next row. */
const SCROLLED_OUT = 6;

/** Where a call is seen. */
interface SeenCall {
  /** Its place in `ladder.rungs`. */
  readonly rung: number;
  readonly y: number;
  readonly hasWords: boolean;
}

/** Calls that are seen; where two would lie over each other in true time the later one has no words. */
export function seenCalls(ladder: Ladder, columns: Columns, heights: Heights): SeenCall[] {
  const seen: SeenCall[] = [];
  const below = [-Infinity, -Infinity];
  const [from, to] = heights.calls;
  for (let rung = from; rung < Math.min(to, from + MAX_CALLS); rung++) {
    const { end } = ladder.calls[ladder.rungs[rung]!.call]!;
    const y = heights.ofCall(rung);
    // Narrow and in true time there is no room that arrows do not cross.
    const hasWords = y - below[end]! >= SIZE + 2 && !(columns.isNarrow && heights.row === null);
    if (hasWords) below[end] = y;
    seen.push({ rung, y, hasWords });
  }
  return seen;
}

/** Their shapes; `pointed` is the call that is looked at, -1: none. */
export function callShapes(
  ladder: Ladder,
  columns: Columns,
  heights: Heights,
  lang: Lang,
  pointed: number,
): Shape[] {
  return seenCalls(ladder, columns, heights).flatMap(({ rung, y, hasWords }): Shape[] => {
    const { call } = ladder.rungs[rung]!;
    const { end, error } = ladder.calls[call]!;
    const isStrong = call === pointed;
    const out = end === 0 ? -1 : 1;
    const tick: Shape = {
      kind: "path",
      d: `M${columns.outer[end] + out * 8} ${y}h${-out * 8}`,
      stroke: error !== null ? "bad" : isStrong ? "accent" : "ink-3",
      width: isStrong ? 3 : 1.5,
    };
    const isScrolledOut = columns.isNarrow && y < HEAD + SCROLLED_OUT;
    return hasWords && !isScrolledOut
      ? [tick, labelOf(ladder, rung, columns, y, lang, isStrong)]
      : [tick];
  });
}

function labelOf(
  ladder: Ladder,
  rung: number,
  columns: Columns,
  y: number,
  lang: Lang,
  isStrong: boolean,
): Shape {
  const { end, error } = ladder.calls[ladder.rungs[rung]!.call]!;
  const { isNarrow, lane, outer, inner } = columns;
  const labels = callLabels(ladder, ladder.rungs[rung]!, lang);
  // In a narrow picture calls have a row of their own, between the ends.
  const room = isNarrow ? inner[1] - inner[0] - 16 : lane - 14;
  // What went wrong is said as far as it goes.
  const wanted = error !== null ? labels.slice(0, 1) : labels;
  const words = fitting(wanted, room, SIZE) ?? cutTo(wanted.at(-1)!, room, SIZE);
  const inward = isNarrow ? -1 : 1;
  const x = isNarrow ? inner[end] + (end === 0 ? 8 : -8) : outer[end] + (end === 0 ? -11 : 11);
  const anchor = (end === 0 ? inward : -inward) === 1 ? "end" : "start";
  return {
    kind: "text",
    x,
    y: isNarrow ? Math.max(y + 4, HEAD + UNDER_NAME) : y + 4,
    text: words,
    size: SIZE,
    mono: true,
    anchor,
    fill: error === null ? "ink" : "bad",
    bold: isStrong,
    halo: true,
  };
}
