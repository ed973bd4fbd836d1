/**
 * A ladder as a picture: of what is seen, or of a part of it for a file.
 *
 * @module
 */
import { text, type Lang } from "../../../base/lang.ts";
import { kindOf } from "../../model/ladder-words.ts";
import type { Ladder } from "../../model/ladder.ts";
import { showCount } from "../../model/show.ts";
import { DAY, isLong, longStep } from "../long-times.ts";
import { cutTo, fitting, type Picture, type Shape } from "../shape.ts";
import { arrowShapes, densityShapes, type Looked } from "./arrows.ts";
import { bandShapes } from "./bands.ts";
import { callShapes } from "./calls.ts";
import { type Columns, HEAD, type Heights } from "./layout.ts";
import { callLinks, linkedTo, linkedToCall, linkShapes } from "./links.ts";

/** Arrows drawn one by one; more are drawn as bars. */
export const MAX_ARROWS = 800;

/** What a picture is of. */
export interface SceneOptions extends Looked {
  readonly lang: Lang;
  readonly height: number;
  /** A segment's time as it is written beside it. */
  readonly timeOf: (index: number) => string;
  /** What those times are: `"s"`, `"Δ s"`, `"UTC"`. */
  readonly timeName: string;
  /** Time in true time, at a tick; ticks are `step` nanoseconds apart. */
  readonly tickOf: (ns: number, step: number) => string;
}

/** Draws it. */
export function ladderScene(
  ladder: Ladder,
  columns: Columns,
  heights: Heights,
  options: SceneOptions,
): Picture {
  const { width } = columns;
  const { height, lang } = options;
  const [from, to] = heights.segments;
  const isDense = heights.row === null && to - from > MAX_ARROWS;
  const shapes: Shape[] = [
    ...groundShapes(columns, heights, options),
    ...bandShapes(ladder, columns, heights, HEAD, height),
    ...(isDense
      ? densityShapes(ladder, columns, heights, height - HEAD, HEAD)
      : segmentShapes(ladder, columns, heights, options)),
    ...callShapes(ladder, columns, heights, lang, options.pointedCall),
    ...callLinks(ladder, options.pointedCall, columns, heights),
    ...linkShapes(ladder, options.selected, columns, heights),
    ...(options.pointed === options.selected
      ? []
      : linkShapes(ladder, options.pointed, columns, heights)),
    ...headShapes(ladder, columns, heights, options),
  ];
  if (isDense) shapes.push(manyShape(to - from, columns, height, lang));
  return { width, height, shapes };
}

/** The row that is selected, or the scale of time. */
function groundShapes(columns: Columns, heights: Heights, options: SceneOptions): Shape[] {
  const { width } = columns;
  if (heights.timeAt !== null) return tickShapes(columns, heights.timeAt, options);
  if (options.selected < 0) return [];
  const y = (heights.at(options.selected, 0) + heights.at(options.selected, 1)) / 2 - 4;
  const h = heights.row ?? 0;
  return [
    { kind: "rect", x: 0, y: y - h / 2, w: width, h, fill: "accent-ground" },
    { kind: "rect", x: 0, y: y - h / 2, w: 3, h, fill: "accent" },
  ];
}

/** Letters of a time that a narrow scale has room for: of a time of day the seconds, of a date the month. */
const NARROW_TICK = 7;

function shortTick(tick: string, step: number): string {
  if (tick.length <= NARROW_TICK) return tick;
  if (tick.includes(":")) return tick.slice(-NARROW_TICK).replace(/^:/, "");
  if (/^\d{4}-/.test(tick)) return step < 200 * DAY ? tick.slice(5) : tick.slice(0, NARROW_TICK);
  return isLong(step) ? tick.replaceAll(" ", "") : tick.replace(/ s$/, "");
}

function tickShapes(
  { outer, timeEnd, isNarrow }: Columns,
  timeAt: (y: number) => number,
  { height, tickOf }: SceneOptions,
): Shape[] {
  const [from, to] = [timeAt(HEAD), timeAt(height)];
  const least = ((to - from) / (height - HEAD)) * 56;
  const step = longStep(least) ?? niceStep(least);
  const shapes: Shape[] = [];
  for (let t = Math.ceil(from / step) * step; t <= to; t += step) {
    const y = HEAD + ((t - from) / (to - from)) * (height - HEAD);
    if (y < HEAD + 10) continue;
    shapes.push(
      { kind: "path", d: `M${timeEnd + 4} ${y}H${outer[1]}`, stroke: "line", width: 1 },
      {
        kind: "text",
        x: timeEnd,
        y: y + 4,
        text: isNarrow ? shortTick(tickOf(t, step), step) : tickOf(t, step),
        size: 10,
        mono: true,
        anchor: "end",
        fill: "ink-3",
      },
    );
  }
  return shapes;
}

/** 1, 2 or 5 times a power of ten, not below `least`; 1 ns at the least. */
export function niceStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, least)));
  return [1, 2, 5, 10].map((n) => n * power).find((step) => step >= least) ?? 10 * power;
}

function segmentShapes(
  ladder: Ladder,
  columns: Columns,
  heights: Heights,
  options: SceneOptions,
): Shape[] {
  const { selected, pointed, pointedCall, lang } = options;
  const linked =
    pointedCall === -1
      ? linkedTo(ladder, pointed === -1 ? selected : pointed)
      : linkedToCall(ladder, pointedCall);
  const [from, to] = heights.segments;
  const room = labelRoom(ladder, columns, heights, (i) => linked.has(i) || i === selected);
  const lines: Shape[] = [];
  const words: Shape[] = [];
  for (let i = from; i < to; i++) {
    const isStrong = linked.has(i) || i === selected;
    const isLabelled = room.labelled.has(i);
    const look = { isStrong, isLabelled, isMarked: isLabelled || room.marked.has(i) };
    for (const shape of arrowShapes(ladder, i, columns, heights, lang, look)) {
      const isPlate = shape.kind === "path" && shape.fill === "surface";
      (shape.kind === "text" || isPlate ? words : lines).push(shape);
    }
    if (isLabelled) words.push(...numberShapes(ladder, i, columns, heights, options));
  }
  return [...lines, ...words];
}

/** Pixels between the ends in which a label of each has room. */
const ROOM_FOR_TWO = 480;

/**
 * Segments that have words, and those that have a mark. In true time what would lie over each other is left
 * out, for each end apart: first those that are looked at, then what is more than an acknowledgement.
 */
function labelRoom(
  ladder: Ladder,
  { inner }: Columns,
  heights: Heights,
  isLooked: (index: number) => boolean,
): { readonly labelled: ReadonlySet<number>; readonly marked: ReadonlySet<number> } {
  const [from, to] = heights.segments;
  const labelled = new Set<number>();
  const marked = new Set<number>();
  const said: [number[], number[]] = [[], []];
  const marks: [number[], number[]] = [[], []];
  // Words from both ends meet in the middle.
  const isShort = inner[1] - inner[0] < ROOM_FOR_TWO;
  const tryAt = (taken: [number[], number[]], i: number, apart: number): boolean => {
    const end = ladder.dir[i] === 0 ? 0 : 1;
    const y = heights.at(i, end);
    const isNear = (other: number): boolean => Math.abs(other - y) < apart;
    if (
      heights.row === null &&
      (taken[end].some(isNear) || (isShort && taken[1 - end]!.some(isNear)))
    ) {
      return false;
    }
    taken[end].push(y);
    return true;
  };
  const rankOf = (i: number): number => (isLooked(i) ? 0 : kindOf(ladder, i) === "ack" ? 2 : 1);
  const order = Array.from({ length: to - from }, (_, k) => from + k);
  for (const rank of [0, 1, 2]) {
    for (const i of order) {
      if (rankOf(i) !== rank) continue;
      if (tryAt(said, i, 14)) labelled.add(i);
      if (ladder.verdicts[i] !== 0 && tryAt(marks, i, 13)) marked.add(i);
    }
  }
  return { labelled, marked };
}

function numberShapes(
  ladder: Ladder,
  index: number,
  { frameEnd, timeEnd, isNarrow, inner }: Columns,
  heights: Heights,
  { timeOf, selected }: SceneOptions,
): Shape[] {
  const sender = ladder.dir[index] === 0 ? 0 : 1;
  const y = (heights.at(index, 0) + heights.at(index, 1)) / 2;
  const base = { kind: "text", size: 11, mono: true, anchor: "end", fill: "ink-3" } as const;
  const number: Shape & { kind: "text" } = {
    ...base,
    x: frameEnd,
    y,
    text: String(ladder.frame[index]),
    ...(index === selected ? ({ fill: "ink", bold: true } as const) : {}),
  };
  if (heights.row === null) return [inTime(number, heights.at(index, sender), sender, inner)];
  return isNarrow ? [number] : [number, { ...base, x: timeEnd, y, text: timeOf(index) }];
}

/** In true time a number stands in the band of its sender, where its arrow begins. */
function inTime(
  number: Shape & { kind: "text" },
  y: number,
  end: 0 | 1,
  inner: Columns["inner"],
): Shape {
  const anchor = end === 0 ? "end" : "start";
  return { ...number, x: inner[end] + (end === 0 ? -4 : 4), y: y + 4, size: 10, anchor };
}

/** Who stands at the two ends; it covers what is scrolled beneath it. */
function headShapes(
  ladder: Ladder,
  columns: Columns,
  heights: Heights,
  { lang, timeName }: SceneOptions,
): Shape[] {
  const { width, outer, inner, isNarrow, lane, frameEnd, timeEnd } = columns;
  const isTrueTime = heights.timeAt !== null;
  const quiet = {
    kind: "text",
    y: 34,
    size: 11,
    mono: true,
    anchor: "end",
    fill: "ink-3",
  } as const;
  const names = [text("client", "客户端")[lang], text("server", "服务端")[lang]];
  const shapes: Shape[] = [
    { kind: "rect", x: 0, y: 0, w: width, h: HEAD, fill: "surface" },
    { kind: "path", d: `M0 ${HEAD}H${width}`, stroke: "line", width: 1 },
    // Ticks of a scale bear their unit.
    ...(isTrueTime ? [] : [{ ...quiet, x: frameEnd, text: "#" }]),
    ...(isTrueTime || isNarrow ? [] : [{ ...quiet, x: timeEnd, text: timeName }]),
  ];
  for (const end of [0, 1] as const) {
    const middle = (outer[end] + inner[end]) / 2;
    const ink = end === 0 ? "client" : "server";
    const room = isNarrow ? (width - 60) / 2 : 2 * lane + 104;
    const x = isNarrow ? (end === 0 ? 40 : width - 8) : middle;
    const anchor = isNarrow ? (end === 0 ? "start" : "end") : "middle";
    shapes.push(
      { kind: "text", x, y: 18, text: names[end]!, size: 13, bold: true, anchor, fill: ink },
      {
        kind: "text",
        x,
        y: 34,
        text: cutTo(ladder.ends[end], Math.max(room, 130), 11),
        size: 11,
        mono: true,
        anchor,
        fill: "ink-2",
      },
    );
  }
  return shapes;
}

function manyShape(count: number, { inner }: Columns, height: number, lang: Lang): Shape {
  const n = showCount(count);
  const long = text(
    `${n} segments: bars count them. Zoom in for arrows.`,
    `${n} 个报文段，以长条表示数量；放大后显示箭头。`,
  )[lang];
  const short = text(`${n} segments: zoom in`, `${n} 个报文段：请放大`)[lang];
  const words = fitting([long], inner[1] - inner[0], 12) ?? short;
  const x = (inner[0] + inner[1]) / 2;
  return {
    kind: "text",
    x,
    y: height - 12,
    text: words,
    size: 12,
    bold: true,
    anchor: "middle",
    fill: "ink",
    halo: true,
  };
}
