import fc from "fast-check";
import { expect, test } from "vitest";
import { concat, parseHex, viewOf } from "../base/bytes.ts";
import { LinkType } from "./linktype.ts";
import { findTcp, MAX_HEADERS, newPacketPath, type PacketPath } from "./path.ts";

const TCP = parseHex("cbcc1f90 abefd221 2b3209e5 50180405 cefc0000 68656c6c6f0d0a");
const IP4 = parseHex("45000000 00014000 40060000 7f000001 7f000001");
const IP6 = parseHex(`60000000 0000 06 40 ${"00".repeat(15)}01 ${"00".repeat(15)}01`);
const MACS = new Uint8Array(12);

function ip4(payload: Uint8Array, patch: Readonly<Record<number, number>> = {}): Uint8Array {
  const all = concat(IP4, payload);
  viewOf(all).setUint16(2, all.length);
  for (const [at, byte] of Object.entries(patch)) all[Number(at)] = byte;
  return all;
}

function ip6(next: number, payload: Uint8Array): Uint8Array {
  const all = concat(IP6, payload);
  viewOf(all).setUint16(4, payload.length);
  all[6] = next;
  return all;
}

function ether(type: string, payload: Uint8Array): Uint8Array {
  return concat(MACS, parseHex(type), payload);
}

function find(frame: Uint8Array, linkType: number, origLen = frame.length): PacketPath {
  // Other packets stand before and behind: a read beyond the end would see 0xff.
  const all = concat(new Uint8Array(7).fill(0xff), frame, new Uint8Array(200).fill(0xff));
  const path = newPacketPath();
  expect(findTcp(viewOf(all), 7, frame.length, origLen, linkType, path)).toBe(path.tcpAt >= 0);
  for (const key of ["ipAt", "tcpAt", "tcpEnd"] as const) if (path[key] > 0) path[key] -= 7;
  return path;
}

const tags = (n: number): Uint8Array => ether(`${"81000005".repeat(n)}0800`, ip4(TCP));

const hopByHop = (next: number, units = 0): Uint8Array =>
  concat(Uint8Array.of(next, units), new Uint8Array(6 + units * 8));

test.each([
  ["Ethernet", LinkType.ETHERNET, ether("0800", ip4(TCP)), 34],
  ["Ethernet, IPv6", LinkType.ETHERNET, ether("86dd", ip6(6, TCP)), 54],
  ["802.1Q", LinkType.ETHERNET, ether("8100 0005 0800", ip4(TCP)), 38],
  ["QinQ", LinkType.ETHERNET, ether("88a8 0005 8100 0006 86dd", ip6(6, TCP)), 62],
  ["QinQ, old", LinkType.ETHERNET, ether("9100 0005 8100 0006 0800", ip4(TCP)), 42],
  ["LLC-SNAP", LinkType.ETHERNET, ether("0037 aaaa03 000000 0800", ip4(TCP)), 42],
  ["LLC, IP SAP", LinkType.ETHERNET, ether("0032 060603", ip4(TCP)), 37],
  ["IPv6 where IPv4 was promised", LinkType.ETHERNET, ether("0800", ip6(6, TCP)), 54],
  ["SLL", LinkType.LINUX_SLL, concat(new Uint8Array(14), parseHex("0800"), ip4(TCP)), 36],
  ["SLL2", LinkType.LINUX_SLL2, concat(parseHex("86dd"), new Uint8Array(18), ip6(6, TCP)), 60],
  ["NULL, little-endian", LinkType.NULL, concat(parseHex("02000000"), ip4(TCP)), 24],
  ["NULL, big-endian", LinkType.NULL, concat(parseHex("0000001c"), ip6(6, TCP)), 44],
  ["LOOP", LinkType.LOOP, concat(parseHex("00000018"), ip6(6, TCP)), 44],
  ["raw", LinkType.RAW, ip4(TCP), 20],
  ["raw, as BSD numbers it", LinkType.RAW_BSD, ip6(6, TCP), 40],
  ["IPV4", LinkType.IPV4, ip4(TCP), 20],
  ["IPV6", LinkType.IPV6, ip6(6, TCP), 40],
  ["IPv4, AH", LinkType.RAW, ip4(concat(parseHex(`0604${"00".repeat(22)}`), TCP), { 9: 51 }), 44],
  ["IPv6, hop-by-hop", LinkType.RAW, ip6(0, concat(hopByHop(43), hopByHop(6, 1), TCP)), 64],
  ["IPv6, fragment of one", LinkType.RAW, ip6(44, concat(parseHex("0600000000000001"), TCP)), 48],
])("finds TCP behind %s", (_, linkType, frame, tcpAt) => {
  const path = find(frame, linkType);
  expect(path).toMatchObject({ tcpAt, tcpLen: 27, tcpEnd: tcpAt + 27, why: null });
});

test.each([
  ["unknown-link", 147, ip4(TCP)],
  ["not-ip", LinkType.ETHERNET, ether("0806", TCP)],
  ["not-ip", LinkType.ETHERNET, ether("0026 424203", TCP)],
  ["not-ip", LinkType.LINUX_SLL, concat(parseHex("00000338"), new Uint8Array(12), ip4(TCP))],
  ["not-ip", LinkType.NULL, concat(parseHex("07000000"), ip4(TCP))],
  ["not-ip", LinkType.LOOP, concat(parseHex("02000000"), ip4(TCP))],
  ["not-tcp", LinkType.RAW, ip4(TCP, { 9: 17 })],
  ["not-tcp", LinkType.RAW, ip6(50, TCP)],
  ["fragment", LinkType.RAW, ip4(TCP, { 6: 0x20 })],
  ["fragment", LinkType.RAW, ip4(TCP, { 7: 1 })],
  ["fragment", LinkType.RAW, ip6(44, concat(parseHex("0600000100000001"), TCP))],
  ["bad-version", LinkType.RAW, ip4(TCP, { 0: 0x55 })],
  ["bad-version", LinkType.ETHERNET, ether("86dd", concat(ip4(TCP), ip4(TCP)))],
  ["bad-length", LinkType.RAW, ip4(TCP, { 0: 0x44 })],
  ["bad-length", LinkType.RAW, ip4(TCP, { 3: 19 })],
  ["bad-length", LinkType.RAW, ip4(TCP.subarray(0, 15))],
  ["bad-length", LinkType.RAW, ip6(0, TCP.subarray(0, 7))],
  ["too-deep", LinkType.ETHERNET, ether("81000005".repeat(200), ip4(TCP))],
  ["too-deep", LinkType.RAW, ip6(60, concat(...Array.from({ length: 180 }, () => hopByHop(60))))],
])("says %s of link type %d", (why, linkType, frame) => {
  expect(find(frame, linkType)).toMatchObject({ tcpAt: -1, why });
});

test("padding behind the packet is not payload", () => {
  const padded = concat(ether("0800", ip4(TCP.subarray(0, 20))), new Uint8Array(6));
  expect(find(padded, LinkType.ETHERNET)).toMatchObject({ tcpLen: 20, tcpEnd: 54 });
});

test("a total length of 0 stands for the frame's length", () => {
  const frame = ether("0800", ip4(TCP, { 3: 0 }));
  const path = find(frame, LinkType.ETHERNET, 2000);
  expect(path).toMatchObject({ tcpLen: 2000 - 34, tcpEnd: 61, lenInferred: true });
});

test("a total length beyond the frame counts as far as the frame goes", () => {
  const frame = ip4(TCP, { 2: 9 });
  expect(find(frame, LinkType.RAW)).toMatchObject({ tcpLen: 27, tcpEnd: 47, lenInferred: false });
});

test("exactly MAX_HEADERS tags are not too deep", () => {
  expect(find(tags(MAX_HEADERS - 1), LinkType.ETHERNET).why).toBe(null);
  expect(find(tags(MAX_HEADERS), LinkType.ETHERNET).why).toBe("too-deep");
});

test.each([
  [LinkType.ETHERNET, ether("8100 0005 0800", ip4(TCP)), 38],
  [
    LinkType.LINUX_SLL2,
    concat(parseHex("86dd"), new Uint8Array(18), ip6(0, concat(hopByHop(6), TCP))),
    68,
  ],
  [LinkType.NULL, concat(parseHex("02000000"), ip4(TCP)), 24],
])(
  "every cut of link type %d is truncated, until 16 bytes of TCP are there",
  (link, frame, tcpAt) => {
    for (let cap = 0; cap < frame.length; cap++) {
      const path = find(frame.subarray(0, cap), link, frame.length);
      const found = { tcpAt, tcpLen: 27, tcpEnd: cap, why: null };
      expect(path).toMatchObject(cap < tcpAt + 16 ? { tcpAt: -1, why: "truncated" } : found);
    }
  },
);

test("random bytes never lead beyond the packet", () => {
  const linkType = fc.constantFrom(...Object.values(LinkType));
  const first = fc.constantFrom("", "0800", "4500", "6000", "02000000", "86dd", "8100");
  fc.assert(
    fc.property(
      linkType,
      first,
      fc.uint8Array({ maxLength: 120 }),
      fc.nat(3000),
      (link, b, r, orig) => {
        const frame = concat(parseHex(b), r);
        const path = find(frame, link, orig);
        if (path.tcpAt < 0) return path.why !== null;
        const captured = path.tcpEnd - path.tcpAt;
        return path.tcpEnd <= frame.length && captured >= 16 && captured <= path.tcpLen;
      },
    ),
    { numRuns: 3000 },
  );
});
