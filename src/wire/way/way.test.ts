import fc from "fast-check";
import { expect, test } from "vitest";
import { concat, parseHex, viewOf } from "../../base/bytes.ts";
import { LinkType } from "../linktype.ts";
import { findTcp, newPacketPath, type PacketPath } from "../path.ts";

const TCP = parseHex("cbcc1f90 abefd221 2b3209e5 50180405 cefc0000 68656c6c6f0d0a");
const MACS = "020000000001020000000002";
const OUTER4 = "45000000 00014000 40000000 0a000001 0a000002";
const INNER4 = "45000000 00014000 40060000 7f000001 7f000002";
const SIX = `60000000 0000 0640 ${"00".repeat(15)}01 ${"00".repeat(15)}02`;

/** An IPv4 packet around `payload`. */
function ip4(payload: Uint8Array, protocol = 6, head = INNER4): Uint8Array {
  const all = concat(parseHex(head), payload);
  viewOf(all).setUint16(2, all.length);
  all[9] = protocol;
  return all;
}

function ip6(payload: Uint8Array, next = 6): Uint8Array {
  const all = concat(parseHex(SIX), payload);
  viewOf(all).setUint16(4, payload.length);
  all[6] = next;
  return all;
}

/** Ethernet, IPv4 and UDP to `port` around `payload`. */
function udp(port: number, payload: Uint8Array): Uint8Array {
  const head = new Uint8Array(8);
  viewOf(head).setUint16(0, 50_000);
  viewOf(head).setUint16(2, port);
  viewOf(head).setUint16(4, 8 + payload.length);
  return concat(parseHex(`${MACS}0800`), ip4(concat(head, payload), 17, OUTER4));
}

/** Ethernet and IPv4 around `payload` of `protocol`. */
const outer = (protocol: number, payload: Uint8Array): Uint8Array =>
  concat(parseHex(`${MACS}0800`), ip4(payload, protocol, OUTER4));

const bytes = (hex: string, ...rest: readonly Uint8Array[]): Uint8Array =>
  concat(parseHex(hex), ...rest);

const PACKET = ip4(TCP);
const FRAME = bytes(`${MACS}0800`, PACKET);
const SNAP = bytes("aaaa03000000 0800", PACKET);
const LENGTH = PACKET.length.toString(16).padStart(4, "0");
const ETHERNET = LinkType.ETHERNET;
/** A Wi-Fi data frame from the access point. */
const WLAN = `08020000${"00".repeat(20)}`;

/** Each way to TCP, with a frame that takes it. */
const WAYS: readonly (readonly [string, number, Uint8Array])[] = [
  ["PPP", LinkType.PPP, bytes("ff030021", PACKET)],
  ["PPP, short protocol", LinkType.PPP, bytes("21", PACKET)],
  ["PPP, IPv6", LinkType.PPP_HDLC, bytes("ff030057", ip6(TCP))],
  ["PPP, MPLS", LinkType.PPP, bytes("ff030281 00010140", PACKET)],
  ["PPP's link type, Cisco HDLC", LinkType.PPP_HDLC, bytes("0f000800", PACKET)],
  ["PPP, direction", LinkType.PPP_WITH_DIR, bytes("00ff030021", PACKET)],
  ["Cisco HDLC", LinkType.C_HDLC, bytes("0f000800", PACKET)],
  ["PPPoE", ETHERNET, bytes(`${MACS}8864 1100 0001 0031 0021`, PACKET)],
  ["PPPoE alone", LinkType.PPP_ETHER, bytes("1100 0001 0031 0021", PACKET)],
  ["frame relay", LinkType.FRELAY, bytes("184103cc", PACKET)],
  ["frame relay, SNAP", LinkType.FRELAY, bytes("1841030080 000000 0800", PACKET)],
  ["frame relay, bridged", LinkType.FRELAY, bytes("1841030080 0080c2 0007", FRAME)],
  ["FDDI", LinkType.FDDI, bytes(`50${MACS}`, SNAP)],
  ["Token Ring", LinkType.IEEE802_5, bytes(`1040${MACS}`, SNAP)],
  ["Token Ring, routed", LinkType.IEEE802_5, bytes(`1040 020000000001 820000000002 0230`, SNAP)],
  ["LLC over ATM", LinkType.ATM_RFC1483, SNAP],
  ["IP over Fibre Channel", LinkType.IP_OVER_FC, bytes("00".repeat(16), SNAP)],
  ["ARCNET, RFC 1201", LinkType.ARCNET_LINUX, bytes("01020000 d4 00 0001", PACKET)],
  ["ARCNET, RFC 1051", LinkType.ARCNET_LINUX, bytes("01020000 f0", PACKET)],
  ["ARCNET of BSD", LinkType.ARCNET, bytes("0102 d4 00 0001", PACKET)],
  ["802.11", LinkType.IEEE802_11, bytes(WLAN, SNAP)],
  ["802.11, QoS", LinkType.IEEE802_11, bytes(`88${WLAN.slice(2)}0000`, SNAP)],
  ["802.11, bridge", LinkType.IEEE802_11, bytes(`0803${WLAN.slice(4)}${"00".repeat(6)}`, SNAP)],
  ["radiotap", LinkType.IEEE802_11_RADIOTAP, bytes(`00000800 00000000 ${WLAN}`, SNAP)],
  [
    "radiotap, padded",
    LinkType.IEEE802_11_RADIOTAP,
    bytes(`00000900 02000000 20 88${WLAN.slice(2)}0000 0000`, SNAP),
  ],
  ["PPI", LinkType.PPI, bytes(`00000800 69000000 ${WLAN}`, SNAP)],
  ["Prism", LinkType.IEEE802_11_PRISM, bytes(`44000000 0c000000 00000000 ${WLAN}`, SNAP)],
  ["AVS", LinkType.IEEE802_11_AVS, bytes(`80211001 0000000c 00000000 ${WLAN}`, SNAP)],
  ["InfiniBand", LinkType.IPOIB, bytes(`${"00".repeat(40)} 08000000`, PACKET)],
  ["FireWire", LinkType.APPLE_IP_OVER_IEEE1394, bytes(`${"00".repeat(16)} 0800`, PACKET)],
  ["Juniper", LinkType.JUNIPER_ETHER, bytes("4d474300", FRAME)],
  ["Juniper, extended", LinkType.JUNIPER_ETHER, bytes("4d474380 0002 ffff", FRAME)],
  ["Juniper, no link header", LinkType.JUNIPER_PPP, bytes("4d474302 02000000", PACKET)],
  ["NFLOG", LinkType.NFLOG, bytes("0200 0000 0600 0a00 6161 0000 ff00 0900", PACKET)],
  ["NFLOG, big-endian", LinkType.NFLOG, bytes("0200 0000 0008 000a 61616161 00ff 0009", PACKET)],
  ["PFLOG", LinkType.PFLOG, bytes(`3d02${"00".repeat(62)}`, PACKET)],
  ["ENC", LinkType.ENC, bytes(`02000000${"00".repeat(8)}`, PACKET)],
  ["PKTAP", LinkType.PKTAP, bytes("0c000000 01000000 01000000", FRAME)],
  ["netANALYZER", LinkType.NETANALYZER, bytes("00000000", FRAME)],
  ["E-TAG", ETHERNET, bytes(`${MACS}893f 000000000000 0800`, PACKET)],
  ["VN-tag and VLAN", ETHERNET, bytes(`${MACS}8926 00000000 8100 0005 0800`, PACKET)],
  ["Cisco metadata", ETHERNET, bytes(`${MACS}8909 0101 0001 0002 0800`, PACKET)],
  ["802.1ah", ETHERNET, bytes(`${MACS}88e7 00000001 ${MACS} 0800`, PACKET)],
  ["HSR", ETHERNET, bytes(`${MACS}892f 00000001 0800`, PACKET)],
  ["TRILL", ETHERNET, bytes(`${MACS}22f3 0000 0001 0002`, FRAME)],
  ["batman-adv", ETHERNET, bytes(`${MACS}4305 400f 3200 ${MACS.slice(12)}`, FRAME)],
  ["MPLS", ETHERNET, bytes(`${MACS}8847 00010040 00020140`, PACKET)],
  ["MPLS, IPv6", ETHERNET, bytes(`${MACS}8848 00020140`, ip6(TCP))],
  ["MPLS, pseudo-wire", ETHERNET, bytes(`${MACS}8847 00020140`, FRAME)],
  ["MPLS, pseudo-wire, control word", ETHERNET, bytes(`${MACS}8847 00020140 00000000`, FRAME)],
  ["IP in IP", ETHERNET, outer(4, PACKET)],
  ["6in4", ETHERNET, outer(41, ip6(TCP))],
  ["4in6", LinkType.RAW, ip6(PACKET, 4)],
  ["AH, then IP", ETHERNET, outer(51, bytes(`0404${"00".repeat(22)}`, PACKET))],
  ["EtherIP", ETHERNET, outer(97, bytes("3000", FRAME))],
  ["MPLS in IP", ETHERNET, outer(137, bytes("00020140", PACKET))],
  ["Ethernet in IPv6", LinkType.RAW, ip6(FRAME, 143)],
  ["GRE", ETHERNET, outer(47, bytes("00000800", PACKET))],
  ["GRE, all fields", ETHERNET, outer(47, bytes(`b0006558 ${"00".repeat(12)}`, FRAME))],
  [
    "GRE, source route",
    ETHERNET,
    outer(47, bytes("40000800 00000000 00010002ffff 00000000", PACKET)),
  ],
  ["PPTP", ETHERNET, outer(47, bytes("3081880b 00310001 00000001 00000002 ff030021", PACKET))],
  ["WCCP", ETHERNET, outer(47, bytes("0000883e 00000000", PACKET))],
  ["ERSPAN I", ETHERNET, outer(47, bytes("000088be", FRAME))],
  ["ERSPAN II", ETHERNET, outer(47, bytes("100088be 00000001 10000000 00000000", FRAME))],
  ["ERSPAN III", ETHERNET, outer(47, bytes(`100022eb 00000001 20000000 ${"00".repeat(8)}`, FRAME))],
  [
    "ERSPAN III, platform",
    ETHERNET,
    outer(47, bytes(`100022eb 00000001 20000000 00000000 00000001 ${"00".repeat(8)}`, FRAME)),
  ],
  ["NSH", ETHERNET, bytes(`${MACS}894f 0002 0201 00000100`, PACKET)],
  ["VXLAN", ETHERNET, udp(4789, bytes("08000000 00000100", FRAME))],
  ["VXLAN-GPE", ETHERNET, udp(4790, bytes("0c000001 00000100", PACKET))],
  ["Geneve", ETHERNET, udp(6081, bytes("01006558 00000100 00000000", FRAME))],
  ["Geneve, IP", ETHERNET, udp(6081, bytes("00000800 00000100", PACKET))],
  ["GTP-U", ETHERNET, udp(2152, bytes(`30ff${LENGTH} 00000001`, PACKET))],
  ["GTP-U, sequence", ETHERNET, udp(2152, bytes(`32ff0033 00000001 00010000`, PACKET))],
  ["GTP-U, extension", ETHERNET, udp(2152, bytes(`34ff0037 00000001 00000085 01000000`, PACKET))],
  ["GTP, version 0", ETHERNET, udp(2152, bytes(`1eff${LENGTH}${"00".repeat(16)}`, PACKET))],
  ["Teredo", ETHERNET, udp(3544, ip6(TCP))],
  [
    "Teredo, authenticated, origin",
    ETHERNET,
    udp(3544, bytes(`00010000${"00".repeat(9)} 0000 ffff ffffffff`, ip6(TCP))),
  ],
  ["L2TP", ETHERNET, udp(1701, bytes("0002 0001 0002 ff030021", PACKET))],
  [
    "L2TP, all fields",
    ETHERNET,
    udp(1701, bytes("4a02 0043 0001 0002 0003 0004 0002 ffff ff030021", PACKET)),
  ],
  ["AYIYA", ETHERNET, udp(5072, bytes(`4152 2129 00000000 ${"00".repeat(36)}`, ip6(TCP)))],
  ["LISP", ETHERNET, udp(4341, bytes("c0000000 00000001", PACKET))],
  ["TZSP", ETHERNET, udp(37_008, bytes("01000001 0a01ff 00 01", FRAME))],
  ["GRE in UDP", ETHERNET, udp(4754, bytes("00000800", PACKET))],
  ["MPLS in UDP", ETHERNET, udp(6635, bytes("00020140", PACKET))],
];

function find(frame: Uint8Array, linkType: number, capLen = frame.length): PacketPath {
  // Other packets stand before and behind: a read beyond the end would see 0xff.
  const all = concat(new Uint8Array(7), frame.subarray(0, capLen), new Uint8Array(200).fill(0xff));
  const path = newPacketPath();
  expect(findTcp(viewOf(all), 7, capLen, frame.length, linkType, path)).toBe(path.tcpAt >= 0);
  return path;
}

test.each(WAYS)("finds TCP behind %s", (_, linkType, frame) => {
  const tcpAt = 7 + frame.length - TCP.length;
  const path = find(frame, linkType);
  expect(path).toMatchObject({ why: null, tcpAt, tcpLen: 27, tcpEnd: tcpAt + 27 });
  expect(path).toMatchObject({ isQuoted: false, isPart: false });
  expect(path.ipAt).toBe(tcpAt - (path.ipVersion === 4 ? 20 : 40));
});

test.each(WAYS)("no cut of %s is read beyond its end", (_, linkType, frame) => {
  const tcpAt = frame.length - TCP.length;
  for (let cap = 0; cap < frame.length; cap++) {
    const path = find(frame, linkType, cap);
    const found = { why: null, tcpAt: tcpAt + 7, tcpLen: 27, tcpEnd: cap + 7 };
    expect(path).toMatchObject(cap < tcpAt + 16 ? { tcpAt: -1 } : found);
  }
});

test("a flipped byte anywhere leads nowhere else than inside the packet", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...WAYS),
      fc.nat(200),
      fc.nat(255),
      ([, linkType, frame], at, byte) => {
        const broken = frame.slice();
        if (at < broken.length) broken[at] = byte;
        const path = find(broken, linkType);
        if (path.tcpAt < 0) return path.why !== null;
        return path.tcpEnd <= 7 + frame.length && path.tcpEnd - path.tcpAt >= 16;
      },
    ),
    { numRuns: 5000 },
  );
});

test("a segment that an ICMP error quotes is marked", () => {
  const icmp = outer(1, bytes("0304000000000500", ip4(TCP.subarray(0, 20))));
  expect(find(icmp, ETHERNET)).toMatchObject({ isQuoted: true, why: null });
  const icmpv6 = ip6(bytes("0200000000000500", ip6(TCP)), 58);
  expect(find(icmpv6, LinkType.RAW)).toMatchObject({ isQuoted: true, ipVersion: 6 });
  const echo = outer(1, bytes("0800000000000500", PACKET));
  expect(find(echo, ETHERNET)).toMatchObject({ tcpAt: -1, why: "not-tcp" });
});

test("the first part of a packet is read only when it was not captured whole", () => {
  const part = ip4(TCP);
  part[6] = 0x20;
  expect(find(part, LinkType.RAW)).toMatchObject({ why: "fragment", partAt: 27, partEnd: 54 });
  expect(find(part, LinkType.RAW, 40)).toMatchObject({ why: null, isPart: true, tcpAt: 27 });
  part[7] = 1;
  expect(find(part, LinkType.RAW, 40)).toMatchObject({ why: "fragment", partAt: -1 });
});

/** IPv4 with a loose source route. */
const route = (pointer: string): Uint8Array =>
  ip4(bytes(`01 83 07 ${pointer} 05060708`, TCP), 6, `47${INNER4.slice(2)}`);

/** IPv6 with a routing header of type 0. */
const six = (left: string): Uint8Array =>
  ip6(bytes(`06 02 00 ${left} 00000000 ${"00".repeat(15)}09`, TCP), 43);

test("a source route's last address is the destination, until it is reached", () => {
  expect(find(route("04"), LinkType.RAW).dstAt).toBe(7 + 24);
  expect(find(route("08"), LinkType.RAW).dstAt).toBe(7 + 16);
  expect(find(six("01"), LinkType.RAW).dstAt).toBe(7 + 48);
  expect(find(six("00"), LinkType.RAW).dstAt).toBe(7 + 24);
});

test("packets in packets end at the limit", () => {
  let packet: Uint8Array = PACKET;
  for (let i = 0; i < 100; i++) packet = ip4(packet, 4, OUTER4);
  expect(find(packet, LinkType.RAW).why).toBe("too-deep");
  expect(find(bytes(`${MACS}8847 ${"00010040".repeat(400)}`), ETHERNET).why).toBe("too-deep");
});
