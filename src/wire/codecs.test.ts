/** What every codec under TCP promises: emit and parse are inverse, and no cut reads outside. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseHex, viewOf } from "../base/bytes.ts";
import { DecodeError, type DecodeReason } from "../base/errors.ts";
import {
  checkEthernet,
  describeEthernet,
  emitEthernet,
  ethernetLen,
  parseEthernet,
} from "./ethernet.ts";
import { checkIpv4, emitIpv4, ipv4Len, parseIpv4 } from "./ipv4.ts";
import {
  checkIpv6Extension,
  emitIpv6Extension,
  ipv6ExtensionLen,
  parseIpv6Extension,
} from "./ipv6-extension.ts";
import { checkIpv6, emitIpv6, ipv6Len, parseIpv6 } from "./ipv6.ts";
import { checkLlc, describeLlc, emitLlc, llcLen, parseLlc } from "./llc.ts";
import { checkNull, describeNull, emitNull, nullLen, parseNull } from "./null.ts";
import { checkSll2, describeSll2, emitSll2, parseSll2, sll2Len } from "./sll2.ts";
import { checkSll, describeSll, emitSll, parseSll, sllLen } from "./sll.ts";
import { checkVlan, describeVlan, emitVlan, parseVlan, vlanLen } from "./vlan.ts";

const u8 = fc.nat(0xff);
const u16 = fc.nat(0xffff);
const u32 = fc.integer({ min: 0, max: 0xffff_ffff });
const bytes = (length: number): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength: length, maxLength: length });
const payload = fc.uint8Array({ maxLength: 40 });

interface Codec<T> {
  /** A header from a real packet, and something it says. */
  readonly example: string;
  readonly says: Partial<T>;
  readonly reprs: fc.Arbitrary<T>;
  readonly check: (v: DataView, at: number, end: number) => DecodeReason | null;
  readonly parse: (v: DataView, at?: number, end?: number) => T;
  readonly emit: (repr: T, v: DataView, at?: number) => number;
  readonly len: (repr: T) => number;
  /** The line, of a codec that has one alone; `" [|eth]"` when it is cut. */
  readonly describe?: (v: DataView, at: number, end: number) => string;
}

function holds<T>(name: string, codec: Codec<T>): void {
  const { example, says, reprs, check, parse, emit, len } = codec;
  const line = codec.describe ?? ((): string => " [|");
  describe(`${name} header`, () => {
    test("reads a real header", () => {
      expect(parse(viewOf(parseHex(example)))).toMatchObject(says);
    });

    test("refuses every cut of it", () => {
      const v = viewOf(parseHex(example));
      for (let end = 0; end < v.byteLength; end++) {
        expect(check(v, 0, end)).toBe("truncated");
        expect(() => parse(v, 0, end)).toThrow(DecodeError);
        expect(line(v, 0, end)).toMatch(/^ \[\|/);
      }
    });

    test("parse undoes emit, at any offset", () => {
      fc.assert(
        fc.property(reprs, fc.nat(5), (repr, at) => {
          const v = new DataView(new ArrayBuffer(at + len(repr)));
          expect(emit(repr, v, at)).toBe(v.byteLength);
          expect(check(v, at, v.byteLength)).toBe(null);
          expect(parse(v, at)).toEqual(repr);
        }),
      );
    });

    test("what the check accepts is read without going outside", () => {
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 80 }), (b) => {
          const v = viewOf(b);
          line(v, 0, b.length);
          if (check(v, 0, b.length) === null) parse(v);
        }),
      );
    });
  });
}

holds("Ethernet", {
  example: "01005e000001 020000000001 0800",
  says: { type: 0x0800, src: parseHex("020000000001") },
  reprs: fc.record({ dst: bytes(6), src: bytes(6), type: u16, payload }),
  check: checkEthernet,
  parse: parseEthernet,
  emit: emitEthernet,
  len: ethernetLen,
  describe: (v, at, end) => describeEthernet(v, at, end, end - at),
});

holds("LLC with SNAP", {
  example: "aaaa03 000000 0800",
  says: { snap: { oui: 0, type: 0x0800 } },
  reprs: fc.record({
    dsap: fc.constant(0xaa),
    ssap: fc.constant(0xaa),
    control: fc.constant(3),
    snap: fc.record({ oui: fc.nat(0xff_ffff), type: u16 }),
    payload,
  }),
  check: checkLlc,
  parse: parseLlc,
  emit: emitLlc,
  len: llcLen,
  describe: describeLlc,
});

holds("LLC", {
  example: "424203",
  says: { dsap: 0x42, control: 3, snap: null },
  reprs: fc.record({
    dsap: fc.nat(0xa9),
    ssap: u8,
    control: u8,
    snap: fc.constant(null),
    payload,
  }),
  check: checkLlc,
  parse: parseLlc,
  emit: emitLlc,
  len: llcLen,
  describe: describeLlc,
});

holds("VLAN", {
  example: "b005 0800",
  says: { priority: 5, dropEligible: true, id: 5, type: 0x0800 },
  reprs: fc.record({
    priority: fc.nat(7),
    dropEligible: fc.boolean(),
    id: fc.nat(0xfff),
    type: u16,
    payload,
  }),
  check: checkVlan,
  parse: parseVlan,
  emit: emitVlan,
  len: vlanLen,
  describe: describeVlan,
});

holds("SLL", {
  example: "0004 0001 0006 020000000001 0000 0800",
  says: { packetType: 4, arphrd: 1, addressLen: 6, protocol: 0x0800 },
  reprs: fc.record({
    packetType: u16,
    arphrd: u16,
    addressLen: u16,
    address: bytes(8),
    protocol: u16,
    payload,
  }),
  check: checkSll,
  parse: parseSll,
  emit: emitSll,
  len: sllLen,
  describe: (v, at, end) => describeSll(v, at, end, end - at),
});

holds("SLL2", {
  example: "86dd 0000 00000002 0304 00 06 000000000000 0000",
  says: { protocol: 0x86dd, interfaceIndex: 2, arphrd: 772, packetType: 0 },
  reprs: fc.record({
    protocol: u16,
    interfaceIndex: u32,
    arphrd: u16,
    packetType: u8,
    addressLen: u8,
    address: bytes(8),
    payload,
  }),
  check: checkSll2,
  parse: parseSll2,
  emit: emitSll2,
  len: sll2Len,
  describe: (v, at, end) => describeSll2(v, at, end, end - at),
});

holds("BSD loopback", {
  example: "1e000000",
  says: { family: 30, littleEndian: true },
  reprs: fc.record({
    family: fc.integer({ min: 1, max: 0xffff }),
    littleEndian: fc.boolean(),
    payload,
  }),
  check: checkNull,
  parse: parseNull,
  emit: emitNull,
  len: nullLen,
  describe: (v, at, end) => describeNull(v, at, end, end - at),
});

holds("IPv4", {
  example: "46000018 1c464000 4006b1e6 7f000001 7f000001 01010100",
  says: { totalLen: 24, flags: 2, ttl: 64, protocol: 6, options: parseHex("01010100") },
  reprs: fc
    .record({
      dscp: fc.nat(63),
      ecn: fc.nat(3),
      id: u16,
      flags: fc.nat(7),
      fragmentOffset: fc.nat(0x1fff).map((n) => n * 8),
      ttl: u8,
      protocol: u8,
      checksum: u16,
      src: bytes(4),
      dst: bytes(4),
      options: fc.nat(10).chain((words) => bytes(words * 4)),
      payload,
      // 0: a segment that is to be cut up; more than is there: cut by the capture.
      total: fc.constantFrom<"zero" | "exact" | "more">("zero", "exact", "more"),
    })
    .map(({ total, ...r }) => {
      const len = 20 + r.options.length + r.payload.length;
      return Object.assign(r, {
        totalLen: total === "zero" ? 0 : total === "exact" ? len : len + 100,
      });
    }),
  check: checkIpv4,
  parse: parseIpv4,
  emit: emitIpv4,
  len: ipv4Len,
});

holds("IPv6", {
  example: "6a312345 0000 06 40 fe80000000000000 0000000000000001 00000000000000000000000000000001",
  says: { dscp: 40, ecn: 3, flowLabel: 0x12345, nextHeader: 6, hopLimit: 64 },
  reprs: fc
    .record({
      dscp: fc.nat(63),
      ecn: fc.nat(3),
      flowLabel: fc.nat(0xf_ffff),
      nextHeader: u8,
      hopLimit: u8,
      src: bytes(16),
      dst: bytes(16),
      payload,
      extra: fc.constantFrom(0, 500),
    })
    .map(({ extra, ...r }) => Object.assign(r, { payloadLen: r.payload.length + extra })),
  check: checkIpv6,
  parse: parseIpv6,
  emit: emitIpv6,
  len: ipv6Len,
});

const UNITS = { 0: 8, 43: 8, 60: 8, 44: 8, 51: 4 } as const;

for (const kind of [0, 43, 44, 51, 60] as const)
  holds(`IPv6 extension ${kind}`, {
    example: "06 00 0001 12345678",
    says: { kind, next: 6 },
    reprs: fc.nat(kind === 44 ? 0 : 12).chain((n) =>
      fc.record({
        kind: fc.constant<number>(kind),
        next: u8,
        body: bytes(8 + n * UNITS[kind] - (kind === 44 ? 1 : 2)),
        payload,
      }),
    ),
    check: (v, at, end) => checkIpv6Extension(v, at, end, kind),
    parse: (v, at, end) => parseIpv6Extension(v, kind, at, end),
    emit: emitIpv6Extension,
    len: ipv6ExtensionLen,
  });
