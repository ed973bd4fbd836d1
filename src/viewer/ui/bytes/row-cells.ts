/**
 * A row of a byte stream as characters in columns, and columns as bytes again.
 *
 * @module
 */
import type { ByteRowPage } from "../../model/bytes/byte-streams.ts";
import { type BytesAs, type CellKind, emptyCell, readCell } from "../../model/bytes/cells.ts";

/** Characters that are drawn as one: plain ones, or a single other one. */
export interface DrawnCell {
  readonly text: string;
  readonly width: number;
  readonly kind: CellKind;
}

/** A row, laid out. */
export interface RowCells {
  readonly cells: readonly DrawnCell[];
  /** Columns that the row takes. */
  readonly width: number;
  /** Column at which the byte at `offset` begins, and at which what ends there does. */
  startOf(offset: number): number;
  endOf(offset: number): number;
  /** The byte in a column; `null` beyond the row. */
  byteAt(column: number): number | null;
}

/** Row `i` of the page. */
export function cellsOf(page: ByteRowPage, i: number, as: BytesAs): RowCells {
  const from = page.from[i]!;
  const length = page.to[i]! - from;
  const bytes = page.bytes.subarray(page.at[i], page.at[i]! + length);
  return as === "hex" ? hexCells(bytes, from) : textCells(bytes, from, as);
}

/** `48 65 6c`, eight and eight. */
const hexColumn = (i: number): number => i * 3 + (i >= 8 ? 1 : 0);

function hexCells(bytes: Uint8Array, from: number): RowCells {
  let text = "";
  bytes.forEach((byte, i) => {
    text = `${text.padEnd(hexColumn(i))}${byte.toString(16).padStart(2, "0")}`;
  });
  const clamp = (offset: number): number => Math.max(0, Math.min(bytes.length, offset - from));
  return {
    cells: [{ text, width: text.length, kind: "plain" }],
    width: text.length,
    startOf: (offset) => hexColumn(clamp(offset)),
    endOf: (offset) => hexColumn(clamp(offset) - 1) + 2,
    byteAt: (column) => {
      const i = Math.floor((column - (column >= 24 ? 1 : 0)) / 3);
      return i >= 0 && i < bytes.length ? from + i : null;
    },
  };
}

function textCells(bytes: Uint8Array, from: number, as: BytesAs): RowCells {
  const cells: DrawnCell[] = [];
  const columns = new Float64Array(bytes.length + 1);
  const cell = emptyCell();
  let column = 0;
  let plain = "";
  const flush = (): void => {
    if (plain !== "") cells.push({ text: plain, width: plain.length, kind: "plain" });
    plain = "";
  };
  for (let at = 0; at < bytes.length; at += cell.len) {
    readCell(bytes, at, bytes.length, as, cell);
    for (let k = 0; k < cell.len; k++) columns[at + k] = column + (cell.width * k) / cell.len;
    column += cell.width;
    if (cell.kind === "plain") plain += String.fromCharCode(bytes[at]!);
    else {
      flush();
      cells.push({ text: cell.text, width: cell.width, kind: cell.kind });
    }
  }
  flush();
  columns[bytes.length] = column;
  const clamp = (offset: number): number => Math.max(0, Math.min(bytes.length, offset - from));
  return {
    cells,
    width: column,
    startOf: (offset) => columns[clamp(offset)]!,
    endOf: (offset) => columns[clamp(offset)]!,
    byteAt: (at) => {
      if (at < 0 || at >= column) return null;
      const after = columns.findIndex((start) => start > at);
      return from + after - 1;
    },
  };
}

/** What hex shows at its right: ASCII, and a dot for everything else. */
export function asciiOf(page: ByteRowPage, i: number): string {
  const bytes = page.bytes.subarray(page.at[i], page.at[i]! + (page.to[i]! - page.from[i]!));
  return Array.from(bytes, (b) => (b >= 0x20 && b < 0x7f ? String.fromCharCode(b) : "·")).join("");
}
