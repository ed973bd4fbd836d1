/**
 * Paints a graph: axes, series, marks. Knows only its {@link Pen}.
 *
 * @module
 */
import type { Graph, GraphKind, GraphSeries, SeriesName } from "../../model/graph/graph.ts";
import { marksOf, type Mark } from "../../model/marks.ts";
import { Flag } from "../../../wire/tcp.ts";
import { type Palette, type Pen, Rects } from "./pen.ts";
import { Scale, type View } from "./scale.ts";
import { GRAPHS, STYLES } from "./style.ts";
import { paintSteps } from "./steps.ts";
import { labelBy, type Tick, ticks } from "./ticks.ts";

const LETTERS = 11;

/** Marks lie in a grid of this many pixels, one in each place. */
const MARK_GRID = 15;
/** A wider grid where there are more marks than that: not all of the picture should be marks. */
const MANY_MARKS = 300;
const WIDE_GRID = 48;
const MAX_MARKS = 600;

const rects = new Rects();

/** All of it. */
export function paintGraph(pen: Pen, graph: Graph, view: View, palette: Palette): void {
  const scale = new Scale(view);
  paintAxes(pen, graph, view, scale, palette);
  const { box } = scale;
  const shown = graph.series.filter(({ name }) => !view.hidden.includes(name));
  pen.clip(box.left, box.top, box.width, box.height);
  for (const series of inOrder(shown)) paintSeries(pen, series, scale, palette);
  paintSelected(pen, view, scale, palette);
  const taken = new Set<number>();
  for (const series of shown) {
    if (STYLES[series.name].isMarked) paintMarks(pen, series, scale, palette, taken);
  }
  pen.unclip();
  paintBeyond(pen, graph.kind, shown, view, scale, palette);
}

/** What was sent again lies on top of the data, but not where a column of pixels holds many: all would seem to be. */
function inOrder(shown: readonly GraphSeries[]): readonly GraphSeries[] {
  const isDense = shown.some(({ name, isExact }) => name === "data" && !isExact);
  const below = isDense ? shown.filter(({ name }) => name === "again" || name === "late") : [];
  return [...below, ...shown.filter((one) => !below.includes(one))];
}

function paintAxes(pen: Pen, graph: Graph, view: View, scale: Scale, palette: Palette): void {
  const { box } = scale;
  const { axis, unit } = GRAPHS[graph.kind];
  const across = ticks(...view.times, box.width / 110, "ns");
  const up = ticks(...view.values, box.height / 44, unit);
  for (const { value } of up) rects.add(box.left, Math.round(scale.y(value)), box.width, 1);
  for (const { value } of across) rects.add(Math.round(scale.x(value)), box.top, 1, box.height);
  rects.drawWith(pen, palette.line);
  rects.add(box.left, box.top + box.height, box.width, 1);
  rects.drawWith(pen, palette.quiet);
  const letters = { color: palette.quiet, size: LETTERS } as const;
  const label = (tick: Tick, x: number, y: number, anchor: "middle" | "end"): void =>
    pen.words(tick.label, x, y, { ...letters, anchor });
  for (const tick of up) label(tick, box.left - 8, scale.y(tick.value) + 4, "end");
  for (const tick of across) {
    // The words of the first and the last would hang over the border.
    const x = Math.min(Math.max(scale.x(tick.value), box.left + 16), box.left + box.width - 22);
    label(tick, x, box.top + box.height + 17, "middle");
  }
  pen.words(axis[view.lang], 10, 16, { ...letters, anchor: "start" });
}

function paintSeries(pen: Pen, series: GraphSeries, scale: Scale, palette: Palette): void {
  const style = STYLES[series.name];
  const color = palette.series[style.color - 1];
  if (color === undefined) return;
  if (series.shape === "steps") {
    paintSteps(pen, series, scale, color, rects);
    return;
  }
  const { x, lo, hi } = series;
  const least = series.shape === "points" ? style.width : 2;
  for (let i = 0; i < x.length; i++) {
    const [top, bottom] = [scale.y(hi[i]!), scale.y(lo[i]!)];
    const high = Math.max(least, bottom - top);
    const y = series.shape === "points" ? (top + bottom - high) / 2 : bottom - high;
    rects.add(Math.round(scale.x(x[i]!) - style.width / 2), y, style.width, high);
  }
  rects.drawWith(pen, color, style.opacity ?? 1);
}

/** What letter and shape a segment has: its verdict's, or its flag's. */
export function markOfPoint(name: SeriesName, bits: number): Mark | null {
  if (name !== "control") return marksOf(bits)[0] ?? null;
  const [letter, tone] =
    (bits & Flag.RST) !== 0
      ? ["×", "bad" as const]
      : [(bits & Flag.SYN) !== 0 ? "S" : "F", "note" as const];
  return { name: "reused_ports", letter, shape: "square", tone, label: STYLES.control.label };
}

function paintMarks(
  pen: Pen,
  { name, x, lo, hi, bits, seen }: GraphSeries,
  scale: Scale,
  palette: Palette,
  taken: Set<number>,
): void {
  const { box } = scale;
  const grid = seen > MANY_MARKS ? WIDE_GRID : MARK_GRID;
  for (let i = 0; i < x.length && taken.size < MAX_MARKS; i++) {
    const px = scale.x(x[i]!);
    const py = scale.y(name === "again" || name === "late" ? lo[i]! : hi[i]!);
    if (px < box.left - 8 || px > box.left + box.width + 8) continue;
    // At the lower border a mark is kept whole, but not one whose segment lies below.
    if (py > box.top + box.height + 8) continue;
    // Bars carry it below, acknowledgements above: so that both can be seen.
    const y = Math.min(
      py + (name === "sign" ? -10 : name === "control" ? 0 : 10),
      box.top + box.height - 8,
    );
    if (y < box.top - 8) continue;
    const place = Math.floor(px / grid) * 4096 + Math.floor(y / grid);
    if (taken.has(place)) continue;
    taken.add(place);
    const mark = markOfPoint(name, bits[i]!);
    if (mark !== null) pen.mark(px, y, mark, palette[mark.tone]);
  }
}

function paintSelected(pen: Pen, view: View, scale: Scale, palette: Palette): void {
  const { selectedAt } = view;
  if (selectedAt === null) return;
  const { box } = scale;
  const x = Math.round(scale.x(selectedAt.time));
  if (x < box.left || x > box.left + box.width) return;
  rects.add(x, box.top, 1, box.height);
  rects.drawWith(pen, palette.accent, 0.8);
  for (const { lo, hi, series } of view.selected) {
    if (view.hidden.includes(series)) continue;
    const [top, bottom] = [scale.y(hi) - 5, scale.y(lo) + 5];
    rects.add(x - 5, top, 11, 2);
    rects.add(x - 5, bottom - 2, 11, 2);
    rects.add(x - 5, top, 2, bottom - top);
    rects.add(x + 4, top, 2, bottom - top);
  }
  rects.drawWith(pen, palette.accent);
  const isLate = x > box.left + box.width - 60;
  pen.words(`#${selectedAt.frame}`, isLate ? x - 4 : x + 5, box.top + 12, {
    color: palette.accent,
    size: LETTERS,
    anchor: isLate ? "end" : "start",
    isBold: true,
  });
}

/** Lines that are above the picture all along are named there. */
function paintBeyond(
  pen: Pen,
  kind: GraphKind,
  shown: readonly GraphSeries[],
  view: View,
  { box }: Scale,
  palette: Palette,
): void {
  const beyond: string[] = [];
  for (const { name, x, lo, end } of shown) {
    const { isLimit = false, label } = STYLES[name];
    if (!isLimit || x.length === 0) continue;
    let least = Infinity;
    for (let i = 0; i < x.length && x[i]! <= view.times[1]; i++) {
      if (x[i]! >= view.times[0]) least = Math.min(least, lo[i]!);
      else if ((x[i + 1] ?? Infinity) > view.times[0]) least = Math.min(least, end[i]!);
    }
    if (least === Infinity || least <= view.values[1]) continue;
    const { unit } = GRAPHS[kind];
    beyond.push(`↑ ${label[view.lang]} ≥ ${labelBy(least, least / 100, unit)(least)}`);
  }
  if (beyond.length === 0) return;
  pen.words(beyond.join("   "), box.left + box.width, 16, {
    color: palette.quiet,
    size: LETTERS,
    anchor: "end",
  });
}
