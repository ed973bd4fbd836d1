/**
 * IEEE 802.2 LLC with its SNAP extension: what an 802.3 frame with a length
 * instead of a type carries (RFC 1042).
 *
 * @module
 */
import { DecodeError, type DecodeReason } from "../base/errors.ts";

/** Bytes without SNAP and with one control byte. */
export const LLC_HEADER_LEN = 3;
/** Bytes with SNAP. */
export const LLC_SNAP_HEADER_LEN = 8;
/** The service access point that says SNAP follows. */
export const SNAP_SAP = 0xaa;
/** The service access point of IP. */
export const IP_SAP = 0x06;

//   0                   1                   2                   3
//   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//  |  DSAP (0xaa)  |  SSAP (0xaa)  | Control (0x03)|  SNAP: OUI    |   0
//  |  OUI (cont.)                  |           EtherType           |   4

/** Both service access points: 0xaaaa for SNAP. */
export const llcSaps = (v: DataView, at: number): number => v.getUint16(at);

/** Control byte; 3: unnumbered information. */
export const llcControl = (v: DataView, at: number): number => v.getUint8(at + 2);

/** Whether a SNAP header follows. */
export function hasSnap(v: DataView, at: number, end: number): boolean {
  return end - at >= LLC_HEADER_LEN && llcSaps(v, at) === 0xaaaa && llcControl(v, at) === 3;
}

/** Organisation that defines the type; 0: it is an EtherType. */
export const snapOui = (v: DataView, at: number): number => v.getUint32(at + 2) & 0xff_ffff;

/** EtherType when the OUI is 0. */
export const snapType = (v: DataView, at: number): number => v.getUint16(at + 6);

/** Whether an LLC header fits in `v[at, end)`: `null`, or why it does not. */
export function checkLlc(v: DataView, at: number, end: number): DecodeReason | null {
  if (end - at < LLC_HEADER_LEN) return "truncated";
  return hasSnap(v, at, end) && end - at < LLC_SNAP_HEADER_LEN ? "truncated" : null;
}

/** An LLC header with what it carries. */
export interface LlcRepr {
  dsap: number;
  ssap: number;
  control: number;
  snap: { oui: number; type: number } | null;
  payload: Uint8Array;
}

/**
 * Decodes the header in `v[at, end)`.
 *
 * @throws {@link DecodeError} when {@link checkLlc} says why.
 */
export function parseLlc(v: DataView, at: number = 0, end: number = v.byteLength): LlcRepr {
  const reason = checkLlc(v, at, end);
  if (reason !== null)
    throw new DecodeError("LLC", reason, 0, `header does not fit in ${end - at} bytes`);
  const snap = hasSnap(v, at, end) ? { oui: snapOui(v, at), type: snapType(v, at) } : null;
  const bodyAt = at + (snap === null ? LLC_HEADER_LEN : LLC_SNAP_HEADER_LEN);
  return {
    dsap: v.getUint8(at),
    ssap: v.getUint8(at + 1),
    control: llcControl(v, at),
    snap,
    payload: new Uint8Array(v.buffer, v.byteOffset + bodyAt, end - bodyAt),
  };
}

/** Writes `repr` at byte `at` of `v`; gives the end. */
export function emitLlc(repr: LlcRepr, v: DataView, at: number = 0): number {
  v.setUint8(at, repr.dsap);
  v.setUint8(at + 1, repr.ssap);
  v.setUint8(at + 2, repr.control);
  if (repr.snap !== null) {
    v.setUint8(at + 3, repr.snap.oui >>> 16);
    v.setUint16(at + 4, repr.snap.oui & 0xffff);
    v.setUint16(at + 6, repr.snap.type);
  }
  const end = at + llcLen(repr);
  const bodyAt = end - repr.payload.length;
  new Uint8Array(v.buffer, v.byteOffset + bodyAt, repr.payload.length).set(repr.payload);
  return end;
}

/** Bytes that {@link emitLlc} writes for `repr`. */
export function llcLen(repr: LlcRepr): number {
  return (repr.snap === null ? LLC_HEADER_LEN : LLC_SNAP_HEADER_LEN) + repr.payload.length;
}

/** The header in the manner of `tcpdump -e`. */
export function describeLlc(v: DataView, at: number, end: number): string {
  if (checkLlc(v, at, end) !== null) return " [|llc]";
  if (!hasSnap(v, at, end))
    return `LLC, dsap ${hex(v.getUint8(at), 2)}, ssap ${hex(v.getUint8(at + 1), 2)}, ctrl ${hex(llcControl(v, at), 2)}: `;
  return `LLC, dsap SNAP (0xaa), ssap SNAP (0xaa), oui ${hex(snapOui(v, at), 6)}, ethertype ${hex(snapType(v, at), 4)}: `;
}

function hex(n: number, digits: number): string {
  return `0x${n.toString(16).padStart(digits, "0")}`;
}
