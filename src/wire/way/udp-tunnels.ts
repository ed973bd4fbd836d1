/**
 * Smaller tunnels in UDP: Teredo (RFC 4380), L2TP version 2 (RFC 2661),
 * AYIYA, LISP (RFC 9300 §5), TZSP.
 *
 * @module
 */
import { goOn, ipByVersion, ipWay, isThere, linkWay, Way, type Step } from "./way.ts";

/** Teredo: an authentication and an origin header may stand in front of IPv6. */
export function stepTeredo(v: DataView, at: number, end: number, step: Step): void {
  let len = 0;
  if (end - at >= 4 && v.getUint16(at) === 1) len = 13 + v.getUint8(at + 2) + v.getUint8(at + 3);
  if (end - at >= len + 2 && v.getUint16(at + len) === 0) len += 8;
  if (!isThere(step, "teredo", at, end, len + 1)) return;
  const isSix = v.getUint8(at + len) >>> 4 === 6;
  goOn(step, len === 0 ? "none" : "teredo", len, isSix ? Way.IPV6 : Way.NOTHING);
}

//  L2TP:
//   0                   1                   2                   3
//   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//  |T|L|x|x|S|x|O|P|x|x|x|x|  Ver  |         Length (with L)       |
//  |           Tunnel id           |           Session id          |
//  |         Ns (with S)           |           Nr (with S)         |
//  |      Offset size (with O)     |      Offset padding ...       |

/** Flags and version of an L2TP header. */
export const l2tpFlags = (v: DataView, at: number): number => v.getUint16(at);

/** L2TP version 2: PPP follows in data messages. */
export function stepL2tp(v: DataView, at: number, end: number, step: Step): void {
  if (!isThere(step, "l2tp", at, end, 6)) return;
  const flags = l2tpFlags(v, at);
  let len = 6 + ((flags & 0x4000) === 0 ? 0 : 2) + ((flags & 0x0800) === 0 ? 0 : 4);
  if ((flags & 0x0200) !== 0) {
    if (!isThere(step, "l2tp", at, end, len + 2)) return;
    len += 2 + v.getUint16(at + len);
  }
  if (!isThere(step, "l2tp", at, end, len)) return;
  const isData = (flags & 0x800f) === 2;
  goOn(step, "l2tp", len, isData ? Way.PPP_HDLC : Way.NOTHING);
}

/** AYIYA: lengths of an identity and a signature, then an IP protocol number. */
export function stepAyiya(v: DataView, at: number, end: number, step: Step): void {
  if (!isThere(step, "ayiya", at, end, 8)) return;
  const identity = 2 ** (v.getUint8(at) >>> 4);
  const signature = (v.getUint8(at + 1) >>> 4) * 4;
  const len = 8 + identity + signature;
  if (!isThere(step, "ayiya", at, end, len)) return;
  const isForward = (v.getUint8(at + 2) & 0xf) === 1;
  goOn(step, "ayiya", len, isForward ? ipWay(v.getUint8(at + 3)) : Way.NOTHING);
}

/** LISP data: 8 bytes, then IP. */
export function stepLisp(v: DataView, at: number, end: number, step: Step): void {
  if (isThere(step, "lisp", at, end, 8))
    goOn(step, "lisp", 8, ipByVersion(v, at + 8, end, Way.NOTHING));
}

/** TZSP: tagged fields up to an end tag, then a frame. */
export function stepTzsp(v: DataView, at: number, end: number, step: Step): void {
  if (!isThere(step, "tzsp", at, end, 4)) return;
  let len = 4;
  for (let tag = 0; tag !== 1;) {
    if (!isThere(step, "tzsp", at, end, len + 1)) return;
    tag = v.getUint8(at + len);
    // Padding (0) and the end (1) have no length.
    if (tag > 1 && !isThere(step, "tzsp", at, end, len + 2)) return;
    len += tag > 1 ? 2 + v.getUint8(at + len + 1) : 1;
  }
  if (!isThere(step, "tzsp", at, end, len)) return;
  const protocol = v.getUint16(at + 2);
  const isFrame = v.getUint8(at + 1) <= 1;
  goOn(step, "tzsp", len, isFrame ? tzspNext(protocol) : Way.NOTHING);
}

function tzspNext(protocol: number): Way {
  if (protocol === 1) return Way.ETHERNET;
  return protocol === 18 || protocol === 119 || protocol === 127
    ? linkWay(protocol === 18 ? 105 : protocol)
    : Way.NOTHING;
}
