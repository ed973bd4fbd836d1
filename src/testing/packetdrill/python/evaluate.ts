/**
 * Runs the little Python against a snapshot of TCP_INFO.
 *
 * @module
 */
import type { ArithmeticOperator, CodeBlock, Comparison, PyExpr, Statement } from "./code.ts";

/** Numbers, texts, truth values; a tuple is what `%` formats. */
export type PyValue = number | string | boolean | readonly PyValue[];

/** What a block comes to: `null`, or why a check of it failed. */
export interface CheckFailure {
  /** Within the block, from 0. */
  readonly line: number;
  readonly expected: string;
  readonly got: string;
}

/**
 * Runs `block`. Assignments stay in `variables` for the blocks that follow; names are looked for
 * there first, then in `names`.
 */
export function runCode(
  block: CodeBlock,
  variables: Map<string, PyValue>,
  names: ReadonlyMap<string, PyValue>,
): CheckFailure | null {
  const scope: Scope = { variables, names };
  for (const statement of block.statements) {
    try {
      const failure = runStatement(statement, scope);
      if (failure !== null) return failure;
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      return { line: statement.line, expected: "a check that can be run", got: error.message };
    }
  }
  return null;
}

interface Scope {
  readonly variables: Map<string, PyValue>;
  readonly names: ReadonlyMap<string, PyValue>;
}

function runStatement(statement: Statement, scope: Scope): CheckFailure | null {
  switch (statement.kind) {
    case "expression":
      evaluate(statement.value, scope);
      return null;
    case "assign": {
      const value = evaluate(statement.value, scope);
      const { name, operator } = statement;
      const before = operator === null ? null : lookUp(name, scope);
      scope.variables.set(
        name,
        operator === null || before === null ? value : arithmetic(operator, before, value),
      );
      return null;
    }
    case "assert": {
      if (isTrue(evaluate(statement.test, scope))) return null;
      return { line: statement.line, expected: statement.text, got: gotOf(statement, scope) };
    }
  }
}

function gotOf(statement: Statement & { kind: "assert" }, scope: Scope): string {
  const names = new Set<string>();
  collectNames(statement.test, names);
  const known = [...names].map((name) => `${name} = ${show(lookUp(name, scope))}`).join(", ");
  if (known !== "") return known;
  return statement.message === null ? "false" : show(evaluate(statement.message, scope));
}

function collectNames(expr: PyExpr, names: Set<string>): void {
  switch (expr.kind) {
    case "number":
    case "string":
      return;
    case "name":
      if (expr.name.toLowerCase() === expr.name) names.add(expr.name);
      return;
    case "tuple":
      for (const item of expr.items) collectNames(item, names);
      return;
    case "call":
      for (const item of expr.args) collectNames(item, names);
      return;
    case "not":
    case "minus":
    case "invert":
      return collectNames(expr.value, names);
    case "choice":
      for (const part of [expr.test, expr.first, expr.otherwise]) collectNames(part, names);
      return;
    case "compare":
      collectNames(expr.first, names);
      for (const { value } of expr.rest) collectNames(value, names);
      return;
    case "arithmetic":
    case "and":
    case "or":
      collectNames(expr.left, names);
      collectNames(expr.right, names);
  }
}

function lookUp(name: string, scope: Scope): PyValue {
  const value = scope.variables.get(name) ?? scope.names.get(name);
  if (value === undefined) throw new TypeError(`the name ${name} is not known`);
  return value;
}

function evaluate(expr: PyExpr, scope: Scope): PyValue {
  switch (expr.kind) {
    case "number":
    case "string":
      return expr.value;
    case "name":
      return expr.name === "True" || expr.name === "False"
        ? expr.name === "True"
        : lookUp(expr.name, scope);
    case "tuple":
      return expr.items.map((item) => evaluate(item, scope));
    case "call":
      return call(
        expr.name,
        expr.args.map((item) => evaluate(item, scope)),
      );
    case "not":
      return !isTrue(evaluate(expr.value, scope));
    case "minus":
      return -asNumber(evaluate(expr.value, scope));
    case "invert":
      return -asNumber(evaluate(expr.value, scope)) - 1;
    case "choice":
      return evaluate(isTrue(evaluate(expr.test, scope)) ? expr.first : expr.otherwise, scope);
    case "arithmetic":
      return arithmetic(expr.operator, evaluate(expr.left, scope), evaluate(expr.right, scope));
    case "compare":
      return holds(expr, scope);
    case "and": {
      const left = evaluate(expr.left, scope);
      return isTrue(left) ? evaluate(expr.right, scope) : left;
    }
    case "or": {
      const left = evaluate(expr.left, scope);
      return isTrue(left) ? left : evaluate(expr.right, scope);
    }
  }
}

function holds(expr: PyExpr & { kind: "compare" }, scope: Scope): boolean {
  let left = evaluate(expr.first, scope);
  for (const { comparison, value } of expr.rest) {
    const right = evaluate(value, scope);
    if (!compare(comparison, left, right)) return false;
    left = right;
  }
  return true;
}

function compare(comparison: Comparison, left: PyValue, right: PyValue): boolean {
  if (comparison === "in" || comparison === "not in") {
    if (!isTuple(right)) throw new TypeError(`${show(right)} holds nothing`);
    return right.includes(left) === (comparison === "in");
  }
  const areTexts = typeof left === "string" && typeof right === "string";
  const [a, b] = areTexts ? [left, right] : [asNumber(left), asNumber(right)];
  switch (comparison) {
    case "==":
      return a === b;
    case "!=":
      return a !== b;
    case "<":
      return a < b;
    case "<=":
      return a <= b;
    case ">":
      return a > b;
    case ">=":
      return a >= b;
  }
}

function arithmetic(operator: ArithmeticOperator, left: PyValue, right: PyValue): PyValue {
  if (operator === "%" && typeof left === "string") return format(left, right);
  if (operator === "+" && typeof left === "string" && typeof right === "string")
    return left + right;
  const a = asNumber(left);
  const b = asNumber(right);
  switch (operator) {
    case "+":
      return a + b;
    case "-":
      return a - b;
    case "*":
      return a * b;
    case "/":
      return a / b;
    case "//":
      return Math.floor(a / b);
    case "%":
      return a - b * Math.floor(a / b);
    case "&":
      return (a & b) >>> 0;
    case "|":
      return (a | b) >>> 0;
    case "^":
      return (a ^ b) >>> 0;
    case "**":
      return a ** b;
    case "<<":
      return a * 2 ** b;
    case ">>":
      return Math.floor(a / 2 ** b);
  }
}

/** `"cwnd %d of %s" % (a, b)`. */
function format(text: string, value: PyValue): string {
  const values = isTuple(value) ? value : [value];
  let next = 0;
  return text.replace(/%(?:%|[-+ #0]*\d*(?:\.\d+)?[dsifxru])/g, (spec) => {
    if (spec === "%%") return "%";
    const given = values[next++];
    if (given === undefined) throw new TypeError("the format needs more values");
    return show(given);
  });
}

/** `print` says nothing here; `int`, `abs`, `min` and `max` are what they are. */
function call(name: string, args: readonly PyValue[]): PyValue {
  switch (name) {
    case "print":
      return 0;
    case "float":
      return asNumber(args[0] ?? 0);
    case "bool":
      return isTrue(args[0] ?? false);
    case "round":
      return Math.round(asNumber(args[0] ?? 0));
    case "str":
      return show(args[0] ?? "");
    case "int":
      return Math.trunc(asNumber(args[0] ?? 0));
    case "abs":
      return Math.abs(asNumber(args[0] ?? 0));
    case "min":
      return Math.min(...args.map(asNumber));
    case "max":
      return Math.max(...args.map(asNumber));
    default:
      throw new TypeError(`the function ${name} is not known`);
  }
}

function asNumber(value: PyValue): number {
  if (typeof value === "number") return value;
  if (typeof value === "boolean") return Number(value);
  throw new TypeError(`${show(value)} is no number`);
}

function isTrue(value: PyValue): boolean {
  return isTuple(value) ? value.length > 0 : Boolean(value);
}

function isTuple(value: PyValue): value is readonly PyValue[] {
  return Array.isArray(value);
}

function show(value: PyValue): string {
  return isTuple(value) ? `(${value.map(show).join(", ")})` : String(value);
}
