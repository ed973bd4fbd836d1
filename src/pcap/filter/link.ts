/**
 * Where a packet's parts lie, by link type: what a capture filter needs to
 * know of Ethernet, Linux cooked captures, BSD loopback and raw IP.
 *
 * @module
 */
import { Op } from "./bpf.ts";
import { ALWAYS, NEVER, type Condition, all, any, bytesAre, bytesTest } from "./condition.ts";

const ETHERTYPE_IP = 0x0800;
const ETHERTYPE_IP6 = 0x86dd;

/** Largest value of the type field that is a length (IEEE 802.3). */
const MAX_8023_LEN = 1500;

/** The address families of IPv6 where loopback captures are made: Linux, NetBSD/OpenBSD, FreeBSD, macOS. */
const AF_INET6 = [10, 24, 28, 30];
const AF_INET = [2];

/** A link layer, as a filter sees it. */
export interface Link {
  readonly name: string;
  /** Byte where the network header begins. */
  readonly netAt: number;
  /** The network protocol has this EtherType. */
  isType(type: number): Condition;
  /** Byte of the destination address, the source address 6 after it; `null` without Ethernet addresses. */
  readonly macAt: number | null;
  /** The same link layer with one 802.1Q tag more; `null` where a filter cannot follow it. */
  readonly tagged: (() => Link) | null;
}

/** The link layer with LINKTYPE_ value `linkType`, or `null`. */
export function linkOf(linkType: number): Link | null {
  switch (linkType) {
    case 0:
      return { ...PLAIN, name: "BSD loopback", netAt: 4, isType: familyType(true) };
    case 108:
      return { ...PLAIN, name: "OpenBSD loopback", netAt: 4, isType: familyType(false) };
    case 1:
      return ethernet(0);
    case 12:
    case 14:
    case 101:
      return { ...PLAIN, name: "raw IP", netAt: 0, isType: versionType };
    case 228:
      return { ...PLAIN, name: "raw IPv4", netAt: 0, isType: onlyType(ETHERTYPE_IP) };
    case 229:
      return { ...PLAIN, name: "raw IPv6", netAt: 0, isType: onlyType(ETHERTYPE_IP6) };
    case 113:
      return { ...PLAIN, name: "Linux cooked v1", netAt: 16, isType: sllType };
    case 276:
      return {
        ...PLAIN,
        name: "Linux cooked v2",
        netAt: 20,
        isType: (type) => bytesAre(0, 2, type),
      };
    default:
      return null;
  }
}

const PLAIN = { macAt: null, tagged: null };

function ethernet(tags: number): Link {
  const typeAt = 12 + tags * 4;
  const netAt = typeAt + 2;
  const isType = (type: number): Condition =>
    type > MAX_8023_LEN
      ? bytesAre(typeAt, 2, type)
      : all(
          { kind: "not", of: bytesTest(typeAt, 2, Op.JGT, MAX_8023_LEN) },
          bytesAre(netAt, 1, type),
        );
  const tagged = (): Link => ethernet(tags + 1);
  return { name: "Ethernet", netAt, isType, macAt: 0, tagged };
}

/** Protocol field of SLL: 4 (LINUX_SLL_P_802_2) says that 802.2 follows. */
function sllType(type: number): Condition {
  if (type > MAX_8023_LEN) return bytesAre(14, 2, type);
  return all(bytesAre(14, 2, 4), bytesAre(16, 1, type));
}

/**
 * Address family of NULL and LOOP. NULL is in the byte order of the machine
 * that captured, which the filter does not know, so both orders are taken
 * (libpcap takes the order of the machine that it runs on, and only its AF_INET6).
 */
function familyType(anyOrder: boolean): (type: number) => Condition {
  const families = new Map([
    [ETHERTYPE_IP, AF_INET],
    [ETHERTYPE_IP6, AF_INET6],
  ]);
  return (type) => {
    const values = (families.get(type) ?? []).flatMap((f) => (anyOrder ? [f * 2 ** 24, f] : [f]));
    return values.length === 0 ? NEVER : any(...values.map((value) => bytesAre(0, 4, value)));
  };
}

function versionType(type: number): Condition {
  if (type === ETHERTYPE_IP) return bytesAre(0, 1, 0x40, 0xf0);
  return type === ETHERTYPE_IP6 ? bytesAre(0, 1, 0x60, 0xf0) : NEVER;
}

function onlyType(only: number): (type: number) => Condition {
  return (type) => (type === only ? ALWAYS : NEVER);
}
