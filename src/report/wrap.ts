/**
 * Text in columns of a terminal: Chinese is two columns wide and breaks
 * between characters, other writing breaks between words.
 *
 * Everything here is given plain text; colours are laid on afterwards.
 *
 * @module
 */
import stringWidth from "string-width";

/** ASCII, and what numbers and tables bring along: `35.2 µs`, `1–100`, `a → b`. */
const NARROW = /^[\x20-\x7eµ·×–—…←→↔≤≥─│]*$/;

/** Columns that `text` takes. */
export function textWidth(text: string): number {
  // The library looks at every grapheme: most text is plain.
  return NARROW.test(text) ? text.length : stringWidth(text);
}

/** Punctuation that may not begin a line, and that may not end one. */
const NO_START = "，。；：、！？）》」』”’…,.;:!?)]}";
const NO_END = "（《「『“‘([{";

/** Words, single wide characters, and the spaces between them. */
const PIECE =
  /\s+|[\u2e80-\u9fff\uf900-\ufaff\uff00-\uff60\uffe0-\uffe6\u3000-\u303f]|[^\s\u2e80-\u9fff\uf900-\ufaff\uff00-\uff60\uffe0-\uffe6\u3000-\u303f]+/gu;

/**
 * `text` in lines of at most `width` columns. A word longer than a line is cut.
 *
 * `hang` columns are left free at the start of every line but the first.
 */
export function wrap(text: string, width: number, hang: number = 0): string[] {
  const lines: string[] = [];
  let line = "";
  let used = 0;
  let space = "";
  const newLine = (): void => {
    lines.push(line);
    line = " ".repeat(hang);
    used = hang;
    space = "";
  };
  for (const piece of pieces(text, Math.max(1, width - hang))) {
    if (/^\s/.test(piece)) {
      space = used > (lines.length === 0 ? 0 : hang) ? " " : "";
      continue;
    }
    const wide = textWidth(piece);
    if (used + space.length + wide > width && used > hang) newLine();
    line += space + piece;
    used += space.length + wide;
    space = "";
  }
  if (line.trim() !== "" || lines.length === 0) lines.push(line);
  return lines;
}

/** The pieces between which a line may break. */
function pieces(text: string, longest: number): string[] {
  const out: string[] = [];
  for (const [piece] of text.matchAll(PIECE)) {
    const last = out.at(-1);
    const sticks =
      last !== undefined &&
      !/^\s/.test(piece) &&
      !/\s$/.test(last) &&
      (NO_START.includes(piece[0]!) || NO_END.includes(last.at(-1)!));
    if (sticks && textWidth(last + piece) <= longest) out[out.length - 1] = last + piece;
    else out.push(...cut(piece, longest));
  }
  return out;
}

function cut(word: string, longest: number): string[] {
  if (textWidth(word) <= longest) return [word];
  const parts: string[] = [];
  let part = "";
  for (const c of word) {
    if (part !== "" && textWidth(part + c) > longest) {
      parts.push(part);
      part = "";
    }
    part += c;
  }
  return [...parts, part];
}

/** `text` in exactly `width` columns: cut with `…`, or filled with spaces. */
export function fit(text: string, width: number, align: "left" | "right" = "left"): string {
  const short = shorten(text, width);
  const fill = " ".repeat(Math.max(0, width - textWidth(short)));
  return align === "left" ? short + fill : fill + short;
}

/** `text` in at most `width` columns, its end replaced by `…` where it is longer. */
export function shorten(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  let out = "";
  for (const c of text) {
    if (textWidth(out + c) > width - 1) break;
    out += c;
  }
  return width < 1 ? "" : `${out}…`;
}

/** `text` in the middle of `width` columns; longer text stays as it is. */
export function center(text: string, width: number): string {
  const space = Math.max(0, width - textWidth(text));
  return " ".repeat(space >> 1) + text + " ".repeat(space - (space >> 1));
}

/** Like {@link wrap}, but a single word is cut into parts of equal length: `首部|长度`, not `首部长|度`. */
export function wrapLabel(label: string, width: number): string[] {
  if (textWidth(label) <= width) return [label];
  if (label.includes(" ")) return label.split(" ").flatMap((word) => wrapLabel(word, width));
  const chars = Array.from(label);
  const perLine = Math.ceil(chars.length / Math.ceil(textWidth(label) / Math.max(1, width)));
  const lines: string[] = [];
  for (let i = 0; i < chars.length; i += perLine) lines.push(chars.slice(i, i + perLine).join(""));
  return lines;
}
