/**
 * Cuts a capture filter into tokens. The longest match counts, as in libpcap:
 * `6000-6008` is one word, `10.1.2.3` one address.
 *
 * @module
 */
import { FilterError } from "./error.ts";
import { parseIpv6Words } from "./literal.ts";

/** One token. `text` is as written; of an escaped word (`\tcp`) without its backslash. */
export interface Token {
  readonly kind: "word" | "escaped" | "number" | "ipv4" | "ipv6" | "mac" | "sign" | "end";
  readonly text: string;
  readonly at: number;
  readonly length: number;
}

const MAC =
  /(?:[0-9a-f]{1,2}(?:[:.-][0-9a-f]{1,2}){5}|[0-9a-f]{4}(?:\.[0-9a-f]{4}){2}|[0-9a-f]{12})(?![0-9a-z:._-])/iy;
const IPV6 = /[0-9a-f]*:[0-9a-f:]*:[0-9a-f:.]*/iy;
const IPV4 = /\d+(?:\.\d+){1,3}/y;
const NUMBER = /0x[0-9a-f]+|\d+/iy;
const WORD = /[0-9a-z](?:[-_.0-9a-z]*[.0-9a-z])?/iy;
const ESCAPED = /\\[^\s()!]+/y;
const SIGN = /&&|\|\||[=!<>]=|<<|>>|[()[\]:+\-*/%&|^<>=!]/y;
const SPACE = /\s*/y;

/** The tokens of `text`, the last of kind `"end"`. */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  for (let at = spaceEnd(text, 0); at < text.length;) {
    const token = tokenAt(text, at);
    if (token === null) {
      throw new FilterError(`"${text[at]!}" has no meaning here`, at);
    }
    tokens.push(token);
    at = spaceEnd(text, at + token.length);
  }
  tokens.push({ kind: "end", text: "", at: text.length, length: 1 });
  return tokens;
}

function tokenAt(text: string, at: number): Token | null {
  let best: Token | null = null;
  const offer = (kind: Token["kind"], found: string): void => {
    if (found.length > (best?.length ?? 0)) best = { kind, text: found, at, length: found.length };
  };
  offer("mac", match(MAC, text, at));
  const ipv6 = match(IPV6, text, at);
  if (parseIpv6Words(ipv6) !== null) offer("ipv6", ipv6);
  offer("ipv4", match(IPV4, text, at));
  offer("number", match(NUMBER, text, at));
  offer("word", match(WORD, text, at));
  offer("sign", match(SIGN, text, at));
  const escaped = match(ESCAPED, text, at);
  if (escaped === "") return best;
  return { kind: "escaped", text: escaped.slice(1), at, length: escaped.length };
}

function match(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? "";
}

function spaceEnd(text: string, at: number): number {
  return at + match(SPACE, text, at).length;
}
