/**
 * The result of a call beside the one that the script expects.
 *
 * @module
 */
import type { CallSpec, Expr } from "../language/script.ts";
import { membersOf, namesOf, optionalNumberOf } from "./arguments.ts";
import type { CallResult } from "./stack-under-test.ts";
import { eventsText, expectedEvents, restOf } from "./understand-call.ts";

/** What was wanted and what came instead. */
export interface CallMismatch {
  readonly expected: string;
  readonly got: string;
}

/** EWOULDBLOCK is EAGAIN; Linux's own names are left alone. */
const SAME_ERRNO: Readonly<Record<string, string>> = { EWOULDBLOCK: "EAGAIN" };

/** `null` when the result is the expected one. */
export function compareResult(call: CallSpec, result: CallResult): CallMismatch | null {
  const isRight = isValueRight(call, result.value) && isErrnoRight(call.errno, result.errno);
  if (!isRight) {
    const expected = `${call.name} = ${call.result}${suffix(call.errno)}`;
    return { expected, got: `${call.name} = ${result.value}${suffix(result.errno)}` };
  }
  return compareOut(call, result.out);
}

function suffix(errno: string | null): string {
  return errno === null ? "" : ` ${errno}`;
}

/** A new descriptor has whatever number the script gives it. */
function isValueRight(call: CallSpec, value: number): boolean {
  if (call.result === "any") return true;
  const isDescriptor = ["socket", "accept", "accept4"].includes(call.name);
  return isDescriptor && call.result >= 0 ? value >= 0 : value === call.result;
}

function isErrnoRight(expected: string | null, got: string | null): boolean {
  return expected === null || (SAME_ERRNO[expected] ?? expected) === got;
}

function compareOut(call: CallSpec, out: CallResult["out"]): CallMismatch | null {
  if (out === undefined || out === "") return null;
  if (isMembers(out)) return compareMembers(call, out);
  if (typeof out === "object") {
    const expected = expectedEvents(call.args).join(", ");
    const got = out.map((events) => eventsText(events.split("|"))).join(", ");
    if (expected === got) return null;
    return { expected: `revents ${expected || "none"}`, got: `revents ${got || "none"}` };
  }
  const expected = call.name === "recvmsg" ? restOf(call.args[1]) : outOf(call.args[placeOf(call)]);
  if (expected === null || expected === out) return null;
  // Errors of a socket have names; 0 is none.
  return { expected: `${call.name} gives ${expected}`, got: `${call.name} gives ${out}` };
}

function isMembers(out: NonNullable<CallResult["out"]>): out is ReadonlyMap<string, number> {
  return out instanceof Map;
}

function placeOf({ name }: CallSpec): number {
  return name === "getsockopt" ? 3 : 2;
}

/** The members that the script names. */
function compareMembers(call: CallSpec, out: ReadonlyMap<string, number>): CallMismatch | null {
  for (const [name, expected] of membersOf(call.args[placeOf(call)]) ?? []) {
    const got = out.get(name);
    if (got !== expected)
      return {
        expected: `${call.name} gives ${name}=${expected}`,
        got: `${call.name} gives ${name}=${got ?? "nothing"}`,
      };
  }
  return null;
}

/** `[N]`, `[ENAME]`, `"text"`; `null`: anything. */
function outOf(expr: Expr | undefined): number | string | null {
  const inner = expr?.kind === "list" ? expr.items[0] : expr;
  if (inner === undefined || inner.kind === "any") return null;
  if (inner.kind === "string") return inner.value;
  return optionalNumberOf(inner) ?? [...namesOf(inner)][0] ?? null;
}
