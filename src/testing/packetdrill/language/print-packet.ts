/**
 * Packets as the script writes them: the inverse of `parse-packet.ts`.
 *
 * @module
 */
import { formatHex } from "../../../base/bytes.ts";
import { seqAdd, type SeqNum } from "../../../wire/seqnum.ts";
import { Flag } from "../../../wire/tcp.ts";
import type { TcpOption } from "../../../wire/tcp-option.ts";
import { accEcnCounters } from "./parse-tcp-options.ts";
import type { FlagSpec, IcmpSpec, IpSpec, PacketSpec, TcpSpec } from "./script.ts";

const LETTERS: readonly (readonly [number, string])[] = [
  [Flag.SYN, "S"],
  [Flag.FIN, "F"],
  [Flag.RST, "R"],
  [Flag.PSH, "P"],
  [Flag.URG, "U"],
  [Flag.ECE, "E"],
  [Flag.CWR, "W"],
];

/** What stands behind `<` or `>`. */
export function printPacket(packet: PacketSpec): string {
  return packet.kind === "tcp" ? printTcp(packet) : printIcmp(packet);
}

/** Flags as letters: `S.`, `P.5`, `-`. */
export function printFlags({ bits, ae, ace }: FlagSpec): string {
  const letters = LETTERS.filter(([bit]) => (bits & bit) !== 0).map(([, letter]) => letter);
  if (ae) letters.push("A");
  if ((bits & Flag.ACK) !== 0) letters.push(".");
  return (letters.join("") || "-") + (ace ?? "");
}

/** One option: `mss 1460`. */
export function printTcpOption(option: TcpOption): string {
  switch (option.kind) {
    case "eol":
      return "eol";
    case "nop":
      return "nop";
    case "mss":
      return `mss ${option.mss}`;
    case "window-scale":
      return `wscale ${option.shift}`;
    case "sack-permitted":
      return "sackOK";
    case "sack":
      return ["sack", ...option.blocks.map((b) => `${b.left}:${b.right}`)].join(" ");
    case "timestamps":
      return `TS val ${option.value} ecr ${option.echo}`;
    case "fast-open":
      return `${option.experiment === null ? "FO" : "FOEXP"} ${formatHex(option.cookie, "")}`.trim();
    case "md5":
      return `md5 ${formatHex(option.digest, "")}`;
    case "unknown": {
      const counters = accEcnCounters(option);
      return counters === null ? `kind ${option.number}` : `ECN ${counters}`.trim();
    }
    case "mptcp":
    case "user-timeout":
    case "ao":
    case "broken":
      return option.kind;
  }
}

/** `<mss 1460,nop>`, `<...>`, or nothing without options. */
export function printTcpOptions(options: readonly TcpOption[] | "any"): string {
  if (options === "any") return "<...>";
  return options.length === 0 ? "" : `<${options.map(printTcpOption).join(",")}>`;
}

function printTcp(p: TcpSpec): string {
  const sequence = printSequence(p.seq, p.payloadLen) + (p.isAbsolute ? "!" : "");
  const words = [printIp(p.ip), printFlags(p.flags), sequence];
  if (p.ack !== 0 || (p.flags.bits & Flag.ACK) !== 0) words.push(`ack ${p.ack}`);
  if (p.window !== null) words.push(`win ${p.window}`);
  if (p.urgent !== 0) words.push(`urg ${p.urgent}`);
  words.push(printTcpOptions(p.options));
  return words.filter((word) => word !== "").join(" ");
}

function printIcmp(p: IcmpSpec): string {
  const words = [printIp(p.ip), "icmp", p.type];
  if (p.code !== null) words.push(p.code);
  if (p.mtu !== null) words.push(`mtu ${p.mtu}`);
  words.push(`[${printSequence(p.quoted.seq, p.quoted.payloadLen)}]`);
  return words.filter((word) => word !== "").join(" ");
}

function printSequence(seq: SeqNum, payloadLen: number): string {
  return `${seq}:${seqAdd(seq, payloadLen)}(${payloadLen})`;
}

function printIp(ip: IpSpec): string {
  const fields: string[] = [];
  if (ip.ecn !== null) fields.push(ip.ecn);
  if (ip.tos !== null) fields.push(`tos ${ip.tos}`);
  if (ip.ttl !== null) fields.push(`ttl ${ip.ttl}`);
  return fields.length === 0 ? "" : `[${fields.join(",")}]`;
}
