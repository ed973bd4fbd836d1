import fc from "fast-check";
import { expect, test } from "vitest";
import { parseHex, viewOf } from "../base/bytes.ts";
import { DecodeError } from "../base/errors.ts";
import { seqAdd, seqDiff, seqLt } from "./seqnum.ts";
import {
  checkTcp,
  emitTcp,
  Flag,
  parseTcp,
  tcpFlags,
  tcpLen,
  tcpReserved,
  tcpSeq,
  tcpUrgent,
  type TcpRepr,
} from "./tcp.ts";
import type { TcpOption } from "./tcp-option.ts";

/** The segment of the article. */
const ARTICLE = parseHex("cbcc1f90 abefd221 2b3209e5 50180405 cefc0000 68656c6c6f0d0a");

test("parseTcp() reads the article's segment", () => {
  expect(parseTcp(viewOf(ARTICLE))).toEqual({
    srcPort: 52_172,
    dstPort: 8080,
    seq: 2_884_620_833,
    ack: 724_699_621,
    flags: Flag.PSH | Flag.ACK,
    reserved: 0,
    window: 1029,
    checksum: 0xcefc,
    urgent: 0,
    options: [],
    payload: new TextEncoder().encode("hello\r\n"),
  });
});

const SYN = viewOf(parseHex("9c400050 12345678 00000000 61c2ffff 00000001 020405b4"));

test("parseTcp() reads options, AE and the urgent pointer", () => {
  expect(parseTcp(SYN)).toMatchObject({
    ack: null,
    flags: Flag.SYN | Flag.ECE | Flag.CWR,
    reserved: 1,
    urgent: 1,
    options: [{ kind: "mss", mss: 1460 }],
  });
});

test("parseTcp() refuses every cut of a header", () => {
  for (let end = 0; end < 24; end++) {
    expect(checkTcp(SYN, 0, end)).toBe("truncated");
    expect(() => parseTcp(SYN, 0, end)).toThrow(DecodeError);
  }
});

test("a header length below 5 words is refused", () => {
  const v = viewOf(ARTICLE.slice());
  v.setUint8(12, 0x40);
  expect(checkTcp(v, 0, 27)).toBe("bad-length");
  expect(() => parseTcp(v)).toThrow("Cannot decode TCP header");
});

const u8 = fc.integer({ min: 0, max: 0xff });
const u16 = fc.integer({ min: 0, max: 0xffff });
const u32 = fc.integer({ min: 0, max: 0xffff_ffff });
const bytes = (length: number): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength: length, maxLength: length });
const nop: TcpOption = { kind: "nop" };

/** Each list fills whole words, as a sender writes them. */
const options = fc.oneof<fc.Arbitrary<TcpOption[]>[]>(
  fc.constant([]),
  u16.map((mss) => [{ kind: "mss", mss }]),
  u8.map((shift) => [nop, { kind: "window-scale", shift }]),
  fc.constant([nop, nop, { kind: "sack-permitted" }]),
  fc
    .array(fc.record({ left: u32, right: u32 }), { maxLength: 4 })
    .map((blocks) => [nop, nop, { kind: "sack", blocks }]),
  fc.tuple(u32, u32).map(([value, echo]) => [nop, nop, { kind: "timestamps", value, echo }]),
  bytes(8).map((cookie) => [nop, nop, { kind: "fast-open", cookie, experiment: null }]),
  bytes(8).map((cookie) => [{ kind: "fast-open", cookie, experiment: 254 }]),
  bytes(10).map((data) => [{ kind: "mptcp", subtype: data[0]! >>> 4, data }]),
  fc.nat(0x7fff).map((s) => [{ kind: "user-timeout", seconds: s, granularity: "s" }]),
  fc.nat(0x7fff).map((m) => [{ kind: "user-timeout", seconds: m * 60, granularity: "min" }]),
  bytes(16).map((digest) => [
    { kind: "md5", digest },
    { kind: "eol", rest: Uint8Array.of(0) },
  ]),
  bytes(12).map((mac) => [{ kind: "ao", keyId: 1, rNextKeyId: 2, mac }]),
  bytes(2).map((data) => [{ kind: "unknown", number: 77, data }]),
);

const segments = fc
  .record<TcpRepr>({
    srcPort: u16,
    dstPort: u16,
    seq: u32,
    ack: fc.option(u32),
    flags: u8,
    reserved: fc.nat(15),
    window: u16,
    checksum: u16,
    urgent: u16,
    options,
    payload: fc.uint8Array({ maxLength: 64 }),
  })
  .map((s) => Object.assign(s, { flags: (s.flags & ~Flag.ACK) | (s.ack === null ? 0 : Flag.ACK) }));

test("parseTcp() undoes emitTcp()", () => {
  fc.assert(
    fc.property(segments, (repr) => {
      const v = new DataView(new ArrayBuffer(tcpLen(repr)));
      expect(emitTcp(repr, v)).toBe(v.byteLength);
      expect(parseTcp(v)).toEqual(repr);
      expect([tcpSeq(v, 0), tcpFlags(v, 0)]).toEqual([repr.seq, repr.flags]);
      expect([tcpReserved(v, 0), tcpUrgent(v, 0)]).toEqual([repr.reserved, repr.urgent]);
    }),
  );
});

test("emitTcp() undoes parseTcp(), whatever the options are", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 20, maxLength: 90 }), fc.nat(15), (b, words) => {
      b[12] = (words << 4) | (b[12]! & 15);
      const v = viewOf(b);
      if (checkTcp(v, 0, b.length) !== null) return;
      // An acknowledgment number without ACK is not kept: it has no meaning.
      if ((b[13]! & Flag.ACK) === 0) b.fill(0, 8, 12);
      const repr = parseTcp(v);
      const out = new Uint8Array(tcpLen(repr));
      emitTcp(repr, viewOf(out));
      expect(out).toEqual(b);
    }),
    { numRuns: 2000 },
  );
});

test("emitTcp() refuses more options than a header holds", () => {
  const repr = { ...parseTcp(SYN), options: Array.from({ length: 41 }, () => nop) };
  expect(() => emitTcp(repr, new DataView(new ArrayBuffer(100)))).toThrow(RangeError);
});

test("sequence numbers compare across the wrap", () => {
  expect(seqLt(0xffff_fff0, 0x10)).toBe(true);
  expect(seqDiff(seqAdd(0xffff_fff0, 0x20), 0xffff_fff0)).toBe(0x20);
});
