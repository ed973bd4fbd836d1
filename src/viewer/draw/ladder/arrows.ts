/**
 * The segments of a ladder: an arrow each, its label, the marks of its verdicts.
 *
 * @module
 */
import type { Lang } from "../../../base/lang.ts";
import { arrowLabels, kindOf, type SegmentKind } from "../../model/ladder-words.ts";
import type { Ladder } from "../../model/ladder.ts";
import { type Mark, marksOf } from "../../model/marks.ts";
import { MARK_BASELINE, MARK_PATHS } from "../mark-shape.ts";
import { fitting, type Ink, round, type Shape, textWidth } from "../shape.ts";
import type { Columns, Heights } from "./layout.ts";

/** What is looked at, and what belongs to it. */
export interface Looked {
  /** -1: none. */
  readonly selected: number;
  readonly pointed: number;
  /** The call that is pointed at or has the focus, of `calls`; -1: none. */
  readonly pointedCall: number;
}

const SIZE = 11;
const MARK = 15;

/** Where in true time the middle of a label is, as a share of its arrow; a long one begins behind the mark. */
const NEAR = 0.3;

function labelShare(label: string, x1: number, x2: number): number {
  return (textWidth(label, SIZE) / 2 + MARK + 12) / Math.max(1, Math.abs(x2 - x1));
}

/** Marks beside one arrow. */
const MAX_MARKS = 3;

/** Draws segment `index`; without a label where there is no room for one. */
export function arrowShapes(
  ladder: Ladder,
  index: number,
  columns: Columns,
  heights: Heights,
  lang: Lang,
  look: { readonly isStrong: boolean; readonly isLabelled: boolean; readonly isMarked: boolean },
): Shape[] {
  const sender = ladder.dir[index] === 0 ? 0 : 1;
  const receiver = sender === 0 ? 1 : 0;
  const [x1, x2] = [columns.inner[sender], columns.inner[receiver]];
  const [y1, y2] = [heights.at(index, sender), heights.at(index, receiver)];
  const kind = kindOf(ladder, index);
  const ink = inkOf(kind, sender);
  const marks = marksOf(ladder.verdicts[index]!).slice(0, MAX_MARKS);
  const shapes: Shape[] = [
    {
      kind: "path",
      d: `M${round(x1)} ${round(y1)}L${round(x2)} ${round(y2)}${headOf(x1, y1, x2, y2, kind)}`,
      stroke: ink,
      width: look.isStrong ? 3 : kind === "ack" ? 1.2 : 1.8,
      ...(kind === "fin" ? { dash: "7 3" } : {}),
    },
  ];
  if (!look.isLabelled) {
    return look.isMarked
      ? [...shapes, ...marks.slice(0, 1).flatMap((m) => markAt(m, x1, y1, x2, y2, 0))]
      : shapes;
  }
  const marksRoom = 28 + marks.length * (MARK + 3) * 2;
  const room =
    Math.abs(x2 - x1) * (heights.row === null ? 0.52 : 1) - (heights.row === null ? 0 : marksRoom);
  const labels = arrowLabels(ladder, index, lang).slice(heights.row === null ? 2 : 0);
  const label = fitting(labels, room, SIZE);
  if (label !== null) {
    // Arrows of both directions cross in the middle: in true time words stand nearer to the sender.
    const share = heights.row === null ? Math.max(NEAR, labelShare(label, x1, x2)) : 0.5;
    const [mx, my] = [x1 + (x2 - x1) * share, y1 + (y2 - y1) * share];
    const angle = (Math.atan2(y2 - y1, x2 - x1) * 180) / Math.PI;
    const upright = angle > 90 ? angle - 180 : angle < -90 ? angle + 180 : angle;
    if (heights.row === null) shapes.push(plateAt(mx, my - 4, textWidth(label, SIZE), angle));
    shapes.push({
      kind: "text",
      x: mx,
      y: my - 4,
      text: label,
      size: SIZE,
      mono: true,
      anchor: "middle",
      fill: kind === "ack" && !look.isStrong ? "ink-2" : ink,
      bold: look.isStrong,
      halo: true,
      ...(Math.abs(upright) < 0.3 ? {} : { angle: upright }),
    });
  }
  return [...shapes, ...marks.flatMap((mark, i) => markAt(mark, x1, y1, x2, y2, i))];
}

/** What keeps other arrows from going through words whose middle is at `x` of their base line. */
function plateAt(x: number, y: number, width: number, angle: number): Shape {
  const along = (angle * Math.PI) / 180;
  const [ux, uy] = [Math.cos(along), Math.sin(along)].map((u) => (Math.abs(angle) > 90 ? -u : u));
  const corner = (dx: number, dy: number): string =>
    `${round(x + dx * ux! - dy * uy!)} ${round(y + dx * uy! + dy * ux!)}`;
  const half = width / 2 + 2;
  const [top, bottom] = [-SIZE + 1, 2];
  const d = `M${corner(-half, top)}L${corner(half, top)}L${corner(half, bottom)}L${corner(-half, bottom)}Z`;
  return { kind: "path", d, fill: "surface", opacity: 0.9 };
}

/** Colour of a segment; its flags are written on it too. */
export function inkOf(kind: SegmentKind, sender: 0 | 1): Ink {
  switch (kind) {
    case "syn":
      return "note";
    case "fin":
      return "odd";
    case "rst":
      return "bad";
    case "data":
      return sender === 0 ? "client" : "server";
    case "ack":
      return "ink-3";
  }
}

/** The tip; a RST ends with a cross. */
function headOf(x1: number, y1: number, x2: number, y2: number, kind: SegmentKind): string {
  const length = Math.hypot(x2 - x1, y2 - y1) || 1;
  const [ux, uy] = [(x2 - x1) / length, (y2 - y1) / length];
  const at = (along: number, aside: number): string =>
    `${round(x2 - ux * along - uy * aside)} ${round(y2 - uy * along + ux * aside)}`;
  const tip = `M${at(8, -4)}L${at(0, 0)}L${at(8, 4)}`;
  return kind === "rst" ? `${tip}M${at(18, -5)}L${at(10, 5)}M${at(10, -5)}L${at(18, 5)}` : tip;
}

/** On the line, near its begin. */
function markAt(
  mark: Mark,
  x1: number,
  y1: number,
  x2: number,
  y2: number,
  place: number,
): readonly Shape[] {
  const length = Math.hypot(x2 - x1, y2 - y1) || 1;
  const along = (14 + place * (MARK + 3)) / length;
  const [x, y] = [x1 + (x2 - x1) * along, y1 + (y2 - y1) * along];
  const scale = MARK / 16;
  const [left, top] = [x - MARK / 2, y - MARK / 2];
  return [
    {
      kind: "path",
      d: MARK_PATHS[mark.shape],
      at: { x: left, y: top, scale },
      fill: mark.tone,
      stroke: "surface",
      width: 1,
    },
    {
      kind: "text",
      x,
      y: top + MARK_BASELINE[mark.shape] * scale,
      text: mark.letter,
      size: 9,
      bold: true,
      anchor: "middle",
      fill: "surface",
    },
  ];
}

/** A bar per few pixels in place of arrows that would lie over each other. */
export function densityShapes(
  ladder: Ladder,
  columns: Columns,
  { segments, timeAt }: Heights,
  height: number,
  top: number,
): Shape[] {
  if (timeAt === null) return [];
  const step = 4;
  const bins = Math.max(1, Math.floor(height / step));
  const counts = [new Float64Array(bins), new Float64Array(bins)] as const;
  const bits = new Uint32Array(bins);
  const start = timeAt(top);
  const perBin = timeAt(top + step) - start;
  let most = 1;
  for (let i = segments[0]; i < segments[1]; i++) {
    const bin = Math.floor((ladder.time[i]! - start) / perBin);
    if (bin < 0 || bin >= bins) continue;
    const column = counts[ladder.dir[i] === 0 ? 0 : 1];
    most = Math.max(most, ++column[bin]!);
    bits[bin] = bits[bin]! | ladder.verdicts[i]!;
  }
  return densityOf(counts, bits, most, columns, step, top);
}

function densityOf(
  counts: readonly [Float64Array, Float64Array],
  bits: Uint32Array,
  most: number,
  { inner }: Columns,
  step: number,
  top: number,
): Shape[] {
  const room = (inner[1] - inner[0]) / 2 - 24;
  const paths = counts.map((column, end) => {
    let d = "";
    for (let bin = 0; bin < column.length; bin++) {
      if (column[bin] === 0) continue;
      const long = Math.max(2, (Math.log1p(column[bin]!) / Math.log1p(most)) * room);
      const x = inner[end === 0 ? 0 : 1];
      d += `M${round(x)} ${top + bin * step}h${round(end === 0 ? long : -long)}v${step - 1}h${round(end === 0 ? -long : long)}z`;
    }
    return d;
  });
  const marks: Shape[] = [];
  const middle = (inner[0] + inner[1]) / 2;
  for (let bin = 0; bin < bits.length; bin += 4) {
    let all = 0;
    for (let k = bin; k < Math.min(bin + 4, bits.length); k++) all |= bits[k]!;
    const [mark] = marksOf(all).toSorted((a, b) => RANK[a.tone] - RANK[b.tone]);
    const y = top + bin * step + 8;
    if (mark !== undefined) marks.push(...markAt(mark, middle - 14, y, middle + 14, y, 0));
  }
  return [
    { kind: "path", d: paths[0]!, fill: "client", opacity: 0.75 },
    { kind: "path", d: paths[1]!, fill: "server", opacity: 0.75 },
    ...marks,
  ];
}

const RANK = { bad: 0, odd: 1, note: 2 } as const;
