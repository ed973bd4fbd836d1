/**
 * What a capture's first byte is the first byte of: LINKTYPE_ values, as the
 * registry at tcpdump.org and both file formats write them.
 *
 * @module
 */

/** LINKTYPE_ values that are read, and the common ones that can only be named. */
export const LinkType = {
  /** BSD loopback: an address family in the byte order of the machine that captured. */
  NULL: 0,
  ETHERNET: 1,
  /** Token Ring. */
  IEEE802_5: 6,
  ARCNET: 7,
  PPP: 9,
  FDDI: 10,
  /** IPv4 or IPv6 without a link header, as DLT_RAW is numbered on most systems … */
  RAW_BSD: 12,
  /** … and on OpenBSD. */
  RAW_OPENBSD: 14,
  /** PPP in HDLC-like frames (RFC 1662), or Cisco HDLC. */
  PPP_HDLC: 50,
  /** A PPPoE session without its Ethernet header. */
  PPP_ETHER: 51,
  /** LLC over ATM (RFC 2684). */
  ATM_RFC1483: 100,
  /** IPv4 or IPv6, told apart by the version field. */
  RAW: 101,
  /** Cisco HDLC. */
  C_HDLC: 104,
  IEEE802_11: 105,
  ATM_CLIP: 106,
  FRELAY: 107,
  /** OpenBSD loopback: an address family in network byte order. */
  LOOP: 108,
  /** BSD's encapsulation interface of IPsec. */
  ENC: 109,
  /** Linux cooked capture v1, from `-i any`. */
  LINUX_SLL: 113,
  /** OpenBSD's packet filter log. */
  PFLOG: 117,
  IEEE802_11_PRISM: 119,
  IP_OVER_FC: 122,
  IEEE802_11_RADIOTAP: 127,
  ARCNET_LINUX: 129,
  APPLE_IP_OVER_IEEE1394: 138,
  IEEE802_11_AVS: 163,
  JUNIPER_ETHER: 178,
  JUNIPER_PPP: 179,
  JUNIPER_FRELAY: 180,
  JUNIPER_CHDLC: 181,
  PPI: 192,
  PPP_WITH_DIR: 204,
  FRELAY_WITH_DIR: 206,
  IPV4: 228,
  IPV6: 229,
  /** Linux' netfilter log. */
  NFLOG: 239,
  NETANALYZER: 240,
  NETANALYZER_TRANSPARENT: 241,
  /** IP over InfiniBand. */
  IPOIB: 242,
  PKTAP: 258,
  /** Linux cooked capture v2: with the interface. */
  LINUX_SLL2: 276,
} as const;

const NAMES: ReadonlyMap<number, string> = new Map([
  [0, "NULL"],
  [1, "EN10MB"],
  [6, "IEEE802"],
  [7, "ARCNET"],
  [8, "SLIP"],
  [9, "PPP"],
  [12, "RAW"],
  [14, "RAW"],
  [50, "PPP_SERIAL"],
  [51, "PPP_ETHER"],
  [101, "RAW"],
  [104, "C_HDLC"],
  [105, "IEEE802_11"],
  [107, "FRELAY"],
  [108, "LOOP"],
  [113, "LINUX_SLL"],
  [117, "PFLOG"],
  [119, "PRISM_HEADER"],
  [127, "IEEE802_11_RADIO"],
  [129, "ARCNET_LINUX"],
  [140, "MTP2"],
  [147, "USER0"],
  [187, "BLUETOOTH_HCI_H4"],
  [189, "USB_LINUX"],
  [192, "PPI"],
  [195, "IEEE802_15_4_WITHFCS"],
  [220, "USB_LINUX_MMAPPED"],
  [228, "IPV4"],
  [229, "IPV6"],
  [239, "NFLOG"],
  [240, "NETANALYZER"],
  [242, "IPOIB"],
  [249, "USBPCAP"],
  [253, "NETLINK"],
  [264, "ISO_14443"],
  [276, "LINUX_SLL2"],
]);

/** The name tcpdump gives a link type: `"EN10MB"`; `"LINKTYPE_4711"` for one without. */
export function linkTypeName(linkType: number): string {
  return NAMES.get(linkType) ?? `LINKTYPE_${linkType}`;
}

/** Whether packets of this link type can be decoded here. */
export function isLinkTypeRead(linkType: number): boolean {
  return READ.has(linkType);
}

const READ: ReadonlySet<number> = new Set(Object.values(LinkType));
