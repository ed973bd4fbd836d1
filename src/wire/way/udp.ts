/**
 * UDP (RFC 768) as far as tunnels are told by its ports.
 *
 * @module
 */
import { clip, goOn, isThere, Way, type Step } from "./way.ts";

/** Bytes of a UDP header. */
export const UDP_HEADER_LEN = 8;

//   0                   1                   2                   3
//   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//  |          Source port          |       Destination port        |   0
//  |            Length             |           Checksum            |   4

export const udpSrcPort = (v: DataView, at: number): number => v.getUint16(at);
export const udpDstPort = (v: DataView, at: number): number => v.getUint16(at + 2);

/** Bytes with the header; 0 in a jumbogram (RFC 2675 §4). */
export const udpLength = (v: DataView, at: number): number => v.getUint16(at + 4);

/** A UDP header. Of two ports that say something the lower one counts, as in Wireshark. */
export function stepUdp(v: DataView, at: number, end: number, step: Step): void {
  if (!isThere(step, "udp", at, end, UDP_HEADER_LEN)) return;
  const src = udpSrcPort(v, at);
  const dst = udpDstPort(v, at);
  const low = wayOfPort(Math.min(src, dst));
  const next = low === Way.NOTHING ? wayOfPort(Math.max(src, dst)) : low;
  goOn(step, "udp", UDP_HEADER_LEN, next);
  const length = udpLength(v, at);
  if (length >= UDP_HEADER_LEN) clip(step, at, length);
}

/** Whether ports say sFlow, and the lower one nothing else. */
export function isSflow(src: number, dst: number): boolean {
  const low = wayOfPort(Math.min(src, dst));
  return (low === Way.NOTHING ? wayOfPort(Math.max(src, dst)) : low) === Way.SFLOW;
}

/** What a port of IANA's registry carries. */
function wayOfPort(port: number): Way {
  switch (port) {
    case 1701:
      return Way.L2TP;
    case 2152:
      return Way.GTP;
    case 3544:
      return Way.TEREDO;
    case 4341:
      return Way.LISP;
    case 4754:
      return Way.GRE;
    case 4789:
      return Way.VXLAN;
    case 4790:
      return Way.VXLAN_GPE;
    case 5072:
      return Way.AYIYA;
    case 6081:
      return Way.GENEVE;
    case 6343:
      return Way.SFLOW;
    case 6635:
      return Way.MPLS;
    case 37_008:
      return Way.TZSP;
    default:
      return Way.NOTHING;
  }
}
