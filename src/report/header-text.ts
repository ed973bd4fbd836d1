/**
 * Text in cells of a fixed width, where a Chinese character takes two columns.
 *
 * @module
 */
import stringWidth from "string-width";

/** Columns of a terminal that `text` takes. */
export function widthOf(text: string): number {
  // The library looks at every grapheme: most cells are plain ASCII.
  return PLAIN_ASCII.test(text) ? text.length : stringWidth(text);
}

const PLAIN_ASCII = /^[\x20-\x7e]*$/;

/** `text` with spaces behind it up to `width` columns; longer text stays as it is. */
export function padEnd(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - widthOf(text)));
}

/** `text` in the middle of `width` columns. */
export function center(text: string, width: number): string {
  const space = Math.max(0, width - widthOf(text));
  return " ".repeat(space >> 1) + text + " ".repeat(space - (space >> 1));
}

/** As much of `text` as fits in `width` columns, `…` at its end when that is not all. */
export function clip(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  return width < 1 ? "" : `${cut(text, width - 1)[0]}…`;
}

/** What fits in `width` columns, and the rest. */
function cut(text: string, width: number): readonly [string, string] {
  let used = 0;
  let at = 0;
  for (const char of text) {
    used += widthOf(char);
    if (used > width) break;
    at += char.length;
  }
  return [text.slice(0, at), text.slice(at)];
}

/** One Chinese character with the punctuation that must not begin a line, a word, or spaces. */
const TOKEN =
  /[\u2e80-\u9fff\uff00-\uffef][，。：；、）！？”]*|[^\s\u2e80-\u9fff\uff00-\uffef]+[，。：；、）！？”]*|\s+/gu;

/** Breaks `text` into lines of at most `width` columns, between words or Chinese characters. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const [token] of text.matchAll(TOKEN)) {
    if (widthOf(line) + widthOf(token) <= width) {
      line += token;
      continue;
    }
    if (line.trim() !== "") lines.push(line.trimEnd());
    line = token.trimStart();
    // A word wider than the line is cut where the line ends.
    while (widthOf(line) > width) {
      const [head, tail] = cut(line, Math.max(width, 2));
      lines.push(head);
      line = tail;
    }
  }
  if (line.trim() !== "" || lines.length === 0) lines.push(line.trimEnd());
  return lines;
}

/** Like {@link wrap}, but a single word is cut into parts of equal length: `首部|长度`, not `首部长|度`. */
export function wrapLabel(label: string, width: number): string[] {
  if (widthOf(label) <= width) return [label];
  if (label.includes(" ")) return label.split(" ").flatMap((word) => wrapLabel(word, width));
  const chars = Array.from(label);
  const perLine = Math.ceil(chars.length / Math.ceil(widthOf(label) / Math.max(1, width)));
  const lines: string[] = [];
  for (let i = 0; i < chars.length; i += perLine) lines.push(chars.slice(i, i + perLine).join(""));
  return lines;
}
