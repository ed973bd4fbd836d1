/**
 * Linux cooked capture v2 (LINKTYPE_LINUX_SLL2): like v1, and says through
 * which interface the packet went.
 *
 * @module
 */
import { DecodeError, type DecodeReason } from "../base/errors.ts";
import { formatMac } from "./address.ts";
import { describeEtherType } from "./ethernet.ts";
import { sllPacketTypeName } from "./sll.ts";

/** Bytes of the header. */
export const SLL2_HEADER_LEN = 20;

//   0                   1                   2                   3
//   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//  |    Protocol, an EtherType     |       Reserved (zero)         |   0
//  |                        Interface index                        |   4
//  |          ARPHRD type          |  Packet type  | Address length|   8
//  |                       Address (8 bytes)                       |  12
//  |                        Address (cont.)                        |  16

/** EtherType of what follows; 4: LLC. */
export const sll2Protocol = (v: DataView, at: number): number => v.getUint16(at);

/** Index of the interface on the machine that captured. */
export const sll2Interface = (v: DataView, at: number): number => v.getUint32(at + 4);

/** ARPHRD_ value of the interface: 1 Ethernet, 772 loopback. */
export const sll2Arphrd = (v: DataView, at: number): number => v.getUint16(at + 8);

/** Direction: a value of `SllPacketType`. */
export const sll2PacketType = (v: DataView, at: number): number => v.getUint8(at + 10);

/** Bytes of the address field that count; may be more than its 8. */
export const sll2AddressLen = (v: DataView, at: number): number => v.getUint8(at + 11);

/** Whether the header fits in `v[at, end)`: `null`, or why it does not. */
export function checkSll2(_v: DataView, at: number, end: number): DecodeReason | null {
  return end - at < SLL2_HEADER_LEN ? "truncated" : null;
}

/** A cooked packet. */
export interface Sll2Repr {
  protocol: number;
  interfaceIndex: number;
  arphrd: number;
  packetType: number;
  addressLen: number;
  /** All 8 bytes of the field; the sender's address is in the first `addressLen`. */
  address: Uint8Array;
  payload: Uint8Array;
}

/**
 * Decodes the packet in `v[at, end)`.
 *
 * @throws {@link DecodeError} when {@link checkSll2} says why.
 */
export function parseSll2(v: DataView, at: number = 0, end: number = v.byteLength): Sll2Repr {
  const reason = checkSll2(v, at, end);
  if (reason !== null)
    throw new DecodeError("SLL2", reason, 0, `header does not fit in ${end - at} bytes`);
  const bytes = new Uint8Array(v.buffer, v.byteOffset + at, end - at);
  return {
    protocol: sll2Protocol(v, at),
    interfaceIndex: sll2Interface(v, at),
    arphrd: sll2Arphrd(v, at),
    packetType: sll2PacketType(v, at),
    addressLen: sll2AddressLen(v, at),
    address: bytes.subarray(12, SLL2_HEADER_LEN),
    payload: bytes.subarray(SLL2_HEADER_LEN),
  };
}

/** Writes `repr` at byte `at` of `v`, the reserved field zero; gives the end. */
export function emitSll2(repr: Sll2Repr, v: DataView, at: number = 0): number {
  const bytes = new Uint8Array(v.buffer, v.byteOffset + at, sll2Len(repr));
  v.setUint32(at, repr.protocol * 0x1_0000);
  v.setUint32(at + 4, repr.interfaceIndex);
  v.setUint16(at + 8, repr.arphrd);
  v.setUint8(at + 10, repr.packetType);
  v.setUint8(at + 11, repr.addressLen);
  bytes.set(repr.address, 12);
  bytes.set(repr.payload, SLL2_HEADER_LEN);
  return at + bytes.length;
}

/** Bytes that {@link emitSll2} writes for `repr`. */
export function sll2Len(repr: Sll2Repr): number {
  return SLL2_HEADER_LEN + repr.payload.length;
}

/** The header as `tcpdump -e` prints it. */
export function describeSll2(v: DataView, at: number, end: number, origLen: number): string {
  if (checkSll2(v, at, end) !== null) return " [|sll2]";
  const direction = sllPacketTypeName(sll2PacketType(v, at));
  const address = formatMac(v, at + 12, Math.min(8, sll2AddressLen(v, at)));
  return `${direction} ifindex ${sll2Interface(v, at)} ${address} ethertype ${describeEtherType(sll2Protocol(v, at))}, length ${origLen}: `;
}
