/**
 * The IPv6 header (RFC 8200 §3). Extension headers: `ipv6-extension.ts`.
 *
 * @module
 */
import { DecodeError, type DecodeReason } from "../base/errors.ts";

/** Bytes of the header, which has no options. */
export const IPV6_HEADER_LEN = 40;

//   0                   1                   2                   3
//   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//  |Version|    DSCP   |ECN|              Flow Label               |   0
//  |         Payload Length        |  Next Header  |   Hop Limit   |   4
//  |                    Source Address (16 bytes)                  |   8
//  |                 Destination Address (16 bytes)                |  24

/** 6, or the packet is none of ours. */
export const ipv6Version = (v: DataView, at: number): number => v.getUint8(at) >>> 4;

/** Differentiated services code point, 0 to 63 (RFC 2474). */
export const ipv6Dscp = (v: DataView, at: number): number => (v.getUint16(at) >>> 6) & 0x3f;

/** Explicit congestion notification, 0 to 3 (RFC 3168 §5). */
export const ipv6Ecn = (v: DataView, at: number): number => (v.getUint8(at + 1) >>> 4) & 3;

/** Flow label, 20 bits (RFC 6437). */
export const ipv6FlowLabel = (v: DataView, at: number): number => v.getUint32(at) & 0xf_ffff;

/** Bytes behind this header; 0 in a jumbogram and in a segment that is still to be cut up. */
export const ipv6PayloadLen = (v: DataView, at: number): number => v.getUint16(at + 4);

/** What follows: a value of `IpProtocol`, or an extension header. */
export const ipv6NextHeader = (v: DataView, at: number): number => v.getUint8(at + 6);

/** Hops that are left. */
export const ipv6HopLimit = (v: DataView, at: number): number => v.getUint8(at + 7);

/** Whether an IPv6 header fits in `v[at, end)`: `null`, or why it does not. */
export function checkIpv6(v: DataView, at: number, end: number): DecodeReason | null {
  if (end - at < IPV6_HEADER_LEN) return "truncated";
  return ipv6Version(v, at) === 6 ? null : "bad-version";
}

/** An IPv6 packet; extension headers are the start of its payload. */
export interface Ipv6Repr {
  dscp: number;
  ecn: number;
  flowLabel: number;
  /** As in the header: more than the payload when the capture cut it, or 0. */
  payloadLen: number;
  nextHeader: number;
  hopLimit: number;
  src: Uint8Array;
  dst: Uint8Array;
  /** Without what the link added behind the packet. */
  payload: Uint8Array;
}

/**
 * Decodes the packet in `v[at, end)`.
 *
 * @throws {@link DecodeError} when {@link checkIpv6} says why.
 */
export function parseIpv6(v: DataView, at: number = 0, end: number = v.byteLength): Ipv6Repr {
  const reason = checkIpv6(v, at, end);
  if (reason !== null) {
    const cut = `header does not fit in ${end - at} bytes`;
    throw new DecodeError("IPv6", reason, 0, reason === "truncated" ? cut : "version is not 6");
  }
  const payloadLen = ipv6PayloadLen(v, at);
  const space = end - at - IPV6_HEADER_LEN;
  const length = IPV6_HEADER_LEN + (payloadLen === 0 ? space : Math.min(payloadLen, space));
  const bytes = new Uint8Array(v.buffer, v.byteOffset + at, length);
  return {
    dscp: ipv6Dscp(v, at),
    ecn: ipv6Ecn(v, at),
    flowLabel: ipv6FlowLabel(v, at),
    payloadLen,
    nextHeader: ipv6NextHeader(v, at),
    hopLimit: ipv6HopLimit(v, at),
    src: bytes.subarray(8, 24),
    dst: bytes.subarray(24, 40),
    payload: bytes.subarray(IPV6_HEADER_LEN),
  };
}

/** Writes `repr` at byte `at` of `v`; gives the end. */
export function emitIpv6(repr: Ipv6Repr, v: DataView, at: number = 0): number {
  const bytes = new Uint8Array(v.buffer, v.byteOffset + at, ipv6Len(repr));
  v.setUint32(at, 0x6000_0000 + repr.dscp * 0x40_0000 + repr.ecn * 0x10_0000 + repr.flowLabel);
  v.setUint16(at + 4, repr.payloadLen);
  v.setUint8(at + 6, repr.nextHeader);
  v.setUint8(at + 7, repr.hopLimit);
  bytes.set(repr.src, 8);
  bytes.set(repr.dst, 24);
  bytes.set(repr.payload, IPV6_HEADER_LEN);
  return at + bytes.length;
}

/** Bytes that {@link emitIpv6} writes for `repr`. */
export function ipv6Len(repr: Ipv6Repr): number {
  return IPV6_HEADER_LEN + repr.payload.length;
}
