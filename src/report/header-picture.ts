/**
 * A header as RFCs and textbooks draw it: rows of 32 bits under a ruler, a box
 * a field, in it the name, the bytes and the value; flags bit by bit.
 *
 * @module
 */
import type { Lang } from "../base/lang.ts";
import { formatHex } from "../base/bytes.ts";
import type { FieldLayout, HeaderLayout } from "../wire/layout/field.ts";
import { center, shorten, textWidth, wrapLabel } from "./wrap.ts";
import type { Paint } from "./paint.ts";

/** How a picture is drawn. */
export interface PictureOptions {
  readonly lang: Lang;
  readonly columns: number;
  readonly paint: Paint;
}

/** The part of a field that lies in one row. */
interface Cell {
  readonly field: FieldLayout;
  /** Bits of the row, 0 to 32. */
  readonly from: number;
  readonly to: number;
  readonly isFirst: boolean;
  readonly isLast: boolean;
}

interface Row {
  /** First byte of the row, from the start of the header. */
  readonly at: number;
  readonly cells: readonly Cell[];
}

/** One line in a cell. */
interface Line {
  readonly text: string;
  readonly brush: (text: string) => string;
}

const MARGIN = 5;
/** Columns from which each bit gets three of them instead of two. */
const WIDE = MARGIN + 32 * 3 + 1;

/** Rows of a long field that are drawn. */
const MAX_FIELD_ROWS = 6;

/** The lines of the picture; `data` is drawn as one box below. */
export function pictureLines(
  header: HeaderLayout,
  data: HeaderLayout | null,
  bytes: Uint8Array,
  options: PictureOptions,
): string[] {
  const unit = options.columns >= WIDE ? 3 : 2;
  const rows = rowsOf(header);
  const lines = ruler(unit, options.paint);
  for (const [y, row] of rows.entries()) {
    lines.push(border(rows[y - 1], row, unit));
    lines.push(...rowLines(row, header, bytes, unit, options));
  }
  if (data === null) return [...lines, border(rows.at(-1), undefined, unit)];
  const dataRow = rowOfData(data, header.len);
  lines.push(border(rows.at(-1), dataRow, unit));
  lines.push(...dataLines(data, header.len, bytes, unit, options));
  return [...lines, border(dataRow, undefined, unit)];
}

function rowsOf(header: HeaderLayout): Row[] {
  const rows: Cell[][] = [];
  for (const field of header.fields) {
    const end = field.bit + field.bits;
    for (let bit = field.bit; bit < end;) {
      const row = bit >>> 5;
      const to = Math.min(end, (row + 1) << 5);
      const cell = {
        field,
        from: bit & 31,
        to: to - (row << 5),
        isFirst: bit === field.bit,
        isLast: to === end,
      };
      (rows[row] ??= []).push(cell);
      bit = to;
    }
  }
  return rows.map((cells, i) => ({ at: i * 4, cells })).filter((row) => !isSkipped(row));
}

/** The middle of a field that fills many rows. */
function isSkipped({ at, cells }: Row): boolean {
  const field = cells[0]!.field;
  const firstRow = field.bit >>> 5;
  const lastRow = (field.bit + field.bits - 1) >>> 5;
  if (lastRow - firstRow < MAX_FIELD_ROWS) return false;
  const row = at / 4;
  return row > firstRow + 1 && row < lastRow;
}

/** Numbers of the bits above their columns. */
function ruler(unit: number, paint: Paint): string[] {
  const margin = " ".repeat(MARGIN + 1);
  const bits = Array.from({ length: 32 }, (_, i) => i);
  if (unit === 3) return [paint.dim(margin + bits.map((i) => String(i).padStart(2)).join(" "))];
  const tens = bits.map((i) => (i % 10 === 0 ? String(i / 10) : " ")).join(" ");
  const ones = bits.map((i) => String(i % 10)).join(" ");
  return [paint.dim((margin + tens).trimEnd()), paint.dim(margin + ones)];
}

/** Box characters by their arms: up 8, down 4, left 2, right 1. */
const BOX = " ╶╴─╷┌┐┬╵└┘┴│├┤┼";

/** The line between two rows; no line inside a field that goes on. */
function border(above: Row | undefined, below: Row | undefined, unit: number): string {
  let line = " ".repeat(MARGIN);
  for (let bit = 0; bit <= 32; bit++) {
    const arms =
      (isEdge(above, bit) ? 8 : 0) |
      (isEdge(below, bit) ? 4 : 0) |
      (isLine(above, below, bit - 1) ? 2 : 0) |
      (isLine(above, below, bit) ? 1 : 0);
    line += BOX[arms]!;
    if (bit < 32) line += (isLine(above, below, bit) ? "─" : " ").repeat(unit - 1);
  }
  return line.trimEnd();
}

function cellAt(row: Row | undefined, bit: number): Cell | undefined {
  return row?.cells.find((c) => c.from <= bit && bit < c.to);
}

function isEdge(row: Row | undefined, bit: number): boolean {
  return cellAt(row, bit - 1) !== cellAt(row, bit);
}

function isLine(above: Row | undefined, below: Row | undefined, bit: number): boolean {
  return cellAt(above, bit)?.field !== cellAt(below, bit)?.field;
}

function rowLines(
  row: Row,
  header: HeaderLayout,
  bytes: Uint8Array,
  unit: number,
  options: PictureOptions,
): string[] {
  const flags = row.cells.filter((c) => c.field.bits === 1).map((c) => c.field.label[options.lang]);
  const letters = Math.max(0, ...flags.map((label) => label.length));
  const cells = row.cells.map((cell) => {
    const width = (cell.to - cell.from) * unit - 1;
    if (cell.field.bits === 1) return { width, lines: flagLines(cell.field, letters, options) };
    return { width, lines: cellLines(cell, row.at, width, header, bytes, options) };
  });
  const height = Math.max(...cells.map((c) => c.lines.length));
  const offset = options.paint.dim(String(row.at).padStart(MARGIN - 1));
  return Array.from({ length: height }, (_, y) => {
    const parts = cells.map(({ width, lines }) => {
      const line = lines[y - ((height - lines.length) >> 1)];
      return line === undefined ? " ".repeat(width) : paintCentered(line, width);
    });
    return `${y === 0 ? offset : " ".repeat(MARGIN - 1)} │${parts.join("│")}│`;
  });
}

function paintCentered({ text, brush }: Line, width: number): string {
  const padded = center(text, width);
  return padded.replace(text, () => brush(text));
}

function cellLines(
  cell: Cell,
  rowAt: number,
  width: number,
  header: HeaderLayout,
  bytes: Uint8Array,
  options: PictureOptions,
): Line[] {
  const { field } = cell;
  const { paint, lang } = options;
  const label = cell.isFirst ? wrapLabel(field.label[lang], width) : [];
  const names = label.map((text) => ({ text: shorten(text, width), brush: paint.bold }));
  const raw = rawText(cell, rowAt, header, bytes);
  return [...names, ...valueLines(cell, raw, width, options)];
}

/** Letters of the flag from top to bottom, the last above the bit. */
function flagLines(field: FieldLayout, letters: number, { paint, lang }: PictureOptions): Line[] {
  const brush = field.value === "1" ? (s: string): string => paint.bold(paint.green(s)) : paint.dim;
  const label = field.label[lang].padStart(letters);
  return Array.from(label + field.value, (text) => ({ text, brush }));
}

/** The bytes of the cell as hexadecimal, or its bits when it is no whole bytes. */
function rawText(cell: Cell, rowAt: number, header: HeaderLayout, bytes: Uint8Array): string {
  const { from, to, field } = cell;
  const first = header.at + rowAt;
  if (from % 8 === 0 && to % 8 === 0)
    return formatHex(bytes.subarray(first + from / 8, first + to / 8));
  let bits = "";
  for (let i = from; i < to; i++) bits += (bytes[first + (i >>> 3)]! >>> (7 - (i & 7))) & 1;
  if (to - from <= 13 || field.bits > 32) return bits;
  return Number.parseInt(bits, 2)
    .toString(16)
    .padStart((to - from) >> 2, "0");
}

function valueLines(cell: Cell, raw: string, width: number, { paint }: PictureOptions): Line[] {
  const rawLine = { text: shorten(raw, width), brush: paint.cyan };
  const { value } = cell.field;
  if (!cell.isLast || isSame(raw, value)) return [rawLine];
  const both = `${raw} = ${value}`;
  if (textWidth(both) <= width) return [{ text: both, brush: paint.cyan }];
  const isLong = textWidth(value) > width && cell.field.bits > 64;
  return isLong ? [rawLine] : [rawLine, { text: shorten(value, width), brush: paint.cyan }];
}

/** Whether the value says no more than the bits or bytes do. */
function isSame(raw: string, value: string): boolean {
  if (/^[0-9a-f]{2}( [0-9a-f]{2})+$/.test(value)) return true;
  const digits = raw.replaceAll(" ", "");
  if (value === digits || value === `0x${digits}`) return true;
  if (value === "0" && /^0+$/.test(raw)) return true;
  // Two or three bits say their number themselves.
  return raw.length <= 3 && Number.parseInt(raw, 2) === Number(value);
}

/** Data as a box over all 32 bits, whatever its length. */
function rowOfData(data: HeaderLayout, at: number): Row {
  const field = data.fields[0]!;
  return { at, cells: [{ field, from: 0, to: 32, isFirst: true, isLast: true }] };
}

function dataLines(
  data: HeaderLayout,
  at: number,
  bytes: Uint8Array,
  unit: number,
  { lang, paint }: PictureOptions,
): string[] {
  const width = 32 * unit - 1;
  const field = data.fields[0]!;
  const fits = Math.floor((width - 1) / 3);
  const some = bytes.subarray(data.at, data.at + Math.min(data.len, fits));
  const hex = formatHex(some) + (data.len > fits ? "…" : "");
  const lines: Line[] = [
    { text: field.label[lang], brush: paint.bold },
    { text: hex, brush: paint.cyan },
    { text: shorten(field.value, width - 2), brush: paint.cyan },
  ];
  const offset = paint.dim(String(at).padStart(MARGIN - 1));
  return lines.map(
    (line, y) => `${y === 0 ? offset : " ".repeat(MARGIN - 1)} │${paintCentered(line, width)}│`,
  );
}
