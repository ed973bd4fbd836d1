/**
 * The IPv4 header (RFC 791 §3.1).
 *
 * @module
 */
import { DecodeError, type DecodeReason } from "../base/errors.ts";
import { checksum16, sum16 } from "./checksum.ts";

/** Bytes of the header without options. */
export const IPV4_MIN_HEADER_LEN = 20;

/** Bits of {@link ipv4Flags}. */
export const Ipv4Flag = { RESERVED: 4, DONT_FRAGMENT: 2, MORE_FRAGMENTS: 1 } as const;

//   0                   1                   2                   3
//   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//  |Version|  IHL  |    DSCP   |ECN|          Total Length         |   0
//  |         Identification        |R|D|M|     Fragment Offset     |   4
//  |  Time to Live |    Protocol   |        Header Checksum        |   8
//  |                        Source Address                         |  12
//  |                     Destination Address                       |  16
//  |                           [Options]                           |  20

/** 4, or the packet is none of ours. */
export const ipv4Version = (v: DataView, at: number): number => v.getUint8(at) >>> 4;

/** Bytes of the header, options included. */
export const ipv4HeaderLen = (v: DataView, at: number): number => (v.getUint8(at) & 0xf) << 2;

/** Differentiated services code point, 0 to 63 (RFC 2474). */
export const ipv4Dscp = (v: DataView, at: number): number => v.getUint8(at + 1) >>> 2;

/** Explicit congestion notification, 0 to 3 (RFC 3168 §5). */
export const ipv4Ecn = (v: DataView, at: number): number => v.getUint8(at + 1) & 3;

/** Bytes of the packet, header included; 0 in a segment that the network card is to cut up. */
export const ipv4TotalLen = (v: DataView, at: number): number => v.getUint16(at + 2);

/** Identification: the same in all fragments of a packet. */
export const ipv4Id = (v: DataView, at: number): number => v.getUint16(at + 4);

/** Three bits of {@link Ipv4Flag}. */
export const ipv4Flags = (v: DataView, at: number): number => v.getUint8(at + 6) >>> 5;

/** Bytes of the original packet's data in front of this fragment's. */
export const ipv4FragmentOffset = (v: DataView, at: number): number =>
  (v.getUint16(at + 6) & 0x1fff) << 3;

/** Whether this is one part of a packet, the first included. */
export const isIpv4Fragment = (v: DataView, at: number): boolean =>
  (v.getUint16(at + 6) & 0x3fff) !== 0;

/** Hops that are left. */
export const ipv4Ttl = (v: DataView, at: number): number => v.getUint8(at + 8);

/** What follows: a value of `IpProtocol`. */
export const ipv4Protocol = (v: DataView, at: number): number => v.getUint8(at + 9);

/** The header checksum as sent. */
export const ipv4ChecksumField = (v: DataView, at: number): number => v.getUint16(at + 10);

/** Whether the header checksum fits; the header must pass {@link checkIpv4}. */
export function isIpv4ChecksumGood(v: DataView, at: number): boolean {
  return sum16(v, at, at + ipv4HeaderLen(v, at)) === 0xffff;
}

/** Writes the right header checksum. */
export function setIpv4Checksum(v: DataView, at: number): void {
  v.setUint16(at + 10, 0);
  v.setUint16(at + 10, checksum16(v, at, at + ipv4HeaderLen(v, at)));
}

/** Whether an IPv4 header fits in `v[at, end)`: `null`, or why it does not. */
export function checkIpv4(v: DataView, at: number, end: number): DecodeReason | null {
  if (end - at < IPV4_MIN_HEADER_LEN) return "truncated";
  if (ipv4Version(v, at) !== 4) return "bad-version";
  const headerLen = ipv4HeaderLen(v, at);
  const totalLen = ipv4TotalLen(v, at);
  if (headerLen < IPV4_MIN_HEADER_LEN) return "bad-length";
  if (totalLen !== 0 && totalLen < headerLen) return "bad-length";
  return at + headerLen > end ? "truncated" : null;
}

/** An IPv4 packet. */
export interface Ipv4Repr {
  dscp: number;
  ecn: number;
  /** As in the header: more than header and payload when the capture cut it, or 0. */
  totalLen: number;
  id: number;
  /** Bits of {@link Ipv4Flag}. */
  flags: number;
  /** Bytes, a multiple of 8. */
  fragmentOffset: number;
  ttl: number;
  protocol: number;
  /** As sent; `setIpv4Checksum` writes the right one. */
  checksum: number;
  src: Uint8Array;
  dst: Uint8Array;
  /** As on the wire, padding included; a multiple of 4 bytes. */
  options: Uint8Array;
  /** Without what the link added behind the packet. */
  payload: Uint8Array;
}

/**
 * Decodes the packet in `v[at, end)`.
 *
 * @throws {@link DecodeError} when {@link checkIpv4} says why.
 */
export function parseIpv4(v: DataView, at: number = 0, end: number = v.byteLength): Ipv4Repr {
  const reason = checkIpv4(v, at, end);
  if (reason !== null) {
    const why = reason === "bad-version" ? "version is not 4" : "lengths contradict each other";
    const detail = reason === "truncated" ? `header does not fit in ${end - at} bytes` : why;
    throw new DecodeError("IPv4", reason, 0, detail);
  }
  const totalLen = ipv4TotalLen(v, at);
  const headerLen = ipv4HeaderLen(v, at);
  const length = totalLen === 0 ? end - at : Math.min(totalLen, end - at);
  const bytes = new Uint8Array(v.buffer, v.byteOffset + at, length);
  return {
    dscp: ipv4Dscp(v, at),
    ecn: ipv4Ecn(v, at),
    totalLen,
    id: ipv4Id(v, at),
    flags: ipv4Flags(v, at),
    fragmentOffset: ipv4FragmentOffset(v, at),
    ttl: ipv4Ttl(v, at),
    protocol: ipv4Protocol(v, at),
    checksum: ipv4ChecksumField(v, at),
    src: bytes.subarray(12, 16),
    dst: bytes.subarray(16, 20),
    options: bytes.subarray(IPV4_MIN_HEADER_LEN, headerLen),
    payload: bytes.subarray(headerLen),
  };
}

/**
 * Writes `repr` at byte `at` of `v`; gives the end.
 *
 * @throws {RangeError} when the options are no whole words, or more than 40 bytes.
 */
export function emitIpv4(repr: Ipv4Repr, v: DataView, at: number = 0): number {
  const { options, payload } = repr;
  if (options.length > 40 || options.length % 4 !== 0)
    throw new RangeError(`Cannot write IPv4 options of ${options.length} bytes`);
  const headerLen = IPV4_MIN_HEADER_LEN + options.length;
  const bytes = new Uint8Array(v.buffer, v.byteOffset + at, headerLen + payload.length);
  v.setUint8(at, 0x40 | (headerLen >>> 2));
  v.setUint8(at + 1, (repr.dscp << 2) | repr.ecn);
  v.setUint16(at + 2, repr.totalLen);
  v.setUint16(at + 4, repr.id);
  v.setUint16(at + 6, (repr.flags << 13) | (repr.fragmentOffset >>> 3));
  v.setUint8(at + 8, repr.ttl);
  v.setUint8(at + 9, repr.protocol);
  v.setUint16(at + 10, repr.checksum);
  bytes.set(repr.src, 12);
  bytes.set(repr.dst, 16);
  bytes.set(options, IPV4_MIN_HEADER_LEN);
  bytes.set(payload, headerLen);
  return at + bytes.length;
}

/** Bytes that {@link emitIpv4} writes for `repr`. */
export function ipv4Len(repr: Ipv4Repr): number {
  return IPV4_MIN_HEADER_LEN + repr.options.length + repr.payload.length;
}
