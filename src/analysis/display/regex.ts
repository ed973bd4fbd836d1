/**
 * Regular expressions for `matches`, over bytes, in linear time whatever the
 * pattern: all ways through it are followed at once (Thompson 1968), so
 * that no pattern and no payload can make a filter stand still.
 *
 * Known: literals, `.`, classes, `\d \w \s \D \W \S`, `\xHH`, `^ $`, groups,
 * `|`, `* + ? {m,n}` and their lazy forms (which match the same). Upper and
 * lower case are the same, as in Wireshark, unless the pattern begins with
 * `(?-i)`. Not known: back references, look-around, `\b`.
 *
 * @module
 */
import { parsePattern, type Node } from "./regex-parser.ts";

/** A step of the machine: eat a byte, go two ways, or be done. */
type Step =
  | { readonly kind: "byte"; readonly set: Uint8Array; next: number }
  | { readonly kind: "split"; a: number; b: number }
  | { readonly kind: "begin" | "end"; next: number }
  | { readonly kind: "done" };

/** A pattern ready to be looked for. */
export interface Pattern {
  /** Whether it matches anywhere in `bytes`. */
  test(bytes: Uint8Array): boolean;
}

/**
 * @param at Where the pattern stands in the filter, for errors.
 * @throws {@link FilterError}
 */
export function compilePattern(source: string, at: number): Pattern {
  const steps: Step[] = [];
  const start = add(steps, parsePattern(source, at), push(steps, { kind: "done" }));
  return { test: (bytes) => search(steps, start, bytes) };
}

function push(steps: Step[], step: Step): number {
  steps.push(step);
  return steps.length - 1;
}

/** Adds the steps of `node` in front of `next`; returns where they begin. */
function add(steps: Step[], node: Node, next: number): number {
  switch (node.kind) {
    case "set":
      return push(steps, { kind: "byte", set: node.set, next });
    case "begin":
    case "end":
      return push(steps, { kind: node.kind, next });
    case "row":
      return node.of.reduceRight((to, part) => add(steps, part, to), next);
    case "any":
      return node.of
        .map((part) => add(steps, part, next))
        .reduce((a, b) => push(steps, { kind: "split", a, b }));
    case "repeat":
      return addRepeat(steps, node, next);
  }
}

function addRepeat(steps: Step[], node: Node & { kind: "repeat" }, next: number): number {
  let to = next;
  if (node.max === null) {
    const split = { kind: "split" as const, a: 0, b: next };
    to = push(steps, split);
    split.a = add(steps, node.of, to);
  } else {
    for (let n = node.min; n < node.max; n++) {
      to = push(steps, { kind: "split", a: add(steps, node.of, to), b: next });
    }
  }
  for (let n = 0; n < node.min; n++) to = add(steps, node.of, to);
  return to;
}

function search(steps: readonly Step[], start: number, bytes: Uint8Array): boolean {
  const seen = new Int32Array(steps.length).fill(-1);
  let now: number[] = [];
  for (let at = 0; at <= bytes.length; at++) {
    const stack = [...now, start];
    const next: number[] = [];
    for (let i = stack.pop(); i !== undefined; i = stack.pop()) {
      if (seen[i] === at) continue;
      seen[i] = at;
      const step = steps[i]!;
      if (step.kind === "done") return true;
      if (step.kind === "split") stack.push(step.a, step.b);
      else if (step.kind === "begin") {
        if (at === 0) stack.push(step.next);
      } else if (step.kind === "end") {
        if (isAtEnd(bytes, at)) stack.push(step.next);
      } else if (step.kind === "byte" && at < bytes.length && step.set[bytes[at]!] === 1) {
        next.push(step.next);
      }
    }
    now = next;
  }
  return false;
}

/** `$`: at the end, or before a last newline. */
function isAtEnd(bytes: Uint8Array, at: number): boolean {
  return at === bytes.length || (at === bytes.length - 1 && bytes[at] === 10);
}
