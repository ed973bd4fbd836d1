/**
 * Packets of a script: `< [ect0] P. 1:1001(1000) ack 1 win 257 <nop,nop,TS val 1 ecr 2>`.
 *
 * @module
 */
import { Flag } from "../../../wire/tcp.ts";
import type { Cursor } from "./cursor.ts";
import { parseIcmp, parseQuotedFirst, seesIcmp, seesQuotedFirst } from "./parse-icmp.ts";
import { LARGEST_SEQ, parseSequence } from "./parse-sequence.ts";
import { parseTcpOptionList } from "./parse-tcp-options.ts";
import type { EcnSpec, FlagSpec, IpSpec, PacketSpec, TcpSpec } from "./script.ts";

const FLAG_LETTERS: Readonly<Record<string, number>> = {
  F: Flag.FIN,
  S: Flag.SYN,
  R: Flag.RST,
  P: Flag.PSH,
  ".": Flag.ACK,
  U: Flag.URG,
  E: Flag.ECE,
  W: Flag.CWR,
};

const FLAGS = /(-|[FSRPUEWA.]+)([0-7]?)(?=\s)/y;

/** What follows `<`. */
export function parseInbound(c: Cursor): PacketSpec {
  const at = c.at;
  if (seesQuotedFirst(c)) return parseQuotedFirst(c);
  const ip = parseIpSpec(c);
  if (seesIcmp(c)) return parseIcmp(c, ip);
  const packet = parseTcp(c, ip);
  if (packet.options === "any")
    throw c.error("a segment to inject needs its options, <...> is none", at);
  if (packet.window === null) throw c.error("a segment to inject needs its window", at);
  if (ip.ecn === "ect01") throw c.error("a segment to inject is ect0 or ect1", at);
  return packet;
}

/** What follows `>`. */
export function parseOutbound(c: Cursor): TcpSpec {
  return parseTcp(c, parseIpSpec(c));
}

function parseIpSpec(c: Cursor): IpSpec {
  const spec: { -readonly [K in keyof IpSpec]: IpSpec[K] } = { ecn: null, tos: null, ttl: null };
  for (;;) {
    const at = c.at;
    const open = c.take(/[[(]/y)?.[0];
    if (open === undefined) return spec;
    do Object.assign(spec, parseIpField(c));
    while (c.takeText(","));
    if (!c.takeText(open === "[" ? "]" : ")"))
      throw c.error("expected a field of the IP header", at);
  }
}

function parseIpField(c: Cursor): Partial<IpSpec> {
  const word = c.need(/[a-z]+\d*/y, "a field of the IP header")[0];
  switch (word) {
    case "noecn":
    case "ect0":
    case "ect1":
    case "ect01":
    case "ce":
      return { ecn: word satisfies EcnSpec };
    case "tos":
    case "class":
      return { tos: c.needNumber("the traffic class", 0xff) };
    case "ttl":
    case "hlim":
      return { ttl: c.needNumber("a hop limit", 0xff) };
    case "flowlabel":
      throw c.error("flow labels are not built");
    default:
      throw c.error(`"${word}" is no field of the IP header`);
  }
}

/** What packets may carry beside TCP, or around it. */
const OTHERS = /(ipv4|ipv6|gre|GREv0|mpls|udplite|udp|sctp|arp|icmpv6|icmp)(?!\w)/y;

function parseTcp(c: Cursor, ip: IpSpec): TcpSpec {
  const at = c.at;
  const other = c.take(OTHERS)?.[0];
  if (other !== undefined) throw c.error(`packets of ${other} are not built`, at);
  c.take(/\d+\s*>\s*\d+\s/y); // ports: only one connection is under test
  const flags = parseFlags(c);
  const { seq, payloadLen } = parseSequence(c);
  const isAbsolute = c.takeText("!");
  refuseBehind(c);
  const ack = parseField(c, /ack(?!\w)/y, LARGEST_SEQ) ?? 0;
  const window = parseField(c, /win(?!\w)/y, 0xffff);
  const urgent = parseField(c, /urg(?!\w)/y, 0xffff) ?? 0;
  const options = c.takeText("<") ? parseTcpOptionList(c) : [];
  refuseBehind(c);
  return { kind: "tcp", ip, flags, isAbsolute, seq, payloadLen, ack, window, urgent, options };
}

/** What may stand behind a segment and is not built: `/udp(A > B)`, `{mut tcp mss}`. */
function refuseBehind(c: Cursor): void {
  if (c.sees(/\/\s*udp/y)) throw c.error("TCP in UDP is not built");
  if (c.sees(/\{/y)) throw c.error("damage to a segment is not built");
}

function parseFlags(c: Cursor): FlagSpec {
  const at = c.at;
  const [, letters, digit] = c.need(FLAGS, 'flags, such as "S.", "P." or "-"');
  let bits = 0;
  let ae = false;
  for (const letter of letters!) {
    if (letter === "A") ae = true;
    else bits |= FLAG_LETTERS[letter] ?? 0;
  }
  // No bit of the three says as little as no digit does.
  if (digit === "" || digit === "0") return { bits, ae, ace: null };
  if (ae || (bits & (Flag.ECE | Flag.CWR)) !== 0)
    throw c.error("AE, CWR and ECE stand as letters or as a digit, not both", at);
  return { bits, ae, ace: Number(digit) };
}

function parseField(c: Cursor, name: RegExp, largest: number): number | null {
  return c.take(name) === null ? null : c.needNumber("a number", largest);
}
