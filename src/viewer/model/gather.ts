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
