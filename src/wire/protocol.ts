/**
 * The numbers by which one header says what the next one is.
 *
 * @module
 */

/** EtherType values (IEEE 802; IANA "IEEE 802 Numbers"). */
export const EtherType = {
  IPV4: 0x0800,
  ARP: 0x0806,
  /** 802.1Q customer tag. */
  VLAN: 0x8100,
  /** 802.1ad service tag, the outer one of QinQ. */
  QINQ: 0x88a8,
  /** The outer tag before 802.1ad had a number. */
  QINQ_OLD: 0x9100,
  IPV6: 0x86dd,
} as const;

/** Whether a VLAN tag follows this EtherType. */
export function isVlanType(etherType: number): boolean {
  return (
    etherType === EtherType.VLAN || etherType === EtherType.QINQ || etherType === EtherType.QINQ_OLD
  );
}

/** Values of the IPv4 Protocol and the IPv6 Next Header field (IANA "Protocol Numbers"). */
export const IpProtocol = {
  HOP_BY_HOP: 0,
  ICMP: 1,
  IPV4: 4,
  TCP: 6,
  UDP: 17,
  IPV6: 41,
  ROUTING: 43,
  FRAGMENT: 44,
  GRE: 47,
  ESP: 50,
  AH: 51,
  ICMPV6: 58,
  NO_NEXT: 59,
  DST_OPTIONS: 60,
} as const;

const ETHER_NAMES: ReadonlyMap<number, string> = new Map([
  [EtherType.IPV4, "IPv4"],
  [EtherType.ARP, "ARP"],
  [EtherType.VLAN, "802.1Q"],
  [EtherType.QINQ, "802.1ad"],
  [EtherType.QINQ_OLD, "QinQ"],
  [EtherType.IPV6, "IPv6"],
  [0x8847, "MPLS"],
  [0x8864, "PPPoE"],
]);

/** `"IPv4"` for 0x0800; `null` for a type without a name here. */
export function etherTypeName(etherType: number): string | null {
  return ETHER_NAMES.get(etherType) ?? null;
}

const IP_NAMES: ReadonlyMap<number, string> = new Map([
  [IpProtocol.HOP_BY_HOP, "HBH"],
  [IpProtocol.ICMP, "ICMP"],
  [2, "IGMP"],
  [IpProtocol.IPV4, "IPv4"],
  [IpProtocol.TCP, "TCP"],
  [IpProtocol.UDP, "UDP"],
  [IpProtocol.IPV6, "IPv6"],
  [IpProtocol.ROUTING, "Routing"],
  [IpProtocol.FRAGMENT, "Fragment"],
  [IpProtocol.GRE, "GRE"],
  [IpProtocol.ESP, "ESP"],
  [IpProtocol.AH, "AH"],
  [IpProtocol.ICMPV6, "ICMPv6"],
  [IpProtocol.NO_NEXT, "None"],
  [IpProtocol.DST_OPTIONS, "DSTOPT"],
  [132, "SCTP"],
]);

/** `"TCP"` for 6; `null` for a protocol without a name here. */
export function ipProtocolName(protocol: number): string | null {
  return IP_NAMES.get(protocol) ?? null;
}
