/**
 * Reads the little Python: `assert`, assignments, `print`, arithmetic, comparisons in a row.
 *
 * @module
 */
import type { ArithmeticOperator, CodeBlock, Comparison, PyExpr, Statement } from "./code.ts";
import { tokensOf, type ErrorAt, type Token } from "./tokens.ts";

/** Weakest first. */
const ARITHMETIC: readonly (readonly ArithmeticOperator[])[] = [
  ["|"],
  ["^"],
  ["&"],
  ["<<", ">>"],
  ["+", "-"],
  ["*", "//", "/", "%"],
];
/** Words that begin what a check does not need. */
const OTHER_STATEMENTS: ReadonlySet<string> = new Set(
  "if for while def class import from try with return lambda del global raise pass".split(" "),
);
const COMPARISONS: readonly Comparison[] = ["==", "!=", "<", "<=", ">", ">="];

/** @throws {SyntaxError} from `errorAt` when `text` is none. */
export function parseCode(text: string, errorAt: ErrorAt): CodeBlock {
  return { text, statements: new CodeParser(text, errorAt).statements() };
}

class CodeParser {
  readonly #text: string;
  readonly #tokens: readonly Token[];
  readonly #errorAt: ErrorAt;
  #next = 0;

  constructor(text: string, errorAt: ErrorAt) {
    this.#text = text;
    this.#tokens = tokensOf(text, errorAt);
    this.#errorAt = errorAt;
  }

  statements(): Statement[] {
    const statements: Statement[] = [];
    for (;;) {
      while (this.#isAtEnd() && this.#peek.text !== "") this.#next++;
      if (this.#isAtEnd()) return statements;
      statements.push(this.#statement());
      if (!this.#isAtEnd()) throw this.#error("expected the end of the statement");
    }
  }

  #isAtEnd(): boolean {
    return this.#peek.kind === "end";
  }

  get #peek(): Token {
    return this.#tokens[this.#next]!;
  }

  #error(why: string): SyntaxError {
    return this.#errorAt(this.#peek.at, why);
  }

  #take(kind: Token["kind"], ...texts: readonly string[]): string | null {
    const token = this.#peek;
    if (token.kind !== kind || !texts.includes(token.text)) return null;
    this.#next++;
    return token.text;
  }

  #statement(): Statement {
    const { at, kind, text } = this.#peek;
    const line = this.#text.slice(0, at).split("\n").length - 1;
    if (this.#take("name", "assert") !== null) return this.#assert(line);
    if (kind === "name" && OTHER_STATEMENTS.has(text))
      throw this.#error(`"${text}" is not built: a check has assert, assignments, print`);
    const after = this.#tokens[this.#next + 1];
    const assigned = /^([-+*%&|^]?)=$/.exec(after?.text ?? "");
    if (kind !== "name" || after?.kind !== "symbol" || assigned === null)
      return { kind: "expression", line, value: this.#choice() };
    this.#next += 2;
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the expression admits no other letter
    const operator = assigned[1] === "" ? null : (assigned[1] as ArithmeticOperator);
    return { kind: "assign", line, name: text, operator, value: this.#choice() };
  }

  #assert(line: number): Statement {
    const from = this.#peek.at;
    const test = this.#choice();
    const text = this.#text.slice(from, this.#peek.at).trim();
    const message = this.#take("symbol", ",") === null ? null : this.#choice();
    return { kind: "assert", line, test, message, text };
  }

  #choice(): PyExpr {
    const first = this.#or();
    if (this.#take("name", "if") === null) return first;
    const test = this.#or();
    if (this.#take("name", "else") === null) throw this.#error('expected "else"');
    return { kind: "choice", test, first, otherwise: this.#choice() };
  }

  #or(): PyExpr {
    let left = this.#and();
    while (this.#take("name", "or") !== null) left = { kind: "or", left, right: this.#and() };
    return left;
  }

  #and(): PyExpr {
    let left = this.#not();
    while (this.#take("name", "and") !== null) left = { kind: "and", left, right: this.#not() };
    return left;
  }

  #not(): PyExpr {
    if (this.#take("name", "not") !== null) return { kind: "not", value: this.#not() };
    return this.#comparison();
  }

  #comparison(): PyExpr {
    const first = this.#arithmetic(0);
    const rest: { comparison: Comparison; value: PyExpr }[] = [];
    for (;;) {
      const comparison =
        COMPARISONS.find((text) => this.#take("symbol", text) !== null) ?? this.#membership();
      if (comparison === undefined) break;
      rest.push({ comparison, value: this.#arithmetic(0) });
    }
    return rest.length === 0 ? first : { kind: "compare", first, rest };
  }

  #membership(): Comparison | undefined {
    if (this.#take("name", "in") !== null) return "in";
    const next = this.#tokens[this.#next + 1];
    if (this.#peek.kind !== "name" || this.#peek.text !== "not" || next?.text !== "in")
      return undefined;
    this.#next += 2;
    return "not in";
  }

  #arithmetic(level: number): PyExpr {
    const operators = ARITHMETIC[level];
    if (operators === undefined) return this.#signed();
    let left = this.#arithmetic(level + 1);
    for (;;) {
      const operator = operators.find((text) => this.#take("symbol", text) !== null);
      if (operator === undefined) return left;
      left = { kind: "arithmetic", operator, left, right: this.#arithmetic(level + 1) };
    }
  }

  /** A sign is weaker than a power. */
  #signed(): PyExpr {
    if (this.#take("symbol", "-") !== null) return { kind: "minus", value: this.#signed() };
    if (this.#take("symbol", "~") !== null) return { kind: "invert", value: this.#signed() };
    if (this.#take("symbol", "+") !== null) return this.#signed();
    const left = this.#primary();
    if (this.#take("symbol", "**") === null) return left;
    return { kind: "arithmetic", operator: "**", left, right: this.#signed() };
  }

  #primary(): PyExpr {
    if (this.#take("symbol", "(") !== null) return this.#brackets();
    if (this.#take("symbol", "[") !== null) return { kind: "tuple", items: this.#items("]") };
    const { kind, text } = this.#peek;
    if (kind === "symbol" || kind === "end") throw this.#error("expected a value");
    this.#next++;
    if (kind === "number") return { kind: "number", value: Number(text) };
    if (kind === "string") return { kind: "string", value: text };
    if (this.#take("symbol", "(") === null) return { kind: "name", name: text };
    return { kind: "call", name: text, args: this.#items() };
  }

  #brackets(): PyExpr {
    const items = this.#items();
    const isOne = items.length === 1 && this.#tokens[this.#next - 2]?.text !== ",";
    return isOne ? items[0]! : { kind: "tuple", items };
  }

  /** Up to `close`; a comma may stand behind the last. */
  #items(close: ")" | "]" = ")"): PyExpr[] {
    const items: PyExpr[] = [];
    while (this.#take("symbol", close) === null) {
      if (items.length > 0 && this.#take("symbol", ",") === null)
        throw this.#error(`expected "," or "${close}"`);
      if (this.#take("symbol", close) !== null) break;
      items.push(this.#choice());
    }
    return items;
  }
}
