/**
 * The kernel's own word on its retransmissions: its tracepoints with the stack
 * that led to them, from an instance of tracefs that nobody else uses.
 */
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  writeFileSync,
} from "node:fs";

const ROOT = "/sys/kernel/tracing";
const PREFIX = "seqack-";
const EVENTS = ["tcp_retransmit_skb", "tcp_retransmit_synack", "tcp_cong_state_set"] as const;

/** One tracepoint that was passed. */
export interface TraceEvent {
  readonly name: (typeof EVENTS)[number];
  /** Of the monotonic clock. */
  readonly timeNs: number;
  readonly sport: number;
  readonly dport: number;
  /** State of the socket: `"TCP_SYN_SENT"`; empty where the event has none. */
  readonly state: string;
  /** New congestion state, of `tcp_cong_state_set`; else -1. */
  readonly congestion: number;
  /** Functions, the innermost first. */
  readonly stack: readonly string[];
}

/** See the module. */
export class Tracing {
  readonly #path = `${ROOT}/instances/${PREFIX}${process.pid}`;

  /** Follows connections whose server port is in `[first, last]`. @throws {Error} without tracefs. */
  constructor(first: number, last: number) {
    removeLeftOvers();
    mkdirSync(this.#path);
    this.#set("trace_clock", "mono");
    this.#set("buffer_size_kb", "4096");
    this.#set("options/stacktrace", "1");
    const range = (port: string): string => `(${port} >= ${first} && ${port} <= ${last})`;
    for (const event of EVENTS) {
      this.#set(`events/tcp/${event}/filter`, `${range("sport")} || ${range("dport")}`);
      this.#set(`events/tcp/${event}/enable`, "1");
    }
  }

  read(): TraceEvent[] {
    return parseTrace(readFileSync(`${this.#path}/trace`, "utf8"));
  }

  close(): void {
    for (const event of EVENTS) this.#set(`events/tcp/${event}/enable`, "0");
    rmdirSync(this.#path);
  }

  #set(file: string, value: string): void {
    writeFileSync(`${this.#path}/${file}`, value);
  }
}

/** Whether tracefs is there, mounted. */
export function hasTracing(): boolean {
  return existsSync(`${ROOT}/instances`);
}

/** Of runs that were killed. */
function removeLeftOvers(): void {
  for (const name of readdirSync(`${ROOT}/instances`)) {
    const pid = name.startsWith(PREFIX) ? name.slice(PREFIX.length) : "";
    if (/^\d+$/.test(pid) && !existsSync(`/proc/${pid}`)) rmdirSync(`${ROOT}/instances/${name}`);
  }
}

const LINE = /^.{16,}?\[(\d+)\]\s+\S+\s+(\d+)\.(\d{6}): (\w+|<stack trace>):? ?(.*)$/;

/** The text of a `trace` file. */
export function parseTrace(text: string): TraceEvent[] {
  const events: TraceEvent[] = [];
  /** Of the last event on each processor. */
  const stacks = new Map<string, string[]>();
  let stack: string[] = [];
  for (const line of text.split("\n")) {
    if (line.startsWith(" => ")) stack.push(line.slice(4).trim());
    const m = LINE.exec(line);
    if (m === null) continue;
    const [, cpu, sec, micros, name, rest] = m;
    if (name === "<stack trace>") {
      stack = stacks.get(cpu!) ?? [];
      continue;
    }
    const known = EVENTS.find((event) => event === name);
    // What could not be sent was not.
    if (known === undefined || / err=-/.test(rest!)) continue;
    const own: string[] = [];
    stacks.set(cpu!, own);
    events.push({
      name: known,
      timeNs: Number(sec) * 1e9 + Number(micros) * 1000,
      sport: numberOf(rest!, "sport"),
      dport: numberOf(rest!, "dport"),
      state: / state=(\w+)/.exec(rest!)?.[1] ?? "",
      congestion: numberOf(rest!, "cong_state"),
      stack: own,
    });
  }
  return events;
}

function numberOf(text: string, key: string): number {
  const m = new RegExp(`\\b${key}=(\\d+)`).exec(text);
  return m === null ? -1 : Number(m[1]);
}
