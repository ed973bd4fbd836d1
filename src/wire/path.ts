/**
 * The way to TCP: where in a frame its header begins, and how long it is.
 *
 * This runs once per packet, so it allocates nothing: one `DataView` over the
 * whole chunk, offsets into it, and one {@link PacketPath} that is reused. It
 * never reads at or beyond the packet's captured end, although the buffer
 * goes on with other packets there.
 *
 * ```ts
 * const path = newPacketPath();
 * if (findTcp(p.view, p.at, p.capLen, p.origLen, p.linkType, path)) {
 *   const seq = tcpSeq(p.view, path.tcpAt);
 * }
 * ```
 *
 * @module
 */
import { ipv6ExtensionHeaderLen, isIpv6Extension, isIpv6Fragment } from "./ipv6-extension.ts";
import { LinkType } from "./linktype.ts";
import { EtherType, IpProtocol, isVlanType } from "./protocol.ts";

/** Why there is no TCP header to read. */
export type PathReason =
  /** A link type that is not read here. */
  | "unknown-link"
  /** The link header is followed by something else than IP. */
  | "not-ip"
  /** IP carries something else than TCP. */
  | "not-tcp"
  /** A part of an IP packet: no length, or no header at all (RFC 791 §3.2, RFC 8200 §4.5). */
  | "fragment"
  /** The capture ends first. */
  | "truncated"
  /** A length field contradicts the bytes around it. */
  | "bad-length"
  /** The IP version is not the one that the header before it promised. */
  | "bad-version"
  /** More than {@link MAX_HEADERS} headers in front of TCP. */
  | "too-deep";

/** Where the headers of one packet are; one object, reused. */
export interface PacketPath {
  ipVersion: 0 | 4 | 6;
  /** Offset of the innermost IP header in front of TCP; -1 without. */
  ipAt: number;
  /** Offset of the TCP header; -1 when there is none to read ({@link why} says). */
  tcpAt: number;
  /**
   * TCP header and payload bytes on the wire, from the IP header; from the
   * frame when that says 0 (a segment handed to the network card to cut up)
   * or more than the frame holds.
   */
  tcpLen: number;
  /**
   * End of the captured bytes of the segment: min(captured end, tcpAt + tcpLen).
   * At least {@link TCP_FIELDS_LEN} behind `tcpAt`.
   */
  tcpEnd: number;
  /** Whether `tcpLen` was taken from the frame because the IP header says 0. */
  lenInferred: boolean;
  /** Why `tcpAt` is -1, or null. */
  why: PathReason | null;
}

/**
 * Bytes of a TCP header that must be there for `tcpAt` to be set: the fields
 * from the ports to the window. Checksum, urgent pointer and options may be
 * cut off: check `tcpEnd` before you read those.
 */
export const TCP_FIELDS_LEN = 16;

/** Headers (VLAN tags, IPv6 extensions) that are followed in one packet. */
export const MAX_HEADERS = 32;

/** A path to reuse for every packet. */
export function newPacketPath(): PacketPath {
  return {
    ipVersion: 0,
    ipAt: -1,
    tcpAt: -1,
    tcpLen: 0,
    tcpEnd: 0,
    lenInferred: false,
    why: null,
  };
}

/**
 * Finds the TCP header of the packet at `v[at, at+capLen)`; true when
 * `path.tcpAt` is set. `origLen` is the frame's length on the wire.
 */
export function findTcp(
  v: DataView,
  at: number,
  capLen: number,
  origLen: number,
  linkType: number,
  path: PacketPath,
): boolean {
  path.ipVersion = 0;
  path.ipAt = -1;
  path.tcpAt = -1;
  path.tcpLen = 0;
  path.tcpEnd = 0;
  path.lenInferred = false;
  path.why = null;
  const end = Math.min(at + capLen, v.byteLength);
  const wireEnd = Math.max(at + origLen, end);
  switch (linkType) {
    case LinkType.ETHERNET:
      if (end - at < 14) return no(path, "truncated");
      return etherPayload(v, v.getUint16(at + 12), at + 14, end, wireEnd, path);
    case LinkType.LINUX_SLL:
      if (end - at < 16) return no(path, "truncated");
      if (isOwnProtocol(v.getUint16(at + 2))) return no(path, "not-ip");
      return cookedPayload(v, v.getUint16(at + 14), at + 16, end, wireEnd, path);
    case LinkType.LINUX_SLL2:
      if (end - at < 20) return no(path, "truncated");
      if (isOwnProtocol(v.getUint16(at + 8))) return no(path, "not-ip");
      return cookedPayload(v, v.getUint16(at), at + 20, end, wireEnd, path);
    case LinkType.NULL:
    case LinkType.LOOP:
      return loopback(v, at, end, wireEnd, linkType, path);
    case LinkType.RAW:
    case LinkType.RAW_BSD:
    case LinkType.RAW_OPENBSD:
      return raw(v, at, end, wireEnd, path);
    case LinkType.IPV4:
      return ipv4(v, at, end, wireEnd, path);
    case LinkType.IPV6:
      return ipv6(v, at, end, wireEnd, path);
    default:
      return no(path, "unknown-link");
  }
}

function no(path: PacketPath, why: PathReason): false {
  path.why = why;
  return false;
}

/** ARPHRD_ values under which the cooked protocol field is no EtherType: IPGRE, FRAD, netlink, radiotap. */
export function isOwnProtocol(arphrd: number): boolean {
  return arphrd === 778 || arphrd === 770 || arphrd === 824 || arphrd === 803;
}

/** What follows an EtherType or, below 1536, an 802.3 length. */
function etherPayload(
  v: DataView,
  type: number,
  at: number,
  end: number,
  wireEnd: number,
  path: PacketPath,
): boolean {
  if (type === EtherType.IPV4) return ipv4(v, at, end, wireEnd, path);
  if (type === EtherType.IPV6) return ipv6(v, at, end, wireEnd, path);
  return rareEtherPayload(v, type, at, end, wireEnd, path);
}

/** VLAN tags and LLC, apart so that the common way stays small. */
function rareEtherPayload(
  v: DataView,
  firstType: number,
  firstAt: number,
  end: number,
  wireEnd: number,
  path: PacketPath,
): boolean {
  let type = firstType;
  let at = firstAt;
  for (let depth = 0; depth < MAX_HEADERS; depth++) {
    if (type === EtherType.IPV4) return ipv4(v, at, end, wireEnd, path);
    if (type === EtherType.IPV6) return ipv6(v, at, end, wireEnd, path);
    if (isVlanType(type)) {
      if (end - at < 4) return no(path, "truncated");
      type = v.getUint16(at + 2);
      at += 4;
      continue;
    }
    if (type > 1500) return no(path, "not-ip");
    const length = llcHeaderLen(v, at, end);
    if (length === 0) return no(path, end - at < 3 ? "truncated" : "not-ip");
    type = length === 8 ? v.getUint16(at + 6) : EtherType.IPV4;
    at += length;
  }
  return no(path, "too-deep");
}

/** Bytes of an 802.2 LLC header that leads to IP: 8 with SNAP (RFC 1042), 3 for the IP SAP, else 0. */
function llcHeaderLen(v: DataView, at: number, end: number): 0 | 3 | 8 {
  if (end - at < 3 || v.getUint8(at + 2) !== 0x03) return 0;
  const saps = v.getUint16(at);
  if (saps === 0x0606) return 3;
  if (saps !== 0xaaaa || end - at < 8) return 0;
  return v.getUint8(at + 3) === 0 && v.getUint16(at + 4) === 0 ? 8 : 0;
}

/** The cooked headers say 4 where Ethernet says a length: 802.2 LLC follows. */
function cookedPayload(
  v: DataView,
  type: number,
  at: number,
  end: number,
  wireEnd: number,
  path: PacketPath,
): boolean {
  if (type < 1536 && type !== 4) return no(path, "not-ip");
  return etherPayload(v, type, at, end, wireEnd, path);
}

function loopback(
  v: DataView,
  at: number,
  end: number,
  wireEnd: number,
  linkType: number,
  path: PacketPath,
): boolean {
  if (end - at < 4) return no(path, "truncated");
  switch (loopbackFamily(v, at, linkType)) {
    case 4:
      return ipv4(v, at + 4, end, wireEnd, path);
    case 6:
      return ipv6(v, at + 4, end, wireEnd, path);
    case 0:
      return no(path, "not-ip");
  }
}

/** IP version of the BSD loopback header at `at`; 0 for another family. */
export function loopbackFamily(v: DataView, at: number, linkType: number): 0 | 4 | 6 {
  const version = ipOfFamily(v.getUint32(at));
  if (version !== 0 || linkType === LinkType.LOOP) return version;
  return ipOfFamily(v.getUint32(at, true));
}

/** AF_INET is 2 everywhere; AF_INET6 is 24 (NetBSD, OpenBSD), 28 (FreeBSD), 30 (macOS), 10 (Linux). */
function ipOfFamily(family: number): 0 | 4 | 6 {
  if (family === 2) return 4;
  return family === 24 || family === 28 || family === 30 || family === 10 ? 6 : 0;
}

function raw(v: DataView, at: number, end: number, wireEnd: number, path: PacketPath): boolean {
  if (end - at < 1) return no(path, "truncated");
  const version = v.getUint8(at) >>> 4;
  if (version === 4) return ipv4(v, at, end, wireEnd, path);
  if (version === 6) return ipv6(v, at, end, wireEnd, path);
  return no(path, "bad-version");
}

function ipv4(v: DataView, at: number, end: number, wireEnd: number, path: PacketPath): boolean {
  if (end - at < 20) return no(path, "truncated");
  const first = v.getUint8(at);
  if (first >>> 4 !== 4) return otherVersion(v, at, end, wireEnd, path);
  const headerLen = (first & 0xf) << 2;
  let totalLen = v.getUint16(at + 2);
  if (totalLen === 0) {
    totalLen = wireEnd - at;
    path.lenInferred = true;
  }
  if (headerLen < 20 || totalLen < headerLen) return no(path, "bad-length");
  path.ipVersion = 4;
  path.ipAt = at;
  const ipEnd = Math.min(at + totalLen, wireEnd);
  // More fragments, or an offset; "don't fragment" is bit 14.
  if ((v.getUint16(at + 6) & 0x3fff) !== 0) return no(path, "fragment");
  const protocol = v.getUint8(at + 9);
  if (protocol === IpProtocol.TCP) return tcp(at + headerLen, end, ipEnd, path);
  // IPv4 knows one header between itself and TCP (RFC 4302).
  if (protocol !== IpProtocol.AH) return no(path, "not-tcp");
  return extensions(v, protocol, at + headerLen, end, ipEnd, path);
}

/** IPv6 behind a link header that says IPv4: seen from tunnel drivers, read by tcpdump and Wireshark too. */
function otherVersion(
  v: DataView,
  at: number,
  end: number,
  wireEnd: number,
  path: PacketPath,
): boolean {
  return v.getUint8(at) >>> 4 === 6 ? ipv6(v, at, end, wireEnd, path) : no(path, "bad-version");
}

function ipv6(v: DataView, at: number, end: number, wireEnd: number, path: PacketPath): boolean {
  if (end - at < 40) return no(path, "truncated");
  if (v.getUint8(at) >>> 4 !== 6) return no(path, "bad-version");
  path.ipVersion = 6;
  path.ipAt = at;
  const payloadLen = v.getUint16(at + 4);
  // 0: a jumbogram (RFC 2675) or a segment still to be cut up.
  path.lenInferred = payloadLen === 0;
  const ipEnd = payloadLen === 0 ? wireEnd : Math.min(at + 40 + payloadLen, wireEnd);
  const next = v.getUint8(at + 6);
  if (next === IpProtocol.TCP) return tcp(at + 40, end, ipEnd, path);
  return extensions(v, next, at + 40, end, ipEnd, path);
}

/** Follows IPv6 extension headers (RFC 8200 §4); each is at least 8 bytes, so this always ends. */
function extensions(
  v: DataView,
  first: number,
  firstAt: number,
  end: number,
  ipEnd: number,
  path: PacketPath,
): boolean {
  let next = first;
  let at = firstAt;
  for (let depth = 0; depth < MAX_HEADERS; depth++) {
    if (next === IpProtocol.TCP) return tcp(at, end, ipEnd, path);
    if (!isIpv6Extension(next)) return no(path, "not-tcp");
    if (ipEnd - at < 8) return no(path, "bad-length");
    if (end - at < 8) return no(path, "truncated");
    // Offset or "more": only the whole packet has a TCP header with a length.
    if (next === IpProtocol.FRAGMENT && isIpv6Fragment(v, at)) return no(path, "fragment");
    const length = ipv6ExtensionHeaderLen(v, at, next);
    next = v.getUint8(at);
    at += length;
  }
  return no(path, "too-deep");
}

/** The end of the way: enough of a TCP header, or not. */
function tcp(at: number, end: number, ipEnd: number, path: PacketPath): boolean {
  const length = ipEnd - at;
  if (length < TCP_FIELDS_LEN) return no(path, "bad-length");
  const tcpEnd = Math.min(end, ipEnd);
  if (tcpEnd - at < TCP_FIELDS_LEN) return no(path, "truncated");
  path.tcpAt = at;
  path.tcpLen = length;
  path.tcpEnd = tcpEnd;
  return true;
}
