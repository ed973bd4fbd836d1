/**
 * Linux cooked capture v1 (LINKTYPE_LINUX_SLL): what `-i any` gives instead of
 * a link header.
 *
 * @module
 */
import { DecodeError, type DecodeReason } from "../base/errors.ts";
import { formatMac } from "./address.ts";
import { describeEtherType } from "./ethernet.ts";

/** Bytes of the header. */
export const SLL_HEADER_LEN = 16;

/** How the packet met this machine: values of the packet type field. */
export const SllPacketType = {
  HOST: 0,
  BROADCAST: 1,
  MULTICAST: 2,
  OTHER_HOST: 3,
  OUTGOING: 4,
} as const;

//   0                   1                   2                   3
//   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//  |          Packet type          |          ARPHRD type          |   0
//  |        Address length         |       Address (8 bytes)       |   4
//  |                        Address (cont.)                        |   8
//  |        Address (cont.)        |    Protocol, an EtherType     |  12

/** Direction: a value of {@link SllPacketType}. */
export const sllPacketType = (v: DataView, at: number): number => v.getUint16(at);

/** ARPHRD_ value of the interface: 1 Ethernet, 772 loopback. */
export const sllArphrd = (v: DataView, at: number): number => v.getUint16(at + 2);

/** Bytes of the address field that count; may be more than its 8. */
export const sllAddressLen = (v: DataView, at: number): number => v.getUint16(at + 4);

/** EtherType of what follows; 4: LLC. */
export const sllProtocol = (v: DataView, at: number): number => v.getUint16(at + 14);

/** Whether the header fits in `v[at, end)`: `null`, or why it does not. */
export function checkSll(_v: DataView, at: number, end: number): DecodeReason | null {
  return end - at < SLL_HEADER_LEN ? "truncated" : null;
}

/** A cooked packet. */
export interface SllRepr {
  packetType: number;
  arphrd: number;
  addressLen: number;
  /** All 8 bytes of the field; the sender's address is in the first `addressLen`. */
  address: Uint8Array;
  protocol: number;
  payload: Uint8Array;
}

/**
 * Decodes the packet in `v[at, end)`.
 *
 * @throws {@link DecodeError} when {@link checkSll} says why.
 */
export function parseSll(v: DataView, at: number = 0, end: number = v.byteLength): SllRepr {
  const reason = checkSll(v, at, end);
  if (reason !== null)
    throw new DecodeError("SLL", reason, 0, `header does not fit in ${end - at} bytes`);
  const bytes = new Uint8Array(v.buffer, v.byteOffset + at, end - at);
  return {
    packetType: sllPacketType(v, at),
    arphrd: sllArphrd(v, at),
    addressLen: sllAddressLen(v, at),
    address: bytes.subarray(6, 14),
    protocol: sllProtocol(v, at),
    payload: bytes.subarray(SLL_HEADER_LEN),
  };
}

/** Writes `repr` at byte `at` of `v`; gives the end. */
export function emitSll(repr: SllRepr, v: DataView, at: number = 0): number {
  const bytes = new Uint8Array(v.buffer, v.byteOffset + at, sllLen(repr));
  v.setUint16(at, repr.packetType);
  v.setUint16(at + 2, repr.arphrd);
  v.setUint16(at + 4, repr.addressLen);
  bytes.set(repr.address, 6);
  v.setUint16(at + 14, repr.protocol);
  bytes.set(repr.payload, SLL_HEADER_LEN);
  return at + bytes.length;
}

/** Bytes that {@link emitSll} writes for `repr`. */
export function sllLen(repr: SllRepr): number {
  return SLL_HEADER_LEN + repr.payload.length;
}

const NAMES: readonly string[] = ["In", "B", "M", "P", "Out"];

/** `"In"`, `"Out"`, `"B"`roadcast, `"M"`ulticast, `"P"` for another host's, as tcpdump prints it. */
export function sllPacketTypeName(packetType: number): string {
  return NAMES[packetType] ?? "?";
}

/** The header as `tcpdump -e` prints it. */
export function describeSll(v: DataView, at: number, end: number, origLen: number): string {
  if (checkSll(v, at, end) !== null) return " [|sll]";
  const direction = sllPacketTypeName(sllPacketType(v, at)).padStart(3);
  const address = formatMac(v, at + 6, Math.min(8, sllAddressLen(v, at)));
  return `${direction} ${address} ethertype ${describeEtherType(sllProtocol(v, at))}, length ${origLen}: `;
}
