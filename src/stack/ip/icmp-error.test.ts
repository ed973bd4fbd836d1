import { expect, test } from "vitest";
import { parseHex, viewOf } from "../../base/bytes.ts";
import { parseIpv4Address, parseIpv6Address } from "../../wire/address.ts";
import {
  emitIcmp,
  icmpLen,
  IcmpType,
  Icmpv6Type,
  parseIcmp,
  setIcmpChecksum,
} from "../../wire/icmp.ts";
import { ipv4TotalLen, setIpv4Checksum } from "../../wire/ipv4.ts";
import { IpProtocol } from "../../wire/protocol.ts";
import { tcpPacket } from "../../testing/stack-packets.ts";
import {
  makeIcmpError,
  readIcmpError,
  type IcmpErrorKind,
  type QuotedError,
} from "./icmp-error.ts";
import type { IcmpError } from "../types.ts";
import { readIp, type IpPacket } from "./read-ip.ts";

const FROM = { 4: parseIpv4Address("10.0.0.9"), 6: parseIpv6Address("2001:db8::9") };
const KINDS: readonly [IcmpErrorKind, IcmpError["kind"]][] = [
  ["no-port", "port-unreachable"],
  ["no-protocol", "port-unreachable"],
  ["too-big", "too-big"],
  ["time-exceeded", "time-exceeded"],
];
const CASES = KINDS.flatMap(([kind, understood]) => [
  [4 as const, kind, understood] as const,
  [6 as const, kind, understood] as const,
]);

function read(packet: Uint8Array): IpPacket {
  const ip = readIp(packet);
  if (typeof ip === "string") throw new RangeError(ip);
  return ip;
}

function make(kind: IcmpErrorKind, version: 4 | 6, payloadLen: number = 0): Uint8Array {
  const about = tcpPacket({ version, seq: 0xffff_fff0, payloadLen });
  return makeIcmpError(about, { kind, from: FROM[version], word: kind === "too-big" ? 1300 : 0 })!;
}

test.each(CASES)("IPv%d %s: what is made is understood as %s", (version, kind, understood) => {
  const error = readIcmpError(read(make(kind, version)));
  expect(error).toMatchObject({
    kind: understood,
    seq: 0xffff_fff0,
    mtu: kind === "too-big" ? 1300 : 0,
    srcPort: 40_000,
    dstPort: 80,
  } satisfies Partial<QuotedError>);
  expect([error!.src.at(-1), error!.dst.at(-1)]).toEqual([1, 2]);
});

test.each([
  [4, 576],
  [6, 1280],
] as const)("IPv%d: no error is longer than %d bytes", (version, length) => {
  expect(make("too-big", version, 1400).length).toBe(length);
});

test("no error is about an error, or to nobody in particular (RFC 1122 §3.2.2)", () => {
  for (const version of [4, 6] as const) {
    const init = { kind: "no-port", from: FROM[version] } as const;
    expect(makeIcmpError(make("no-port", version), init)).toBe(null);
    const [all, any] = version === 4 ? ["224.0.0.1", "0.0.0.0"] : ["ff02::1", "::"];
    expect(makeIcmpError(tcpPacket({ version, dst: all }), init)).toBe(null);
    expect(makeIcmpError(tcpPacket({ version, src: any }), init)).toBe(null);
  }
  const later = tcpPacket();
  viewOf(later).setUint16(6, 0x0010);
  setIpv4Checksum(viewOf(later), 0);
  expect(makeIcmpError(later, { kind: "no-port", from: FROM[4] })).toBe(null);
  expect(makeIcmpError(parseHex("50"), { kind: "no-port", from: FROM[4] })).toBe(null);
  expect(makeIcmpError(new Uint8Array(0), { kind: "no-port", from: FROM[4] })).toBe(null);
});

test.each([4, 6] as const)(
  "IPv%d: every damaged bit of an error makes it say nothing",
  (version) => {
    const packet = make("too-big", version);
    const at = version === 4 ? 20 : 40;
    for (let bit = at * 8; bit < packet.length * 8; bit++) {
      const copy = packet.slice();
      copy[bit >>> 3]! ^= 1 << (bit & 7);
      expect(readIcmpError(read(copy))).toBe(null);
    }
  },
);

/** An ICMP message of its own making; `cut` bytes of what it quotes are left off. */
function message(version: 4 | 6, type: number, code: number, cut: number = 0): IpPacket {
  const base = make("no-port", version);
  const packet = base.slice(0, base.length - cut);
  const at = version === 4 ? 20 : 40;
  packet.set([type, code], at);
  const v = viewOf(packet);
  if (version === 4) v.setUint16(2, ipv4TotalLen(v, 0) - cut);
  else v.setUint16(4, packet.length - 40);
  if (version === 4) setIpv4Checksum(v, 0);
  setIcmpChecksum(v, 0, at, packet.length);
  return read(packet);
}

test.each([
  [4, IcmpType.UNREACHABLE, 0, "unreachable"],
  [4, IcmpType.UNREACHABLE, 13, "unreachable"],
  [4, IcmpType.SOURCE_QUENCH, 0, "other"],
  [4, IcmpType.REDIRECT, 1, "other"],
  [4, IcmpType.ECHO_REPLY, 0, null],
  [6, Icmpv6Type.UNREACHABLE, 0, "unreachable"],
  [6, Icmpv6Type.PARAMETER_PROBLEM, 0, "other"],
  [6, Icmpv6Type.ECHO_REPLY, 0, null],
] as const)("IPv%d type %d code %d says %s", (version, type, code, kind) => {
  expect(readIcmpError(message(version, type, code))?.kind ?? null).toBe(kind);
});

test.each([4, 6] as const)("IPv%d: eight bytes of TCP are enough, seven are not", (version) => {
  const type = version === 4 ? IcmpType.UNREACHABLE : Icmpv6Type.UNREACHABLE;
  expect(readIcmpError(message(version, type, 0, 12))?.seq).toBe(0xffff_fff0);
  for (let cut = 13; cut < 30; cut++)
    expect(readIcmpError(message(version, type, 0, cut))).toBe(null);
});

test("an error about something else than TCP is nothing for TCP", () => {
  const packet = tcpPacket();
  packet[9] = IpProtocol.UDP;
  setIpv4Checksum(viewOf(packet), 0);
  expect(readIcmpError(read(makeIcmpError(packet, { kind: "no-port", from: FROM[4] })!))).toBe(
    null,
  );
});

test("a message parses to what it was emitted from", () => {
  const repr = { type: 3, code: 4, checksum: 0x1234, word: 1300, payload: parseHex("45 00") };
  const bytes = new Uint8Array(icmpLen(repr));
  expect(emitIcmp(repr, viewOf(bytes))).toBe(10);
  expect(parseIcmp(viewOf(bytes))).toEqual(repr);
  for (let length = 0; length < 8; length++)
    expect(() => parseIcmp(viewOf(bytes.slice(0, length)))).toThrow("Cannot decode ICMP header");
});
