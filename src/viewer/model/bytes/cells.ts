/**
 * Bytes as characters that can be shown one beside the other: each takes whole columns, and nothing that
 * a page could act on passes.
 *
 * @module
 */
import { utf8Len, visible } from "../../../base/visible.ts";

/** How the bytes of a stream are read. */
export type BytesAs = "utf8" | "latin1" | "hex";

/** What a cell is: a plain character, one that is written as an escape, or any other character. */
export type CellKind = "plain" | "escape" | "other";

/** One character, or an escape in its place. */
export interface Cell {
  /** Bytes that it is. */
  len: number;
  /** Columns that it takes. */
  width: number;
  kind: CellKind;
  /** What is shown; empty for a plain one, which is its byte. */
  text: string;
}

/** A cell to give to {@link readCell}. */
export function emptyCell(): Cell {
  return { len: 0, width: 0, kind: "plain", text: "" };
}

/** Reads the character at `at`, which is below `end`; what reaches beyond `end` is broken. */
export function readCell(
  bytes: Uint8Array,
  at: number,
  end: number,
  as: BytesAs,
  into: Cell,
): void {
  const byte = bytes[at]!;
  into.len = 1;
  if (byte >= 0x20 && byte < 0x7f) {
    into.width = 1;
    into.kind = "plain";
    into.text = "";
    return;
  }
  if (as === "utf8" && byte >= 0x80) {
    const len = byte < 0xc2 ? 0 : utf8Len(bytes, at);
    if (len === 0 || at + len > end) return setEscape(into, BROKEN[byte]!);
    into.len = len;
    return setCharacter(into, codeOf(bytes, at, len));
  }
  setCharacter(into, byte);
}

/** How the first 256 characters are shown: binary data is full of the hidden ones among them. */
const LATIN: readonly string[] = Array.from({ length: 256 }, (_, code) =>
  visible(String.fromCharCode(code)),
);

function setCharacter(into: Cell, code: number): void {
  if (code < LATIN.length) {
    const shown = LATIN[code]!;
    if (shown.length > 1) return setEscape(into, shown);
    into.text = shown;
    into.kind = "other";
    into.width = 1;
    return;
  }
  // Most of what is not ASCII: known without looking it up.
  if (code >= 0x4e00 && code <= 0x9fff) {
    into.text = String.fromCodePoint(code);
    into.kind = "other";
    into.width = 2;
    return;
  }
  const character = String.fromCodePoint(code);
  const shown = visible(character);
  if (shown !== character) return setEscape(into, shown);
  into.kind = "other";
  // A mark stands over the character before it: it gets one of its own.
  into.text = /^\p{M}/u.test(character) ? `\u25cc${character}` : character;
  into.width = isWide(code) ? 2 : 1;
}

function setEscape(into: Cell, shown: string): void {
  into.kind = "escape";
  into.text = shown;
  into.width = shown.length;
}

/** Bytes that are no UTF-8. */
const BROKEN: readonly string[] = Array.from(
  { length: 256 },
  (_, byte) => `\\x${byte.toString(16).padStart(2, "0")}`,
);

/** The code point of a well-formed sequence (RFC 3629 §3). */
function codeOf(b: Uint8Array, at: number, len: number): number {
  if (len === 2) return ((b[at]! & 0x1f) << 6) | (b[at + 1]! & 0x3f);
  const low = ((b[at + len - 2]! & 0x3f) << 6) | (b[at + len - 1]! & 0x3f);
  if (len === 3) return ((b[at]! & 0xf) << 12) | low;
  return ((b[at]! & 7) << 18) | ((b[at + 1]! & 0x3f) << 12) | low;
}

/** Two columns wide (Unicode Standard Annex 11, W and F), roughly. */
function isWide(code: number): boolean {
  return (
    (code >= 0x1100 && code <= 0x115f) ||
    (code >= 0x2e80 && code <= 0xa4cf && code !== 0x303f) ||
    (code >= 0xac00 && code <= 0xd7a3) ||
    (code >= 0xf900 && code <= 0xfaff) ||
    (code >= 0xfe30 && code <= 0xfe6f) ||
    (code >= 0xff00 && code <= 0xff60) ||
    (code >= 0xffe0 && code <= 0xffe6) ||
    (code >= 0x1f300 && code <= 0x1faff) ||
    (code >= 0x20000 && code <= 0x3fffd)
  );
}
