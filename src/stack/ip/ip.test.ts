import { expect, test } from "vitest";
import { concat, parseHex, viewOf } from "../../base/bytes.ts";
import { emitIpv4, parseIpv4, setIpv4Checksum } from "../../wire/ipv4.ts";
import { emitIpv6, parseIpv6 } from "../../wire/ipv6.ts";
import { IpProtocol } from "../../wire/protocol.ts";
import { parseTcp } from "../../wire/tcp.ts";
import { tcpPacket } from "../../testing/stack-packets.ts";
import { ecnBits, ecnOf, withCe } from "./ecn.ts";
import { readIp, type IpPacket } from "./read-ip.ts";
import { ipHeaderLen, writeIpHeader } from "./write-ip.ts";

function read(packet: Uint8Array): IpPacket {
  const ip = readIp(packet);
  if (typeof ip === "string") throw new RangeError(ip);
  return ip;
}

test.each([4, 6] as const)("IPv%d: what is written is read back", (version) => {
  const ip = read(tcpPacket({ version, seq: 7, payloadLen: 100 }));
  const { protocol, hopLimit, ecn, addressLen } = ip;
  expect({ protocol, hopLimit, ecn, addressLen, version: ip.version }).toEqual({
    protocol: IpProtocol.TCP,
    hopLimit: 64,
    ecn: "not-ECT",
    addressLen: version === 4 ? 4 : 16,
    version,
  });
  expect(ip.packet[ip.srcAt + ip.addressLen - 1]).toBe(1);
  expect(ip.packet[ip.dstAt + ip.addressLen - 1]).toBe(2);
  expect(parseTcp(ip.view, ip.at, ip.end)).toMatchObject({ seq: 7, dstPort: 80 });
});

test.each([4, 6] as const)("IPv%d: a header is what the codec makes of it", (version) => {
  const packet = tcpPacket({ version, payloadLen: 5 });
  const v = viewOf(packet);
  const again = new Uint8Array(packet.length);
  if (version === 4) emitIpv4(parseIpv4(v), viewOf(again));
  else emitIpv6(parseIpv6(v), viewOf(again));
  expect(again).toEqual(packet);
});

test.each([4, 6] as const)("IPv%d: bytes that the link added are not the packet's", (version) => {
  const packet = tcpPacket({ version, payloadLen: 3 });
  expect(read(concat(packet, new Uint8Array(9))).end).toBe(packet.length);
});

test.each([4, 6] as const)(
  "IPv%d: every truncation is refused, and nothing is read outside",
  (version) => {
    const packet = tcpPacket({ version, payloadLen: 3 });
    for (let length = 0; length < packet.length; length++)
      expect(readIp(packet.slice(0, length))).toBe("truncated");
  },
);

test("every bit of an IPv4 header that is turned over is noticed, but the one that makes it IPv6", () => {
  const packet = tcpPacket({ payloadLen: 3 });
  for (let bit = 0; bit < 160; bit++) {
    const copy = packet.slice();
    copy[bit >>> 3]! ^= 1 << (bit & 7);
    expect(typeof readIp(copy)).toBe(bit === 5 ? "object" : "string");
  }
});

test.each([
  ["the first", 0x2000],
  ["the last", 0x0010],
])("fragments are recognised: %s", (_, field) => {
  const packet = tcpPacket();
  viewOf(packet).setUint16(6, field);
  setIpv4Checksum(viewOf(packet), 0);
  expect(readIp(packet)).toBe("fragment");
});

/** A packet of IPv6 with extension headers in front of TCP; `first` is the first one's kind. */
function extended(first: number, extensions: string): Uint8Array {
  const packet = tcpPacket({ version: 6 });
  const middle = parseHex(extensions);
  const all = concat(packet.subarray(0, 40), middle, packet.subarray(40));
  all[6] = first;
  viewOf(all).setUint16(4, all.length - 40);
  return all;
}

test.each([
  ["hop-by-hop options", 0, "06 00 01 04 00 00 00 00"],
  ["two of them", 0, "3c 00 01 04 00 00 00 00 06 00 01 04 00 00 00 00"],
  ["a routing header that is used up", 43, "06 00 04 00 00 00 00 00"],
  ["a fragment that is all of it", 44, "06 00 00 00 00 00 00 01"],
])("IPv6 extensions are passed: %s", (_, first, extensions) => {
  const ip = read(extended(first, extensions));
  expect(ip.protocol).toBe(IpProtocol.TCP);
  expect(parseTcp(ip.view, ip.at, ip.end).dstPort).toBe(80);
});

test.each([
  ["fragment", 44, "06 00 00 01 00 00 00 01"],
  ["fragment", 44, "06 00 00 08 00 00 00 01"],
  ["source-route", 43, "06 00 04 01 00 00 00 00"],
  ["truncated", 0, "06 ff 01 04 00 00 00 00"],
] as const)("IPv6 extensions are refused: %s", (why, first, extensions) => {
  expect(readIp(extended(first, extensions))).toBe(why);
});

test.each([
  ["bad-version", "50".padEnd(80, "0")],
  ["bad-length", "44".padEnd(80, "0")],
  ["bad-length", "45".padEnd(80, "0")],
])("what is no IP packet is refused: %s", (why, hex) => {
  expect(readIp(parseHex(hex))).toBe(why);
});

test("ECN bits, both ways (RFC 3168 §5)", () => {
  const all = ["not-ECT", "ECT(1)", "ECT(0)", "CE"] as const;
  expect(all.map(ecnBits)).toEqual([0, 1, 2, 3]);
  expect([0, 1, 2, 3].map(ecnOf)).toEqual(all);
});

test.each([4, 6] as const)(
  "IPv%d: a mark is set in a copy, if the sender understands it",
  (version) => {
    const packet = tcpPacket({ version });
    expect(withCe(packet)).toBe(null);
    packet[1]! |= version === 4 ? 2 : 2 << 4;
    if (version === 4) setIpv4Checksum(viewOf(packet), 0);
    expect(read(withCe(packet)!).ecn).toBe("CE");
    expect(read(packet).ecn).toBe("ECT(0)");
  },
);

test("nothing is marked in what is no packet", () => {
  expect(withCe(new Uint8Array(0))).toBe(null);
  expect(withCe(parseHex("ff ff ff"))).toBe(null);
});

test("a packet longer than IP can say is not written", () => {
  const [src, dst] = [new Uint8Array(4), new Uint8Array(4)];
  const header = { src, dst, protocol: 6, hopLimit: 64, ecn: "CE", id: 1 } as const;
  expect(() => writeIpHeader(header, new DataView(new ArrayBuffer(65_536)))).toThrow(RangeError);
  expect([ipHeaderLen(src), ipHeaderLen(new Uint8Array(16))]).toEqual([20, 40]);
});
