/**
 * A place among the tokens of a capture filter.
 *
 * @module
 */
import { visible } from "../../base/visible.ts";
import { FilterError } from "./error.ts";
import type { Token } from "./lexer.ts";
import { parseCNumber } from "./literal.ts";

/** Walks over tokens; {@link position} can be kept and set back. */
export class Cursor {
  readonly #tokens: readonly Token[];
  position = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  /** The token `ahead` tokens from here; the end again and again. */
  peek(ahead: number = 0): Token {
    return this.#tokens[Math.min(this.position + ahead, this.#tokens.length - 1)]!;
  }

  take(): Token {
    const token = this.peek();
    this.position++;
    return token;
  }

  /** Steps over the next token when it is one of these words or signs. */
  takeWord(...words: readonly string[]): boolean {
    const { kind, text } = this.peek();
    if ((kind !== "word" && kind !== "sign") || !words.includes(text)) return false;
    this.position++;
    return true;
  }

  /** Steps over two words, or over none. */
  takeWords(first: string, second: string): boolean {
    if (this.peek().text !== first || this.peek(1).text !== second) return false;
    this.position += 2;
    return true;
  }

  takeSign(sign: string): boolean {
    const { kind, text } = this.peek();
    if (kind !== "sign" || text !== sign) return false;
    this.position++;
    return true;
  }

  expectSign(sign: string): void {
    if (!this.takeSign(sign)) throw this.unexpected(`"${sign}"`);
  }

  /** An unsigned 32-bit number, decimal, hexadecimal or octal. */
  takeNumber(): number {
    const token = this.peek();
    if (token.kind !== "number") throw this.unexpected("a number");
    const value = parseCNumber(token.text);
    if (value === null) {
      throw new FilterError(`${token.text} is not a number of 32 bits`, token.at, token.length);
    }
    this.position++;
    return value;
  }

  /** The error for the token that stands here. */
  unexpected(expected: string): FilterError {
    const { kind, text, at, length } = this.peek();
    const found = kind === "end" ? "its end" : `"${visible(text)}"`;
    return new FilterError(`expected ${expected}, found ${found}`, at, length);
  }
}
