/**
 * IP packets in other headers: every link type and tunnel that can be put in
 * front of a packet without touching it.
 */
import { parseHex } from "../../src/base/bytes.ts";
import { LinkType } from "../../src/wire/linktype.ts";

/** A way to carry IP. */
export interface Wrapping {
  readonly linkType: number;
  /** The headers in front of a packet of IP `version`, `length` bytes on the wire. */
  readonly head: (version: 4 | 6, length: number) => Uint8Array;
}

const MACS = "020000000001020000000002";

/** EtherType of an IP version. */
const etherType = (version: 4 | 6): string => (version === 4 ? "0800" : "86dd");
const hex16 = (n: number): string => n.toString(16).padStart(4, "0");

/** An Ethernet header, tags and all, in hexadecimal. */
const ethernet = (rest: (version: 4 | 6, length: number) => string): Wrapping => ({
  linkType: LinkType.ETHERNET,
  head: (version, length) => parseHex(MACS + rest(version, length)),
});

/** An IPv4 header with `protocol`, and `bytes` behind it. */
const ipv4 = (protocol: string, bytes: number): string =>
  `4500${hex16(20 + bytes)}00000000ff${protocol}0000c0000201c0000202`;

const ipv6 = (next: string, bytes: number): string =>
  `60000000${hex16(bytes)}${next}ff${"fd".padEnd(31, "0")}1${"fd".padEnd(31, "0")}2`;

/** IPv4 and UDP to `port`, in Ethernet, with `bytes` behind them. */
const udp = (port: number, bytes: number): string =>
  `0800${ipv4("11", 8 + bytes)}fa00${hex16(port)}${hex16(8 + bytes)}0000`;

/** A tunnel in UDP: its own header, or more, by version and length. */
const inUdp = (port: number, header: (version: 4 | 6, length: number) => string): Wrapping =>
  ethernet((version, length) => {
    const head = header(version, length);
    return udp(port, head.length / 2 + length) + head;
  });

/** A tunnel in IPv4. */
const inIp = (protocol: string, header: (version: 4 | 6, length: number) => string): Wrapping =>
  ethernet((version, length) => {
    const head = header(version, length);
    return `0800${ipv4(protocol, head.length / 2 + length)}${head}`;
  });

const link = (linkType: number, head: (version: 4 | 6) => string): Wrapping => ({
  linkType,
  head: (version) => parseHex(head(version)),
});

const inner = (version: 4 | 6): string => MACS + etherType(version);

/** All of them, by name. */
export const WRAPPINGS: Readonly<Record<string, Wrapping>> = {
  ethernet: ethernet(etherType),
  raw: link(LinkType.RAW, () => ""),
  null: link(LinkType.NULL, (v) => (v === 4 ? "02000000" : "18000000")),
  loop: link(LinkType.LOOP, (v) => (v === 4 ? "00000002" : "0000001e")),
  sll: link(LinkType.LINUX_SLL, (v) => `0000000100060200000000010000${etherType(v)}`),
  sll2: link(LinkType.LINUX_SLL2, (v) => `${etherType(v)}000000000002000100060200000000010000`),
  ppp: link(LinkType.PPP, (v) => (v === 4 ? "ff030021" : "ff030057")),
  chdlc: link(LinkType.C_HDLC, (v) => `0f00${etherType(v)}`),
  fddi: link(LinkType.FDDI, (v) => `50${MACS}aaaa03000000${etherType(v)}`),
  wlan: link(
    LinkType.IEEE802_11,
    (v) => `08010000020000000003${MACS}0000aaaa03000000${etherType(v)}`,
  ),
  vlan: ethernet((v) => `81000064${etherType(v)}`),
  qinq: ethernet((v) => `88a800c881000064${etherType(v)}`),
  mpls: ethernet(() => "884700010a40000111ff"),
  pppoe: ethernet((v, length) => `886411000001${hex16(length + 2)}${v === 4 ? "0021" : "0057"}`),
  "ip in ip": ethernet((v, length) => `0800${ipv4(v === 4 ? "04" : "29", length)}`),
  "ip in ipv6": ethernet((v, length) => `86dd${ipv6(v === 4 ? "04" : "29", length)}`),
  gre: inIp("2f", (v) => `0000${etherType(v)}`),
  "gre with all": inIp("2f", (v) => `b000${etherType(v)}000000000000000100000002`),
  "ethernet in gre": inIp("2f", (v) => `00006558${inner(v)}`),
  vxlan: inUdp(4789, (v) => `0800000000002a00${inner(v)}`),
  geneve: inUdp(6081, (v) => `0000655800002a00${inner(v)}`),
  "gtp-u": inUdp(2152, (_, length) => `30ff${hex16(length)}00000001`),
  l2tp: inUdp(1701, (v) => `000200010001ff03${v === 4 ? "0021" : "0057"}`),
  ah: inIp("33", (v) => `${v === 4 ? "04" : "29"}04000000000100000001${"00".repeat(12)}`),
  "destination options": ethernet(
    (v, length) => `86dd${ipv6("3c", 8 + length)}${v === 4 ? "04" : "29"}00010400000000`,
  ),
};
