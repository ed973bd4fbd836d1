/**
 * Columns made of some rows of others.
 *
 * @module
 */
import type { Row } from "../../trace/table.ts";

/**
 * Writes the value of each of `rows` to `to`, which is new and all 0. What `from` of a typed array does with a function, without the list of
 * all values that it makes first: 64 MB for a million.
 */
export function gather<Column extends { [index: number]: number }>(
  to: Column,
  rows: Uint32Array,
  valueOf: (row: Row) => number,
): Column {
  for (let i = 0; i < rows.length; i++) {
    const value = valueOf(rows[i]!);
    // Pages of zeros that are not written to take no memory.
    if (value !== 0) to[i] = value;
  }
  return to;
}

/** Whole numbers of four bytes, or of fewer where those hold them all. */
export type Counts = Uint8Array | Uint16Array | Uint32Array;

/** What {@link gather} gathers, in a column as narrow as the values allow. */
export function gatherCounts(rows: Uint32Array, valueOf: (row: Row) => number): Counts {
  let most = 0;
  for (let i = 0; i < rows.length; i++) most = Math.max(most, valueOf(rows[i]!));
  return gather(countsUpTo(most, rows.length), rows, valueOf);
}

/** A column for numbers of at most `most`, all 0. */
export function countsUpTo(most: number, length: number): Counts {
  if (most < 2 ** 8) return new Uint8Array(length);
  return most < 2 ** 16 ? new Uint16Array(length) : new Uint32Array(length);
}
