/**
 * Comparisons of values in display filters.
 *
 * @module
 */
import { concat } from "../../base/bytes.ts";
import type { FieldValue } from "../fields/field.ts";
import type { Literal } from "./literal.ts";

/** Below 0, 0 or above 0, as `a` is before, at or after `b`; both of one type. */
export function compareValues(a: FieldValue, b: FieldValue): number {
  if (a instanceof Uint8Array && b instanceof Uint8Array) return compareBytes(a, b);
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) if (a[i] !== b[i]) return a[i]! - b[i]!;
  return a.length - b.length;
}

/** Compares with a literal; an address in the literal's network equals it. */
export function compareWith(value: FieldValue, literal: Literal): number {
  const { prefix } = literal;
  if (prefix === null || !(value instanceof Uint8Array) || !(literal.value instanceof Uint8Array)) {
    return compareValues(value, literal.value);
  }
  return compareBytes(masked(value, prefix), masked(literal.value, prefix));
}

/** The bytes with everything behind `prefix` bits zero. */
function masked(bytes: Uint8Array, prefix: number): Uint8Array {
  return bytes.map((b, i) => b & (0xff00 >> Math.min(8, Math.max(0, prefix - i * 8))) & 0xff);
}

/** Whether `part` is in `whole`. */
export function containsValue(whole: FieldValue, part: FieldValue): boolean {
  if (typeof whole === "string") return typeof part === "string" && whole.includes(part);
  if (!(whole instanceof Uint8Array) || !(part instanceof Uint8Array)) return false;
  return indexOfBytes(whole, part) >= 0;
}

/** Where `part` begins in `whole`, or -1; linear (Knuth, Morris, Pratt). */
function indexOfBytes(whole: Uint8Array, part: Uint8Array): number {
  if (part.length === 0) return 0;
  const back = fallbacks(part);
  let matched = 0;
  for (let i = 0; i < whole.length; i++) {
    while (matched > 0 && whole[i] !== part[matched]) matched = back[matched - 1]!;
    if (whole[i] === part[matched]) matched++;
    if (matched === part.length) return i + 1 - matched;
  }
  return -1;
}

/** For each end in `part`: the longest beginning of `part` that stands there too. */
function fallbacks(part: Uint8Array): Uint32Array {
  const back = new Uint32Array(part.length);
  for (let i = 1, matched = 0; i < part.length; i++) {
    while (matched > 0 && part[i] !== part[matched]) matched = back[matched - 1]!;
    if (part[i] === part[matched]) matched++;
    back[i] = matched;
  }
  return back;
}

/** The bytes that `matches` looks at. */
export function bytesOf(value: FieldValue): Uint8Array {
  if (value instanceof Uint8Array) return value;
  return typeof value === "string" ? new TextEncoder().encode(value) : concat();
}
