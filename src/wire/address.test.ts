import fc from "fast-check";
import { expect, test } from "vitest";
import { parseHex, viewOf } from "../base/bytes.ts";
import {
  formatIpv4,
  formatIpv6,
  formatMac,
  parseIpv4Address,
  parseIpv6Address,
} from "./address.ts";

// RFC 5952 §4: the shortest form, the first longest run of zeros, lower case.
test.each([
  ["20010db8 00000000 00000000 00000001", "2001:db8::1"],
  ["20010db8 00000001 00010001 00010001", "2001:db8:0:1:1:1:1:1"],
  ["20010db8 00000000 00010000 00000001", "2001:db8::1:0:0:1"],
  ["20010000 00000001 00000000 00000001", "2001:0:0:1::1"],
  ["00000000 00000000 00000000 00000000", "::"],
  ["00000000 00000000 00000000 00000001", "::1"],
  ["fe800000 00000000 00000000 00000000", "fe80::"],
  ["00000000 00000000 0000ffff c0000201", "::ffff:192.0.2.1"],
])("%s is %s", (hex, text) => {
  expect(formatIpv6(viewOf(parseHex(hex)))).toBe(text);
  expect(parseIpv6Address(text)).toEqual(parseHex(hex));
});

test("every address comes back from its text", () => {
  // Mostly zeros, so that runs of them are met.
  const word = fc.oneof(fc.constant(0), fc.nat(0xffff));
  fc.assert(
    fc.property(fc.array(word, { minLength: 8, maxLength: 8 }), (words) => {
      const v = new DataView(new ArrayBuffer(16));
      for (const [i, w] of words.entries()) v.setUint16(2 * i, w);
      expect(parseIpv6Address(formatIpv6(v))).toEqual(new Uint8Array(v.buffer));
      expect(parseIpv4Address(formatIpv4(v))).toEqual(new Uint8Array(v.buffer, 0, 4));
    }),
  );
});

test.each(["", ":", ":::", "1", "1::2::3", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "12345::", "::g"])(
  "parseIpv6Address() refuses %j",
  (text) => {
    expect(() => parseIpv6Address(text)).toThrow(SyntaxError);
  },
);

test.each(["1:2:3:4:5:6:7::8", "::1.2.3", "1.2.3.4::", "::1.2.3.4:5", "::1%lo"])(
  "parseIpv6Address() refuses %j, which is nearly one",
  (text) => {
    expect(() => parseIpv6Address(text)).toThrow(SyntaxError);
  },
);

test.each(["", "1.2.3", "1.2.3.4.5", "256.1.1.1", "01.2.3.4", "1.2.3.4 ", "0x1.2.3.4", "1..2.3"])(
  "parseIpv4Address() refuses %j",
  (text) => {
    expect(() => parseIpv4Address(text)).toThrow(SyntaxError);
  },
);

test("formatMac() writes pairs of digits", () => {
  expect(formatMac(viewOf(parseHex("02005e100001")))).toBe("02:00:5e:10:00:01");
});
