/**
 * The time of an event: `0.250`, `+.1`, `+.2~+.3`, `*`, and the end of a call that blocks, `+0...0.3`.
 *
 * @module
 */
import type { Cursor } from "./cursor.ts";
import type { EventTime } from "./script.ts";

const SECONDS = /(\+?)\s*(\d+(?:\.\d+)?|\.\d+)/y;
const NS_PER_S = 1e9;

/** Whether an event begins here: everything else has no time in front. */
export function seesTime(c: Cursor): boolean {
  return c.sees(/\*|\+|\d|\.\d/y);
}

/** @throws {SyntaxError} when no time stands here. */
export function parseTime(c: Cursor): EventTime {
  if (c.takeText("*")) return { kind: "any" };
  const at = c.at;
  const from = parseSeconds(c);
  if (!c.takeText("~")) return { kind: "at", isRelative: from.isRelative, ns: from.ns };
  const to = parseSeconds(c);
  if (from.isRelative !== to.isRelative)
    throw c.error("one end of the time is relative, the other is not", at);
  if (to.ns < from.ns) throw c.error("the time ends before it begins", at);
  return { kind: "between", isRelative: from.isRelative, fromNs: from.ns, toNs: to.ns };
}

/** `...U` behind the time of a system call: when it returns; or `null`. */
export function parseReturnTime(c: Cursor): number | null {
  return c.takeText("...") ? parseSeconds(c).ns : null;
}

interface Seconds {
  readonly isRelative: boolean;
  readonly ns: number;
}

function parseSeconds(c: Cursor): Seconds {
  const [, plus, digits] = c.need(SECONDS, "a time in seconds");
  return { isRelative: plus === "+", ns: Math.round(Number(digits) * NS_PER_S) };
}
