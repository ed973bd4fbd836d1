/**
 * Reads a display filter into a test of frames.
 *
 * @module
 */
import { visible } from "../../base/visible.ts";
import { FilterError } from "../../pcap/filter/error.ts";
import type { Frame } from "../fields/frame.ts";
import { findField, nearestFields } from "../fields/registry.ts";
import { bytesOf, compareValues, compareWith, containsValue } from "./compare.ts";
import { type Token, tokenize } from "./lexer.ts";
import { type Literal, readLiteral } from "./literal.ts";
import { fieldOperand, maskOperand, type Operand, type Slice, sliceOperand } from "./operand.ts";
import { compilePattern } from "./regex.ts";

/** Whether a frame passes. */
export type DisplayFilter = (frame: Frame) => boolean;

type Quantifier = "any" | "all";

/** A comparison: what the order of two values must be, and for which of several values. */
interface Comparison {
  readonly holds: (order: number) => boolean;
  readonly quantifier: Quantifier;
}

const isEqual = (order: number): boolean => order === 0;
const isDifferent = (order: number): boolean => order !== 0;

/** `!=` is the opposite of `==` only for one value: it wants all values different. */
const COMPARISONS: ReadonlyMap<string, Comparison> = new Map(
  (
    [
      [["==", "eq", "any_eq"], isEqual, "any"],
      [["!=", "ne", "all_ne"], isDifferent, "all"],
      [["===", "all_eq"], isEqual, "all"],
      [["!==", "~=", "any_ne"], isDifferent, "any"],
      [["<", "lt"], (order: number) => order < 0, "any"],
      [["<=", "le"], (order: number) => order <= 0, "any"],
      [[">", "gt"], (order: number) => order > 0, "any"],
      [[">=", "ge"], (order: number) => order >= 0, "any"],
    ] as const
  ).flatMap(([names, holds, quantifier]) => names.map((name) => [name, { holds, quantifier }])),
);

const MAX_DEPTH = 100;

/**
 * Compiles a display filter; an empty one passes every frame.
 *
 * @throws {@link FilterError}
 */
export function parseDisplayFilter(text: string): DisplayFilter {
  const parser = new Parser(tokenize(text));
  return parser.parse();
}

class Parser {
  readonly #tokens: readonly Token[];
  #position = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  parse(): DisplayFilter {
    if (this.#peek().kind === "end") return () => true;
    const filter = this.#or(0);
    if (this.#peek().kind !== "end") throw this.#unexpected("and, or or the end of the filter");
    return filter;
  }

  #peek(): Token {
    return this.#tokens[this.#position]!;
  }

  #take(...texts: readonly string[]): boolean {
    const { kind, text } = this.#peek();
    if (kind === "string" || kind === "end" || !texts.includes(text)) return false;
    this.#position++;
    return true;
  }

  #expect(sign: string): void {
    if (!this.#take(sign)) throw this.#unexpected(`"${sign}"`);
  }

  #next(): Token {
    const token = this.#peek();
    if (token.kind !== "end") this.#position++;
    return token;
  }

  #unexpected(expected: string): FilterError {
    const { kind, text, at, length } = this.#peek();
    const found = kind === "end" ? "its end" : `"${visible(text)}"`;
    return new FilterError(`expected ${expected}, found ${found}`, at, length);
  }

  #or(depth: number): DisplayFilter {
    const parts = [this.#and(depth)];
    while (this.#take("||", "or")) parts.push(this.#and(depth));
    return parts.length === 1 ? parts[0]! : (frame) => parts.some((part) => part(frame));
  }

  #and(depth: number): DisplayFilter {
    const parts = [this.#not(depth)];
    while (this.#take("&&", "and")) parts.push(this.#not(depth));
    return parts.length === 1 ? parts[0]! : (frame) => parts.every((part) => part(frame));
  }

  #not(depth: number): DisplayFilter {
    let negated = false;
    while (this.#take("!", "not")) negated = !negated;
    const filter = this.#primary(depth);
    return negated ? (frame) => !filter(frame) : filter;
  }

  #primary(depth: number): DisplayFilter {
    if (depth > MAX_DEPTH) throw this.#unexpected("fewer parentheses in each other");
    if (this.#take("(")) {
      const inner = this.#or(depth + 1);
      this.#expect(")");
      return inner;
    }
    const quantifier = this.#take("any") ? "any" : this.#take("all") ? "all" : null;
    const operand = this.#operand();
    if (this.#take("contains")) return this.#contains(operand);
    if (this.#take("matches", "~")) return this.#matches(operand);
    if (this.#take("in")) return this.#membership(operand);
    if (this.#take("not_in")) return negate(this.#membership(operand));
    const comparison = COMPARISONS.get(this.#peek().kind === "string" ? "" : this.#peek().text);
    if (comparison !== undefined) {
      this.#position++;
      return this.#comparison(operand, { ...comparison, ...(quantifier && { quantifier }) });
    }
    if (quantifier !== null) throw this.#unexpected("a comparison");
    return presence(operand);
  }

  /** `tcp.port`, `tcp.payload[0:4]`, `tcp.flags & 2`. */
  #operand(): Operand {
    const token = this.#peek();
    if (token.kind !== "word") throw this.#unexpected("a field");
    const field = findField(token.text);
    if (field === null) throw unknownField(token);
    this.#position++;
    let operand = fieldOperand(field);
    if (this.#take("[")) operand = this.#slices(operand, token);
    if (!this.#take("&")) return operand;
    const mask = readLiteral(this.#peek(), "uint").value;
    if (operand.type !== "uint" || typeof mask !== "number" || mask > 0xffffffff) {
      throw this.#unexpected(`a number that masks ${operand.name}`);
    }
    this.#position++;
    return maskOperand(operand, mask);
  }

  /** `[offset:length]`, `[first-last]`, `[offset:]`, `[offset]`, several with commas. */
  #slices(operand: Operand, { at, length }: Token): Operand {
    if (!["bytes", "ether", "ipv4", "ipv6", "string", "protocol"].includes(operand.type)) {
      throw new FilterError(`${operand.name} has no bytes to take a part of`, at, length);
    }
    const slices: Slice[] = [];
    do {
      const token = this.#next();
      const slice = readSlice(token.text);
      if (slice === null) {
        throw new FilterError("expected a slice such as 0:4", token.at, token.length);
      }
      slices.push(slice);
    } while (this.#take(","));
    this.#expect("]");
    return sliceOperand(operand, slices);
  }

  #comparison(left: Operand, { holds, quantifier }: Comparison): DisplayFilter {
    const token = this.#peek();
    const field = token.kind === "word" ? findField(token.text) : null;
    if (field !== null && left.type !== "string") {
      const right = this.#operand();
      if (comparedAs(left) !== comparedAs(right)) {
        throw new FilterError(
          `${left.name} and ${right.name} cannot be compared`,
          token.at,
          token.length,
        );
      }
      return (frame) => {
        const others = right.values(frame);
        const test = (a: Value): boolean =>
          quantify(others, quantifier, (b) => holds(compareValues(a, b)));
        return quantify(left.values(frame), quantifier, test);
      };
    }
    const literal = readLiteral(token, left.type);
    this.#position++;
    return (frame) =>
      quantify(left.values(frame), quantifier, (value) => holds(compareWith(value, literal)));
  }

  #contains(operand: Operand): DisplayFilter {
    const type = operand.type === "string" ? "string" : "bytes";
    if (!isText(operand)) throw this.#unexpected(`a field of bytes or text before contains`);
    const { value } = readLiteral(this.#peek(), type);
    this.#position++;
    return (frame) => operand.values(frame).some((whole) => containsValue(whole, value));
  }

  #matches(operand: Operand): DisplayFilter {
    if (!isText(operand)) throw this.#unexpected("a field of bytes or text before matches");
    const token = this.#next();
    if (token.kind !== "string") {
      throw new FilterError("expected a regular expression in quotes", token.at, token.length);
    }
    const pattern = compilePattern(token.text, token.at);
    return (frame) => operand.values(frame).some((value) => pattern.test(bytesOf(value)));
  }

  /** `in {80, 443, 8000..8999}`. */
  #membership(operand: Operand): DisplayFilter {
    this.#expect("{");
    const ranges: (readonly [Literal, Literal])[] = [];
    do ranges.push(this.#range(operand));
    while (this.#take(","));
    this.#expect("}");
    return (frame) =>
      operand
        .values(frame)
        .some((value) =>
          ranges.some(
            ([low, high]) => compareWith(value, low) >= 0 && compareWith(value, high) <= 0,
          ),
        );
  }

  #range(operand: Operand): readonly [Literal, Literal] {
    const token = this.#next();
    const dots = token.kind === "word" ? token.text.indexOf("..") : -1;
    if (dots <= 0) {
      const low = readLiteral(token, operand.type);
      const { kind, text, at } = this.#peek();
      if (kind !== "word" || !text.startsWith("..")) return [low, low];
      this.#position++;
      const rest = { ...this.#peek(), text: text.slice(2), at: at + 2 };
      return [low, readLiteral(rest.text === "" ? this.#next() : { ...rest, kind }, operand.type)];
    }
    const last = token.text.slice(dots + 2);
    const low = readLiteral({ ...token, text: token.text.slice(0, dots) }, operand.type);
    const high = last === "" ? this.#next() : { ...token, text: last };
    return [low, readLiteral(high, operand.type)];
  }
}

type Value = ReturnType<Operand["values"]>[number];

/** Some value, or all of at least one. */
function quantify(
  values: readonly Value[],
  quantifier: Quantifier,
  test: (value: Value) => boolean,
): boolean {
  if (quantifier === "any") return values.some(test);
  return values.length > 0 && values.every(test);
}

function presence(operand: Operand): DisplayFilter {
  if (operand.isMask === true) return (frame) => operand.values(frame).some((v) => v !== 0);
  return (frame) => operand.values(frame).length > 0;
}

const negate =
  (filter: DisplayFilter): DisplayFilter =>
  (frame) =>
    !filter(frame);

const isText = ({ type }: Operand): boolean =>
  type === "string" || type === "bytes" || type === "ether";

/** All numbers can be compared with each other. */
const comparedAs = ({ type }: Operand): string =>
  type === "uint" || type === "int" || type === "bool" ? "number" : type;

/** A part of a value: `4`, `0:4`, `1-3`, `2:`, `:4`, `-2:2`. */
function readSlice(text: string): Slice | null {
  const m = /^(-?\d{1,6})?(?:(:)(\d{1,6})?|-(-?\d{1,6}))?$/.exec(text);
  if (m === null || text === "") return null;
  const [, start, colon, length, last] = m;
  const from = Number(start ?? 0);
  if (last !== undefined) return { from, length: Number(last) - from + 1 };
  if (colon === undefined) return { from, length: 1 };
  return { from, length: length === undefined ? null : Number(length) };
}

function unknownField({ text, at, length }: Token): FilterError {
  const near = nearestFields(text);
  const hint = near.length === 0 ? "" : `; did you mean ${near.join(" or ")}?`;
  return new FilterError(`"${visible(text)}" is not a known field${hint}`, at, length);
}
