/**
 * ICMP messages as scripts name them -> what TCP is told (RFC 1122 §4.2.3.9, RFC 5461).
 *
 * @module
 */
import type { IcmpError } from "../../../stack/types.ts";
import type { IcmpPacket } from "../runner/stack-under-test.ts";

/** Codes of `unreachable`, of either version of IP; prohibited is as hard as no port (RFC 1122 §3.2.2.1, RFC 5461 §2.1). */
const UNREACHABLE: Readonly<Record<string, IcmpError["kind"]>> = {
  protocol_unreachable: "port-unreachable",
  port_unreachable: "port-unreachable",
  frag_needed: "too-big",
  net_prohibited: "port-unreachable",
  host_prohibited: "port-unreachable",
  admin_prohibited: "port-unreachable",
  packet_filtered: "port-unreachable",
  code_2: "port-unreachable",
  code_3: "port-unreachable",
  code_4: "too-big",
};

/** The error of `packet` as an endpoint takes it. */
export function icmpErrorOf(packet: IcmpPacket): IcmpError {
  const kind = kindOf(packet.type, packet.code);
  return { kind, seq: packet.seq, mtu: kind === "too-big" ? (packet.mtu ?? 0) : 0 };
}

function kindOf(type: string, code: string | null): IcmpError["kind"] {
  switch (type) {
    case "unreachable":
      return UNREACHABLE[code ?? ""] ?? "unreachable";
    case "packet_too_big":
      return "too-big";
    // What IPv6 says for a protocol that is not there (RFC 5461 §2.2).
    case "parameter_problem":
      return code === "unknown_next_header" ? "port-unreachable" : "other";
    case "time_exceeded":
      return "time-exceeded";
    default:
      return "other";
  }
}

/** What Linux's sockets call each code; other unreachable ones are a host's. */
const LINUX_ERRNO: Readonly<Record<string, string>> = {
  net_unreachable: "ENETUNREACH",
  net_unknown: "ENETUNREACH",
  net_prohibited: "ENETUNREACH",
  net_unreachable_for_tos: "ENETUNREACH",
  no_route: "ENETUNREACH",
  protocol_unreachable: "ENOPROTOOPT",
  port_unreachable: "ECONNREFUSED",
  source_route_failed: "EOPNOTSUPP",
  host_unknown: "EHOSTDOWN",
  source_host_isolated: "ENONET",
  admin_prohibited: "EACCES",
};

/** The error that Linux gives a socket for `packet`; `null`: as for any other kernel. */
export function linuxErrnoOf({ type, code }: IcmpPacket): string | null {
  if (type === "parameter_problem") return "EPROTO";
  if (type !== "unreachable" || code === null || code.startsWith("code_")) return null;
  return LINUX_ERRNO[code] ?? "EHOSTUNREACH";
}
