/**
 * A call as the script writes it -> a {@link SystemCall}.
 *
 * @module
 */
import { printExpr } from "../language/print-script.ts";
import type { CallSpec, Expr, Member } from "../language/script.ts";
import {
  ArgumentError,
  lengthOf,
  membersOf,
  messageLen,
  namesOf,
  numberOf,
  optionalNumberOf,
  partsLen,
} from "./arguments.ts";
import { checkSupported } from "./supported.ts";
import type { OptionValue, PollEntry, SystemCall } from "./system-call.ts";

/** Gives the stack's number for a descriptor of the script. @throws {ArgumentError} when it is not open. */
export type HandleOf = (descriptor: number) => number;

/** By their numbers. */
const SHUTDOWNS = ["SHUT_RD", "SHUT_WR", "SHUT_RDWR"];

/** @throws {ArgumentError} when the call or an argument of it is not known. */
export function understandCall(call: CallSpec, handleOf: HandleOf): SystemCall {
  checkSupported(call);
  const { name, args } = call;
  if (name === "socket") {
    return { name: "socket", isNonblocking: namesOf(args[1]).has("SOCK_NONBLOCK") };
  }
  if (name === "poll") return understandPoll(args, handleOf);
  const handle = handleOf(numberOf(args[0]));
  switch (name) {
    case "bind":
    case "close":
      return { name, handle };
    case "listen":
      return { name, handle, backlog: numberOf(args[1]) };
    case "accept":
    case "accept4":
      return { name: "accept", handle, isNonblocking: namesOf(args[3]).has("SOCK_NONBLOCK") };
    case "connect":
      return { name, handle, disconnect: isUnspecified(args[1]) };
    case "shutdown":
      return { name, handle, how: shutdownHow(args[1]) };
    case "fcntl":
      return understandFcntl(handle, args);
    case "ioctl":
      return { name, handle, request: nameOf(args[1]), value: optionalNumberOf(args[2]) };
    case "setsockopt":
      return {
        name: "set-option",
        handle,
        option: nameOf(args[2]),
        value: valueOf(args[3]),
        len: optionalNumberOf(args[4]),
      };
    case "getsockopt":
      return { name: "get-option", handle, option: nameOf(args[2]) };
    default:
      return understandTransfer(name, handle, args);
  }
}

function understandTransfer(name: string, handle: number, args: readonly Expr[]): SystemCall {
  switch (name) {
    case "read":
    case "recv":
    case "recvfrom":
      return { name: "read", handle, ...bytesOf(args) };
    case "recvmsg":
      return {
        name: "read",
        handle,
        len: messageLen(args[1]),
        flags: namesOf(args[2]),
        tellsRest: restOf(args[1]) !== null,
      };
    case "readv":
      return { name: "read", handle, len: listLen(args[1]), flags: new Set() };
    case "write":
    case "send":
    case "sendto":
      return { name: "write", handle, ...bytesOf(args) };
    case "sendmsg":
      return { name: "write", handle, len: messageLen(args[1]), flags: namesOf(args[2]) };
    case "writev":
      return { name: "write", handle, len: listLen(args[1]), flags: new Set() };
    default:
      throw new ArgumentError(`a system call that is known, not ${name}`);
  }
}

/** Of `read(FD, BUFFER, LEN, FLAGS)` and its like. */
function bytesOf([, buffer, length, flags]: readonly Expr[]): {
  len: number;
  flags: ReadonlySet<string>;
  hasNoBuffer: boolean;
} {
  const hasNoBuffer = buffer?.kind === "name" && buffer.name === "NULL";
  return { len: lengthOf(length), flags: namesOf(flags), hasNoBuffer };
}

function understandFcntl(handle: number, args: readonly Expr[]): SystemCall {
  switch (nameOf(args[1])) {
    case "F_GETFL":
      return { name: "get-flags", handle };
    case "F_SETFL":
      return { name: "set-flags", handle, isNonblocking: namesOf(args[2]).has("O_NONBLOCK") };
    case "F_GETFD":
    case "F_SETFD":
      return { name: "set-nothing", handle };
    default:
      throw new ArgumentError("F_GETFL, F_SETFL, F_GETFD or F_SETFD");
  }
}

function understandPoll(args: readonly Expr[], handleOf: HandleOf): SystemCall {
  const list = args[0];
  if (list?.kind !== "list") throw new ArgumentError("[{fd=3, events=POLLIN, revents=POLLIN}]");
  const entries = list.items.map((item): PollEntry => {
    const handle = handleOf(numberOf(memberOf(item, "fd")?.value));
    return { handle, events: [...namesOf(memberOf(item, "events")?.value)] };
  });
  const timeoutMs = numberOf(args[2]);
  return { name: "poll", entries, timeoutNs: timeoutMs < 0 ? Infinity : timeoutMs * 1e6 };
}

/** What a script expects in `revents`, joined and in order, one text for each descriptor. */
export function expectedEvents(args: readonly Expr[]): string[] {
  const list = args[0];
  if (list?.kind !== "list") return [];
  return list.items.map((item) => eventsText([...namesOf(memberOf(item, "revents")?.value)]));
}

/** Names of events as one text. */
export function eventsText(events: readonly string[]): string {
  return events.toSorted().join("|");
}

/** What a control message of TCP_INQ is to tell: bytes that are left; `null`: there is none. */
export function restOf(message: Expr | undefined): number | null {
  if (message === undefined) return null;
  const control = memberOf(message, "msg_control")?.value;
  if (control?.kind !== "list" || control.items.length === 0) return null;
  return numberOf(memberOf(control.items[0]!, "cmsg_data")?.value);
}

function memberOf(expr: Expr, name: string): Member | undefined {
  return expr.kind === "struct" ? expr.members.find((member) => member.name === name) : undefined;
}

function listLen(expr: Expr | undefined): number {
  if (expr?.kind !== "list") throw new ArgumentError("[{..., LEN}]");
  return partsLen(expr.items);
}

function nameOf(expr: Expr | undefined): string {
  if (expr?.kind !== "name")
    throw new ArgumentError(`a name, not ${expr === undefined ? "nothing" : printExpr(expr)}`);
  return expr.name;
}

function valueOf(expr: Expr | undefined): OptionValue {
  const members = membersOf(expr);
  if (members !== null) return members;
  const inner = expr?.kind === "list" ? expr.items[0] : expr;
  if (inner?.kind === "string") return inner.value;
  return optionalNumberOf(inner) ?? 0;
}

function isUnspecified(expr: Expr | undefined): boolean {
  if (expr === undefined) return false;
  if (namesOf(expr).has("AF_UNSPEC")) return true;
  const family = memberOf(expr, "sa_family")?.value;
  return family !== undefined && namesOf(family).has("AF_UNSPEC");
}

function shutdownHow(expr: Expr | undefined): "read" | "write" | "both" {
  const how = expr?.kind === "number" ? (SHUTDOWNS[expr.value] ?? "") : nameOf(expr);
  switch (how) {
    case "SHUT_RD":
      return "read";
    case "SHUT_WR":
      return "write";
    case "SHUT_RDWR":
      return "both";
    default:
      throw new ArgumentError("SHUT_RD, SHUT_WR or SHUT_RDWR");
  }
}
