/**
 * MPLS labels (RFC 3032) and the Ethernet pseudo-wires behind them (RFC 4448).
 *
 * @module
 */
import { ETHERNET_HEADER_LEN, MAX_802_3_LENGTH } from "../ethernet.ts";
import { etherTypeName } from "../protocol.ts";
import { goOn, ipByVersion, isThere, Way, type Step } from "./way.ts";

/** Bytes of a label stack entry. */
export const MPLS_LABEL_LEN = 4;

//   0                   1                   2                   3
//   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//  |                 Label                 | TC  |S|      TTL      |   0

/** The label, 20 bits. */
export const mplsLabel = (v: DataView, at: number): number => v.getUint32(at) >>> 12;

/** Whether this is the last label. */
export const mplsIsBottom = (v: DataView, at: number): boolean => (v.getUint8(at + 2) & 1) !== 0;

/** One label. */
export function stepMpls(v: DataView, at: number, end: number, step: Step): void {
  if (!isThere(step, "mpls", at, end, MPLS_LABEL_LEN)) return;
  goOn(step, "mpls", MPLS_LABEL_LEN, mplsIsBottom(v, at) ? Way.MPLS_PAYLOAD : Way.MPLS);
}

/**
 * What no label says: IP by its version, else an Ethernet pseudo-wire, with a
 * control word when its first four bits are 0 (RFC 4385 §3) and it is no frame
 * without one.
 */
export function stepMplsPayload(v: DataView, at: number, end: number, step: Step): void {
  const ip = ipByVersion(v, at, end, Way.ETHERNET);
  const hasWord = ip === Way.ETHERNET && v.getUint8(at) >>> 4 === 0 && !isFrame(v, at, end);
  if (!hasWord) return goOn(step, "none", 0, ip);
  if (isThere(step, "pwethcw", at, end, 4)) goOn(step, "pwethcw", 4, Way.ETHERNET);
}

/** Whether an Ethernet header with a known type or a length that fits begins here, and not 4 bytes on. */
function isFrame(v: DataView, at: number, end: number): boolean {
  return hasKnownType(v, at, end) && !hasKnownType(v, at + 4, end);
}

function hasKnownType(v: DataView, at: number, end: number): boolean {
  if (end - at < ETHERNET_HEADER_LEN) return false;
  const type = v.getUint16(at + 12);
  if (type > MAX_802_3_LENGTH) return etherTypeName(type) !== null;
  return type > 0 && type <= end - at - ETHERNET_HEADER_LEN;
}
