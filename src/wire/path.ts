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
import { LinkType } from "./linktype.ts";
import { versionOfFamily } from "./null.ts";
import { EtherType, IpProtocol } from "./protocol.ts";
import { ipv4RouteEnd, ipv6RouteEnd } from "./source-route.ts";
import { takeStep } from "./way/take-step.ts";
import { etherWay, ipWay, linkWay, newStep, Way, type Step } from "./way/way.ts";

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
  /** IP carries something compressed (RFC 3173). */
  | "compressed"
  /** The packet tells of others, and has their beginnings (sFlow). */
  | "samples"
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
  /**
   * Offset of the destination's address: in the IP header, or the last one of a source
   * route still to be travelled (RFC 791 §3.1, RFC 8200 §4.4), which TCP counts with.
   */
  dstAt: number;
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
  /**
   * Whether TCP stands in a packet that an ICMP error quotes: it tells of a
   * segment, but is none, and how long that one was is not known.
   */
  isQuoted: boolean;
  /** Whether this is one of the frames that a packet tells of: others may follow in the same one. */
  isSample: boolean;
  /** Whether this is the first part of a packet, not captured whole: `tcpLen` says nothing of the segment. */
  isPart: boolean;
  /**
   * With `why` `"fragment"`: where the payload of the part that stands here begins,
   * when it was captured whole; else -1. The IPv6 fragment header ends there. With `"compressed"`
   * and `"samples"`: where the header of IPComp or the datagram of sFlow begins.
   */
  partAt: number;
  /** End of that part on the wire. */
  partEnd: number;
  /** Rare headers followed so far. */
  headers: number;
  /** The rare header read last. */
  readonly step: Step;
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
    dstAt: -1,
    tcpAt: -1,
    tcpLen: 0,
    tcpEnd: 0,
    lenInferred: false,
    isQuoted: false,
    isSample: false,
    isPart: false,
    partAt: -1,
    partEnd: 0,
    headers: 0,
    step: newStep(),
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
  path.isQuoted = false;
  path.isSample = false;
  path.isPart = false;
  path.partAt = -1;
  path.headers = 0;
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
      return follow(v, linkWay(linkType), at, end, wireEnd, path);
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
  // An 802.3 length is the length of what follows.
  const llcEnd = type <= 1500 ? Math.min(wireEnd, at + type) : wireEnd;
  return follow(v, etherWay(type), at, end, llcEnd, path);
}

/**
 * Everything that is not simply IP behind a link header and TCP behind IP:
 * one step a header, apart so that the common way stays small.
 */
function follow(
  v: DataView,
  first: Way,
  firstAt: number,
  end: number,
  firstWireEnd: number,
  path: PacketPath,
): boolean {
  const { step } = path;
  let way = first;
  let at = firstAt;
  let wireEnd = firstWireEnd;
  for (;;) {
    if (path.headers++ >= MAX_HEADERS) return no(path, "too-deep");
    if (way === Way.IPV4) return ipv4(v, at, end, wireEnd, path);
    if (way === Way.IPV6) return ipv6(v, at, end, wireEnd, path);
    if (way === Way.TCP) return tcp(at, end, wireEnd, path);
    if (way === Way.IPCOMP && end >= wireEnd) return inside("compressed", at, wireEnd, path);
    if (way === Way.SFLOW) return inside("samples", at, Math.min(end, wireEnd), path);
    if (!takeStep(way, v, at, end, wireEnd, step)) return noWay(way, path);
    if (step.why !== null) return no(path, step.why);
    if (way === Way.ROUTING && at + step.len <= end)
      path.dstAt = ipv6RouteEnd(v, at, step.len, path.dstAt);
    at += step.len;
    way = step.next;
    wireEnd = step.wireEnd;
    if (step.isQuote) path.isQuoted = true;
    if (step.isPart && isApart(at, v.getUint16(at - 6) & 0xfff8, end, wireEnd, path)) return false;
  }
}

/** What goes on needs more than a look: the tracker takes it from here. */
function inside(why: "compressed" | "samples", at: number, end: number, path: PacketPath): false {
  path.partAt = at;
  path.partEnd = end;
  return no(path, why);
}

/** Nothing that leads on. */
function noWay(way: Way, path: PacketPath): false {
  if (path.ipVersion !== 0) return no(path, "not-tcp");
  return no(path, way >= 0 && way <= 0xffff ? "unknown-link" : "not-ip");
}

/**
 * A part of a packet, `offset` bytes from its start. Only the first one has
 * a TCP header; it is read where it was captured in part, so that nobody
 * can put the packet together. True when the way ends here.
 */
function isApart(
  at: number,
  offset: number,
  end: number,
  ipEnd: number,
  path: PacketPath,
): boolean {
  path.isPart = offset === 0 && end < ipEnd;
  if (path.isPart) return false;
  if (at < ipEnd && end >= ipEnd) path.partAt = at;
  path.partEnd = ipEnd;
  path.why = "fragment";
  return true;
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
  const version = versionOfFamily(v.getUint32(at));
  if (version !== 0 || linkType === LinkType.LOOP) return version;
  return versionOfFamily(v.getUint32(at, true));
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
  path.lenInferred = totalLen === 0;
  if (totalLen === 0) totalLen = wireEnd - at;
  if (headerLen < 20 || totalLen < headerLen) return no(path, "bad-length");
  path.ipVersion = 4;
  path.ipAt = at;
  path.dstAt = headerLen === 20 ? at + 16 : ipv4RouteEnd(v, at, Math.min(at + headerLen, end));
  const ipEnd = Math.min(at + totalLen, wireEnd);
  const bodyAt = at + headerLen;
  const protocol = v.getUint8(at + 9);
  // More fragments, or an offset; "don't fragment" is bit 14.
  const part = v.getUint16(at + 6) & 0x3fff;
  if (part === 0 && protocol === IpProtocol.TCP) return tcp(bodyAt, end, ipEnd, path);
  path.isPart = false;
  if (part !== 0 && isApart(bodyAt, (part & 0x1fff) << 3, end, ipEnd, path)) return false;
  return follow(v, ipWay(protocol), bodyAt, end, ipEnd, path);
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
  path.dstAt = at + 24;
  const payloadLen = v.getUint16(at + 4);
  // 0: a jumbogram (RFC 2675) or a segment still to be cut up.
  path.lenInferred = payloadLen === 0;
  const ipEnd = payloadLen === 0 ? wireEnd : Math.min(at + 40 + payloadLen, wireEnd);
  const next = v.getUint8(at + 6);
  if (next === IpProtocol.TCP) return tcp(at + 40, end, ipEnd, path);
  path.isPart = false;
  return follow(v, ipWay(next), at + 40, end, ipEnd, path);
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
