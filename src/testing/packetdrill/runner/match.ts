/**
 * A segment that was sent beside the one that a script expects.
 *
 * @module
 */
import { formatHex } from "../../../base/bytes.ts";
import { Flag } from "../../../wire/tcp.ts";
import type { TcpOption } from "../../../wire/tcp-option.ts";
import { printPacket, printTcpOption } from "../language/print-packet.ts";
import type { EcnSpec, FlagSpec, IpSpec, TcpSpec } from "../language/script.ts";
import type { Numbering } from "./numbering.ts";
import type { SentPacket } from "./stack-under-test.ts";

/** What of a segment is compared. */
export interface MatchOptions {
  /** PSH is the sender's own business (RFC 9293 §3.9.1.2), and stacks differ most in it. */
  readonly push: "compare" | "ignore";
  /** `true`: the options of SYNs in any order, without NOP and EOL. */
  readonly synOptionsAsSet: boolean;
  /** Units of a timestamp that its value may be off, or `null`: not compared. */
  readonly timestampSlack: number | null;
}

/** The segment in the numbers of the script, with all that the script could say. */
export function shownOf(sent: SentPacket, expected: TcpSpec, numbering: Numbering): TcpSpec {
  const { segment } = sent;
  return {
    kind: "tcp",
    ip: shownIp(sent, expected.ip),
    flags: shownFlags(segment.flags, (segment.reserved & 1) !== 0, expected.flags),
    isAbsolute: expected.isAbsolute,
    ...numbering.show(segment, expected),
    payloadLen: segment.payload.length,
    window: segment.window,
    urgent: segment.urgent,
  };
}

const ECN_BITS: Readonly<Record<number, EcnSpec>> = { 0: "noecn", 1: "ect1", 2: "ect0", 3: "ce" };

function shownIp(sent: SentPacket, expected: IpSpec): IpSpec {
  return {
    ecn: expected.ecn === null ? null : (ECN_BITS[sent.tos & 3] ?? null),
    tos: expected.tos === null ? null : sent.tos,
    ttl: expected.ttl === null ? null : sent.ttl,
  };
}

function shownFlags(bits: number, ae: boolean, expected: FlagSpec): FlagSpec {
  if (expected.ace === null) return { bits, ae, ace: null };
  const ace = (ae ? 4 : 0) | ((bits & Flag.CWR) === 0 ? 0 : 2) | ((bits & Flag.ECE) === 0 ? 0 : 1);
  return { bits: bits & ~(Flag.CWR | Flag.ECE), ae: false, ace };
}

/** Names of the fields in which `shown` is not what is expected; none: it matches. */
export function differences(expected: TcpSpec, shown: TcpSpec, how: MatchOptions): string[] {
  const ignored = how.push === "ignore" ? Flag.PSH : 0;
  const isRight: Readonly<Record<string, boolean>> = {
    flags:
      (expected.flags.bits | ignored) === (shown.flags.bits | ignored) &&
      expected.flags.ae === shown.flags.ae &&
      expected.flags.ace === shown.flags.ace,
    seq: expected.seq === shown.seq,
    len: expected.payloadLen === shown.payloadLen,
    ack: expected.ack === shown.ack,
    win: expected.window === null || expected.window === shown.window,
    urg: expected.urgent === shown.urgent,
    options: areOptionsRight(expected, shown, how),
    ecn: isEcnRight(expected.ip.ecn, shown.ip.ecn),
    tos: expected.ip.tos === shown.ip.tos,
    ttl: expected.ip.ttl === shown.ip.ttl,
  };
  return Object.keys(isRight).filter((field) => isRight[field] === false);
}

/** The segment as a line of the script, without what the script did not ask for. */
export function printShown(shown: TcpSpec, expected: TcpSpec): string {
  const window = expected.window === null ? null : shown.window;
  const options = expected.options === "any" ? "any" : shown.options;
  return printPacket({ ...shown, window, options });
}

function isEcnRight(expected: EcnSpec | null, shown: EcnSpec | null): boolean {
  return expected === "ect01" ? shown === "ect0" || shown === "ect1" : expected === shown;
}

function areOptionsRight(expected: TcpSpec, shown: TcpSpec, how: MatchOptions): boolean {
  if (expected.options === "any" || shown.options === "any") return true;
  const isSet = how.synOptionsAsSet && (expected.flags.bits & Flag.SYN) !== 0;
  const wanted = listOf(expected.options, isSet);
  const got = listOf(shown.options, isSet);
  return (
    wanted.length === got.length && wanted.every((option, i) => isSameOption(option, got[i]!, how))
  );
}

/** Padding behind the end of the list is as many ends of it. */
function listOf(options: readonly TcpOption[], isSet: boolean): TcpOption[] {
  const list = options.flatMap((option): TcpOption[] => {
    if (option.kind !== "eol") return [option];
    const end: TcpOption = { kind: "eol", rest: new Uint8Array() };
    return [end, ...Array.from(option.rest, () => end)];
  });
  if (!isSet) return list;
  return list
    .filter(({ kind }) => kind !== "nop" && kind !== "eol")
    .toSorted((a, b) => (a.kind < b.kind ? -1 : 1));
}

/** TSecr is not compared: what the stack echoes is the script's own number as it was injected. */
function isSameOption(expected: TcpOption, shown: TcpOption, how: MatchOptions): boolean {
  if (expected.kind === "timestamps" && shown.kind === "timestamps") {
    const off = Math.abs((expected.value - shown.value) | 0);
    return how.timestampSlack === null || off <= how.timestampSlack;
  }
  if (expected.kind === "unknown" && shown.kind === "unknown")
    return expected.number === shown.number && formatHex(expected.data) === formatHex(shown.data);
  return expected.kind === shown.kind && printTcpOption(expected) === printTcpOption(shown);
}
