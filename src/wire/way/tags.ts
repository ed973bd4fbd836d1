/**
 * What stands between an EtherType and the next one: VLAN tags and their
 * relatives, and frames in frames.
 *
 * @module
 */
import { etherWay, goOn, isThere, Way, type Step, type StepKind } from "./way.ts";

//  VLAN tag:      2 bytes, EtherType           802.1Q, 802.1ad
//  E-TAG:         6 bytes, EtherType           802.1BR
//  VN-tag:        4 bytes, EtherType           Cisco
//  Cisco metadata: version, length, options    (the security group tag)
//  I-TAG:         4 bytes, two addresses, EtherType    802.1ah
//  HSR:           4 bytes, EtherType           IEC 62439-3
//  TRILL:         6 bytes and options, frame   RFC 6325
//  batman-adv:    10 bytes, frame              (unicast, version 15)
//  EtherIP:       2 bytes, frame               RFC 3378

/** A tag of `skip` bytes and an EtherType. */
function tag(v: DataView, at: number, end: number, step: Step, kind: StepKind, skip: number): void {
  if (isThere(step, kind, at, end, skip + 2))
    goOn(step, kind, skip + 2, etherWay(v.getUint16(at + skip)));
}

/** A VLAN tag, without the EtherType in front of it. */
export function stepVlan(v: DataView, at: number, end: number, step: Step): void {
  tag(v, at, end, step, "vlan", 2);
}

/** The tag of a port extender. */
export function stepEtag(v: DataView, at: number, end: number, step: Step): void {
  tag(v, at, end, step, "etag", 6);
}

/** Cisco's tag of a virtual interface. */
export function stepVntag(v: DataView, at: number, end: number, step: Step): void {
  tag(v, at, end, step, "vntag", 4);
}

/** Cisco metadata with one option, the security group tag. */
export function stepCmd(v: DataView, at: number, end: number, step: Step): void {
  tag(v, at, end, step, "cmd", 6);
}

/** The service tag of a provider backbone: the customer's addresses are in it. */
export function stepItag(v: DataView, at: number, end: number, step: Step): void {
  tag(v, at, end, step, "ieee8021ah", 16);
}

/** The tag of a redundant ring. */
export function stepHsr(v: DataView, at: number, end: number, step: Step): void {
  tag(v, at, end, step, "hsr", 4);
}

/** TRILL: the length of its options is in units of 4 bytes. */
export function stepTrill(v: DataView, at: number, end: number, step: Step): void {
  if (!isThere(step, "trill", at, end, 6)) return;
  const len = 6 + ((v.getUint16(at) >>> 6) & 0x1f) * 4;
  if (isThere(step, "trill", at, end, len)) goOn(step, "trill", len, Way.ETHERNET);
}

/** batman-adv, unicast: a frame follows. */
export function stepBatadv(v: DataView, at: number, end: number, step: Step): void {
  if (!isThere(step, "batadv", at, end, 10)) return;
  const isUnicast = v.getUint8(at) === 0x40 && v.getUint8(at + 1) === 15;
  goOn(step, "batadv", 10, isUnicast ? Way.ETHERNET : Way.NOTHING);
}

/** Ethernet in IP. */
export function stepEtherIp(v: DataView, at: number, end: number, step: Step): void {
  if (!isThere(step, "etherip", at, end, 2)) return;
  goOn(step, "etherip", 2, v.getUint8(at) >>> 4 === 3 ? Way.ETHERNET : Way.NOTHING);
}
