/**
 * Conditions on the protocols above the link: which protocol, which ports,
 * which addresses. They look as far as libpcap's do: at the first next header
 * of IPv6, and past one fragment header for the protocol alone.
 *
 * @module
 */
import type { End, Protocol } from "./ast.ts";
import { Op } from "./bpf.ts";
import { type Condition, all, any, bytesAre, bytesTest, insn, not, test } from "./condition.ts";
import type { Link } from "./link.ts";

export const ETHERTYPE_IP = 0x0800;
export const ETHERTYPE_ARP = 0x0806;
export const ETHERTYPE_RARP = 0x8035;
export const ETHERTYPE_IP6 = 0x86dd;

const IPV6_HEADER_LEN = 40;
/** Next header value of a fragment header (RFC 8200 §4.5). */
const IPV6_FRAGMENT = 44;

/** How a protocol keyword is recognised. */
const KEYWORD: Readonly<
  Record<
    Exclude<Protocol, "ether">,
    | { readonly etherType: number }
    | { readonly number: number; readonly over: "ip" | "ip6" | "both" }
  >
> = {
  ip: { etherType: ETHERTYPE_IP },
  ip6: { etherType: ETHERTYPE_IP6 },
  arp: { etherType: ETHERTYPE_ARP },
  rarp: { etherType: ETHERTYPE_RARP },
  tcp: { number: 6, over: "both" },
  udp: { number: 17, over: "both" },
  sctp: { number: 132, over: "both" },
  icmp: { number: 1, over: "ip" },
  icmp6: { number: 58, over: "ip6" },
  igmp: { number: 2, over: "ip" },
  pim: { number: 103, over: "both" },
  vrrp: { number: 112, over: "ip" },
  esp: { number: 50, over: "both" },
  ah: { number: 51, over: "both" },
};

/** The packet is of this protocol. */
export function isProtocol(link: Link, proto: Exclude<Protocol, "ether">): Condition {
  const how = KEYWORD[proto];
  if ("etherType" in how) return link.isType(how.etherType);
  return hasIpProto(link, how.number, how.over);
}

/** The IP header names protocol `number`. */
export function hasIpProto(link: Link, number: number, over: "ip" | "ip6" | "both"): Condition {
  if (over === "both") return any(hasIpProto(link, number, "ip"), hasIpProto(link, number, "ip6"));
  const at = link.netAt;
  if (over === "ip") return all(link.isType(ETHERTYPE_IP), bytesAre(at + 9, 1, number));
  return all(
    link.isType(ETHERTYPE_IP6),
    any(
      bytesAre(at + 6, 1, number),
      all(bytesAre(at + 6, 1, IPV6_FRAGMENT), bytesAre(at + IPV6_HEADER_LEN, 1, number)),
    ),
  );
}

/** The IPv4 packet is whole or a first fragment, so that the next header is in it. */
export function isFirstFragment(link: Link): Condition {
  return not(bytesTest(link.netAt + 6, 2, Op.JSET, 0x1fff));
}

/** Joins a condition on the source and one on the destination. */
export function ofEnds(end: End | null, src: Condition, dst: Condition): Condition {
  if (end === "src") return src;
  if (end === "dst") return dst;
  return end === "and" ? all(src, dst) : any(src, dst);
}

/** A port of one of `protos` is between `low` and `high`, both included. */
export function hasPort(
  link: Link,
  protos: readonly number[],
  end: End | null,
  low: number,
  high: number,
): Condition {
  const net = link.netAt;
  const at4 = (at: number): Condition => {
    const load = [insn(Op.LDX_MSH, net), insn(Op.LD_H_IND, net + at)];
    if (low === high) return test(load, Op.JEQ, low);
    return all(test(load, Op.JGE, low), not(test(load, Op.JGT, high)));
  };
  const at6 = (at: number): Condition => {
    const from = net + IPV6_HEADER_LEN + at;
    if (low === high) return bytesAre(from, 2, low);
    return all(bytesTest(from, 2, Op.JGE, low), not(bytesTest(from, 2, Op.JGT, high)));
  };
  const over6 = protos.map((p) => all(bytesAre(net + 6, 1, p), ofEnds(end, at6(0), at6(2))));
  const over4 = protos.map((p) =>
    all(bytesAre(net + 9, 1, p), isFirstFragment(link), ofEnds(end, at4(0), at4(2))),
  );
  return any(
    all(link.isType(ETHERTYPE_IP6), any(...over6)),
    all(link.isType(ETHERTYPE_IP), any(...over4)),
  );
}

/** An IPv4 address, or an address in ARP or RARP, lies in a network. */
export function hasIpv4(
  link: Link,
  proto: "ip" | "arp" | "rarp",
  end: End | null,
  address: number,
  mask: number,
): Condition {
  const [src, dst] = proto === "ip" ? [12, 16] : [14, 24];
  const is = (at: number): Condition =>
    all(isProtocol(link, proto), bytesAre(link.netAt + at, 4, address, mask));
  return ofEnds(end, is(src), is(dst));
}

/** An IPv6 address lies in a network; four words each. */
export function hasIpv6(
  link: Link,
  end: End | null,
  address: readonly number[],
  mask: readonly number[],
): Condition {
  const is = (at: number): Condition =>
    all(
      link.isType(ETHERTYPE_IP6),
      ...address.map((word, i) => bytesAre(link.netAt + at + i * 4, 4, word, mask[i])),
    );
  return ofEnds(end, is(8), is(24));
}

/** An Ethernet address: its first two bytes and its last four. */
export function hasMac(macAt: number, end: End | null, high: number, low: number): Condition {
  const is = (at: number): Condition => all(bytesAre(at + 2, 4, low), bytesAre(at, 2, high));
  return ofEnds(end, is(macAt + 6), is(macAt));
}
