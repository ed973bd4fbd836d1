/**
 * Errors of ICMP (RFC 792) and ICMPv6 (RFC 4443), which quote the packet that
 * caused them.
 *
 * @module
 */
import { goOn, isThere, Way, type Step } from "./way.ts";

/** Bytes in front of the quoted packet. */
export const ICMP_HEADER_LEN = 8;

//   0                   1                   2                   3
//   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//  |     Type      |     Code      |           Checksum            |   0
//  |                    by type: unused, MTU, pointer              |   4

export const icmpType = (v: DataView, at: number): number => v.getUint8(at);

/** Unreachable, source quench, redirect, time exceeded, parameter problem. */
function isIcmpError(type: number): boolean {
  return type === 3 || type === 4 || type === 5 || type === 11 || type === 12;
}

/** An ICMP message; an error leads to the packet that it quotes. */
export function stepIcmp(v: DataView, at: number, end: number, step: Step): void {
  if (!isThere(step, "icmp", at, end, ICMP_HEADER_LEN)) return;
  quote(step, "icmp", isIcmpError(icmpType(v, at)) ? Way.IPV4 : Way.NOTHING);
}

/** An ICMPv6 message: 1 to 4 are errors with a quotation. */
export function stepIcmpv6(v: DataView, at: number, end: number, step: Step): void {
  if (!isThere(step, "icmpv6", at, end, ICMP_HEADER_LEN)) return;
  const type = icmpType(v, at);
  quote(step, "icmpv6", type >= 1 && type <= 4 ? Way.IPV6 : Way.NOTHING);
}

function quote(step: Step, kind: "icmp" | "icmpv6", next: Way): void {
  goOn(step, kind, ICMP_HEADER_LEN, next);
  step.isQuote = true;
}
