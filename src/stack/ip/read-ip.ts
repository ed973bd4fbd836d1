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

/** An IP packet: where its parts are. The header begins at byte 0. */
export interface IpPacket {
  readonly packet: Uint8Array;
  readonly view: DataView;
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

/** Reads the packet, or says why it cannot be taken. */
export function readIp(packet: Uint8Array): IpPacket | IpDrop {
  const view = viewOf(packet);
  if (packet.length === 0) return "truncated";
  return packet[0]! >>> 4 === 6 ? readIpv6(packet, view) : readIpv4(packet, view);
}

function readIpv4(packet: Uint8Array, view: DataView): IpPacket | IpDrop {
  const reason = checkIpv4(view, 0, packet.length);
  if (reason !== null) return reason;
  const end = ipv4TotalLen(view, 0);
  if (end < IPV4_MIN_HEADER_LEN) return "bad-length";
  if (end > packet.length) return "truncated";
  if (!isIpv4ChecksumGood(view, 0)) return "bad-checksum";
  if (isIpv4Fragment(view, 0)) return "fragment";
  return {
    packet,
    view,
    version: 4,
    srcAt: 12,
    dstAt: 16,
    addressLen: 4,
    protocol: ipv4Protocol(view, 0),
    ecn: ecnOf(ipv4Ecn(view, 0)),
    hopLimit: ipv4Ttl(view, 0),
    at: ipv4HeaderLen(view, 0),
    end,
  };
}

function readIpv6(packet: Uint8Array, view: DataView): IpPacket | IpDrop {
  const reason = checkIpv6(view, 0, packet.length);
  if (reason !== null) return reason;
  const end = IPV6_HEADER_LEN + ipv6PayloadLen(view, 0);
  if (end > packet.length) return "truncated";
  const carried = skipExtensions(view, ipv6NextHeader(view, 0), end);
  if (typeof carried === "string") return carried;
  return {
    packet,
    view,
    version: 6,
    srcAt: 8,
    dstAt: 24,
    addressLen: 16,
    protocol: carried.protocol,
    ecn: ecnOf(ipv6Ecn(view, 0)),
    hopLimit: ipv6HopLimit(view, 0),
    at: carried.at,
    end,
  };
}

/** The first header behind the extension headers, each of which is at least 8 bytes long. */
export function skipExtensions(
  v: DataView,
  first: number,
  end: number,
): { readonly protocol: number; readonly at: number } | IpDrop {
  let at = IPV6_HEADER_LEN;
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
