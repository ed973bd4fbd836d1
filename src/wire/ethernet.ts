/**
 * Ethernet II and IEEE 802.3 frames, with the LLC/SNAP header that the latter
 * may carry (RFC 894, RFC 1042).
 *
 * @module
 */
import { DecodeError, type DecodeReason } from "../base/errors.ts";
import { formatMac } from "./address.ts";
import { etherTypeName } from "./protocol.ts";

/** Bytes of the header. */
export const ETHERNET_HEADER_LEN = 14;
/** The largest value of the type field that is a length (IEEE 802.3 §3.2.6). */
export const MAX_802_3_LENGTH = 1500;

//   0                   1                   2                   3
//   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//  |                      Destination Address                      |   0
//  |  ... Destination (cont.)      |        Source Address         |   4
//  |                    Source Address (cont.)                     |   8
//  |   EtherType, or length ≤ 1500 |                                  12

/** EtherType, or the length of an 802.3 frame's data when at most {@link MAX_802_3_LENGTH}. */
export const etherType = (v: DataView, at: number): number => v.getUint16(at + 12);

/** Whether an Ethernet header fits in `v[at, end)`: `null`, or why it does not. */
export function checkEthernet(_v: DataView, at: number, end: number): DecodeReason | null {
  return end - at < ETHERNET_HEADER_LEN ? "truncated" : null;
}

/** An Ethernet frame. */
export interface EthernetRepr {
  dst: Uint8Array;
  src: Uint8Array;
  /** EtherType, or a length. */
  type: number;
  /** Aliases the buffer that was parsed; padding included. */
  payload: Uint8Array;
}

/**
 * Decodes the frame in `v[at, end)`.
 *
 * @throws {@link DecodeError} when {@link checkEthernet} says why.
 */
export function parseEthernet(
  v: DataView,
  at: number = 0,
  end: number = v.byteLength,
): EthernetRepr {
  const reason = checkEthernet(v, at, end);
  if (reason !== null)
    throw new DecodeError("Ethernet", reason, 0, `header does not fit in ${end - at} bytes`);
  const bytes = new Uint8Array(v.buffer, v.byteOffset + at, end - at);
  return {
    dst: bytes.subarray(0, 6),
    src: bytes.subarray(6, 12),
    type: etherType(v, at),
    payload: bytes.subarray(ETHERNET_HEADER_LEN),
  };
}

/** Writes `repr` at byte `at` of `v`; gives the end. */
export function emitEthernet(repr: EthernetRepr, v: DataView, at: number = 0): number {
  const bytes = new Uint8Array(v.buffer, v.byteOffset + at, ethernetLen(repr));
  bytes.set(repr.dst);
  bytes.set(repr.src, 6);
  v.setUint16(at + 12, repr.type);
  bytes.set(repr.payload, ETHERNET_HEADER_LEN);
  return at + bytes.length;
}

/** Bytes that {@link emitEthernet} writes for `repr`. */
export function ethernetLen(repr: EthernetRepr): number {
  return ETHERNET_HEADER_LEN + repr.payload.length;
}

/** The header as `tcpdump -e` prints it; `origLen` is the frame's length on the wire. */
export function describeEthernet(v: DataView, at: number, end: number, origLen: number): string {
  if (checkEthernet(v, at, end) !== null) return " [|ether]";
  const type = etherType(v, at);
  const macs = `${formatMac(v, at + 6)} > ${formatMac(v, at)}`;
  if (type <= MAX_802_3_LENGTH) return `${macs}, 802.3, length ${type}: `;
  return `${macs}, ethertype ${describeEtherType(type)}, length ${origLen}: `;
}

/** `"IPv4 (0x0800)"`. */
export function describeEtherType(type: number): string {
  return `${etherTypeName(type) ?? "Unknown"} (0x${type.toString(16).padStart(4, "0")})`;
}
