/**
 * A packetdrill script as a tree: options, a timed conversation of packets and system calls, checks.
 *
 * Numbers are as the script has them: sequence numbers relative to the initial ones, windows not
 * scaled. Times are nanoseconds. Lines count from 1.
 *
 * @module
 */
import type { SeqNum } from "../../../wire/seqnum.ts";
import type { TcpOption } from "../../../wire/tcp-option.ts";
import type { CodeBlock } from "../python/code.ts";

/** A whole script. */
export interface Script {
  readonly options: readonly ScriptOption[];
  /** Shell text that runs before time zero, or `null`. */
  readonly init: ShellText | null;
  readonly events: readonly ScriptEvent[];
  /** Shell text that runs at the end whatever happened, or `null`. */
  readonly cleanup: ShellText | null;
}

/** `--name` or `--name=value`. */
export interface ScriptOption {
  readonly line: number;
  readonly name: string;
  readonly value: string | null;
}

/** What stands between back quotes. */
export interface ShellText {
  readonly line: number;
  readonly text: string;
}

/** One line of the conversation. */
export interface ScriptEvent {
  readonly line: number;
  readonly time: EventTime;
  readonly action: Action;
}

/** When an event happens, or, for a packet that is expected, when it may. */
export type EventTime =
  | { readonly kind: "any" }
  /** `isRelative`: counted from the time at which the event before it was done. */
  | { readonly kind: "at"; readonly isRelative: boolean; readonly ns: number }
  | {
      readonly kind: "between";
      readonly isRelative: boolean;
      readonly fromNs: number;
      readonly toNs: number;
    };

/** What an event does or expects. */
export type Action =
  | { readonly kind: "inbound"; readonly packet: PacketSpec }
  | { readonly kind: "outbound"; readonly packet: TcpSpec }
  | { readonly kind: "call"; readonly call: CallSpec }
  | { readonly kind: "shell"; readonly text: string }
  | { readonly kind: "code"; readonly code: CodeBlock };

/** A packet to inject. */
export type PacketSpec = TcpSpec | IcmpSpec;

/** A TCP segment to inject or to expect. */
export interface TcpSpec {
  readonly kind: "tcp";
  readonly ip: IpSpec;
  readonly flags: FlagSpec;
  /** Sequence numbers are those on the wire (`!`). */
  readonly isAbsolute: boolean;
  readonly seq: SeqNum;
  /** Bytes of payload; all of them are zero. */
  readonly payloadLen: number;
  /** 0 when the script does not say. */
  readonly ack: SeqNum;
  /** As on the wire, not scaled; `null`: any. */
  readonly window: number | null;
  readonly urgent: number;
  /** `"any"`: `<...>`. An empty list is a segment without options. */
  readonly options: readonly TcpOption[] | "any";
}

/** Fields of the IP header; `null`: not said, not checked. */
export interface IpSpec {
  readonly ecn: EcnSpec | null;
  /** The whole traffic-class byte. */
  readonly tos: number | null;
  readonly ttl: number | null;
}

/** The two ECN bits; `"ect01"` is either ECT, of a packet that is expected. */
export type EcnSpec = "noecn" | "ect0" | "ect1" | "ect01" | "ce";

/** The bits between header length and window. */
export interface FlagSpec {
  /** `Flag` of `wire/tcp.ts`. */
  readonly bits: number;
  /** AE, the ninth flag (RFC 9768). */
  readonly ae: boolean;
  /** AE, CWR and ECE as one number, 1 to 7, when the script writes a digit. */
  readonly ace: number | null;
}

/** An ICMP message that quotes a segment of the stack. */
export interface IcmpSpec {
  readonly kind: "icmp";
  readonly ip: IpSpec;
  /** As written: `unreachable`, `time_exceeded`, `type_5` … */
  readonly type: string;
  /** As written: `frag_needed`, `code_0` …; `null` when there is none. */
  readonly code: string | null;
  readonly mtu: number | null;
  /** Of the segment that is quoted. */
  readonly quoted: { readonly seq: SeqNum; readonly payloadLen: number };
}

/** A system call and what it returns. */
export interface CallSpec {
  readonly name: string;
  readonly args: readonly Expr[];
  /** When a call that blocks returns, in the way of the event's own time; `null`: at once. */
  readonly returnsNs: number | null;
  /** `"any"`: `...`. */
  readonly result: number | "any";
  /** `ECONNRESET` …; `null`: not checked. */
  readonly errno: string | null;
}

/** An argument of a system call. */
export type Expr =
  /** `...`: the runner knows. */
  | { readonly kind: "any" }
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "string"; readonly value: string }
  | { readonly kind: "name"; readonly name: string }
  /** `A | B`. */
  | { readonly kind: "or"; readonly parts: readonly Expr[] }
  /** `[A, B]`. */
  | { readonly kind: "list"; readonly items: readonly Expr[] }
  /** `f(A)`: `htons(8080)`. */
  | { readonly kind: "apply"; readonly name: string; readonly args: readonly Expr[] }
  /** `{a=A, b=B}`; a member without a name has `name` `null`. */
  | { readonly kind: "struct"; readonly members: readonly Member[] };

/** One member of a structure; `args` is what stands in round brackets behind its name. */
export interface Member {
  readonly name: string | null;
  readonly args: readonly Expr[];
  readonly value: Expr;
}
