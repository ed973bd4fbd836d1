/**
 * Reads comparisons of numbers: `tcp[13] & 2 != 0`, `len > 100`.
 *
 * @module
 */
import { type Arith, type ArithOp, type Expr, PROTOCOLS, type Relation } from "./ast.ts";
import type { Cursor } from "./cursor.ts";
import { FilterError } from "./error.ts";
import { CONSTANTS } from "./names.ts";

/**
 * Operators from the loosest to the tightest, as libpcap binds them. `^` and
 * `%` have no place in its order: each takes the one operand before it and
 * everything after it (`7 % 3 * 2` is `7 % (3 * 2)`).
 */
const LEVELS: readonly (readonly ArithOp[])[] = [
  ["|"],
  ["&"],
  ["<<", ">>"],
  ["+", "-"],
  ["*", "/"],
];
const RELATIONS: readonly Relation[] = ["==", "!=", "<=", ">=", "<", ">"];
const MAX_DEPTH = 50;
/** Operators of one level in a row. */
const MAX_OPERATORS = 200;

/** A comparison; `null`, with the cursor where it was, when something else stands here. */
export function parseRelation(cursor: Cursor): Expr | null {
  const start = cursor.position;
  const { at, length } = cursor.peek();
  if (!startsArith(cursor)) return null;
  const left = parseLevel(cursor, 0, 0);
  const op = left === null ? null : takeRelation(cursor);
  if (left === null || op === null) {
    cursor.position = start;
    return null;
  }
  const right = parseLevel(cursor, 0, 0);
  if (right === null) throw cursor.unexpected("a number, len or bytes such as tcp[13]");
  return { kind: "relation", op, left, right, at, length };
}

function startsArith(cursor: Cursor): boolean {
  const { kind, text } = cursor.peek();
  return (
    kind === "number" ||
    (kind === "sign" && (text === "(" || text === "-")) ||
    (kind === "word" && (text === "len" || CONSTANTS.has(text) || cursor.peek(1).text === "["))
  );
}

function takeRelation(cursor: Cursor): Relation | null {
  if (cursor.takeSign("=")) return "==";
  return RELATIONS.find((r) => cursor.takeSign(r)) ?? null;
}

function parseLevel(cursor: Cursor, level: number, depth: number): Arith | null {
  const ops = LEVELS[level];
  if (ops === undefined) return parseOperand(cursor, depth);
  let left = parseLevel(cursor, level + 1, depth);
  for (let n = 0; left !== null; n++) {
    const { at, length } = cursor.peek();
    const op = ops.find((o) => cursor.takeSign(o));
    if (op === undefined) return left;
    if (n === MAX_OPERATORS) throw cursor.unexpected("a simpler calculation");
    const right = parseLevel(cursor, level + 1, depth);
    if (right === null) return null;
    left = { kind: "binary", op, left, right, at, length };
  }
  return null;
}

function parseOperand(cursor: Cursor, depth: number): Arith | null {
  const left = parseUnary(cursor, depth);
  const { at, length } = cursor.peek();
  const op = cursor.takeSign("^") ? "^" : cursor.takeSign("%") ? "%" : null;
  if (left === null || op === null) return left;
  const right = parseLevel(cursor, 0, depth + 1);
  return right === null ? null : { kind: "binary", op, left, right, at, length };
}

function parseUnary(cursor: Cursor, depth: number): Arith | null {
  if (depth > MAX_DEPTH) return null;
  const { kind, text } = cursor.peek();
  if (cursor.takeSign("-")) {
    const of = parseOperand(cursor, depth + 1);
    return of === null ? null : { kind: "negate", of };
  }
  if (cursor.takeSign("(")) {
    const inner = parseLevel(cursor, 0, depth + 1);
    return inner !== null && cursor.takeSign(")") ? inner : null;
  }
  if (kind === "number") return { kind: "number", value: cursor.takeNumber() };
  if (kind !== "word") return null;
  if (cursor.takeWord("len")) return { kind: "len" };
  const value = CONSTANTS.get(text);
  if (value !== undefined) {
    cursor.take();
    return { kind: "number", value };
  }
  return cursor.peek(1).text === "[" ? parseLoad(cursor, depth) : null;
}

/** `tcp[INDEX]`, `tcp[INDEX:SIZE]`. */
function parseLoad(cursor: Cursor, depth: number): Arith {
  const { text, at, length } = cursor.peek();
  const proto = text === "link" ? "ether" : PROTOCOLS.find((p) => p === text);
  if (proto === undefined) throw cursor.unexpected("a protocol before [");
  cursor.take();
  cursor.expectSign("[");
  const index = parseLevel(cursor, 0, depth + 1);
  if (index === null) throw cursor.unexpected("a byte offset");
  const size = cursor.takeSign(":") ? takeSize(cursor) : 1;
  cursor.expectSign("]");
  return { kind: "load", proto, index, size, at, length };
}

function takeSize(cursor: Cursor): 1 | 2 | 4 {
  const { at, length } = cursor.peek();
  const size = cursor.takeNumber();
  if (size === 1 || size === 2 || size === 4) return size;
  throw new FilterError(`${size} bytes cannot be compared, only 1, 2 or 4`, at, length);
}
