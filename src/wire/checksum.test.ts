import fc from "fast-check";
import { expect, test } from "vitest";
import { concat, parseHex, viewOf } from "../base/bytes.ts";
import { checksum16, setTcpChecksum, sum16, tcpPseudoSum, verifyTcpChecksum } from "./checksum.ts";
import { isIpv4ChecksumGood, setIpv4Checksum } from "./ipv4.ts";

/** RFC 1071 §4.1, word by word. */
function slowSum(bytes: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < bytes.length; i += 2) sum += (bytes[i]! << 8) | (bytes[i + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + Math.floor(sum / 0x1_0000);
  return sum;
}

test("sum16() gives the example of RFC 1071 §3", () => {
  expect(sum16(viewOf(parseHex("0001 f203 f4f5 f6f7")), 0, 8)).toBe(0xddf2);
});

test("sum16() agrees with the obvious loop", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (b) => {
      expect(sum16(viewOf(b), 0, b.length)).toBe(slowSum(b));
    }),
  );
});

test("sum16() does not overflow on long runs of 0xff", () => {
  for (const length of [131_071, 131_072, 131_073, 500_001]) {
    const b = new Uint8Array(length).fill(0xff);
    expect(sum16(viewOf(b), 0, length)).toBe(slowSum(b));
  }
});

// A segment of a real connection over loopback (IPv4) and one over IPv6.
const IP4 = parseHex("4500003c 1c46 4000 4006 b1e6 ac100a63 ac100a0c");
const TCP = parseHex("cbcc1f90 abefd221 2b3209e5 50180405 00000000 68656c6c6f0d0a");

test("the header checksum of a well-known example", () => {
  const v = viewOf(IP4.slice());
  expect(isIpv4ChecksumGood(v, 0)).toBe(true);
  v.setUint16(10, 0);
  expect(checksum16(v, 0, 20)).toBe(0xb1e6);
  setIpv4Checksum(v, 0);
  expect(v.getUint16(10)).toBe(0xb1e6);
  v.setUint8(8, 63);
  expect(isIpv4ChecksumGood(v, 0)).toBe(false);
});

const IP6 = concat(parseHex("60000000 001b 06 40"), new Uint8Array(32).fill(0x20));

test.each([
  ["IPv4", IP4],
  ["IPv6", IP6],
])("a segment over %s is good after setTcpChecksum(), bad after a flip", (_, ip) => {
  const all = concat(ip, TCP);
  const v = viewOf(all);
  const judge = (end = all.length): string => verifyTcpChecksum(v, 0, ip.length, 27, end);
  expect(judge()).toBe("offloaded");
  v.setUint16(ip.length + 16, tcpPseudoSum(v, 0, 27));
  expect(judge()).toBe("offloaded");
  setTcpChecksum(v, 0, ip.length, 27);
  expect(judge()).toBe("good");
  expect(judge(all.length - 1)).toBe("unverified");
  all[all.length - 1]! ^= 1;
  expect(judge()).toBe("bad");
});

test("a source route leaves the checksum unverified", () => {
  const routed = concat(
    parseHex("48000000 00000000 40060000 0a000001 0a000002"),
    parseHex("83 0b 04 0a000003 0a000004 00"),
    TCP,
  );
  expect(verifyTcpChecksum(viewOf(routed), 0, 32, 27, 59)).toBe("unverified");
  const segments = parseHex("06 00 00 01 00000000");
  const six = concat(IP6, segments, TCP);
  six[6] = 43;
  expect(verifyTcpChecksum(viewOf(six), 0, 48, 27, 75)).toBe("unverified");
});

test("any bytes in front of TCP are judged without reading beyond them", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 20, maxLength: 100 }), (b) => {
      const all = concat(Uint8Array.of(b[0]! & 1 ? 0x45 : 0x60), b.subarray(1), TCP);
      const ipLen = Math.max(40, b.length);
      verifyTcpChecksum(viewOf(concat(all, new Uint8Array(40))), 0, ipLen, 27, ipLen + 27);
    }),
  );
});
