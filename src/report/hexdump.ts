/**
 * Bytes in hexadecimal and ASCII, sixteen in a line, with a line under them
 * that says by a letter which field each byte belongs to:
 *
 *     0000  cb cc 1f 90 ab ef d2 21  2b 32 09 e5 50 18 04 05  .......!+2..P...
 *           a───┘ b───┘ c─────────┘  d─────────┘ e  f  g───┘
 *
 * @module
 */
import type { Paint } from "./paint.ts";

/** A run of bytes that belong together. */
export interface HexMark {
  /** Index of the first byte. */
  readonly at: number;
  readonly len: number;
  /** One character. */
  readonly key: string;
  readonly brush: (text: string) => string;
}

/** How bytes are dumped. */
export interface HexDumpOptions {
  readonly paint: Paint;
  /** In the order of their bytes, not overlapping. */
  readonly marks?: readonly HexMark[];
}

/** Bytes in a line. */
const PER_LINE = 16;

/** The lines of the dump, without a line break at their ends. */
export function hexDumpLines(bytes: Uint8Array, options: HexDumpOptions): string[] {
  const marks = options.marks ?? [];
  const markOf: (HexMark | undefined)[] = Array.from(bytes, () => undefined);
  for (const mark of marks) markOf.fill(mark, mark.at, Math.min(bytes.length, mark.at + mark.len));
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += PER_LINE) {
    const end = Math.min(at + PER_LINE, bytes.length);
    lines.push(byteLine(bytes, at, end, markOf, options.paint));
    if (marks.length > 0) lines.push(markLine(at, end, markOf));
  }
  return lines;
}

function byteLine(
  bytes: Uint8Array,
  at: number,
  end: number,
  markOf: readonly (HexMark | undefined)[],
  paint: Paint,
): string {
  let hex = "";
  let ascii = "";
  for (let i = at; i < end; i++) {
    const brush = markOf[i]?.brush ?? same;
    hex += brush(bytes[i]!.toString(16).padStart(2, "0")) + gap(i, end);
    ascii += brush(printable(bytes[i]!));
  }
  const offset = paint.dim(at.toString(16).padStart(4, "0"));
  return `${offset}  ${hex}${" ".repeat(hexWidth(PER_LINE) - hexWidth(end - at))}  ${ascii}`;
}

function same(text: string): string {
  return text;
}

/** Nothing that a terminal could act on: what is not printable ASCII becomes a dot. */
function printable(byte: number): string {
  return byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : ".";
}

/** What stands behind byte `i`: wider in the middle of a line. */
function gap(i: number, end: number): string {
  if (i + 1 === end) return "";
  return i % PER_LINE === PER_LINE / 2 - 1 ? "  " : " ";
}

/** Columns of `count` bytes from the start of a line. */
function hexWidth(count: number): number {
  return count * 3 - 1 + (count > PER_LINE / 2 ? 1 : 0);
}

function markLine(at: number, end: number, markOf: readonly (HexMark | undefined)[]): string {
  let line = " ".repeat(6);
  for (let i = at; i < end; i++) {
    const mark = markOf[i];
    const between = gap(i, end);
    if (mark === undefined) {
      line += "  " + between;
      continue;
    }
    const isFirst = i === mark.at;
    const isLast = markOf[i + 1] !== mark;
    const blank = i + 1 === end ? "" : " ";
    const close = isLast ? (isFirst ? blank : "┘") : "─";
    const through = isLast ? between : "─".repeat(between.length);
    line += mark.brush((isFirst ? mark.key : "─") + close + through);
  }
  return line.trimEnd();
}
