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
  readonly ecn: EcnCodepoint;
  /** Of IPv4; which packet is which, for those who read a capture. */
  readonly id: number;
}

/** Bytes of the header in front of what goes to `address`. */
export function ipHeaderLen(address: Uint8Array): number {
  return address.length === 4 ? IPV4_MIN_HEADER_LEN : IPV6_HEADER_LEN;
}

/**
 * Writes the header into the packet `v`, at whose end its payload ends.
 *
 * @throws {RangeError} when the packet is longer than IP can say.
 */
export function writeIpHeader(header: IpHeader, v: DataView): void {
  const { src } = header;
  const ecn = ecnBits(header.ecn);
  const length = v.byteLength;
  const payloadLen = length - IPV6_HEADER_LEN;
  if ((src.length === 4 ? length : payloadLen) > 0xffff)
    throw new RangeError(`Cannot write an IP packet of ${length} bytes: it is too long`);
  if (src.length === 4) {
    writeIpv4(header, v, length, ecn);
    setIpv4Checksum(v, 0);
  } else writeIpv6(header, v, payloadLen, ecn);
}

// As `emitIpv4` and `emitIpv6` would, which take an object of all fields: half of the time that a
// host needed for a segment went into those objects.

function writeIpv4(header: IpHeader, v: DataView, totalLen: number, ecn: number): void {
  v.setUint16(0, 0x4500 | ecn);
  v.setUint16(2, totalLen);
  v.setUint16(4, header.id);
  v.setUint16(6, Ipv4Flag.DONT_FRAGMENT << 13);
  v.setUint8(8, header.hopLimit);
  v.setUint8(9, header.protocol);
  writeAddress(header.src, v, 12);
  writeAddress(header.dst, v, 16);
}

function writeIpv6(header: IpHeader, v: DataView, payloadLen: number, ecn: number): void {
  v.setUint32(0, 0x6000_0000 | (ecn << 20));
  v.setUint16(4, payloadLen);
  v.setUint8(6, header.protocol);
  v.setUint8(7, header.hopLimit);
  writeAddress(header.src, v, 8);
  writeAddress(header.dst, v, 24);
}

function writeAddress(address: Uint8Array, v: DataView, at: number): void {
  for (let i = 0; i < address.length; i++) v.setUint8(at + i, address[i]!);
}
