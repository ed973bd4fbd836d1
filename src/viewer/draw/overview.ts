/**
 * The picture of all conversations over time, as SVG paths in a box of `width` by `height`.
 *
 * @module
 */
import type { Overview } from "../model/overview.ts";

/** Bars on the ground line, the greatest of `of` as high as the box; what is not 0 is seen. */
export function bars(
  values: ArrayLike<number>,
  of: ArrayLike<number>,
  width: number,
  height: number,
): string {
  let most = 1;
  for (let i = 0; i < of.length; i++) most = Math.max(most, of[i]!);
  const step = width / values.length;
  let path = "";
  for (let i = 0; i < values.length; i++) {
    if (values[i] === 0) continue;
    const high = Math.max(1.5, (values[i]! / most) * height);
    path += `M${round(i * step)} ${height}v${round(-high)}h${round(step)}v${round(high)}z`;
  }
  return path;
}

/** Pixels between the lines of two conversations. */
const LANE = 5;
/** Pixels of a conversation that was over at once. */
const LEAST = 3;

/** Height of all lines. */
export function livesHeight({ lanes }: Pick<Overview, "lanes">): number {
  return Math.max(1, lanes) * LANE + 2;
}

/** The lives of which `isIn` says so, one line each. */
export function lives(overview: Overview, width: number, isIn: (i: number) => boolean): string {
  const { span, start, end, lane } = overview;
  const perNs = width / Math.max(1, span[1] - span[0]);
  let path = "";
  for (let i = 0; i < start.length; i++) {
    if (!isIn(i)) continue;
    const wide = Math.max(LEAST, (end[i]! - start[i]!) * perNs);
    const x = Math.min((start[i]! - span[0]) * perNs, width - wide);
    path += `M${round(x)} ${lane[i]! * LANE + 2}h${round(wide)}v3h${round(-wide)}z`;
  }
  return path;
}

/** The conversation whose line is at `x`, `y`; `null`: none is near. */
export function lifeAt(overview: Overview, width: number, x: number, y: number): number | null {
  const { span, start, end, lane, stream } = overview;
  const perNs = width / Math.max(1, span[1] - span[0]);
  const wanted = Math.floor((y - 1) / LANE);
  let found: number | null = null;
  let least = LEAST * 2;
  for (let i = 0; i < start.length; i++) {
    if (lane[i] !== wanted) continue;
    const [from, to] = [(start[i]! - span[0]) * perNs, (end[i]! - span[0]) * perNs];
    const away = x < from ? from - x : x > to ? x - to : 0;
    if (away < least) [found, least] = [stream[i]!, away];
  }
  return found;
}

const round = (n: number): number => Math.round(n * 100) / 100;
