/**
 * The little Python of a script's checks: `%{ assert tcpi_snd_cwnd == 10, tcpi_snd_cwnd }%`.
 *
 * @module
 */

/** A block of code, as written and as a tree. */
export interface CodeBlock {
  readonly text: string;
  readonly statements: readonly Statement[];
}

/** One statement; `line` counts from 0 within the block. */
export type Statement =
  | {
      readonly kind: "assert";
      readonly line: number;
      readonly test: PyExpr;
      readonly message: PyExpr | null;
      /** The test as written. */
      readonly text: string;
    }
  /** `name = value`, or with an operator `name += value`. */
  | {
      readonly kind: "assign";
      readonly line: number;
      readonly name: string;
      readonly operator: ArithmeticOperator | null;
      readonly value: PyExpr;
    }
  /** A call whose value nobody takes, `print(…)`. */
  | { readonly kind: "expression"; readonly line: number; readonly value: PyExpr };

/** Of two numbers, or `%` and `+` of text. */
export type ArithmeticOperator =
  | "+"
  | "-"
  | "*"
  | "//"
  | "/"
  | "%"
  | "&"
  | "|"
  | "^"
  | "<<"
  | ">>"
  | "**";

/** Gives a truth value. */
export type Comparison = "==" | "!=" | "<" | "<=" | ">" | ">=" | "in" | "not in";

/** An expression. */
export type PyExpr =
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "string"; readonly value: string }
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "tuple"; readonly items: readonly PyExpr[] }
  | { readonly kind: "call"; readonly name: string; readonly args: readonly PyExpr[] }
  | { readonly kind: "not" | "minus" | "invert"; readonly value: PyExpr }
  /** `A if TEST else B`. */
  | {
      readonly kind: "choice";
      readonly test: PyExpr;
      readonly first: PyExpr;
      readonly otherwise: PyExpr;
    }
  | {
      readonly kind: "arithmetic";
      readonly operator: ArithmeticOperator;
      readonly left: PyExpr;
      readonly right: PyExpr;
    }
  /** `a <= b <= c`: each pair has to hold. */
  | {
      readonly kind: "compare";
      readonly first: PyExpr;
      readonly rest: readonly { readonly comparison: Comparison; readonly value: PyExpr }[];
    }
  | { readonly kind: "and" | "or"; readonly left: PyExpr; readonly right: PyExpr };
