import fc from "fast-check";
import { expect, test } from "vitest";
import { formatEndpoint, parseEndpoint, sameEndpoint, type Endpoint } from "./endpoint.ts";

test.each([
  ["127.0.0.1:8080", "127.0.0.1:8080"],
  ["[::1]:80", "[::1]:80"],
  ["[::]:80", "[::]:80"],
  ["[2001:DB8:0:0:1:0:0:1]:80", "[2001:db8::1:0:0:1]:80"],
  ["[2001:db8:0:1:1:1:1:1]:80", "[2001:db8:0:1:1:1:1:1]:80"],
  ["[fe80::1%eth0]:443", "[fe80::1]:443"],
  ["[::ffff:10.0.0.1]:1", "[::ffff:10.0.0.1]:1"],
])("%s reads as %s", (text, shown) => {
  expect(formatEndpoint(parseEndpoint(text)!)).toBe(shown);
});

test.each([
  "localhost:80",
  ":80",
  "1.2.3:80",
  "1.2.3.256:80",
  "1.2.3.4",
  "1.2.3.4:65536",
  "[:::1]:80",
  "[1::2::3]:80",
  "[1:2:3:4:5:6:7:8:9]:80",
  "[::ffff:1.2.3.256]:80",
  "",
])("%j is no endpoint", (text) => {
  expect(parseEndpoint(text)).toBeNull();
});

test("parseEndpoint is the inverse of formatEndpoint", () => {
  const word = fc.oneof(fc.constant(0), fc.constant(0xffff), fc.nat(0xffffffff));
  const port = fc.nat(65_535);
  const endpoint: fc.Arbitrary<Endpoint> = fc.oneof(
    fc.record({ version: fc.constant(4 as const), words: fc.tuple(word), port }),
    fc.record({ version: fc.constant(6 as const), words: fc.tuple(word, word, word, word), port }),
  );
  fc.assert(
    fc.property(endpoint, (e) => {
      expect(parseEndpoint(formatEndpoint(e))).toEqual(e);
    }),
  );
});

test("IPv4 written into IPv6 is the same endpoint", () => {
  const plain = parseEndpoint("10.0.0.1:80")!;
  expect(sameEndpoint(parseEndpoint("[::ffff:10.0.0.1]:80")!, plain)).toBe(true);
  expect(sameEndpoint(parseEndpoint("[::ffff:10.0.0.2]:80")!, plain)).toBe(false);
  expect(sameEndpoint(parseEndpoint("10.0.0.1:81")!, plain)).toBe(false);
});
