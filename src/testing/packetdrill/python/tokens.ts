/**
 * Words of the little Python, one after the other.
 *
 * @module
 */

/** A word; the end of a statement is `"\n"`, the end of the block `""`. */
export interface Token {
  readonly kind: "number" | "string" | "name" | "symbol" | "end";
  readonly text: string;
  /** Offset in the block. */
  readonly at: number;
}

/** Makes the error for an offset in the block. */
export type ErrorAt = (offset: number, why: string) => SyntaxError;

const BLANK = /(?:[ \t\r]|\\\r?\n|#[^\n]*)*/y;
const WORD =
  /(?<number>0[xX][\da-fA-F]+|(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?)|(?<string>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')|(?<name>[A-Za-z_]\w*)|(?<end>[;\n])|(?<symbol>\*\*|\/\/|<<|>>|[=!<>+*%&|^-]=|[-+*/%&|^~<>=(),[\].:{}])/y;

/** All words of `text`. @throws {SyntaxError} at a character that begins none. */
export function tokensOf(text: string, errorAt: ErrorAt): Token[] {
  const tokens: Token[] = [];
  let depth = 0;
  for (let at = skipBlank(text, 0); at < text.length; at = skipBlank(text, at)) {
    WORD.lastIndex = at;
    const match = WORD.exec(text);
    if (match === null) throw errorAt(at, `"${text[at]}" begins no word of a check`);
    const token = tokenOf(match, at);
    if (token.text === "(" || token.text === "[") depth++;
    if (token.text === ")" || token.text === "]") depth--;
    // Inside brackets a line goes on.
    if (token.kind !== "end" || depth === 0) tokens.push(token);
    at = WORD.lastIndex;
  }
  return [...tokens, { kind: "end", text: "", at: text.length }];
}

function tokenOf(match: RegExpExecArray, at: number): Token {
  const { number, string, name, end, symbol } = match.groups!;
  if (number !== undefined) return { kind: "number", text: number, at };
  if (string !== undefined) return { kind: "string", text: string.slice(1, -1), at };
  if (name !== undefined) return { kind: "name", text: name, at };
  if (symbol !== undefined) return { kind: "symbol", text: symbol, at };
  return { kind: "end", text: end!, at };
}

function skipBlank(text: string, at: number): number {
  BLANK.lastIndex = at;
  BLANK.test(text);
  return BLANK.lastIndex;
}
