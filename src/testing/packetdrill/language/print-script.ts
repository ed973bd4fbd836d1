/**
 * A script as text: the inverse of `parse-script.ts`, one event a line.
 *
 * @module
 */
import { printPacket } from "./print-packet.ts";
import type { Action, CallSpec, EventTime, Expr, Member, Script, ShellText } from "./script.ts";

/** The whole script; comments are gone. */
export function printScript(script: Script): string {
  const options = script.options.map(({ name, value }) => printOption(name, value));
  const events = script.events.map(({ time, action }) => printEvent(time, action));
  const { init, cleanup } = script;
  return [...options, ...printShell(init), ...events, ...printShell(cleanup), ""].join("\n");
}

/** An event on one line. */
export function printEvent(time: EventTime, action: Action): string {
  const relative = time.kind !== "any" && time.isRelative ? "+" : "";
  const returns =
    action.kind === "call" && action.call.returnsNs !== null
      ? `...${seconds(action.call.returnsNs)}`
      : "";
  return `${printTime(time, relative)}${returns} ${printAction(action)}`;
}

function printShell(shell: ShellText | null): string[] {
  return shell === null ? [] : [`\`${shell.text}\``];
}

function printOption(name: string, value: string | null): string {
  return value === null ? `--${name}` : `--${name}="${value}"`;
}

function printTime(time: EventTime, plus: string): string {
  if (time.kind === "any") return "*";
  if (time.kind === "at") return plus + seconds(time.ns);
  return `${plus}${seconds(time.fromNs)}~${plus}${seconds(time.toNs)}`;
}

/** Nanoseconds as seconds, all the digits that there are. */
function seconds(ns: number): string {
  const digits = String(ns).padStart(10, "0");
  const fraction = digits.slice(-9).replace(/0+$/, "");
  return digits.slice(0, -9) + (fraction === "" ? "" : `.${fraction}`);
}

function printAction(action: Action): string {
  switch (action.kind) {
    case "inbound":
      return `< ${printPacket(action.packet)}`;
    case "outbound":
      return `> ${printPacket(action.packet)}`;
    case "shell":
      return `\`${action.text}\``;
    case "code":
      return `%{${action.code.text}}%`;
    case "call":
      return printCall(action.call);
  }
}

function printCall(call: CallSpec): string {
  const result = call.result === "any" ? "..." : String(call.result);
  const errno = call.errno === null ? "" : ` ${call.errno}`;
  return `${call.name}(${call.args.map(printExpr).join(", ")}) = ${result}${errno}`;
}

/** An argument of a call. */
export function printExpr(expr: Expr): string {
  switch (expr.kind) {
    case "any":
      return "...";
    case "number":
      return String(expr.value);
    case "string":
      return `"${expr.value}"`;
    case "name":
      return expr.name;
    case "or":
      return expr.parts.map(printExpr).join("|");
    case "list":
      return `[${expr.items.map(printExpr).join(", ")}]`;
    case "apply":
      return `${expr.name}(${expr.args.map(printExpr).join(", ")})`;
    case "struct":
      return `{${expr.members.map(printMember).join(", ")}}`;
  }
}

function printMember({ name, args, value }: Member): string {
  if (name === null) return printExpr(value);
  const brackets = args.length === 0 ? "" : `(${args.map(printExpr).join(", ")})`;
  return `${name}${brackets}=${printExpr(value)}`;
}
