/**
 * Wi-Fi: data frames of IEEE 802.11, and what capture drivers put in front of
 * them: radiotap, PPI, Prism, AVS.
 *
 * @module
 */
import { goOn, isThere, linkWay, Way, type Step } from "./way.ts";

//  802.11, every field little-endian:
//   0                   1                   2                   3
//   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//  |Ver|Typ|Subtype|T|F|M|R|P|D|W|O|           Duration            |   0
//  |  three addresses of 6 bytes                                   |   4
//  |  sequence control (2)         |  a fourth address with T and F, QoS (2), HT (4)

/** Bytes of the shortest data frame header. */
export const WLAN_MIN_HEADER_LEN = 24;

/** Frame control, in the bit order of the standard. */
export const wlanControl = (v: DataView, at: number): number => v.getUint16(at, true);

/** Bytes of the header of a data frame with that control field. */
export function wlanHeaderLen(control: number): number {
  let len = WLAN_MIN_HEADER_LEN;
  if ((control & 0x0300) === 0x0300) len += 6;
  if ((control & 0x0080) !== 0) len += (control & 0x8000) === 0 ? 2 : 6;
  return len;
}

/** Whether the control field is that of a data frame with readable, whole content. */
function isOpenData(control: number): boolean {
  const isData = (control & 0x000c) === 0x0008 && (control & 0x0040) === 0;
  // More fragments, and encrypted.
  return isData && (control & 0x4400) === 0;
}

/** A data frame of 802.11. */
export function stepWlan(v: DataView, at: number, end: number, step: Step): void {
  wlanFrame(v, at, 0, end, step);
}

/** The frame that stands `skip` bytes from `at`, behind a header of the driver's. */
function wlanFrame(v: DataView, at: number, align: number, end: number, step: Step): void {
  if (!isThere(step, "wlan", at, end, 2)) return;
  const control = wlanControl(v, at);
  const stated = wlanHeaderLen(control);
  const len = align === 0 ? stated : Math.ceil(stated / align) * align;
  if (!isOpenData(control)) return goOn(step, "wlan", Math.min(stated, end - at), Way.NOTHING);
  if (!isThere(step, "wlan", at, end, len)) return;
  const isLater = (v.getUint16(at + 22, true) & 0xf) !== 0;
  const isAggregate = (control & 0x0080) !== 0 && isAmsdu(v, at, control);
  if (isLater) return goOn(step, "wlan", len, Way.NOTHING);
  // The first frame of an aggregate: two addresses and a length.
  goOn(step, "wlan", len + (isAggregate ? 14 : 0), Way.LLC);
}

/** Bit 7 of the QoS control field. */
function isAmsdu(v: DataView, at: number, control: number): boolean {
  const qosAt = at + WLAN_MIN_HEADER_LEN + ((control & 0x0300) === 0x0300 ? 6 : 0);
  return (v.getUint8(qosAt) & 0x80) !== 0;
}

/** Radiotap (radiotap.org): its length, little-endian, at byte 2. */
export function stepRadiotap(v: DataView, at: number, end: number, step: Step): void {
  if (!isThere(step, "radiotap", at, end, 8)) return;
  const len = v.getUint16(at + 2, true);
  if (len < 8) {
    step.why = "bad-length";
    return goOn(step, "radiotap", 8, Way.NOTHING);
  }
  if (!isThere(step, "radiotap", at, end, len)) return;
  const flags = radiotapFlags(v, at, len);
  goOn(step, "radiotap", len, (flags & 0x20) === 0 ? Way.WLAN : Way.WLAN_PADDED);
  // The frame check sequence is no part of the frame.
  if ((flags & 0x10) !== 0) step.wireEnd = Math.max(at + len, step.wireEnd - 4);
}

/** A frame whose header is filled up to a multiple of 4 bytes. */
export function stepPaddedWlan(v: DataView, at: number, end: number, step: Step): void {
  wlanFrame(v, at, 4, end, step);
}

/** The flags field behind the chain of "present" words; 0 without one. */
function radiotapFlags(v: DataView, at: number, len: number): number {
  const present = v.getUint32(at + 4, true);
  if ((present & 2) === 0) return 0;
  let o = 8;
  for (let word = present; word >>> 31 === 1 && o + 4 <= len; o += 4)
    word = v.getUint32(at + o, true);
  if ((present & 1) !== 0) o = ((o + 7) & ~7) + 8;
  return o < len ? v.getUint8(at + o) : 0;
}

/** PPI: a length and the link type of what follows, both little-endian. */
export function stepPpi(v: DataView, at: number, end: number, step: Step): void {
  if (!isThere(step, "ppi", at, end, 8)) return;
  const len = v.getUint16(at + 2, true);
  if (len < 8) step.why = "bad-length";
  else if (!isThere(step, "ppi", at, end, len)) return;
  goOn(step, "ppi", Math.max(8, len), linkWay(v.getUint32(at + 4, true)));
}

/** Prism (its length in the byte order of the host) or AVS (big-endian), told by its first word. */
export function stepPrism(v: DataView, at: number, end: number, step: Step): void {
  if (!isThere(step, "prism", at, end, 8)) return;
  const first = v.getUint32(at);
  const isLittle = first !== 0x41 && first !== 0x44 && first >>> 12 !== 0x80211;
  const len = v.getUint32(at + 4, isLittle);
  if (len < 8) step.why = "bad-length";
  else if (!isThere(step, "prism", at, end, len)) return;
  goOn(step, "prism", Math.max(8, len), Way.WLAN);
}
