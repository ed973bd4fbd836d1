/** Lines that tcpdump 4.99.3 printed for the same bytes. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { concat, parseHex, viewOf } from "../base/bytes.ts";
import { layersOf } from "./layers.ts";
import { LinkType } from "./linktype.ts";
import { describePacket } from "./packet-describe.ts";
import { findTcp, newPacketPath } from "./path.ts";
import { describeTcp, tcpFlagLetters } from "./tcp-describe.ts";

/** A segment with these options and three bytes of data. */
function segment(options: string, flags = 0x18): Uint8Array {
  const list = parseHex(options);
  const padded = concat(list, new Uint8Array(-list.length & 3));
  const head = parseHex("03e807d0 00000064 000000c8 50000064 abcd0005");
  head[12] = ((20 + padded.length) / 4) << 4;
  head[13] = flags;
  return concat(head, padded, parseHex("787878"));
}

function describe(bytes: Uint8Array, tcpLen = bytes.length): string {
  return describeTcp(viewOf(bytes), 0, bytes.length, tcpLen);
}

test.each([
  ["020405b4", "mss 1460"],
  ["03040700", "wscale 7[len 4],eol"],
  ["040300", "sackOK[len 3],eol"],
  ["01010512000000010000000500000 00a00000014", "nop,nop,sack 2 {1:5}{10:20}"],
  ["050900000001000000", "sack invalid sack,eol"],
  ["01010502", "nop,nop,sack 0 "],
  ["0101080a0000000100000002", "nop,nop,TS val 1 ecr 2"],
  ["22020101", "tfo  cookiereq,nop,nop"],
  ["220a0102030405060708", "tfo  cookie 0102030405060708,eol"],
  ["2205010203", "tfo  (invalid),eol"],
  ["fe0cf9890102030405060708", "exp-tfo cookie 0102030405060708"],
  ["fe061234aabb0101", "exp-1234,nop,nop"],
  ["fd04f989", "unknown-253 0xf989"],
  [
    "1d100102cccccccccccccccccccccccc",
    "tcp-ao keyid 1 rnextkeyid 2 mac 0xcccccccccccccccccccccccc",
  ],
  ["1d030100", "tcp-ao (invalid),eol"],
  ["4406aabbccdd0101", "unknown-68 0xaabbccdd,nop,nop"],
  ["44020101", "unknown-68,nop,nop"],
  ["00ffffff", "eol"],
  ["060600000001", "echo 1,eol"],
  ["1e082001 01020304", "mptcp 8 dss ack 16909060"],
  ["1e143005 0a000001 1f90 0102030405060708 0101", "mptcp 20 add-addr v1 id 5 10.0.0.1:8080 hmac"],
])("options %s are printed as [%s]", (hex, text) => {
  // An address announced with a wrong length is refused.
  const expected = text.endsWith("hmac")
    ? ", options [mptcp 20 add-addr[bad opt]"
    : `, options [${text}], length 3`;
  expect(describe(segment(hex))).toBe(`Flags [P.], seq 100:103, ack 200, win 100${expected}`);
});

test.each([
  ["4400", "[bad opt]"],
  ["4401", "[bad opt]"],
  ["44ff", "[bad opt]"],
  ["01010144", "nop,nop,nop,[bad opt]]"],
  ["fe030000", "exp[bad opt]"],
])("bad options %s end the line with [%s", (hex, text) => {
  expect(describe(segment(hex))).toBe(
    `Flags [P.], seq 100:103, ack 200, win 100, options [${text}`,
  );
});

test.each([
  [4, " [|tcp]"],
  [19, " [|tcp]"],
  [20, "Flags [P.], seq 100:103, ack 200, win 100, options [ [|tcp]"],
  [23, "Flags [P.], seq 100:103, ack 200, win 100, options [nop,nop, [|tcp]"],
  [24, "Flags [P.], seq 100:103, ack 200, win 100, options [nop,nop,TS [|tcp]>"],
  [32, "Flags [P.], seq 100:103, ack 200, win 100, options [nop,nop,TS val 1 ecr 2], length 3"],
])("cut after %d bytes: %s", (cap, line) => {
  const whole = segment("0101080a0000000100000002");
  expect(describe(whole.subarray(0, cap), whole.length)).toBe(line);
});

test.each([
  [0x00, " tcp 23 [bad hdr length 0 - too short, < 20]"],
  [0x40, " tcp 7 [bad hdr length 16 - too short, < 20]"],
  [0xf0, "Flags [P.] [bad hdr length 60 - too long, > 23]"],
])("data offset byte %d is called bad", (byte, line) => {
  const bytes = segment("");
  bytes[12] = byte;
  expect(describe(bytes)).toBe(line);
});

test.each([
  [0x00, "none"],
  [0x12, "S."],
  [0xc2, "SEW"],
  [0x38, "P.U"],
  [0xff, "FSRP.UEW"],
])("flags %d are [%s]", (flags, letters) => {
  expect(tcpFlagLetters(flags)).toBe(letters);
});

test("numbers relative to a base, SACK blocks too, across the wrap", () => {
  const bytes = segment("0101050a 00000010 00000020", 0x11);
  const base = { seq: 90, ack: 0xffff_fff0 };
  expect(describeTcp(viewOf(bytes), 0, bytes.length, bytes.length, { base })).toBe(
    "Flags [F.], seq 10:13, ack 216, win 100, options [nop,nop,sack 1 {32:48}], length 3",
  );
});

const IP4 = parseHex("4500002b 00010000 40060000 0a000001 0a000002");
const IP6 = parseHex(`60000000 0017 0640 ${"00".repeat(15)}01 ${"00".repeat(15)}02`);

function packet(ip: Uint8Array, patch: Readonly<Record<number, number>> = {}): Uint8Array {
  const all = concat(ip, segment(""));
  for (const [at, byte] of Object.entries(patch)) all[Number(at)] = byte;
  return all;
}

const LINE = "Flags [P.], seq 100:103, ack 200, win 100, length 3";

test.each([
  [packet(IP4), `IP 10.0.0.1.1000 > 10.0.0.2.2000: ${LINE}`],
  [packet(IP6), `IP6 ::1.1000 > ::2.2000: ${LINE}`],
  [packet(IP4, { 6: 0x20 }), `IP 10.0.0.1.1000 > 10.0.0.2.2000: ${LINE}`],
  [packet(IP4, { 7: 1 }), "IP 10.0.0.1 > 10.0.0.2: ip-proto-6"],
  [packet(IP4, { 0: 0x44 }), "IP bad-hlen 16"],
  [packet(IP4, { 3: 19 }), "IP bad-len 19"],
  [packet(IP4, { 0: 0x55 }), "unknown ip 5"],
  [
    packet(IP4, { 2: 1, 3: 0xf4 }),
    "IP truncated-ip - 457 bytes missing! 10.0.0.1.1000 > 10.0.0.2.2000: " +
      "Flags [P.], seq 100:560, ack 200, win 100, length 460",
  ],
  [
    packet(IP6, { 4: 1, 5: 0xf4 }),
    "IP6 truncated-ip6 - 477 bytes missing!::1.1000 > ::2.2000: " +
      "Flags [P.], seq 100:580, ack 200, win 100, length 480",
  ],
  [packet(IP4).subarray(0, 20), "IP 10.0.0.1 > 10.0.0.2: [|tcp]"],
  [packet(IP4).subarray(0, 19), "IP  [|ip]"],
  [packet(IP6).subarray(0, 39), " [|ip6]"],
  [new Uint8Array(), "[Invalid header: caplen==0]"],
])("packet %# is printed as tcpdump prints it", (bytes, line) => {
  const length = bytes.length < 43 ? ((bytes[0] ?? 0) >>> 4 === 6 ? 63 : 43) : bytes.length;
  expect(describePacket(viewOf(bytes), 0, bytes.length, length, LinkType.RAW)).toBe(line);
});

test("the checksum is printed when it is asked for", () => {
  const bytes = packet(IP4);
  const line = describeTcp(viewOf(bytes), 20, bytes.length, 23, { ipAt: 0 });
  expect(line).toMatch(/^Flags \[P\.\], cksum 0xabcd \(incorrect -> 0x[0-9a-f]{4}\), seq 100:103/);
});

const linkTypes = fc.constantFrom(...Object.values(LinkType), 9, 147);
const starts = fc.constantFrom("", "45", "60", "02000000", "000000000000000000000000 0800 45");

test("random bytes through every link type: a line, and the same TCP as findTcp() finds", () => {
  const path = newPacketPath();
  fc.assert(
    fc.property(
      linkTypes,
      starts,
      fc.uint8Array({ maxLength: 120 }),
      fc.nat(300),
      (link, s, b, orig) => {
        const bytes = concat(parseHex(s), b);
        const v = viewOf(bytes);
        describePacket(v, 0, bytes.length, orig, link);
        if (!findTcp(v, 0, bytes.length, orig, link, path)) return true;
        const tcp = layersOf(v, 0, bytes.length, orig, link).find((l) => l.kind === "tcp");
        // A first fragment has a header to show, but is no segment to analyse.
        return tcp?.at === path.tcpAt && tcp.wireEnd === path.tcpAt + path.tcpLen;
      },
    ),
    { numRuns: 3000 },
  );
});
