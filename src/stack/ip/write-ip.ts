/**
 * IP packets around what a host sends. "Don't fragment" is set on all of them:
 * the sender is to hear what size fits (RFC 1191, RFC 8201).
 *
 * @module
 */
import { Ipv4Flag, IPV4_MIN_HEADER_LEN, setIpv4Checksum } from "../../wire/ipv4.ts";
import { IPV6_HEADER_LEN } from "../../wire/ipv6.ts";
import type { EcnCodepoint } from "../types.ts";
import { ecnBits } from "./ecn.ts";

/** What the header says. Both addresses have 4 bytes, or both 16. */
export interface IpHeader {
  readonly src: Uint8Array;
  readonly dst: Uint8Array;
  readonly protocol: number;
  readonly hopLimit: number;
  /** Differentiated services (RFC 2474 §3); 0 unless told. */
  readonly dscp?: number;
  readonly ecn: EcnCodepoint;
  /** Of IPv4; which packet is which, for those who read a capture. */
  readonly id: number;
}

/** Bytes of the header in front of what goes to `address`. */
export function ipHeaderLen(address: Uint8Array): number {
  return address.length === 4 ? IPV4_MIN_HEADER_LEN : IPV6_HEADER_LEN;
}

/**
 * Writes the header of the packet `v[at, at + length)`; all of `v` unless told.
 *
 * @throws {RangeError} when the packet is longer than IP can say.
 */
export function writeIpHeader(
  header: IpHeader,
  v: DataView,
  at: number = 0,
  length: number = v.byteLength,
): void {
  const { src } = header;
  const trafficClass = ((header.dscp ?? 0) << 2) | ecnBits(header.ecn);
  const payloadLen = length - IPV6_HEADER_LEN;
  if ((src.length === 4 ? length : payloadLen) > 0xffff)
    throw new RangeError(`Cannot write an IP packet of ${length} bytes: it is too long`);
  if (src.length === 4) {
    writeIpv4(header, v, at, length, trafficClass);
    setIpv4Checksum(v, at);
  } else writeIpv6(header, v, at, payloadLen, trafficClass);
}

// As `emitIpv4` and `emitIpv6` would, which take an object of all fields: half of the time that a
// host needed for a segment went into those objects.

function writeIpv4(
  header: IpHeader,
  v: DataView,
  at: number,
  totalLen: number,
  trafficClass: number,
): void {
  v.setUint16(at, 0x4500 | trafficClass);
  v.setUint16(at + 2, totalLen);
  v.setUint16(at + 4, header.id);
  v.setUint16(at + 6, Ipv4Flag.DONT_FRAGMENT << 13);
  v.setUint8(at + 8, header.hopLimit);
  v.setUint8(at + 9, header.protocol);
  writeAddress(header.src, v, at + 12);
  writeAddress(header.dst, v, at + 16);
}

function writeIpv6(
  header: IpHeader,
  v: DataView,
  at: number,
  payloadLen: number,
  trafficClass: number,
): void {
  v.setUint32(at, 0x6000_0000 | (trafficClass << 20));
  v.setUint16(at + 4, payloadLen);
  v.setUint8(at + 6, header.protocol);
  v.setUint8(at + 7, header.hopLimit);
  writeAddress(header.src, v, at + 8);
  writeAddress(header.dst, v, at + 24);
}

function writeAddress(address: Uint8Array, v: DataView, at: number): void {
  for (let i = 0; i < address.length; i++) v.setUint8(at + i, address[i]!);
}
