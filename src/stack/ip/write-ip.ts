/**
 * IP packets around what a host sends. "Don't fragment" is set on all of them:
 * the sender is to hear what size fits (RFC 1191, RFC 8201).
 *
 * @module
 */
import { emitIpv4, Ipv4Flag, IPV4_MIN_HEADER_LEN, setIpv4Checksum } from "../../wire/ipv4.ts";
import { emitIpv6, IPV6_HEADER_LEN } from "../../wire/ipv6.ts";
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

const NONE = new Uint8Array(0);

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
  const { src, dst, protocol, hopLimit, id } = header;
  const ecn = ecnBits(header.ecn);
  const length = v.byteLength;
  const payloadLen = length - IPV6_HEADER_LEN;
  if ((src.length === 4 ? length : payloadLen) > 0xffff)
    throw new RangeError(`Cannot write an IP packet of ${length} bytes: it is too long`);
  if (src.length === 4) {
    const flags = Ipv4Flag.DONT_FRAGMENT;
    const rest = { dscp: 0, checksum: 0, fragmentOffset: 0, options: NONE, payload: NONE };
    emitIpv4({ ...rest, ecn, totalLen: length, id, flags, ttl: hopLimit, protocol, src, dst }, v);
    setIpv4Checksum(v, 0);
    return;
  }
  const rest = { dscp: 0, flowLabel: 0, payload: NONE };
  emitIpv6({ ...rest, ecn, payloadLen, nextHeader: protocol, hopLimit, src, dst }, v);
}
