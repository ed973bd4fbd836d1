/**
 * What a saved picture says of itself: a title and some lines above it, a legend beneath it.
 *
 * @module
 */
import { cutTo, type Shape, textWidth } from "./shape.ts";

/** The words of one picture. */
export interface Caption {
  readonly title: string;
  /** What it is of: file, conversation, part, axes. */
  readonly lines: readonly string[];
  readonly legend: readonly LegendEntry[];
}

/** A mark and what it means. */
export interface LegendEntry {
  /** Within {@link SWATCH_WIDTH} by {@link SWATCH_HEIGHT} pixels. */
  readonly swatch: readonly Shape[];
  readonly label: string;
}

/** Room for the mark of an entry, in pixels. */
export const SWATCH_WIDTH = 24;
/** Its height. */
export const SWATCH_HEIGHT = 16;

/** Shapes above a picture and beneath it, and the room they take, in pixels. */
export interface Frame {
  readonly above: number;
  readonly below: number;
  readonly shapes: readonly Shape[];
}

const SIDE = 14;
const TITLE_SIZE = 15;
const SIZE = 12;
const LINE = 18;
/** Lines that one of the caption's may be broken into. */
const MAX_LINES = 3;

/** Lays a caption around a picture of this size. */
export function frameOf({ title, lines, legend }: Caption, width: number, height: number): Frame {
  const room = width - 2 * SIDE;
  const shapes: Shape[] = [];
  let y = 10;
  for (const words of broken(title, room, TITLE_SIZE)) {
    y += LINE;
    shapes.push({ ...wordsAt(SIDE, y, words, TITLE_SIZE), bold: true, fill: "ink" });
  }
  for (const words of lines.flatMap((line) => broken(line, room, SIZE))) {
    y += LINE;
    shapes.push(wordsAt(SIDE, y, words, SIZE));
  }
  const above = y + 12;
  const places = placesOf(legend, room);
  const top = above + height + 10;
  for (const [i, { swatch, label }] of legend.entries()) {
    const at = places[i]!;
    const [x, row] = [SIDE + at.x, top + at.row * (LINE + 4)];
    shapes.push(...swatch.map((shape) => moved(shape, x, row)));
    const words = cutTo(label, room - SWATCH_WIDTH, SIZE);
    shapes.push(wordsAt(x + SWATCH_WIDTH + 6, row + 12, words, SIZE));
  }
  const rows = (places.at(-1)?.row ?? -1) + 1;
  return { above, below: rows === 0 ? 0 : rows * (LINE + 4) + 18, shapes };
}

function wordsAt(x: number, y: number, words: string, size: number): Shape & { kind: "text" } {
  return { kind: "text", x, y, text: words, size, fill: "ink-2" };
}

/** Cut at spaces; what has no space, and what is beyond {@link MAX_LINES}, loses its end. */
function broken(words: string, room: number, size: number): readonly string[] {
  const lines: string[] = [];
  let rest = words;
  while (rest !== "" && lines.length < MAX_LINES) {
    if (lines.length === MAX_LINES - 1 || textWidth(rest, size) <= room)
      return [...lines, cut(rest)];
    let end = 0;
    for (let at = rest.indexOf(" "); at !== -1; at = rest.indexOf(" ", at + 1)) {
      if (textWidth(rest.slice(0, at), size) > room) break;
      end = at;
    }
    if (end === 0) end = Math.max(0, rest.indexOf(" ")) || rest.length;
    lines.push(cut(rest.slice(0, end)));
    rest = rest.slice(end + 1);
  }
  return lines;

  function cut(line: string): string {
    return cutTo(line, room, size);
  }
}

function placesOf(
  legend: readonly LegendEntry[],
  room: number,
): readonly { readonly x: number; readonly row: number }[] {
  let [x, row] = [0, 0];
  return legend.map(({ label }) => {
    const width = SWATCH_WIDTH + 6 + textWidth(label, SIZE);
    if (x > 0 && x + width > room) [x, row] = [0, row + 1];
    const at = { x, row };
    x += width + 18;
    return at;
  });
}

/** The same shape further to the right and down. */
function moved(shape: Shape, dx: number, dy: number): Shape {
  if (shape.kind !== "path") return { ...shape, x: shape.x + dx, y: shape.y + dy };
  const { x, y, scale } = shape.at ?? { x: 0, y: 0, scale: 1 };
  return { ...shape, at: { x: x + dx, y: y + dy, scale } };
}
