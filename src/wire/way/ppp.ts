/**
 * PPP (RFC 1661) bare, in HDLC-like frames (RFC 1662), and in PPPoE sessions
 * (RFC 2516); Cisco's HDLC, which shares its link types.
 *
 * @module
 */
import { clip, etherWay, goOn, isThere, pppWay, Way, type Step } from "./way.ts";

//  PPP in HDLC-like frames:
//   0                   1                   2                   3
//   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//  | Address (0xff)| Control (0x03)| Protocol (8 or 16 bits) ...
//
//  PPPoE:
//  |  Ver  |  Type |     Code      |          Session id           |   0
//  |            Length             | PPP protocol ...              |   4

/** PPP protocol numbers that lead to TCP (IANA "PPP Protocol Fields"). */
export const PppProtocol = { IPV4: 0x21, IPV6: 0x57, MPLS: 0x281, MPLS_MULTICAST: 0x283 } as const;

/** Bytes of a PPPoE session header. */
export const PPPOE_HEADER_LEN = 6;

/** Code: 0 in a session. */
export const pppoeCode = (v: DataView, at: number): number => v.getUint8(at + 1);

/** Bytes of PPP behind the header. */
export const pppoeLength = (v: DataView, at: number): number => v.getUint16(at + 4);

/** PPP from its protocol field on; with an odd first byte it has 8 bits (RFC 1661 §6.5). */
export function stepPpp(v: DataView, at: number, end: number, step: Step): void {
  pppAfter(v, at, 0, end, step);
}

/** PPP in an HDLC-like frame, or Cisco HDLC, told apart by the first byte. */
export function stepPppHdlc(v: DataView, at: number, end: number, step: Step): void {
  if (!isThere(step, "ppp", at, end, 1)) return;
  const first = v.getUint8(at);
  if (first === 0x0f || first === 0x8f) return stepCiscoHdlc(v, at, end, step);
  pppAfter(v, at, first === 0xff ? 2 : 0, end, step);
}

/** PPP whose protocol field stands `skip` bytes from `at`. */
function pppAfter(v: DataView, at: number, skip: number, end: number, step: Step): void {
  if (!isThere(step, "ppp", at, end, skip + 1)) return;
  const first = v.getUint8(at + skip);
  if ((first & 1) !== 0) return goOn(step, "ppp", skip + 1, pppNext(first));
  if (!isThere(step, "ppp", at, end, skip + 2)) return;
  goOn(step, "ppp", skip + 2, pppNext(v.getUint16(at + skip)));
}

function pppNext(protocol: number): Way {
  switch (protocol) {
    case PppProtocol.IPV4:
    case 0x0800:
      return Way.IPV4;
    case PppProtocol.IPV6:
    case 0x86dd:
      return Way.IPV6;
    case PppProtocol.MPLS:
    case PppProtocol.MPLS_MULTICAST:
      return Way.MPLS;
    default:
      return pppWay(protocol);
  }
}

/** Cisco HDLC: address, control, then an EtherType. */
export function stepCiscoHdlc(v: DataView, at: number, end: number, step: Step): void {
  if (isThere(step, "chdlc", at, end, 4)) goOn(step, "chdlc", 4, etherWay(v.getUint16(at + 2)));
}

/** A PPPoE session. */
export function stepPppoe(v: DataView, at: number, end: number, step: Step): void {
  if (!isThere(step, "pppoes", at, end, PPPOE_HEADER_LEN)) return;
  goOn(step, "pppoes", PPPOE_HEADER_LEN, pppoeCode(v, at) === 0 ? Way.PPP : Way.NOTHING);
  clip(step, at + PPPOE_HEADER_LEN, pppoeLength(v, at));
}
