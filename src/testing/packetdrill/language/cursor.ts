/**
 * A place in the text of a script, and steps from it.
 *
 * The words of packetdrill depend on where they stand (`1:1001`, `.1`, `S.`), so there is no list
 * of tokens: each rule asks the cursor for what may come next.
 *
 * @module
 */

/** White space and comments, `//` and `/* *\/`. */
const BLANK = /(?:\s|\/\/[^\n]*|\/\*[^]*?\*\/)*/y;

/** Moves over one text from left to right. */
export class Cursor {
  readonly source: string;
  readonly path: string;
  /** Words that stand for other text (`-D NAME=value`). */
  readonly defines: ReadonlyMap<string, string>;
  #at = 0;

  constructor(source: string, path: string, defines: ReadonlyMap<string, string> = new Map()) {
    this.source = source;
    this.path = path;
    this.defines = defines;
    this.skipBlank();
  }

  /** Offset of the next character that means something. */
  get at(): number {
    return this.#at;
  }

  /** Line of {@link at}, from 1. */
  get line(): number {
    return lineAt(this.source, this.#at);
  }

  get isAtEnd(): boolean {
    return this.#at >= this.source.length;
  }

  /** Whether `pattern` (sticky) matches here. */
  sees(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at;
    return pattern.test(this.source);
  }

  /** What `pattern` (sticky) matches here, and steps behind it and the blanks; or `null`. */
  take(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.source);
    if (match === null) return null;
    this.#at = pattern.lastIndex;
    this.skipBlank();
    return match;
  }

  /** As {@link take}. @throws {SyntaxError} when there is no match; `what` names it. */
  need(pattern: RegExp, what: string): RegExpExecArray {
    const match = this.take(pattern);
    if (match === null) throw this.error(`expected ${what}`);
    return match;
  }

  /** A word, or what it is defined as; `null` when `pattern` (sticky) does not match. */
  takeWord(pattern: RegExp): string | null {
    const word = this.take(pattern)?.[0];
    return word === undefined ? null : (this.defines.get(word) ?? word);
  }

  /** A whole number, not negative, decimal or hexadecimal, or a word defined as one. */
  takeNumber(): number | null {
    const at = this.#at;
    const word = this.takeWord(/0[xX][\da-fA-F]+|\d+|[A-Za-z_]\w*/y);
    if (word !== null && /^(?:0[xX][\da-fA-F]+|\d+)$/.test(word)) return Number(word);
    this.#at = at;
    return null;
  }

  /** As {@link takeNumber}. @throws {SyntaxError} when there is none, or one above `largest`. */
  needNumber(what: string, largest: number = Infinity): number {
    const at = this.#at;
    const value = this.takeNumber();
    if (value === null) throw this.error(`expected ${what}`);
    if (value > largest) throw this.error(`${value} is more than ${largest}`, at);
    return value;
  }

  /** Whether `text` stands here; steps behind it. */
  takeText(text: string): boolean {
    if (!this.source.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    this.skipBlank();
    return true;
  }

  /** @throws {SyntaxError} when `text` does not stand here. */
  needText(text: string): void {
    if (!this.takeText(text)) throw this.error(`expected "${text}"`);
  }

  /** Text up to `close`, which may hold anything; steps behind it. `open` is what began it. */
  takeUntil(close: string, open: string): string {
    const isEscaped = (at: number): boolean =>
      close === "`" && at > this.#at && this.source[at - 1] === "\\";
    let end = this.source.indexOf(close, this.#at);
    // A quote of the shell's own, behind a backslash, ends nothing.
    while (isEscaped(end)) end = this.source.indexOf(close, end + 1);
    if (end < 0) throw this.error(`"${open}" has no "${close}"`);
    const text = this.source.slice(this.#at, end);
    this.#at = end + close.length;
    this.skipBlank();
    return text;
  }

  /** Steps behind `open` but over no blanks: what follows is text. */
  takeOpen(open: string): boolean {
    if (!this.source.startsWith(open, this.#at)) return false;
    this.#at += open.length;
    return true;
  }

  skipBlank(): void {
    BLANK.lastIndex = this.#at;
    BLANK.test(this.source);
    this.#at = BLANK.lastIndex;
  }

  /** Back to an offset that {@link at} gave. */
  backTo(at: number): void {
    this.#at = at;
  }

  /** An error with path, line, the line's text and a caret below `at`. */
  error(why: string, at: number = this.#at): SyntaxError {
    return syntaxErrorAt(this.source, this.path, at, why);
  }
}

/** The line of offset `at`, from 1. */
export function lineAt(source: string, at: number): number {
  let line = 1;
  for (let i = source.indexOf("\n"); i >= 0 && i < at; i = source.indexOf("\n", i + 1)) line++;
  return line;
}

/** `PATH:LINE:COLUMN: Cannot read script: WHY`, the line, and a caret below the place. */
export function syntaxErrorAt(source: string, path: string, at: number, why: string): SyntaxError {
  const place = Math.min(at, source.length);
  const start = source.lastIndexOf("\n", place - 1) + 1;
  const end = source.indexOf("\n", place);
  const shown = source.slice(start, end < 0 ? source.length : end).replaceAll("\t", " ");
  const column = place - start + 1;
  const head = `${path}:${lineAt(source, place)}:${column}: Cannot read script: ${why}`;
  return new SyntaxError(`${head}\n  ${shown}\n  ${" ".repeat(column - 1)}^`);
}
