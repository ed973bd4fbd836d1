/**
 * Rarer link headers: ARCNET, frame relay, IP over InfiniBand, and what
 * Juniper routers, Linux' and BSD's packet filters, macOS and the netANALYZER
 * put in front of a packet.
 *
 * @module
 */
import { versionOfFamily } from "../null.ts";
import { etherWay, goOn, isThere, linkWay, Way, type Step } from "./way.ts";

//  ARCNET: source (1), destination (1), with Linux an offset (2), protocol (1);
//  but for the protocols of RFC 1051: split flag (1), sequence number (2)

/** ARCNET as Linux writes it. */
export function stepArcnetLinux(v: DataView, at: number, end: number, step: Step): void {
  arcnet(v, at, 4, end, step);
}

/** ARCNET as BSD writes it. */
export function stepArcnet(v: DataView, at: number, end: number, step: Step): void {
  arcnet(v, at, 2, end, step);
}

function arcnet(v: DataView, at: number, protocolAt: number, end: number, step: Step): void {
  if (!isThere(step, "arcnet", at, end, protocolAt + 1)) return;
  const protocol = v.getUint8(at + protocolAt);
  // RFC 1051: no fragmentation header.
  if (protocol === 240) return goOn(step, "arcnet", protocolAt + 1, Way.IPV4);
  if (!isThere(step, "arcnet", at, end, protocolAt + 4)) return;
  // RFC 1201: an exception frame has 4 bytes more.
  const len = protocolAt + (v.getUint8(at + protocolAt + 1) === 0xff ? 8 : 4);
  if (!isThere(step, "arcnet", at, end, len)) return;
  const six = protocol === 196 ? Way.IPV6 : Way.NOTHING;
  goOn(step, "arcnet", len, protocol === 212 ? Way.IPV4 : six);
}

/** Frame relay (RFC 2427): address, control 3, perhaps a zero, what follows (NLPID). */
export function stepFrameRelay(v: DataView, at: number, end: number, step: Step): void {
  let len = 1;
  while (len < 4 && at + len <= end && (v.getUint8(at + len - 1) & 1) === 0) len++;
  if (!isThere(step, "fr", at, end, len + 2)) return;
  if (v.getUint8(at + len) !== 3) return goOn(step, "fr", len, Way.NOTHING);
  len += v.getUint8(at + len + 1) === 0 ? 2 : 1;
  if (!isThere(step, "fr", at, end, len + 1)) return;
  const protocol = v.getUint8(at + len);
  if (protocol !== 0x80) return goOn(step, "fr", len + 1, nlpidNext(protocol));
  if (!isThere(step, "fr", at, end, len + 6)) return;
  const oui = v.getUint32(at + len) & 0xff_ffff;
  const type = v.getUint16(at + len + 4);
  const isBridged = oui === 0x0080c2 && (type === 1 || type === 7);
  const ether = oui === 0 ? etherWay(type) : Way.NOTHING;
  goOn(step, "fr", len + 6, isBridged ? Way.ETHERNET : ether);
}

/** Network layer protocol identifiers (ISO/IEC TR 9577). */
function nlpidNext(protocol: number): Way {
  if (protocol === 0xcc) return Way.IPV4;
  if (protocol === 0x8e) return Way.IPV6;
  return protocol === 0xcf ? Way.PPP : Way.NOTHING;
}

/** IP over InfiniBand (RFC 4391): routing header of 40 bytes, EtherType, 2 reserved. */
export function stepIpoib(v: DataView, at: number, end: number, step: Step): void {
  if (isThere(step, "ipoib", at, end, 44)) goOn(step, "ipoib", 44, etherWay(v.getUint16(at + 40)));
}

/** IP over IEEE 1394 as macOS writes it: two addresses of 8 bytes, EtherType. */
export function stepIp1394(v: DataView, at: number, end: number, step: Step): void {
  if (isThere(step, "none", at, end, 18)) goOn(step, "none", 18, etherWay(v.getUint16(at + 16)));
}

/** Juniper, in front of Ethernet. */
export function stepJuniperEther(v: DataView, at: number, end: number, step: Step): void {
  juniper(v, at, Way.ETHERNET, end, step);
}
/** Juniper, in front of PPP. */
export function stepJuniperPpp(v: DataView, at: number, end: number, step: Step): void {
  juniper(v, at, Way.PPP, end, step);
}
/** Juniper, in front of frame relay. */
export function stepJuniperFrameRelay(v: DataView, at: number, end: number, step: Step): void {
  juniper(v, at, linkWay(107), end, step);
}
/** Juniper, in front of Cisco HDLC. */
export function stepJuniperHdlc(v: DataView, at: number, end: number, step: Step): void {
  juniper(v, at, linkWay(104), end, step);
}

/** "MGC", flags (0x80: extensions follow, 0x02: no link header but a protocol number). */
function juniper(v: DataView, at: number, next: Way, end: number, step: Step): void {
  if (!isThere(step, "juniper", at, end, 4)) return;
  const flags = v.getUint8(at + 3);
  let len = 4;
  if (v.getUint32(at) >>> 8 !== 0x4d4743) return goOn(step, "juniper", len, Way.NOTHING);
  if ((flags & 0x80) !== 0) {
    if (!isThere(step, "juniper", at, end, 6)) return;
    len = 6 + v.getUint16(at + 4);
  }
  if ((flags & 0x02) === 0) {
    if (isThere(step, "juniper", at, end, len)) goOn(step, "juniper", len, next);
    return;
  }
  if (!isThere(step, "juniper", at, end, len + 4)) return;
  const protocol = v.getUint32(at + len, true);
  const six = protocol === 6 ? Way.IPV6 : Way.NOTHING;
  goOn(step, "juniper", len + 4, protocol === 2 ? Way.IPV4 : six);
}

/** Linux' netfilter log: fields of a length and a type in the host's byte order; 9 is the packet. */
export function stepNflog(v: DataView, at: number, end: number, step: Step): void {
  if (!isThere(step, "nflog", at, end, 4)) return;
  const family = v.getUint8(at);
  const isFour = family === 2;
  const isIp = isFour || family === 10;
  let len = 4;
  while (isThere(step, "nflog", at, end, len + 4)) {
    // Types are below 256: where the 0 is says the order.
    const isLittle = v.getUint8(at + len + 3) === 0;
    const length = v.getUint16(at + len, isLittle);
    const type = v.getUint16(at + len + 2, isLittle);
    if (type === 9) {
      const next = isFour ? Way.IPV4 : Way.IPV6;
      return goOn(step, "nflog", len + 4, isIp ? next : Way.NOTHING);
    }
    if (length < 4) {
      step.why = "bad-length";
      return;
    }
    len += (length + 3) & ~3;
  }
}

/** OpenBSD's packet filter log: a length, rounded up to 4 bytes, and an address family. */
export function stepPflog(v: DataView, at: number, end: number, step: Step): void {
  if (!isThere(step, "pflog", at, end, 2)) return;
  const len = (v.getUint8(at) + 3) & ~3;
  if (isThere(step, "pflog", at, end, len))
    goOn(step, "pflog", len, familyNext(v.getUint8(at + 1)));
}

/** BSD's encapsulation interface: an address family in the host's byte order, 8 more bytes. */
export function stepEnc(v: DataView, at: number, end: number, step: Step): void {
  if (!isThere(step, "enc", at, end, 12)) return;
  const big = v.getUint32(at);
  goOn(step, "enc", 12, familyNext(big > 0xffff ? v.getUint32(at, true) : big));
}

function familyNext(family: number): Way {
  const version = versionOfFamily(family);
  const six = version === 6 ? Way.IPV6 : Way.NOTHING;
  return version === 4 ? Way.IPV4 : six;
}

/** macOS' PKTAP: a length and the link type of what follows, little-endian. */
export function stepPktap(v: DataView, at: number, end: number, step: Step): void {
  if (!isThere(step, "pktap", at, end, 12)) return;
  const len = v.getUint32(at, true);
  if (len < 12) step.why = "bad-length";
  else if (!isThere(step, "pktap", at, end, len)) return;
  goOn(step, "pktap", Math.max(12, len), linkWay(v.getUint32(at + 8, true)));
}

/** The netANALYZER's 4 bytes in front of a frame. */
export function stepNetAnalyzer(_v: DataView, at: number, end: number, step: Step): void {
  if (isThere(step, "netanalyzer", at, end, 4)) goOn(step, "netanalyzer", 4, Way.ETHERNET);
}

/** The same with the preamble, 8 bytes more. */
export function stepNetAnalyzerRaw(_v: DataView, at: number, end: number, step: Step): void {
  if (isThere(step, "netanalyzer", at, end, 12)) goOn(step, "netanalyzer", 12, Way.ETHERNET);
}

/** A byte that says the direction, then PPP or Cisco HDLC. */
export function stepPppWithDir(_v: DataView, at: number, end: number, step: Step): void {
  if (isThere(step, "ppp", at, end, 1)) goOn(step, "none", 1, Way.PPP_HDLC);
}

/** A byte that says the direction, then frame relay. */
export function stepFrameRelayWithDir(_v: DataView, at: number, end: number, step: Step): void {
  if (isThere(step, "fr", at, end, 1)) goOn(step, "none", 1, linkWay(107));
}
