/**
 * Scripts with one thing wrong: a runner that lets one of them pass is worth nothing.
 *
 * @module
 */
import { seqAdd } from "../../wire/seqnum.ts";
import { Flag } from "../../wire/tcp.ts";
import type {
  Action,
  CallSpec,
  EventTime,
  Expr,
  Script,
  ScriptEvent,
  TcpSpec,
} from "./language/script.ts";

/** A script that must fail, and what was done to it. */
export interface Mutation {
  readonly what: string;
  /** Line that is wrong. */
  readonly line: number;
  readonly script: Script;
}

/** Further than any tolerance that scripts ask for. */
const FAR_NS = 5e9;

/**
 * What can be wrong in an expected packet, a result or a check, one thing at a time.
 *
 * @yields a script for each
 */
export function* mutationsOf(script: Script): Generator<Mutation> {
  for (const [i, event] of script.events.entries())
    for (const [what, wrong] of wrongEvents(event)) {
      const events = script.events.with(i, wrong);
      yield { what, line: event.line + lineInside(wrong), script: { ...script, events } };
    }
}

/** A check of several lines fails on the one of its first assert. */
function lineInside({ action }: ScriptEvent): number {
  if (action.kind !== "code") return 0;
  return action.code.statements.find(({ kind }) => kind === "assert")?.line ?? 0;
}

function* wrongEvents(event: ScriptEvent): Generator<[string, ScriptEvent]> {
  const { action } = event;
  if (action.kind === "outbound") {
    for (const [what, packet] of wrongPackets(action.packet))
      yield [what, { ...event, action: { kind: "outbound", packet } }];
    const time = later(event.time);
    if (time !== null) yield ["time", { ...event, time }];
  }
  if (action.kind === "call") {
    const call = wrongResult(action.call);
    if (call !== null)
      yield [`result of ${call.name}`, { ...event, action: { kind: "call", call } }];
  }
  if (action.kind === "call") {
    const call = wrongValue(action.call);
    if (call !== null)
      yield [`value of ${call.name}`, { ...event, action: { kind: "call", call } }];
  }
  const negated = negatedCheck(action);
  if (negated !== null) yield ["check", { ...event, action: negated }];
}

function* wrongPackets(p: TcpSpec): Generator<[string, TcpSpec]> {
  const isSyn = (p.flags.bits & Flag.SYN) !== 0;
  // The number of a SYN is whatever the script gives it.
  if (!isSyn) yield ["seq", { ...p, seq: seqAdd(p.seq, 1) }];
  yield ["ack", { ...p, ack: seqAdd(p.ack, 1) }];
  yield ["len", { ...p, payloadLen: p.payloadLen + 1 }];
  for (const bit of [Flag.FIN, Flag.RST, Flag.URG, Flag.ECE, Flag.CWR])
    yield [`flag ${bit}`, { ...p, flags: { ...p.flags, bits: p.flags.bits ^ bit } }];
  yield ["urg", { ...p, urgent: p.urgent + 1 }];
  if (p.window !== null) yield ["win", { ...p, window: p.window ^ 1 }];
  if (p.options === "any") return;
  yield ["another option", { ...p, options: [...p.options, { kind: "mss", mss: 7 }] }];
  if (p.options.length > 0) yield ["no options", { ...p, options: [] }];
  for (const [i, option] of p.options.entries())
    if (option.kind === "sack") {
      const blocks = option.blocks.map(({ left, right }) => ({ left, right: seqAdd(right, 1) }));
      yield ["sack", { ...p, options: p.options.with(i, { kind: "sack", blocks }) }];
    }
}

function later(time: EventTime): EventTime | null {
  if (time.kind === "any") return null;
  if (time.kind === "at") return { ...time, ns: time.ns + FAR_NS };
  return { ...time, fromNs: time.fromNs + FAR_NS, toNs: time.toNs + FAR_NS };
}

function wrongResult(call: CallSpec): CallSpec | null {
  if (call.result === "any") return null;
  const isDescriptor = ["socket", "accept", "accept4"].includes(call.name) && call.result >= 0;
  return { ...call, result: isDescriptor ? -1 : call.result + 1, errno: null };
}

/** What a call gives through its argument: `[N]` and `{a=N}`. */
function wrongValue(call: CallSpec): CallSpec | null {
  const at = call.name === "getsockopt" ? 3 : 2;
  const value = call.args[at];
  const isGiven = call.name === "getsockopt" || (call.name === "ioctl" && call.errno === null);
  if (!isGiven || value === undefined || nameAt(call, 1) === "FIONBIO") return null;
  const wrong = plusOne(value);
  return wrong === null ? null : { ...call, args: call.args.with(at, wrong) };
}

function nameAt({ args }: CallSpec, i: number): string | null {
  const arg = args[i];
  return arg?.kind === "name" ? arg.name : null;
}

/** The first number within `expr` is one more. */
function plusOne(expr: Expr): Expr | null {
  if (expr.kind === "number") return { ...expr, value: expr.value + 1 };
  if (expr.kind === "list") {
    const inner = expr.items[0] === undefined ? null : plusOne(expr.items[0]);
    return inner === null ? null : { ...expr, items: expr.items.with(0, inner) };
  }
  const first = expr.kind === "struct" ? expr.members[0] : undefined;
  const value = first === undefined ? null : plusOne(first.value);
  if (expr.kind !== "struct" || first === undefined || value === null) return null;
  return { ...expr, members: expr.members.with(0, { ...first, value }) };
}

function negatedCheck(action: Action): Action | null {
  if (action.kind !== "code") return null;
  const { statements } = action.code;
  const at = statements.findIndex(({ kind }) => kind === "assert");
  const statement = statements[at];
  if (statement?.kind !== "assert") return null;
  const wrong = { ...statement, test: { kind: "not", value: statement.test } as const };
  return { kind: "code", code: { ...action.code, statements: statements.with(at, wrong) } };
}
