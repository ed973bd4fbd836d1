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
  MPLS: 0x8847,
  /** Labels that the sender did not choose (RFC 5332). */
  MPLS_MULTICAST: 0x8848,
  /** A PPPoE session (RFC 2516). */
  PPPOE: 0x8864,
  /** A whole Ethernet frame: in GRE, Geneve, Cisco HDLC. */
  FRAME: 0x6558,
  /** LLC in frames too long for a length. */
  JUMBO_LLC: 0x8870,
  /** Network service header (RFC 8300). */
  NSH: 0x894f,
  /** 802.1BR port extension. */
  ETAG: 0x893f,
  VNTAG: 0x8926,
  CISCO_METADATA: 0x8909,
  /** 802.1ah provider backbone. */
  ITAG: 0x88e7,
  HSR: 0x892f,
  TRILL: 0x22f3,
  BATADV: 0x4305,
  /** An 802.11 frame. */
  WLAN: 0x890d,
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
  ETHERIP: 97,
  /** Payload compression (RFC 3173). */
  IPCOMP: 108,
  /** UDP with a partial checksum (RFC 3828). */
  UDP_LITE: 136,
  /** MPLS in IP (RFC 4023). */
  MPLS: 137,
  /** A frame behind IPv6 (RFC 8986 §4.4). */
  ETHERNET: 143,
} as const;

const ETHER_NAMES: ReadonlyMap<number, string> = new Map([
  [EtherType.IPV4, "IPv4"],
  [EtherType.ARP, "ARP"],
  [EtherType.VLAN, "802.1Q"],
  [EtherType.QINQ, "802.1ad"],
  [EtherType.QINQ_OLD, "QinQ"],
  [EtherType.IPV6, "IPv6"],
  [EtherType.MPLS, "MPLS"],
  [EtherType.MPLS_MULTICAST, "MPLS multicast"],
  [EtherType.PPPOE, "PPPoE"],
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
