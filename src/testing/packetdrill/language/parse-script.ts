/**
 * Reads a script of packetdrill, in the dialect of Google and the Linux kernel and in nplab's.
 *
 * ```ts
 * const script = parseScript("0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n+0 close(3) = 0");
 * ```
 *
 * @module
 */
import { parseCode } from "../python/parse-code.ts";
import { applyConditionals } from "./conditional.ts";
import { Cursor } from "./cursor.ts";
import { parseCall } from "./parse-call.ts";
import { parseInbound, parseOutbound } from "./parse-packet.ts";
import { parseReturnTime, parseTime, seesTime } from "./parse-time.ts";
import type { Action, EventTime, Script, ScriptEvent, ScriptOption, ShellText } from "./script.ts";

/** What the reader of a script may set. */
export interface ParseOptions {
  /** Shown in errors. */
  readonly path?: string;
  /** Words that stand for other text, as `-D NAME=value` gives them. */
  readonly defines?: ReadonlyMap<string, string>;
  /** Names that `#ifdef` finds; `STANDARD` unless given. */
  readonly conditions?: ReadonlySet<string>;
}

/** Options that are obeyed, and those that are about devices, addresses and what is printed. */
const OPTIONS: ReadonlySet<string> = new Set(
  (
    "ip_version tolerance_usecs tolerance_percent mtu mss tcp_ts_tick_usecs tcp_ts_ecr_scaled strict_segments define " +
    "bind_port connect_port local_ip remote_ip gateway_ip default_gateway netmask_ip local_linklocal_ip remote_prefix speed " +
    "tun_dev tap_dev persistent_tun_dev interface debug verbose send_omit_free so_filename so_flags init_scripts dry_run " +
    "use_expect non_fatal name no_cleanup live_local_ip live_remote_ip live_gateway_ip live_prefix live_remote_prefix " +
    "code_command code_format code_sockopt is_anyip wire_client wire_server wire_server_ip wire_server_at wire_server_port " +
    "wire_client_dev wire_server_dev"
  ).split(" "),
);

/** `--name`, `--name=value`, `--name="value"`, `--define=NAME="text"`, ``--define=NAME=`command` ``. */
const OPTION =
  /--([A-Za-z_]\w*)(?:[ \t]*=[ \t]*(?:"([^"\n]*)"|(\w+="[^"\n]*"|\w+=`[^`\n]*`|[^\s"`]*)))?/y;

/** @throws {SyntaxError} with path, line and a caret, when `text` is no script. */
export function parseScript(text: string, options: ParseOptions = {}): Script {
  const path = options.path ?? "script";
  const conditions = options.conditions ?? new Set(["STANDARD"]);
  const c = new Cursor(applyConditionals(text, path, conditions), path, options.defines);
  const scriptOptions = parseScriptOptions(c);
  const init = parseShellText(c);
  const events: ScriptEvent[] = [];
  let absoluteNs = 0;
  while (seesTime(c)) {
    const at = c.at;
    const event = parseEvent(c);
    const ns = absoluteOf(event.time);
    if (ns !== null && ns < absoluteNs) throw c.error("the time goes back", at);
    absoluteNs = ns ?? absoluteNs;
    events.push(event);
  }
  const cleanup = parseShellText(c);
  if (!c.isAtEnd) throw c.error("expected an event");
  if (events.length === 0) throw c.error("a script needs an event");
  return { options: scriptOptions, init, events, cleanup };
}

/** When the event is, or may be at the earliest, where the script says so by itself. */
function absoluteOf(time: EventTime): number | null {
  if (time.kind === "any" || time.isRelative) return null;
  return time.kind === "at" ? time.ns : time.fromNs;
}

function parseScriptOptions(c: Cursor): ScriptOption[] {
  const options: ScriptOption[] = [];
  for (;;) {
    const line = c.line;
    const at = c.at;
    const match = c.take(OPTION);
    if (match === null) return options;
    if (!OPTIONS.has(match[1]!)) throw c.error(`"--${match[1]!}" is no option of a script`, at);
    options.push({ line, name: match[1]!, value: match[2] ?? match[3] ?? null });
  }
}

function parseShellText(c: Cursor): ShellText | null {
  const line = c.line;
  return c.takeOpen("`") ? { line, text: c.takeUntil("`", "`") } : null;
}

function parseEvent(c: Cursor): ScriptEvent {
  const line = c.line;
  const at = c.at;
  const time = parseTime(c);
  const action = parseAction(c);
  if (time.kind !== "at" && action.kind !== "outbound")
    throw c.error("only a packet that is expected has more than one time", at);
  return { line, time, action };
}

function parseAction(c: Cursor): Action {
  if (c.takeText("<")) return { kind: "inbound", packet: parseInbound(c) };
  if (c.takeText(">")) return { kind: "outbound", packet: parseOutbound(c) };
  if (c.takeOpen("`")) return { kind: "shell", text: c.takeUntil("`", "`") };
  if (c.takeOpen("%{")) return parseCodeAction(c);
  const command = takeDefinedCommand(c);
  if (command !== null) return { kind: "shell", text: command };
  return { kind: "call", call: parseCall(c, parseReturnTime(c)) };
}

/** A word that is defined as a command between back quotes. */
function takeDefinedCommand(c: Cursor): string | null {
  const { at } = c;
  const text = c.takeWord(/[A-Za-z_]\w*/y);
  if (text?.startsWith("`") === true) return text.slice(1, -1);
  c.backTo(at);
  return null;
}

function parseCodeAction(c: Cursor): Action {
  const at = c.at;
  const text = c.takeUntil("}%", "%{");
  return { kind: "code", code: parseCode(text, (offset, why) => c.error(why, at + offset)) };
}
