/**
 * ICMP messages of a script, with the quoted segment last or, as nplab wrote it first, in front:
 * `< icmp unreachable frag_needed mtu 1200 [1:1461(1460)]`.
 *
 * @module
 */
import type { Cursor } from "./cursor.ts";
import { parseSequence } from "./parse-sequence.ts";
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
  return c.sees(/\[/y) ? { ...message, quoted: parseQuoted(c) } : message;
}

/** `[SEQ:END(LEN)] icmp TYPE [CODE] [mtu N]`. */
export function parseQuotedFirst(c: Cursor): IcmpSpec {
  const quoted = parseQuoted(c);
  return { ...parseMessage(c, ANY_IP), quoted };
}

function parseMessage(c: Cursor, ip: IpSpec): IcmpSpec {
  c.need(/icmp(?!\w)/y, '"icmp"');
  const type = c.need(/[a-z]\w*/y, "the type of an ICMP message")[0];
  const code = c.takeWord(/(?!mtu\b)[A-Za-z_]\w*/y);
  const mtu = c.take(/mtu(?!\w)/y) === null ? null : c.needNumber("an MTU");
  return { kind: "icmp", ip, type, code, mtu, quoted: { seq: 0, payloadLen: 0 } };
}

function parseQuoted(c: Cursor): IcmpSpec["quoted"] {
  c.needText("[");
  c.take(/[FSRPUEW.-]+(?=\s)/y);
  const quoted = parseSequence(c);
  c.needText("]");
  return quoted;
}
