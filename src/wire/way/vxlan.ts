/**
 * Overlays that carry frames: VXLAN (RFC 7348) and its extension GPE, Geneve
 * (RFC 8926), the network service header (RFC 8300).
 *
 * @module
 */
import { etherWay, goOn, isThere, Way, type Step } from "./way.ts";

/** Bytes of a VXLAN header, and of a Geneve header without options. */
export const VXLAN_HEADER_LEN = 8;

//  VXLAN:
//   0                   1                   2                   3
//   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//  |R|R|R|R|I|P|R|O|         Reserved              | Next (GPE)    |   0
//  |        VXLAN network identifier               |   Reserved    |   4
//
//  Geneve:
//  |Ver|  Opt len  |O|C|    Rsvd.  |         Protocol type         |   0
//  |        Virtual network identifier             |   Reserved    |   4
//
//  NSH:
//  |Ver|O|U|    TTL    |  Length   |U|U|U|U|MD type| Next protocol |   0
//  |             Service path identifier           | Service index |   4

/** The network identifier of VXLAN and Geneve, 24 bits. */
export const vxlanVni = (v: DataView, at: number): number => v.getUint32(at + 4) >>> 8;

/** Protocol of a GPE header, also of NSH. */
export const nextProtocol = (v: DataView, at: number): number => v.getUint8(at + 3);

/** Bytes of a Geneve header with its options. */
export const geneveHeaderLen = (v: DataView, at: number): number =>
  VXLAN_HEADER_LEN + ((v.getUint8(at) & 0x3f) << 2);

/** EtherType of what follows; 0x6558 for a frame. */
export const geneveType = (v: DataView, at: number): number => v.getUint16(at + 2);

/** Bytes of an NSH with its context. */
export const nshHeaderLen = (v: DataView, at: number): number => (v.getUint8(at + 1) & 0x3f) << 2;

/** VXLAN: a frame follows. */
export function stepVxlan(_v: DataView, at: number, end: number, step: Step): void {
  if (isThere(step, "vxlan", at, end, VXLAN_HEADER_LEN))
    goOn(step, "vxlan", VXLAN_HEADER_LEN, Way.ETHERNET);
}

/** VXLAN with the generic protocol extension: the header says what follows. */
export function stepVxlanGpe(v: DataView, at: number, end: number, step: Step): void {
  if (isThere(step, "vxlan", at, end, VXLAN_HEADER_LEN))
    goOn(step, "vxlan", VXLAN_HEADER_LEN, overlayNext(nextProtocol(v, at)));
}

/** Geneve, with its options skipped. */
export function stepGeneve(v: DataView, at: number, end: number, step: Step): void {
  if (!isThere(step, "geneve", at, end, VXLAN_HEADER_LEN)) return;
  const len = geneveHeaderLen(v, at);
  if (isThere(step, "geneve", at, end, len)) goOn(step, "geneve", len, etherWay(geneveType(v, at)));
}

/** NSH, with its context skipped. */
export function stepNsh(v: DataView, at: number, end: number, step: Step): void {
  if (!isThere(step, "nsh", at, end, 8)) return;
  const len = nshHeaderLen(v, at);
  if (len < 8) {
    step.why = "bad-length";
    return goOn(step, "nsh", 8, Way.NOTHING);
  }
  if (isThere(step, "nsh", at, end, len)) goOn(step, "nsh", len, overlayNext(nextProtocol(v, at)));
}

/** Protocol numbers that GPE and NSH share. */
function overlayNext(protocol: number): Way {
  switch (protocol) {
    case 1:
      return Way.IPV4;
    case 2:
      return Way.IPV6;
    case 3:
      return Way.ETHERNET;
    case 4:
      return Way.NSH;
    case 5:
      return Way.MPLS;
    default:
      return Way.NOTHING;
  }
}
