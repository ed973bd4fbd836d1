/**
 * What belongs to the segment that is looked at: the ACK that covers it, the segment whose bytes it carries again, the
 * call that made it.
 *
 * @module
 */
import { linksOf } from "../../model/ladder-links.ts";
import type { Ladder } from "../../model/ladder.ts";
import { type Ink, round, type Shape } from "../shape.ts";
import type { Columns, Heights } from "./layout.ts";

/** Segments of a call that are joined with it. */
const MAX_JOINED = 60;

/** Segments that belong to `index`, itself among them. */
export function linkedTo(ladder: Ladder, index: number): ReadonlySet<number> {
  if (index < 0) return new Set();
  const { ackedBy, acks, original, resentAs } = linksOf(ladder, index);
  const others = [ackedBy, acks, original, resentAs];
  return new Set([index, ...others.filter((other) => other !== -1)]);
}

/** Segments that call `number` made, or that its bytes came in, and those that carried the same again. */
export function linkedToCall(ladder: Ladder, number: number): ReadonlySet<number> {
  const call = ladder.calls[number];
  return new Set([...(call?.segments ?? []), ...(call?.resent ?? [])]);
}

/** Lines of `index` to what belongs to it. */
export function linkShapes(
  ladder: Ladder,
  index: number,
  columns: Columns,
  heights: Heights,
): Shape[] {
  if (index < 0) return [];
  const shapes: Shape[] = [];
  const sender = ladder.dir[index] === 0 ? 0 : 1;
  const receiver = sender === 0 ? 1 : 0;
  const join = (end: 0 | 1, a: number, b: number, ink: Ink, dash?: string): void => {
    const [y1, y2] = [heights.at(a, end), heights.at(b, end)];
    shapes.push(...bow(columns, end, y1, y2, ink, dash));
  };
  const { ackedBy, acks, original, resentAs } = linksOf(ladder, index);
  if (ackedBy !== -1) join(receiver, index, ackedBy, "accent");
  if (acks !== -1) join(sender, acks, index, "accent");
  for (const other of [original, resentAs]) {
    if (other !== -1) join(sender, other, index, "bad", "5 3");
  }
  for (const column of [ladder.madeBy, ladder.takenBy]) {
    shapes.push(...callLinks(ladder, column[index] ?? -1, columns, heights));
  }
  return shapes;
}

/** Lines of a call to its segments, along the outer edge of its end; -1 has none. */
export function callLinks(
  ladder: Ladder,
  number: number,
  columns: Columns,
  heights: Heights,
): Shape[] {
  const call = ladder.calls[number];
  if (call === undefined) return [];
  const { end } = call;
  const [from, to] = heights.calls;
  let rung = -1;
  for (let i = from; i < to; i++) if (ladder.rungs[i]!.call === number) rung = i;
  const ys = [...linkedToCall(ladder, number)].slice(0, MAX_JOINED).map((i) => heights.at(i, end));
  if (rung !== -1) ys.push(heights.ofCall(rung));
  if (ys.length < 2) return [];
  const out = end === 0 ? -5 : 5;
  const x = columns.outer[end];
  const teeth = ys.map((y) => `M${x + out} ${round(y)}h${-out}`).join("");
  const [low, high] = [Math.min(...ys), Math.max(...ys)];
  return [
    {
      kind: "path",
      d: `M${x + out} ${round(low)}V${round(high)}${teeth}`,
      stroke: "accent",
      width: 2,
    },
  ];
}

/** A bow along an end, from one height to another. */
function bow(
  columns: Columns,
  end: 0 | 1,
  y1: number,
  y2: number,
  ink: Ink,
  dash?: string,
): Shape[] {
  const x = columns.inner[end];
  const deep = (columns.isNarrow ? 14 : 26) * (end === 0 ? 1 : -1);
  const d = `M${round(x)} ${round(y1)}C${round(x + deep)} ${round(y1)} ${round(x + deep)} ${round(y2)} ${round(x)} ${round(y2)}`;
  const dot = (y: number): string => `M${round(x - 3)} ${round(y)}a3 3 0 1 0 6 0a3 3 0 1 0 -6 0Z`;
  const paint = dash === undefined ? {} : { dash };
  return [
    { kind: "path", d, stroke: "surface", width: 5, opacity: 0.8 },
    { kind: "path", d, stroke: ink, width: 2, ...paint },
    { kind: "path", d: dot(y1) + dot(y2), fill: ink },
  ];
}

/** The segment nearest to a point, within a few pixels; -1 when none is near. */
export function segmentNear(columns: Columns, heights: Heights, x: number, y: number): number {
  const [left, right] = columns.inner;
  const share = Math.max(0, Math.min(1, (x - left) / (right - left)));
  let best = -1;
  let distance = heights.row === null ? 9 : heights.row / 2 + 2;
  for (let i = heights.segments[0]; i < heights.segments[1]; i++) {
    const at = heights.at(i, 0) + (heights.at(i, 1) - heights.at(i, 0)) * share;
    const d = Math.abs(at - y);
    if (d <= distance) [best, distance] = [i, d];
  }
  return best;
}

/** The call nearest to a point, of `ladder.calls`: in its row, in true time beside its end; -1 when none is near. */
export function callNear(
  ladder: Ladder,
  columns: Columns,
  heights: Heights,
  x: number,
  y: number,
): number {
  const { isNarrow, outer } = columns;
  let best = -1;
  let distance = heights.row === null ? 8 : heights.row / 2;
  for (let i = heights.calls[0]; i < heights.calls[1]; i++) {
    const { call } = ladder.rungs[i]!;
    const { end } = ladder.calls[call]!;
    const out = end === 0 ? outer[0] - x : x - outer[1];
    // In true time what stands between the ends are segments.
    if (heights.row === null && (out < (isNarrow ? -6 : 0) || out > columns.lane)) continue;
    const d = Math.abs(heights.ofCall(i) - y);
    if (d < distance) [best, distance] = [call, d];
  }
  return best;
}
