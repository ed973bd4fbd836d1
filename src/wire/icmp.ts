/**
 * ICMP (RFC 792) and ICMPv6 (RFC 4443): the eight bytes that all messages
 * begin with. Errors quote the packet that they are about behind them.
 *
 * @module
 */
import { DecodeError, type DecodeReason } from "../base/errors.ts";
import { checksum16, sum16 } from "./checksum.ts";
import { IpProtocol } from "./protocol.ts";

/** Bytes in front of what a message carries. */
export const ICMP_HEADER_LEN = 8;

/** Types of ICMP messages (IANA "ICMP Type Numbers"). */
export const IcmpType = {
  ECHO_REPLY: 0,
  UNREACHABLE: 3,
  SOURCE_QUENCH: 4,
  REDIRECT: 5,
  ECHO_REQUEST: 8,
  TIME_EXCEEDED: 11,
  PARAMETER_PROBLEM: 12,
} as const;

/** Codes of {@link IcmpType}.UNREACHABLE (RFC 792, RFC 1122 §3.2.2.1). */
export const IcmpUnreachable = {
  NET: 0,
  HOST: 1,
  PROTOCOL: 2,
  PORT: 3,
  FRAGMENTATION_NEEDED: 4,
} as const;

/** Types of ICMPv6 messages (IANA "ICMPv6 type Numbers"); errors are below 128. */
export const Icmpv6Type = {
  UNREACHABLE: 1,
  TOO_BIG: 2,
  TIME_EXCEEDED: 3,
  PARAMETER_PROBLEM: 4,
  ECHO_REQUEST: 128,
  ECHO_REPLY: 129,
} as const;

/** Code of {@link Icmpv6Type}.UNREACHABLE for a port (RFC 4443 §3.1). */
export const ICMPV6_PORT = 4;

/** Code of {@link Icmpv6Type}.PARAMETER_PROBLEM for a next header that nobody knows (RFC 4443 §3.4). */
export const ICMPV6_NEXT_HEADER = 1;

//   0                   1                   2                   3
//   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//  |     Type      |     Code      |           Checksum            |   0
//  |        depends on type: MTU, pointer, identifier, 0           |   4

/** One of {@link IcmpType} or, over IPv6, of {@link Icmpv6Type}. */
export const icmpType = (v: DataView, at: number): number => v.getUint8(at);

/** What it means depends on the type. */
export const icmpCode = (v: DataView, at: number): number => v.getUint8(at + 1);

/** The checksum as sent. */
export const icmpChecksumField = (v: DataView, at: number): number => v.getUint16(at + 2);

/** The second word: the next hop's MTU in what says "too big", in its low 16 bits over IPv4 (RFC 1191 §4). */
export const icmpWord = (v: DataView, at: number): number => v.getUint32(at + 4);

/** Whether an ICMP header fits in `v[at, end)`: `null`, or why it does not. */
export function checkIcmp(_v: DataView, at: number, end: number): DecodeReason | null {
  return end - at < ICMP_HEADER_LEN ? "truncated" : null;
}

/** Whether the checksum of the message in `v[at, end)` fits; `ipAt` is the IP header, whose addresses ICMPv6 counts. */
export function isIcmpChecksumGood(v: DataView, ipAt: number, at: number, end: number): boolean {
  return sum16(v, at, end, pseudoSum(v, ipAt, end - at)) === 0xffff;
}

/** Writes the right checksum. */
export function setIcmpChecksum(v: DataView, ipAt: number, at: number, end: number): void {
  v.setUint16(at + 2, 0);
  v.setUint16(at + 2, checksum16(v, at, end, pseudoSum(v, ipAt, end - at)));
}

/** RFC 4443 §2.3; 0 over IPv4, whose ICMP has none. */
function pseudoSum(v: DataView, ipAt: number, length: number): number {
  if (v.getUint8(ipAt) >>> 4 === 4) return 0;
  return sum16(v, ipAt + 8, ipAt + 40, IpProtocol.ICMPV6 + length);
}

/** An ICMP message of either version. */
export interface IcmpRepr {
  type: number;
  code: number;
  /** As sent; `setIcmpChecksum` writes the right one. */
  checksum: number;
  /** See {@link icmpWord}. */
  word: number;
  /** An error's quoted packet. */
  payload: Uint8Array;
}

/**
 * Decodes the message in `v[at, end)`.
 *
 * @throws {@link DecodeError} when {@link checkIcmp} says why.
 */
export function parseIcmp(v: DataView, at: number = 0, end: number = v.byteLength): IcmpRepr {
  const reason = checkIcmp(v, at, end);
  if (reason !== null)
    throw new DecodeError("ICMP", reason, 0, `header does not fit in ${end - at} bytes`);
  const bodyAt = at + ICMP_HEADER_LEN;
  return {
    type: icmpType(v, at),
    code: icmpCode(v, at),
    checksum: icmpChecksumField(v, at),
    word: icmpWord(v, at),
    payload: new Uint8Array(v.buffer, v.byteOffset + bodyAt, end - bodyAt),
  };
}

/** Writes `repr` at byte `at` of `v`; gives the end. */
export function emitIcmp(repr: IcmpRepr, v: DataView, at: number = 0): number {
  v.setUint8(at, repr.type);
  v.setUint8(at + 1, repr.code);
  v.setUint16(at + 2, repr.checksum);
  v.setUint32(at + 4, repr.word);
  const bodyAt = at + ICMP_HEADER_LEN;
  new Uint8Array(v.buffer, v.byteOffset + bodyAt, repr.payload.length).set(repr.payload);
  return bodyAt + repr.payload.length;
}

/** Bytes that {@link emitIcmp} writes for `repr`. */
export function icmpLen(repr: IcmpRepr): number {
  return ICMP_HEADER_LEN + repr.payload.length;
}
