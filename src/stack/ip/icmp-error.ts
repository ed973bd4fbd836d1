/**
 * ICMP errors about segments: made, and understood (RFC 792, RFC 4443,
 * RFC 1122 §3.2.2).
 *
 * @module
 */
import { viewOf } from "../../base/bytes.ts";
import {
  checkIcmp,
  emitIcmp,
  ICMP_HEADER_LEN,
  icmpCode,
  ICMPV6_NEXT_HEADER,
  ICMPV6_PORT,
  IcmpType,
  icmpType,
  IcmpUnreachable,
  Icmpv6Type,
  icmpWord,
  isIcmpChecksumGood,
  setIcmpChecksum,
} from "../../wire/icmp.ts";
import {
  checkIpv4,
  ipv4FragmentOffset,
  ipv4HeaderLen,
  ipv4Protocol,
  ipv4Version,
} from "../../wire/ipv4.ts";
import { checkIpv6, IPV6_HEADER_LEN, ipv6NextHeader } from "../../wire/ipv6.ts";
import { IpProtocol } from "../../wire/protocol.ts";
import type { SeqNum } from "../../wire/seqnum.ts";
import { tcpDstPort, tcpSeq, tcpSrcPort } from "../../wire/tcp.ts";
import type { IcmpError } from "../types.ts";
import { skipExtensions, type IpPacket } from "./read-ip.ts";
import { ipHeaderLen, writeIpHeader } from "./write-ip.ts";

/** What an error says, and its place in the two versions. */
export type IcmpErrorKind = "no-port" | "no-protocol" | "too-big" | "time-exceeded";

const CODES: Readonly<Record<IcmpErrorKind, Readonly<Record<4 | 6, readonly [number, number]>>>> = {
  "no-port": {
    4: [IcmpType.UNREACHABLE, IcmpUnreachable.PORT],
    6: [Icmpv6Type.UNREACHABLE, ICMPV6_PORT],
  },
  "no-protocol": {
    4: [IcmpType.UNREACHABLE, IcmpUnreachable.PROTOCOL],
    6: [Icmpv6Type.PARAMETER_PROBLEM, ICMPV6_NEXT_HEADER],
  },
  "too-big": {
    4: [IcmpType.UNREACHABLE, IcmpUnreachable.FRAGMENTATION_NEEDED],
    6: [Icmpv6Type.TOO_BIG, 0],
  },
  "time-exceeded": { 4: [IcmpType.TIME_EXCEEDED, 0], 6: [Icmpv6Type.TIME_EXCEEDED, 0] },
};

/** Bytes of the longest error (RFC 1812 §4.3.2.3; RFC 4443 §2.4 c). */
const MAX_LEN = { 4: 576, 6: 1280 } as const;

/** Hop limit of the errors made here. */
const HOP_LIMIT = 64;

/** Types of ICMPv6 from here on are no errors (RFC 4443 §2.1). */
const ICMPV6_FIRST_QUESTION = 128;
/** RFC 4861 §4.5. */
const ICMPV6_REDIRECT = 137;

/** Where the fixed header of IPv6 says what follows. */
const NEXT_HEADER_AT = 6;

/** Bytes of TCP that an error quotes at least: ports and sequence number (RFC 792). */
const QUOTED_TCP_LEN = 8;

/** How to make an error. */
export interface IcmpErrorInit {
  readonly kind: IcmpErrorKind;
  /** Who says it; an address of the packet's version. */
  readonly from: Uint8Array;
  /** The next hop's MTU with `too-big`, where the header in question begins with `no-protocol` over IPv6. */
  readonly word?: number | undefined;
  /** Bytes that the way back takes; less of the packet is quoted when it is short. */
  readonly maxLen?: number | undefined;
}

/**
 * The error about `packet`, to its sender; `null` when there must be none: about
 * an error, about a fragment but the first, to nobody in particular
 * (RFC 1122 §3.2.2, RFC 4443 §2.4 e).
 */
export function makeIcmpError(packet: Uint8Array, init: IcmpErrorInit): Uint8Array | null {
  const v = viewOf(packet);
  const version = packet.length > 0 && ipv4Version(v, 0) === 6 ? 6 : 4;
  const reason = version === 4 ? checkIpv4(v, 0, v.byteLength) : checkIpv6(v, 0, v.byteLength);
  if (reason !== null || isSilent(packet, v, version)) return null;
  const dst = version === 4 ? packet.subarray(12, 16) : packet.subarray(8, 24);
  const [type, code] = CODES[init.kind][version];
  const headerLen = ipHeaderLen(dst);
  const maxLen = Math.min(MAX_LEN[version], init.maxLen ?? Infinity);
  const payload = packet.subarray(0, maxLen - headerLen - ICMP_HEADER_LEN);
  const error = new Uint8Array(headerLen + ICMP_HEADER_LEN + payload.length);
  const out = viewOf(error);
  const protocol = version === 4 ? IpProtocol.ICMP : IpProtocol.ICMPV6;
  const base = { hopLimit: HOP_LIMIT, ecn: "not-ECT", id: 0 } as const;
  writeIpHeader({ ...base, src: init.from, dst, protocol }, out);
  emitIcmp({ type, code, checksum: 0, word: init.word ?? 0, payload }, out, headerLen);
  setIcmpChecksum(out, 0, headerLen, error.length);
  return error;
}

/** The error about a packet of a protocol that nobody at `from` speaks (RFC 1122 §3.2.2.1, RFC 4443 §3.1, §3.4). */
export function makeProtocolError(ip: IpPacket, from: Uint8Array): Uint8Array | null {
  if (ip.protocol === IpProtocol.UDP) return makeIcmpError(ip.packet, { kind: "no-port", from });
  // Over IPv6 it points at the Next Header field in question: here that of the fixed header.
  const word = ip.version === 6 ? NEXT_HEADER_AT : 0;
  return makeIcmpError(ip.packet, { kind: "no-protocol", from, word });
}

/** Packets that no error may be about. */
function isSilent(packet: Uint8Array, v: DataView, version: 4 | 6): boolean {
  if (version === 6) {
    const isToMany = packet[24] === 0xff || packet[8] === 0xff;
    return (
      isToMany || isIcmpv6Error(packet, v) || packet.subarray(8, 24).every((byte) => byte === 0)
    );
  }
  const isIcmp = ipv4Protocol(v, 0) === IpProtocol.ICMP;
  const isEcho = (packet[ipv4HeaderLen(v, 0)] ?? 0) === IcmpType.ECHO_REQUEST;
  const isToMany = packet[16]! >= 224 || packet[12]! >= 224 || packet[12] === 0;
  return (isIcmp && !isEcho) || isToMany || ipv4FragmentOffset(v, 0) > 0;
}

/** An error or a redirect, wherever it stands behind extension headers; also what is cut before that can be told (RFC 4443 §2.4 e). */
function isIcmpv6Error(packet: Uint8Array, v: DataView): boolean {
  const carried = skipExtensions(v, 0, ipv6NextHeader(v, 0), v.byteLength);
  if (typeof carried === "string") return carried === "truncated";
  if (carried.protocol !== IpProtocol.ICMPV6) return false;
  const type = packet[carried.at] ?? 0;
  return type < ICMPV6_FIRST_QUESTION || type === ICMPV6_REDIRECT;
}

/** An error that came, about a segment that we sent. */
export interface QuotedError extends IcmpError {
  /** Of the quoted packet, which we sent. */
  readonly src: Uint8Array;
  readonly dst: Uint8Array;
  readonly srcPort: number;
  readonly dstPort: number;
}

/** The error in an ICMP packet; `null` when it is damaged, no error, or not about TCP. */
export function readIcmpError(ip: IpPacket): QuotedError | null {
  const { view: v, at, end } = ip;
  if (checkIcmp(v, at, end) !== null || !isIcmpChecksumGood(v, 0, at, end)) return null;
  const said = ip.version === 4 ? saysIcmp(v, at) : saysIcmpv6(v, at);
  if (said === null) return null;
  const quoted = quotedTcp(ip, at + ICMP_HEADER_LEN);
  return quoted === null ? null : { ...said, ...quoted };
}

function saysIcmp(v: DataView, at: number): Pick<IcmpError, "kind" | "mtu"> | null {
  const code = icmpCode(v, at);
  switch (icmpType(v, at)) {
    case IcmpType.UNREACHABLE:
      if (code === IcmpUnreachable.FRAGMENTATION_NEEDED)
        return { kind: "too-big", mtu: icmpWord(v, at) & 0xffff };
      if (code === IcmpUnreachable.PORT || code === IcmpUnreachable.PROTOCOL)
        return { kind: "port-unreachable", mtu: 0 };
      return { kind: "unreachable", mtu: 0 };
    case IcmpType.TIME_EXCEEDED:
      return { kind: "time-exceeded", mtu: 0 };
    case IcmpType.SOURCE_QUENCH:
    case IcmpType.REDIRECT:
    case IcmpType.PARAMETER_PROBLEM:
      return { kind: "other", mtu: 0 };
    default:
      return null;
  }
}

function saysIcmpv6(v: DataView, at: number): Pick<IcmpError, "kind" | "mtu"> | null {
  const code = icmpCode(v, at);
  switch (icmpType(v, at)) {
    case Icmpv6Type.UNREACHABLE:
      return { kind: code === ICMPV6_PORT ? "port-unreachable" : "unreachable", mtu: 0 };
    case Icmpv6Type.TOO_BIG:
      return { kind: "too-big", mtu: icmpWord(v, at) };
    case Icmpv6Type.TIME_EXCEEDED:
      return { kind: "time-exceeded", mtu: 0 };
    case Icmpv6Type.PARAMETER_PROBLEM:
      return { kind: code === ICMPV6_NEXT_HEADER ? "port-unreachable" : "other", mtu: 0 };
    default:
      return null;
  }
}

interface QuotedSegment {
  readonly src: Uint8Array;
  readonly dst: Uint8Array;
  readonly srcPort: number;
  readonly dstPort: number;
  readonly seq: SeqNum;
}

/** The segment that begins in the packet quoted at `at`; our own packets have no extension headers. */
function quotedTcp({ view: v, packet, end, version }: IpPacket, at: number): QuotedSegment | null {
  const reason = version === 4 ? checkIpv4(v, at, end) : checkIpv6(v, at, end);
  if (reason !== null) return null;
  const protocol = version === 4 ? ipv4Protocol(v, at) : ipv6NextHeader(v, at);
  const tcpAt = at + (version === 4 ? ipv4HeaderLen(v, at) : IPV6_HEADER_LEN);
  if (protocol !== IpProtocol.TCP || tcpAt + QUOTED_TCP_LEN > end) return null;
  if (version === 4 && ipv4FragmentOffset(v, at) > 0) return null;
  const [srcAt, length] = version === 4 ? [at + 12, 4] : [at + 8, 16];
  return {
    src: packet.subarray(srcAt, srcAt + length),
    dst: packet.subarray(srcAt + length, srcAt + 2 * length),
    srcPort: tcpSrcPort(v, tcpAt),
    dstPort: tcpDstPort(v, tcpAt),
    seq: tcpSeq(v, tcpAt),
  };
}
