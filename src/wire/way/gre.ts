/**
 * GRE (RFC 2784, RFC 2890), its PPTP variant (RFC 2637), the mirrored frames of
 * ERSPAN I, II and III, and WCCP's redirect header.
 *
 * @module
 */
import { EtherType } from "../protocol.ts";
import { etherWay, goOn, ipByVersion, isThere, Way, type Step } from "./way.ts";

/** Bytes of a GRE header without options. */
export const GRE_MIN_HEADER_LEN = 4;

//   0                   1                   2                   3
//   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//  |C|R|K|S|s|Recur|A| Flags | Ver |         Protocol type         |   0
//  |  Checksum (with C or R)       |  Offset (with C or R)         |
//  |                     Key (with K)                              |
//  |                 Sequence number (with S)                      |
//  |                Acknowledgment number (with A, version 1)      |

/** Which optional fields there are, and the version. */
export const greFlags = (v: DataView, at: number): number => v.getUint16(at);

/** EtherType of what follows, or a number of GRE's own. */
export const greProtocol = (v: DataView, at: number): number => v.getUint16(at + 2);

/** Bits of {@link greFlags}. */
export const GreFlag = {
  CHECKSUM: 0x8000,
  ROUTING: 0x4000,
  KEY: 0x2000,
  SEQUENCE: 0x1000,
  ACK: 0x0080,
} as const;

/** Protocol types that only GRE has. */
const GreProtocol = {
  PPP: 0x880b,
  CDMA2000: 0x8881,
  CDMA2000_B: 0x88d2,
  WCCP: 0x883e,
  ERSPAN: 0x88be,
  ERSPAN_III: 0x22eb,
  MIKROTIK: 0x6400,
} as const;

/** Bytes of the header with the fields that `flags` announces, but for source routes. */
export function greHeaderLen(flags: number): number {
  let len = GRE_MIN_HEADER_LEN;
  if ((flags & (GreFlag.CHECKSUM | GreFlag.ROUTING)) !== 0) len += 4;
  if ((flags & GreFlag.KEY) !== 0) len += 4;
  if ((flags & GreFlag.SEQUENCE) !== 0) len += 4;
  return (flags & 7) === 1 && (flags & GreFlag.ACK) !== 0 ? len + 4 : len;
}

/** A GRE header. */
export function stepGre(v: DataView, at: number, end: number, step: Step): void {
  if (!isThere(step, "gre", at, end, GRE_MIN_HEADER_LEN)) return;
  const flags = greFlags(v, at);
  let len = greHeaderLen(flags);
  if (!isThere(step, "gre", at, end, len)) return;
  if ((flags & GreFlag.ROUTING) !== 0) len = afterRoutes(v, at, len, end);
  if (isThere(step, "gre", at, end, len)) goOn(step, "gre", len, greNext(v, at, flags));
}

/** Source route entries (RFC 1701): family, offset, length; the last is all zero. */
function afterRoutes(v: DataView, at: number, first: number, end: number): number {
  let len = first;
  while (end - at >= len + 4) {
    const isLast = v.getUint16(at + len) === 0 && v.getUint8(at + len + 3) === 0;
    len += 4 + v.getUint8(at + len + 3);
    if (isLast) return len;
  }
  return len + 4;
}

function greNext(v: DataView, at: number, flags: number): Way {
  const protocol = greProtocol(v, at);
  switch (protocol) {
    case GreProtocol.PPP:
      return Way.PPP_HDLC;
    case GreProtocol.CDMA2000:
    case GreProtocol.CDMA2000_B:
      return Way.PPP_HDLC;
    case GreProtocol.WCCP:
      return Way.WCCP;
    case GreProtocol.MIKROTIK:
      return Way.ETHERNET;
    case GreProtocol.ERSPAN_III:
      return Way.ERSPAN;
    case GreProtocol.ERSPAN:
      // Type I has no sequence number, and no header of its own.
      return (flags & GreFlag.SEQUENCE) === 0 ? Way.ETHERNET : Way.ERSPAN;
    default:
      return protocol < EtherType.IPV4 ? Way.NOTHING : etherWay(protocol);
  }
}

//  ERSPAN II (version 1):
//  |  Ver  |         VLAN          | COS | En|T|    Session id     |   0
//  |      Reserved         |                  Index                |   4
//  ERSPAN III (version 2) has 12 bytes, and 8 more with the lowest bit of the last.

/** ERSPAN II or III: a mirrored frame follows. */
export function stepErspan(v: DataView, at: number, end: number, step: Step): void {
  if (!isThere(step, "erspan", at, end, 8)) return;
  const version = v.getUint8(at) >>> 4;
  if (version === 1) return goOn(step, "erspan", 8, Way.ETHERNET);
  if (!isThere(step, "erspan", at, end, 12)) return;
  const len = (v.getUint8(at + 11) & 1) === 0 ? 12 : 20;
  if (!isThere(step, "erspan", at, end, len)) return;
  // Frame type, 5 bits: 0 is Ethernet, 2 is IP.
  const type = (v.getUint8(at + 10) >>> 2) & 0x1f;
  const inner = type === 2 ? Way.RAW_IP : Way.ETHERNET;
  goOn(step, "erspan", len, version === 2 ? inner : Way.NOTHING);
}

/** WCCP version 2 puts 4 bytes in front of the IPv4 packet, version 1 none. */
export function stepWccp(v: DataView, at: number, end: number, step: Step): void {
  if (ipByVersion(v, at, end, Way.NOTHING) === Way.IPV4) return goOn(step, "none", 0, Way.IPV4);
  if (isThere(step, "wccp", at, end, 4)) goOn(step, "wccp", 4, Way.IPV4);
}
