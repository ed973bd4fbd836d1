/**
 * Ethernet and LLC, and the older networks that carry LLC: FDDI, Token Ring,
 * IP over Fibre Channel.
 *
 * @module
 */
import { ETHERNET_HEADER_LEN, etherType, MAX_802_3_LENGTH } from "../ethernet.ts";
import {
  hasSnap,
  IP_SAP,
  LLC_HEADER_LEN,
  LLC_SNAP_HEADER_LEN,
  llcControl,
  llcSaps,
  snapOui,
  snapType,
} from "../llc.ts";
import { clip, etherWay, goOn, isThere, Way, type Step } from "./way.ts";

//  FDDI:        frame control (1), destination (6), source (6), LLC
//  Token Ring:  access control (1), frame control (1), destination (6), source (6),
//               route when the first bit of the source is set, LLC
//  Fibre Channel (RFC 4338): destination (8), source (8), LLC

/** Ethernet; an 802.3 length is the length of what follows. */
export function stepEthernet(v: DataView, at: number, end: number, step: Step): void {
  if (!isThere(step, "eth", at, end, ETHERNET_HEADER_LEN)) return;
  const type = etherType(v, at);
  goOn(step, "eth", ETHERNET_HEADER_LEN, etherWay(type));
  if (type <= MAX_802_3_LENGTH) clip(step, at + ETHERNET_HEADER_LEN, type);
}

/** Organisations whose SNAP types are EtherTypes: RFC 1042, Cisco's 802.1H. */
const ETHER_OUIS: ReadonlySet<number> = new Set([0, 0x0000f8]);
/** RFC 2684 §5.2, RFC 2427 §4.2: bridged frames, by type with (1) and without (7) the check sequence. */
const BRIDGED_OUI = 0x0080c2;

/** LLC: SNAP or the access point of IP. */
export function stepLlc(v: DataView, at: number, end: number, step: Step): void {
  if (!isThere(step, "llc", at, end, LLC_HEADER_LEN)) return;
  if (!hasSnap(v, at, end)) {
    const isIp = llcSaps(v, at) === IP_SAP * 0x101 && llcControl(v, at) === 3;
    return goOn(step, "llc", LLC_HEADER_LEN, isIp ? Way.IPV4 : Way.NOTHING);
  }
  if (isThere(step, "llc", at, end, LLC_SNAP_HEADER_LEN))
    goOn(step, "llc", LLC_SNAP_HEADER_LEN, snapNext(v, at));
}

function snapNext(v: DataView, at: number): Way {
  const type = snapType(v, at);
  const oui = snapOui(v, at);
  if (oui === BRIDGED_OUI && (type === 1 || type === 7)) return Way.ETHERNET;
  return ETHER_OUIS.has(oui) && type > MAX_802_3_LENGTH ? etherWay(type) : Way.NOTHING;
}

/** FDDI: only frames of LLC carry anything. */
export function stepFddi(v: DataView, at: number, end: number, step: Step): void {
  if (!isThere(step, "fddi", at, end, 13)) return;
  const isLlc = (v.getUint8(at) & 0x30) === 0x10;
  goOn(step, "fddi", 13, isLlc ? Way.LLC : Way.NOTHING);
}

/** Token Ring, with its source route. */
export function stepTokenRing(v: DataView, at: number, end: number, step: Step): void {
  if (!isThere(step, "tr", at, end, 14)) return;
  const isRouted = (v.getUint8(at + 8) & 0x80) !== 0;
  if (isRouted && !isThere(step, "tr", at, end, 16)) return;
  const len = 14 + (isRouted ? v.getUint8(at + 14) & 0x1f : 0);
  const isLlc = (v.getUint8(at + 1) & 0xc0) === 0x40;
  if (isThere(step, "tr", at, end, len)) goOn(step, "tr", len, isLlc ? Way.LLC : Way.NOTHING);
}

/** IP over Fibre Channel. */
export function stepIpOverFc(_v: DataView, at: number, end: number, step: Step): void {
  if (isThere(step, "ipfc", at, end, 16)) goOn(step, "ipfc", 16, Way.LLC);
}
