/**
 * Bytes of a stream as text for a clipboard. What is pasted is read by terminals and other programs: of
 * what can hide or act there only line ends and tabs pass, everything else is written as an escape.
 *
 * @module
 */
import type { ByteBlock } from "./byte-streams.ts";
import { type BytesAs, emptyCell, readCell } from "./cells.ts";

/** Text; digits without a space; offset, digits and ASCII, as `hexdump -C` prints them. */
export type CopyAs = "text" | "hex" | "hexdump";

/** Bytes that a clipboard is given: a hexdump of them is 5 MB of text. */
export const MAX_COPIED: number = 2 ** 20;

/** Bytes of a line of a hexdump. */
const LINE = 16;

/** The captured bytes in one of the ways; `reading` is how text is read, hex as UTF-8. */
export function copyOf({ bytes, runs }: ByteBlock, as: CopyAs, reading: BytesAs): string {
  let at = 0;
  const parts = runs.map(({ from, length }) => {
    const part = bytes.subarray(at, (at += length));
    if (as === "hexdump") return hexdumpOf(part, from);
    return as === "hex" ? hexOf(part) : textOf(part, reading === "latin1" ? "latin1" : "utf8");
  });
  return parts.join("");
}

const DIGITS: readonly string[] = Array.from({ length: 256 }, (_, byte) =>
  byte.toString(16).padStart(2, "0"),
);

function hexOf(bytes: Uint8Array, between: string = ""): string {
  return Array.from(bytes, (byte) => DIGITS[byte]!).join(between);
}

function hexdumpOf(bytes: Uint8Array, from: number): string {
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += LINE) {
    const line = bytes.subarray(at, at + LINE);
    const [left, right] = [line.subarray(0, LINE / 2), line.subarray(LINE / 2)];
    const digits = `${hexOf(left, " ").padEnd(23)}  ${hexOf(right, " ").padEnd(23)}`;
    const ascii = Array.from(line, (b) => (b >= 0x20 && b < 0x7f ? String.fromCharCode(b) : "."));
    const offset = (from + at).toString(16).padStart(8, "0");
    lines.push(`${offset}  ${digits}  |${ascii.join("")}|\n`);
  }
  return lines.join("");
}

const TAB = 0x09;
const LF = 0x0a;
const CR = 0x0d;

function textOf(bytes: Uint8Array, reading: BytesAs): string {
  const out: string[] = [];
  const cell = emptyCell();
  for (let at = 0; at < bytes.length; at += cell.len) {
    readCell(bytes, at, bytes.length, reading, cell);
    const byte = bytes[at]!;
    const isLineEnd = byte === LF || (byte === CR && bytes[at + 1] === LF);
    if (cell.kind === "plain" || isLineEnd || byte === TAB) out.push(String.fromCharCode(byte));
    // A mark alone was given a circle to stand on.
    else out.push(cell.text.length > 1 ? cell.text.replace(/^\u25cc/, "") : cell.text);
  }
  return out.join("");
}
