/**
 * What a host finds in an IP packet that has come: what it carries and from
 * whom, or why it takes nothing of it (RFC 1122 §3.2.1, RFC 8200 §4).
 *
 * Fragments are recognised, not put together: segments are sent with "don't
 * fragment", and their senders hear what size fits.
 *
 * @module
 */
import { viewOf } from "../../base/bytes.ts";
import {
  checkIpv4,
  IPV4_MIN_HEADER_LEN,
  ipv4Ecn,
  ipv4HeaderLen,
  ipv4Protocol,
  ipv4TotalLen,
  ipv4Ttl,
  isIpv4ChecksumGood,
  isIpv4Fragment,
} from "../../wire/ipv4.ts";
import {
  checkIpv6Extension,
  ipv6ExtensionHeaderLen,
  ipv6ExtensionNext,
  isIpv6Extension,
  isIpv6Fragment,
} from "../../wire/ipv6-extension.ts";
import {
  checkIpv6,
  IPV6_HEADER_LEN,
  ipv6Ecn,
  ipv6HopLimit,
  ipv6NextHeader,
  ipv6PayloadLen,
} from "../../wire/ipv6.ts";
import { IpProtocol } from "../../wire/protocol.ts";
import type { EcnCodepoint } from "../types.ts";
import { ecnOf } from "./ecn.ts";

/** Why a host takes nothing of an IP packet. */
export type IpDrop =
  | "truncated"
  | "bad-version"
  | "bad-length"
  | "bad-checksum"
  | "fragment"
  /** A routing header that sends the packet on (RFC 8200 §4.4, RFC 5095). */
  | "source-route";

/** An IP packet: where its parts are in {@link view}. */
export interface IpPacket {
  readonly packet: Uint8Array;
  readonly view: DataView;
  /** Where the header begins. */
  readonly base: number;
  readonly version: 4 | 6;
  readonly srcAt: number;
  readonly dstAt: number;
  /** Bytes of an address. */
  readonly addressLen: 4 | 16;
  /** What it carries: a value of `IpProtocol`. */
  readonly protocol: number;
  readonly ecn: EcnCodepoint;
  readonly hopLimit: number;
  /** What it carries is `view[at, end)`. */
  readonly at: number;
  readonly end: number;
}

/**
 * Reads the packet, or says why it cannot be taken. It stands at byte `base` of `view`, which
 * all places that are given count from; unless told, it is looked at alone.
 */
export function readIp(
  packet: Uint8Array,
  view: DataView = viewOf(packet),
  base: number = 0,
): IpPacket | IpDrop {
  if (packet.length === 0) return "truncated";
  return packet[0]! >>> 4 === 6 ? readIpv6(packet, view, base) : readIpv4(packet, view, base);
}

function readIpv4(packet: Uint8Array, view: DataView, base: number): IpPacket | IpDrop {
  const reason = checkIpv4(view, base, base + packet.length);
  if (reason !== null) return reason;
  const length = ipv4TotalLen(view, base);
  if (length < IPV4_MIN_HEADER_LEN) return "bad-length";
  if (length > packet.length) return "truncated";
  if (!isIpv4ChecksumGood(view, base)) return "bad-checksum";
  if (isIpv4Fragment(view, base)) return "fragment";
  return {
    packet,
    view,
    base,
    version: 4,
    srcAt: base + 12,
    dstAt: base + 16,
    addressLen: 4,
    protocol: ipv4Protocol(view, base),
    ecn: ecnOf(ipv4Ecn(view, base)),
    hopLimit: ipv4Ttl(view, base),
    at: base + ipv4HeaderLen(view, base),
    end: base + length,
  };
}

function readIpv6(packet: Uint8Array, view: DataView, base: number): IpPacket | IpDrop {
  const reason = checkIpv6(view, base, base + packet.length);
  if (reason !== null) return reason;
  const length = IPV6_HEADER_LEN + ipv6PayloadLen(view, base);
  if (length > packet.length) return "truncated";
  const end = base + length;
  const carried = skipExtensions(view, base, ipv6NextHeader(view, base), end);
  if (typeof carried === "string") return carried;
  return {
    packet,
    view,
    base,
    version: 6,
    srcAt: base + 8,
    dstAt: base + 24,
    addressLen: 16,
    protocol: carried.protocol,
    ecn: ecnOf(ipv6Ecn(view, base)),
    hopLimit: ipv6HopLimit(view, base),
    at: carried.at,
    end,
  };
}

/** The first header behind the extension headers, each of which is at least 8 bytes long. */
export function skipExtensions(
  v: DataView,
  base: number,
  first: number,
  end: number,
): { readonly protocol: number; readonly at: number } | IpDrop {
  let at = base + IPV6_HEADER_LEN;
  let protocol = first;
  while (isIpv6Extension(protocol) && protocol !== IpProtocol.AH) {
    const reason = checkIpv6Extension(v, at, end, protocol);
    if (reason !== null) return reason;
    // A fragment that is the whole packet is none (RFC 6946).
    if (protocol === IpProtocol.FRAGMENT && isIpv6Fragment(v, at)) return "fragment";
    if (protocol === IpProtocol.ROUTING && v.getUint8(at + 3) !== 0) return "source-route";
    const length = ipv6ExtensionHeaderLen(v, at, protocol);
    protocol = ipv6ExtensionNext(v, at);
    at += length;
  }
  return { protocol, at };
}
