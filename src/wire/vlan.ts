/**
 * VLAN tags: 802.1Q, and the outer tags of QinQ (802.1ad, 0x9100). A tag
 * stands behind the EtherType that announces it.
 *
 * @module
 */
import { DecodeError, type DecodeReason } from "../base/errors.ts";
import { describeEtherType } from "./ethernet.ts";

/** Bytes of a tag, without the EtherType before it. */
export const VLAN_TAG_LEN = 4;

//   0                   1                   2                   3
//   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//  | PCP |D|        VLAN id        |    EtherType of what follows  |   0

/** Priority, 0 to 7 (PCP, IEEE 802.1Q §9.6). */
export const vlanPriority = (v: DataView, at: number): number => v.getUint8(at) >>> 5;

/** Whether this frame may be dropped first. */
export const vlanDropEligible = (v: DataView, at: number): boolean => (v.getUint8(at) & 0x10) !== 0;

/** VLAN id, 0 to 4095; 0: priority only. */
export const vlanId = (v: DataView, at: number): number => v.getUint16(at) & 0xfff;

/** EtherType of what follows. */
export const vlanType = (v: DataView, at: number): number => v.getUint16(at + 2);

/** Whether a tag fits in `v[at, end)`: `null`, or why it does not. */
export function checkVlan(_v: DataView, at: number, end: number): DecodeReason | null {
  return end - at < VLAN_TAG_LEN ? "truncated" : null;
}

/** A VLAN tag with what it marks. */
export interface VlanRepr {
  priority: number;
  dropEligible: boolean;
  id: number;
  type: number;
  payload: Uint8Array;
}

/**
 * Decodes the tag in `v[at, end)`.
 *
 * @throws {@link DecodeError} when {@link checkVlan} says why.
 */
export function parseVlan(v: DataView, at: number = 0, end: number = v.byteLength): VlanRepr {
  const reason = checkVlan(v, at, end);
  if (reason !== null)
    throw new DecodeError("VLAN", reason, 0, `tag does not fit in ${end - at} bytes`);
  const bodyAt = at + VLAN_TAG_LEN;
  return {
    priority: vlanPriority(v, at),
    dropEligible: vlanDropEligible(v, at),
    id: vlanId(v, at),
    type: vlanType(v, at),
    payload: new Uint8Array(v.buffer, v.byteOffset + bodyAt, end - bodyAt),
  };
}

/** Writes `repr` at byte `at` of `v`; gives the end. */
export function emitVlan(repr: VlanRepr, v: DataView, at: number = 0): number {
  v.setUint16(at, (repr.priority << 13) | (repr.dropEligible ? 0x1000 : 0) | repr.id);
  v.setUint16(at + 2, repr.type);
  const bodyAt = at + VLAN_TAG_LEN;
  new Uint8Array(v.buffer, v.byteOffset + bodyAt, repr.payload.length).set(repr.payload);
  return at + vlanLen(repr);
}

/** Bytes that {@link emitVlan} writes for `repr`. */
export function vlanLen(repr: VlanRepr): number {
  return VLAN_TAG_LEN + repr.payload.length;
}

/** The tag as `tcpdump -e` prints it. */
export function describeVlan(v: DataView, at: number, end: number): string {
  if (checkVlan(v, at, end) !== null) return " [|vlan]";
  const dei = vlanDropEligible(v, at) ? ", DEI" : "";
  return `vlan ${vlanId(v, at)}, p ${vlanPriority(v, at)}${dei}, ethertype ${describeEtherType(vlanType(v, at))}, `;
}
