/**
 * ICMP messages of a script, with the quoted segment last or, as nplab wrote it first, in front:
 * `< icmp unreachable frag_needed mtu 1200 [1:1461(1460)]`.
 *
 * @module
 */
import type { Cursor } from "./cursor.ts";
import { LARGEST_SEQ, parseSequence } from "./parse-sequence.ts";
import type { IcmpSpec, IpSpec } from "./script.ts";

const ANY_IP: IpSpec = { ecn: null, tos: null, ttl: null };

/** Whether an ICMP message begins here. */
export function seesIcmp(c: Cursor): boolean {
  return c.sees(/icmp(?!\w)/y);
}

/** Whether a quoted segment stands here, and an ICMP message behind it. */
export function seesQuotedFirst(c: Cursor): boolean {
  return c.sees(/\[\s*(?:[FSRPUEW.-]+\s+)?\d+\s*:/y);
}

/** `icmp TYPE [CODE] [mtu N] [[SEQ:END(LEN)]]`. */
export function parseIcmp(c: Cursor, ip: IpSpec): IcmpSpec {
  const message = parseMessage(c, ip);
  if (c.sees(/id\s+\d/y)) throw c.error("echoes of ICMP are not built");
  return c.sees(/\[/y) ? { ...message, quoted: parseQuoted(c) } : message;
}

/** `[SEQ:END(LEN)] icmp TYPE [CODE] [mtu N]`. */
export function parseQuotedFirst(c: Cursor): IcmpSpec {
  const quoted = parseQuoted(c);
  return { ...parseMessage(c, ANY_IP), quoted };
}

/** Types of either version of IP. */
const TYPES: ReadonlySet<string> = new Set(
  (
    "unreachable source_quench redirect time_exceeded parameter_problem packet_too_big echo_reply echo_request " +
    "router_advertise router_advertisement router_solicit router_solicitation timestamp timestamp_request timestamp_reply " +
    "information_request information_reply info_request info_reply address_mask_request address_mask_reply " +
    "mask_request mask_reply"
  ).split(" "),
);
/** Codes of `unreachable`, which decide; those of the other types do not. */
const UNREACHABLE_CODES: ReadonlySet<string> = new Set(
  (
    "net_unreachable host_unreachable protocol_unreachable port_unreachable frag_needed source_route_failed net_unknown " +
    "host_unknown source_host_isolated net_prohibited host_prohibited net_unreachable_for_tos host_unreachable_for_tos " +
    "packet_filtered precedence_violation precedence_cutoff no_route admin_prohibited not_neighbour not_neighbor " +
    "beyond_scope address_unreachable policy_fail failed_policy reject_route"
  ).split(" "),
);

function parseMessage(c: Cursor, ip: IpSpec): IcmpSpec {
  c.need(/icmp(?!\w)/y, '"icmp"');
  const at = c.at;
  const type = c.need(/[a-z]\w*/y, "the type of an ICMP message")[0];
  if (!TYPES.has(type) && !/^type_\d+$/.test(type))
    throw c.error(`"${type}" is no type of an ICMP message`, at);
  const codeAt = c.at;
  const code = c.takeWord(/(?!(?:mtu|id)\b)[A-Za-z_]\w*/y);
  const isLoose = type !== "unreachable" || code === null || /^code_\d+$/.test(code);
  if (!isLoose && !UNREACHABLE_CODES.has(code))
    throw c.error(`"${code}" is no code of ${type}`, codeAt);
  const mtu = c.take(/mtu(?!\w)/y) === null ? null : c.needNumber("an MTU", LARGEST_SEQ);
  return { kind: "icmp", ip, type, code, mtu, quoted: { seq: 0, payloadLen: 0 } };
}

function parseQuoted(c: Cursor): IcmpSpec["quoted"] {
  c.needText("[");
  const other = c.take(/(udplite|udp|sctp|raw)(?!\w)/y)?.[0];
  if (other !== undefined) throw c.error(`errors about ${other} are not built`);
  c.take(/[FSRPUEW.-]+(?=\s)/y);
  const quoted = parseSequence(c);
  c.needText("]");
  return quoted;
}
