/**
 * Reads the regular expressions of {@link compilePattern} into trees of byte sets.
 *
 * @module
 */
import { FilterError } from "../../pcap/filter/error.ts";

/** A piece of a pattern. */
export type Node =
  | { readonly kind: "set"; readonly set: Uint8Array }
  | { readonly kind: "begin" | "end" }
  | { readonly kind: "row" | "any"; readonly of: readonly Node[] }
  | {
      readonly kind: "repeat";
      readonly of: Node;
      readonly min: number;
      /** `null`: without limit. */
      readonly max: number | null;
    };

/** Steps that a pattern may become: bounds the work per byte. */
const MAX_SIZE = 2000;
const MAX_DEPTH = 50;

/** @throws {@link FilterError} for what is not a pattern or is too large. */
export function parsePattern(source: string, at: number): Node {
  return new PatternParser(source, at).parse();
}

const DIGIT = setOf((b) => b >= 48 && b <= 57);
const SPACE = setOf((b) => b === 32 || (b >= 9 && b <= 13));
const WORD = setOf((b) => /\w/.test(String.fromCharCode(b)));
const ANY = setOf((b) => b !== 10);
const CLASSES: Readonly<Record<string, Uint8Array>> = {
  d: DIGIT,
  D: inverted(DIGIT),
  s: SPACE,
  S: inverted(SPACE),
  w: WORD,
  W: inverted(WORD),
};
const CONTROLS: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, f: 12, v: 11, "0": 0 };

class PatternParser {
  readonly #source: string;
  readonly #place: number;
  #at = 0;
  #isCaseless = true;

  constructor(source: string, place: number) {
    this.#source = source;
    this.#place = place;
  }

  parse(): Node {
    const option = /^\(\?(-?)i\)/.exec(this.#source);
    this.#isCaseless = option?.[1] !== "-";
    this.#at = option?.[0].length ?? 0;
    const node = this.#alternatives(0);
    if (this.#at < this.#source.length) throw this.#error("a ) without its (");
    if (sizeOf(node) > MAX_SIZE) throw this.#error("a pattern that is too large");
    return node;
  }

  #error(found: string): FilterError {
    return new FilterError(`the regular expression has ${found}`, this.#place, this.#source.length);
  }

  #take(text: string): boolean {
    if (!this.#source.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  #alternatives(depth: number): Node {
    if (depth > MAX_DEPTH) throw this.#error("too many groups in each other");
    const of = [this.#row(depth)];
    while (this.#take("|")) of.push(this.#row(depth));
    return of.length === 1 ? of[0]! : { kind: "any", of };
  }

  #row(depth: number): Node {
    const of: Node[] = [];
    for (let c = this.#source[this.#at]; c !== undefined; c = this.#source[this.#at]) {
      if (c === "|" || c === ")") break;
      of.push(this.#repeated(this.#atom(depth)));
    }
    return { kind: "row", of };
  }

  #atom(depth: number): Node {
    if (this.#take("(")) return this.#group(depth);
    if (this.#take("[")) return { kind: "set", set: this.#class() };
    if (this.#take("^")) return { kind: "begin" };
    if (this.#take("$")) return { kind: "end" };
    if (this.#take(".")) return { kind: "set", set: ANY };
    if (/[*+?]/.test(this.#source[this.#at]!)) throw this.#error("nothing to repeat");
    if (this.#take("\\")) return { kind: "set", set: this.#cased(this.#escape()) };
    return this.#literal();
  }

  #group(depth: number): Node {
    if (!this.#take("?:") && this.#source[this.#at] === "?") {
      throw this.#error("a group that is not known here");
    }
    const inner = this.#alternatives(depth + 1);
    if (!this.#take(")")) throw this.#error("a ( without its )");
    return inner;
  }

  /** One character; beyond ASCII its bytes in UTF-8. */
  #literal(): Node {
    const c = String.fromCodePoint(this.#source.codePointAt(this.#at)!);
    this.#at += c.length;
    const bytes = new TextEncoder().encode(c);
    return {
      kind: "row",
      of: Array.from(bytes, (b) => ({ kind: "set", set: this.#cased(only(b)) })),
    };
  }

  #escape(): Uint8Array {
    const c = this.#source[this.#at++];
    if (c === undefined) throw this.#error("a \\ at its end");
    const hex = /^[0-9a-f]{2}/i.exec(this.#source.slice(this.#at));
    if (c === "x" && hex !== null) {
      this.#at += 2;
      return only(Number.parseInt(hex[0], 16));
    }
    const known = CLASSES[c];
    if (known !== undefined) return known;
    if (CONTROLS[c] !== undefined) return only(CONTROLS[c]);
    if (/\w/.test(c) || c.charCodeAt(0) > 127) throw this.#error(`\\${c}, which is not known here`);
    return only(c.charCodeAt(0));
  }

  #class(): Uint8Array {
    const isInverted = this.#take("^");
    const set = new Uint8Array(256);
    for (let first = true; first || this.#source[this.#at] !== "]"; first = false) {
      const from = this.#classItem();
      const isRange = this.#source[this.#at] === "-" && this.#source[this.#at + 1] !== "]";
      if (!isRange) {
        union(set, from);
        continue;
      }
      this.#at++;
      const [low, high] = [from.indexOf(1), this.#classItem().lastIndexOf(1)];
      if (low > high) throw this.#error("a range that ends before it begins");
      set.fill(1, low, high + 1);
    }
    this.#at++;
    const cased = this.#cased(set);
    return isInverted ? inverted(cased) : cased;
  }

  #classItem(): Uint8Array {
    if (this.#take("\\")) return this.#escape();
    const code = this.#source.charCodeAt(this.#at++);
    if (Number.isNaN(code)) throw this.#error("a [ without its ]");
    if (code > 127) throw this.#error("a character beyond ASCII in a class");
    return only(code);
  }

  /** The set with both cases of its letters. */
  #cased(set: Uint8Array): Uint8Array {
    if (!this.#isCaseless) return set;
    const both = set.slice();
    for (let b = 65; b <= 90; b++) both[b] = both[b + 32] = set[b]! | set[b + 32]!;
    return both;
  }

  #repeated(atom: Node): Node {
    let node = atom;
    for (;;) {
      const range = /^\{(\d{1,4})(,?)(\d{0,4})\}/.exec(this.#source.slice(this.#at, this.#at + 12));
      if (this.#take("*")) node = { kind: "repeat", of: node, min: 0, max: null };
      else if (this.#take("+")) node = { kind: "repeat", of: node, min: 1, max: null };
      else if (this.#take("?")) node = { kind: "repeat", of: node, min: 0, max: 1 };
      else if (range === null) return node;
      else {
        this.#at += range[0].length;
        const min = Number(range[1]);
        const max = range[2] === "" ? min : range[3] === "" ? null : Number(range[3]);
        if (max !== null && max < min) throw this.#error("a repetition that ends before it begins");
        node = { kind: "repeat", of: node, min, max };
      }
      if (sizeOf(node) > MAX_SIZE) throw this.#error("a repetition that is too large");
      this.#take("?"); // lazy: the same matches
    }
  }
}

function sizeOf(node: Node): number {
  switch (node.kind) {
    case "set":
    case "begin":
    case "end":
      return 1;
    case "row":
    case "any":
      return node.of.reduce((size, part) => size + sizeOf(part), 1);
    case "repeat":
      return 1 + sizeOf(node.of) * Math.max(1, node.max ?? node.min + 1);
  }
}

function setOf(has: (byte: number) => boolean): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, b) => Number(has(b)));
}

const only = (byte: number): Uint8Array => setOf((b) => b === byte);

function inverted(set: Uint8Array): Uint8Array {
  return set.map((b) => 1 - b);
}

function union(set: Uint8Array, more: Uint8Array): void {
  for (let b = 0; b < 256; b++) if (more[b] === 1) set[b] = 1;
}
