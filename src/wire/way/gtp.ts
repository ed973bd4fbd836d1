/**
 * GTP-U, the tunnel of mobile networks (3GPP TS 29.281), and its version 0.
 *
 * @module
 */
import { clip, goOn, ipByVersion, isThere, Way, type Step } from "./way.ts";

/** Bytes of a GTP version 1 header without options. */
export const GTP_MIN_HEADER_LEN = 8;

//   0                   1                   2                   3
//   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//  | Ver |P|*|E|S|N| Message type  |            Length             |   0
//  |                   Tunnel endpoint identifier                  |   4
//  |  Sequence number (with E, S or N)             | N-PDU | Next  |   8

export const gtpVersion = (v: DataView, at: number): number => v.getUint8(at) >>> 5;

/** 255: a packet of the user. */
export const gtpMessageType = (v: DataView, at: number): number => v.getUint8(at + 1);

/** Bytes behind the header's mandatory part: 8, in version 0 20. */
export const gtpLength = (v: DataView, at: number): number => v.getUint16(at + 2);

/** Tunnel endpoint identifier, of version 1. */
export const gtpTeid = (v: DataView, at: number): number => v.getUint32(at + 4);

/** A GTP header with its extension headers. */
export function stepGtp(v: DataView, at: number, end: number, step: Step): void {
  if (!isThere(step, "gtp", at, end, GTP_MIN_HEADER_LEN)) return;
  const len = gtpHeaderLen(v, at, end);
  if (!isThere(step, "gtp", at, end, len)) return;
  const mandatory = gtpVersion(v, at) === 0 ? 20 : GTP_MIN_HEADER_LEN;
  if (gtpLength(v, at) > 0) clip(step, at + mandatory, gtpLength(v, at));
  const isPacket = gtpMessageType(v, at) === 255 && gtpVersion(v, at) <= 1;
  goOn(step, "gtp", len, isPacket ? userPacket(v, at + len, end) : Way.NOTHING);
}

/** IP, or PPP that begins with 0xff 0x03. */
function userPacket(v: DataView, at: number, end: number): Way {
  const other = at < end && v.getUint8(at) === 0xff ? Way.PPP_HDLC : Way.NOTHING;
  return ipByVersion(v, at, end, other);
}

/** Bytes up to the user's packet; beyond `end` when it is cut off. */
function gtpHeaderLen(v: DataView, at: number, end: number): number {
  if (gtpVersion(v, at) === 0) return 20;
  if ((v.getUint8(at) & 7) === 0) return GTP_MIN_HEADER_LEN;
  let len = 12;
  if ((v.getUint8(at) & 4) === 0 || end - at < len) return len;
  // Each extension: its length in words of 4 bytes, content, the type of the next one.
  let next = v.getUint8(at + 11);
  while (next !== 0 && end - at > len) {
    const extension = v.getUint8(at + len) << 2;
    if (extension === 0 || end - at < len + extension) return len + Math.max(4, extension);
    len += extension;
    next = v.getUint8(at + len - 1);
  }
  return len;
}
