/**
 * Cuts a display filter into tokens.
 *
 * @module
 */
import { FilterError } from "../../pcap/filter/error.ts";

/** One token. A word is a field name, a number, an address: whatever has no quotes. */
export interface Token {
  readonly kind: "word" | "string" | "sign" | "end";
  /** As written; of a string what is between its quotes, escapes replaced. */
  readonly text: string;
  readonly at: number;
  readonly length: number;
}

const SPACE = /\s*/y;
const SIGN = /===|!==|==|!=|<=|>=|~=|&&|\|\||[()[\]{},<>!&~]/y;
const WORD = /[-\w.:/]+/y;
const STRING = /(r?)"((?:[^"\\]|\\[^])*)"/y;

/** The tokens of `text`, the last of kind `"end"`. */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  for (let at = lengthOf(SPACE, text, 0); at < text.length;) {
    const token = tokenAt(text, at);
    tokens.push(token);
    at += token.length;
    at += lengthOf(SPACE, text, at);
  }
  tokens.push({ kind: "end", text: "", at: text.length, length: 1 });
  return tokens;
}

function tokenAt(text: string, at: number): Token {
  STRING.lastIndex = at;
  const string = STRING.exec(text);
  if (string !== null) {
    const [all, raw, inside] = string;
    const value = raw === "r" ? inside! : unescape(inside!, at);
    return { kind: "string", text: value, at, length: all.length };
  }
  for (const [kind, pattern] of [
    ["word", WORD],
    ["sign", SIGN],
  ] as const) {
    const length = lengthOf(pattern, text, at);
    if (length > 0) return { kind, text: text.slice(at, at + length), at, length };
  }
  const why = text[at] === '"' ? "the string has no end" : `"${text[at]!}" has no meaning here`;
  throw new FilterError(why, at, text[at] === '"' ? text.length - at : 1);
}

function lengthOf(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0].length ?? 0;
}

const NAMED: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", "0": "\0" };

/** `\n`, `\x41` and their like; before anything else a backslash only quotes it. */
function unescape(text: string, at: number): string {
  return text.replaceAll(/\\(x[0-9a-f]{2}|[^])/gi, (all, escaped: string) => {
    if (escaped.length === 3) return String.fromCharCode(Number.parseInt(escaped.slice(1), 16));
    if (escaped === "x") throw new FilterError(`"${all}" needs two hexadecimal digits`, at);
    return NAMED[escaped] ?? escaped;
  });
}
