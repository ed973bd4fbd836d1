/**
 * Multipath TCP options (RFC 6824, RFC 8684 §3) as tcpdump prints them:
 * `mptcp 12 dss ack 16909060`.
 *
 * @module
 */
import { formatIpv4, formatIpv6 } from "./address.ts";
import { Flag } from "./tcp.ts";

/** Names of the subtypes (RFC 8684 §8), as tcpdump writes them. */
export const MPTCP_SUBTYPES: readonly string[] = [
  "capable",
  "join",
  "dss",
  "add-addr",
  "rem-addr",
  "prio",
  "fail",
  "fast-close",
];

/**
 * `" 12 dss ack 16909060"`: length, subtype and content of the option whose
 * data is `v[at, at+dataLen)`; null when the length does not fit the content.
 */
export function describeMptcp(
  v: DataView,
  at: number,
  dataLen: number,
  flags: number,
): string | null {
  if (dataLen < 1) return null;
  const content = describeSubtype(v, at, dataLen, flags);
  return content === null ? null : ` ${mptcpStart(v, at, dataLen)}${content}`;
}

/** `"12 dss"`: what can be said of an option of at least one byte of data, whatever follows. */
export function mptcpStart(v: DataView, at: number, dataLen: number): string {
  return `${dataLen + 2} ${MPTCP_SUBTYPES[v.getUint8(at) >>> 4] ?? "unknown"}`;
}

function describeSubtype(v: DataView, at: number, len: number, flags: number): string | null {
  switch (v.getUint8(at) >>> 4) {
    case 0:
      return describeCapable(v, at, len, flags);
    case 1:
      return describeJoin(v, at, len, flags);
    case 2:
      return describeDss(v, at, len, flags);
    case 3:
      return describeAddAddr(v, at, len);
    case 4:
      return describeRemoveAddr(v, at, len);
    case 5:
      return describePrio(v, at, len);
    case 6:
      return len === 10 ? ` seq ${v.getBigUint64(at + 2)}` : null;
    case 7:
      return len === 10 ? ` key ${hex64(v, at + 2)}` : null;
    default:
      return "";
  }
}

function describeCapable(v: DataView, at: number, len: number, flags: number): string | null {
  const version = v.getUint8(at) & 0xf;
  const isSyn = (flags & Flag.SYN) !== 0;
  if (len < 2 || !(isSyn ? [2, 10] : [18, 20]).includes(len)) return null;
  if (version > 1) return ` Unknown Version (${version})`;
  const checksum = (v.getUint8(at + 1) & 0x80) === 0 ? "" : " csum";
  const keys = len === 2 ? "" : ` {${hex64(v, at + 2)}${len >= 18 ? `,${hex64(v, at + 10)}` : ""}}`;
  return ` v${version}${checksum}${keys}`;
}

function describeJoin(v: DataView, at: number, len: number, flags: number): string | null {
  const isSyn = (flags & Flag.SYN) !== 0;
  const isAck = (flags & Flag.ACK) !== 0;
  if (len === 22 && isAck) return ` hmac 0x${hexBytes(v, at + 2, 20)}`;
  const backup = (v.getUint8(at) & 1) === 0 ? "" : " backup";
  if (len === 10 && isSyn)
    return `${backup} id ${v.getUint8(at + 1)} token ${hex32(v, at + 2)} nonce ${hex32(v, at + 6)}`;
  if (len === 14 && isSyn && isAck)
    return `${backup} id ${v.getUint8(at + 1)} hmac ${hex64(v, at + 2)} nonce ${hex32(v, at + 10)}`;
  return null;
}

/** Bits of the second byte of a data sequence signal (RFC 8684 §3.3). */
const Dss = { ACK: 1, ACK_64: 2, MAP: 4, SEQ_64: 8, FIN: 16 } as const;

function describeDss(v: DataView, at: number, len: number, flags: number): string | null {
  if (len < 2 || (flags & Flag.SYN) !== 0) return null;
  const bits = v.getUint8(at + 1);
  const end = at + len;
  let text = (bits & Dss.FIN) === 0 ? "" : " fin";
  let o = at + 2;
  const number = (is64: boolean): string => {
    o += is64 ? 8 : 4;
    return is64 ? `${v.getBigUint64(o - 8)}` : `${v.getUint32(o - 4)}`;
  };
  if ((bits & Dss.ACK) !== 0) {
    const is64 = (bits & Dss.ACK_64) !== 0;
    if (end - o < (is64 ? 8 : 4)) return null;
    text += ` ack ${number(is64)}`;
  }
  if ((bits & Dss.MAP) !== 0) {
    const is64 = (bits & Dss.SEQ_64) !== 0;
    if (end - o < (is64 ? 14 : 10)) return null;
    text += ` seq ${number(is64)} subseq ${number(false)} len ${v.getUint16(o)}`;
    o += 2;
    if (end - o >= 2) {
      text += ` csum 0x${v.getUint16(o).toString(16)}`;
      o += 2;
    }
  }
  return o === end ? text : null;
}

/** Version 0 says which IP version it is, version 1 whether it is an echo (RFC 8684 §3.4.1). */
function describeAddAddr(v: DataView, at: number, len: number): string | null {
  const low = v.getUint8(at) & 0xf;
  // Version 1 announces with 8 bytes of HMAC behind address and port.
  const hmac = low === 0 ? 8 : 0;
  const rest = len - 2 - hmac;
  const is4 = rest === 4 || rest === 6;
  if (!is4 && rest !== 16 && rest !== 18) return null;
  if ((low === 4 && !is4) || (low === 6 && is4) || ![0, 1, 4, 6].includes(low)) return null;
  const version = low === 0 ? "v1" : low === 1 ? "v1-echo" : `v0-ip${low}`;
  const addressLen = is4 ? 4 : 16;
  const address = is4 ? formatIpv4(v, at + 2) : formatIpv6(v, at + 2);
  const port = rest === addressLen ? "" : `:${v.getUint16(at + 2 + addressLen)}`;
  const proof = hmac === 0 ? "" : ` hmac ${hex64(v, at + len - 8)}`;
  return ` ${version} id ${v.getUint8(at + 1)} ${address}${port}${proof}`;
}

function describeRemoveAddr(v: DataView, at: number, len: number): string | null {
  if (len < 2) return null;
  const ids = Array.from({ length: len - 1 }, (_, i) => v.getUint8(at + 1 + i));
  return ` id ${ids.join(" ")}`;
}

function describePrio(v: DataView, at: number, len: number): string | null {
  if (len > 2) return null;
  const kind = (v.getUint8(at) & 1) === 0 ? "non-backup" : "backup";
  return ` ${kind}${len === 2 ? ` id ${v.getUint8(at + 1)}` : ""}`;
}

function hex32(v: DataView, at: number): string {
  return `0x${v.getUint32(at).toString(16)}`;
}

function hex64(v: DataView, at: number): string {
  return `0x${v.getBigUint64(at).toString(16)}`;
}

function hexBytes(v: DataView, at: number, length: number): string {
  let text = "";
  for (let i = at; i < at + length; i++) text += v.getUint8(i).toString(16).padStart(2, "0");
  return text;
}
