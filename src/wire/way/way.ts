/**
 * One header on the way to TCP: which one stands at a place, how long it is,
 * and which one follows.
 *
 * A {@link Way} names what stands at a place by the number that the header
 * before it used. {@link takeStep} of `take-step.ts` reads that one header into
 * a {@link Step}; `findTcp` and `layersOf` walk by the same steps. A step
 * allocates nothing and reads only inside its bounds.
 *
 * @module
 */
import { EtherType, IpProtocol } from "../protocol.ts";

/** A number space in the upper, a number in it in the lower 16 bits. */
export type Way = number;

/** LINKTYPE_ values. */
export const LINK = 0x0_0000;
/** EtherType values. */
const ETHER = 0x1_0000;
/** IP protocol numbers. */
const IP = 0x2_0000;
/** PPP protocol numbers (RFC 1661 §2). */
const PPP = 0x3_0000;
/** Headers that no number of another header names. */
const OWN = 0x4_0000;

/** Ways that more than one header leads to. */
export const Way = {
  /** Nothing that leads to TCP. */
  NOTHING: -1,
  IPV4: ETHER + EtherType.IPV4,
  IPV6: ETHER + EtherType.IPV6,
  MPLS: ETHER + EtherType.MPLS,
  NSH: ETHER + EtherType.NSH,
  TCP: IP + IpProtocol.TCP,
  ROUTING: IP + IpProtocol.ROUTING,
  IPCOMP: IP + IpProtocol.IPCOMP,
  ETHERNET: LINK + 1,
  /** IP of the version that its first four bits say. */
  RAW_IP: LINK + 101,
  WLAN: LINK + 105,
  LLC: OWN,
  /** PPP that begins with its protocol field. */
  PPP: OWN + 1,
  /** PPP in frames like HDLC's (RFC 1662), which may leave out address and control; or Cisco HDLC. */
  PPP_HDLC: OWN + 2,
  /** What stands behind the last label: IP, or a pseudo-wire. */
  MPLS_PAYLOAD: OWN + 3,
  ERSPAN: OWN + 4,
  WCCP: OWN + 5,
  VXLAN: OWN + 6,
  VXLAN_GPE: OWN + 7,
  GENEVE: OWN + 8,
  GTP: OWN + 9,
  TEREDO: OWN + 10,
  L2TP: OWN + 11,
  AYIYA: OWN + 12,
  LISP: OWN + 13,
  TZSP: OWN + 14,
  /** 802.11 whose header is filled up to a multiple of 4 bytes. */
  WLAN_PADDED: OWN + 15,
  /** Beginnings of other frames: see `sflow.ts`. */
  SFLOW: OWN + 16,
  GRE: IP + IpProtocol.GRE,
} as const;

/** The way that a link type says. */
export function linkWay(linkType: number): Way {
  return LINK + (linkType & 0xffff);
}

/** The way that an EtherType says, or below 1536 a length: LLC follows. */
export function etherWay(type: number): Way {
  if (type > 1535) return ETHER + type;
  return type <= 1500 ? Way.LLC : Way.NOTHING;
}

/** The way that an IP protocol number says. */
export function ipWay(protocol: number): Way {
  if (protocol === IpProtocol.IPV4) return Way.IPV4;
  if (protocol === IpProtocol.IPV6) return Way.IPV6;
  return IP + protocol;
}

/** The way that a PPP protocol number says. */
export function pppWay(protocol: number): Way {
  return PPP + protocol;
}

/** The EtherType, IP or PPP protocol number that a way was made from; -1 for ways without. */
export function numberOf(way: Way): number {
  return way >= ETHER && way < OWN ? way & 0xffff : -1;
}

/** The IP protocol number that a way was made from; -1 for others. */
export function protocolOf(way: Way): number {
  return way >= IP && way < PPP ? way & 0xffff : -1;
}

/** The header that Wireshark would name so. */
export type StepKind =
  | "arcnet"
  | "ayiya"
  | "batadv"
  | "chdlc"
  | "cmd"
  | "enc"
  | "erspan"
  | "eth"
  | "etag"
  | "etherip"
  | "extension"
  | "fddi"
  | "fr"
  | "geneve"
  | "gre"
  | "gtp"
  | "hsr"
  | "icmp"
  | "icmpv6"
  | "ieee8021ah"
  | "ipfc"
  | "ipoib"
  | "juniper"
  | "l2tp"
  | "lisp"
  | "llc"
  | "mpls"
  | "netanalyzer"
  | "nflog"
  | "nsh"
  | "pflog"
  | "pktap"
  | "ppi"
  | "ppp"
  | "pppoes"
  | "prism"
  | "pwethcw"
  | "radiotap"
  | "teredo"
  | "tr"
  | "trill"
  | "tzsp"
  | "udp"
  | "vlan"
  | "vntag"
  | "vxlan"
  | "wccp"
  | "wlan"
  /** No header of its own: only what follows is told. */
  | "none";

/** One header read; one object, reused. */
export interface Step {
  kind: StepKind;
  /** Bytes of the header. */
  len: number;
  /** What follows, {@link Way}.NOTHING when it does not lead to TCP. */
  next: Way;
  /** End on the wire of what follows. */
  wireEnd: number;
  /** Whether what follows is quoted by an ICMP error. */
  isQuote: boolean;
  /** Whether what follows is a part of a packet: an IPv6 fragment header. */
  isPart: boolean;
  /** Why there is no such header. */
  why: "truncated" | "bad-length" | null;
}

/** A step to reuse. */
export function newStep(): Step {
  return {
    kind: "none",
    len: 0,
    next: Way.NOTHING,
    wireEnd: 0,
    isQuote: false,
    isPart: false,
    why: null,
  };
}

/** Reads one header at `at`; `end` is the end of what was captured and belongs to it. */
export type ReadStep = (v: DataView, at: number, end: number, step: Step) => void;

/** The step is a header of `len` bytes, then `next`. */
export function goOn(step: Step, kind: StepKind, len: number, next: Way): void {
  step.kind = kind;
  step.len = len;
  step.next = next;
}

/** Whether `len` bytes of a header are there; if not, the step says so. */
export function isThere(step: Step, kind: StepKind, at: number, end: number, len: number): boolean {
  if (end - at >= len) return true;
  step.kind = kind;
  step.len = len;
  step.why = step.wireEnd - at < len ? "bad-length" : "truncated";
  return false;
}

/** What follows is at most `len` bytes; a wrong length is no reason to stop. */
export function clip(step: Step, at: number, len: number): void {
  if (at + len < step.wireEnd) step.wireEnd = at + len;
}

/** IPv4 or IPv6 by the first four bits at `at`, else `other`. */
export function ipByVersion(v: DataView, at: number, end: number, other: Way): Way {
  if (at >= end) return Way.NOTHING;
  const version = v.getUint8(at) >>> 4;
  if (version === 4) return Way.IPV4;
  return version === 6 ? Way.IPV6 : other;
}
