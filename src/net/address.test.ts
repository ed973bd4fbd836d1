import fc from "fast-check";
import { expect, test } from "vitest";
import { formatAddress, isIpv4, isIpv6, parseAddress, SERVICES } from "./address.ts";
import { NetError } from "./errors.ts";
import type { Address } from "./types.ts";

test.each<[Address, string, number]>([
  [":8080", "", 8080],
  ["127.0.0.1:8080", "127.0.0.1", 8080],
  ["[::1]:8080", "::1", 8080],
  ["localhost:http", "localhost", 80],
  ["localhost:HTTPS", "localhost", 443],
  ["[fe80::1%eth0]:80", "fe80::1%eth0", 80],
  ["[::ffff:1.2.3.4]:0", "::ffff:1.2.3.4", 0],
  ["127.0.0.1:", "127.0.0.1", 0],
  [":", "", 0],
  [":0080", "", 80],
  [":65535", "", 65_535],
  ["bücher.example:domain", "bücher.example", 53],
  [{ port: 80 }, "", 80],
  [{ hostname: "::1", port: 80 }, "::1", 80],
  [{ hostname: "[::1]", port: 80 }, "::1", 80],
])("parseAddress(%j)", (address, hostname, port) => {
  expect(parseAddress(address)).toEqual({ hostname, port });
});

test.each<[Address, string]>([
  ["", "Cannot dial tcp: the address is empty; write host:port"],
  ["localhost", "Cannot dial tcp localhost: missing port"],
  ["[::1]", "Cannot dial tcp [::1]: missing port"],
  ["[::1", "Cannot dial tcp [::1: missing ']'"],
  ["[::1]80", "Cannot dial tcp [::1]80: only a port may follow ']'"],
  ["[]:80", 'Cannot dial tcp []:80: "" in brackets is not an IPv6 address'],
  [
    "[localhost]:80",
    'Cannot dial tcp [localhost]:80: "localhost" in brackets is not an IPv6 address',
  ],
  ["::1", "Cannot dial tcp ::1: too many colons; write IPv6 addresses in brackets, as in [::1]:80"],
  ["a:b:80", "Cannot dial tcp a:b:80: too many colons"],
  [
    "2001:db8::1%lo:http",
    "Cannot dial tcp 2001:db8::1%lo:http: too many colons; write IPv6 addresses in brackets, as in [::1]:80",
  ],
  [
    "fe80::1%eth0:65536",
    "Cannot dial tcp fe80::1%eth0:65536: too many colons; write IPv6 addresses in brackets, as in [::1]:80",
  ],
  ["h:70000", "Cannot dial tcp h:70000: port 70000 is not from 0 to 65535"],
  [
    "h:99999999999999999999",
    "Cannot dial tcp h:99999999999999999999: port 99999999999999999999 is not from 0 to 65535",
  ],
  ["h:-1", 'Cannot dial tcp h:-1: unknown port "-1"'],
  ["h:+80", 'Cannot dial tcp h:+80: unknown port "+80"'],
  ["h:toString", 'Cannot dial tcp h:toString: unknown port "toString"'],
  ["http://h:80", "Cannot dial tcp http://h:80: too many colons"],
  ["a b:80", 'Cannot dial tcp a b:80: " " cannot be in a host'],
  ["\x1b[2J:80", 'Cannot dial tcp \\x1b[2J:80: "\\x1b" cannot be in a host'],
  [{ hostname: "a:b", port: 80 }, 'Cannot dial tcp [a:b]:80: "a:b" is not an IPv6 address'],
  [{ hostname: "h", port: 1.5 }, 'Cannot dial tcp h:1.5: unknown port "1.5"'],
  [{ port: Number.NaN }, 'Cannot dial tcp :NaN: unknown port "NaN"'],
])("parseAddress(%j) says what is wrong", (address, message) => {
  expect(failure(address)).toMatchObject({ name: "NetError", code: "bad-address", message });
});

test("a wrong address is the local one of listen, the remote one of dial", () => {
  expect(failure("h", "listen")).toMatchObject({ op: "listen", local: "h", remote: null });
  expect(failure("h", "dial")).toMatchObject({ op: "dial", remote: "h", local: null });
});

test("a long wrong address is not shown in full", () => {
  for (const address of ["x".repeat(1e6), `${"[".repeat(1e6)}:80`, `${"a".repeat(1e6)}:80`]) {
    expect(() => parseAddress(address)).toThrow(NetError);
  }
});

const host = fc.oneof(
  fc.ipV4(),
  fc.ipV6(),
  fc.domain(),
  fc.constantFrom("", "localhost", "fe80::1%eth0"),
);

test("parseAddress() undoes formatAddress()", () => {
  fc.assert(
    fc.property(host, fc.integer({ min: 0, max: 65_535 }), (hostname, port) => {
      expect(parseAddress(formatAddress({ hostname, port }))).toEqual({ hostname, port });
      expect(parseAddress({ hostname, port })).toEqual({ hostname, port });
    }),
  );
});

test("parseAddress() answers any text with an address or a NetError", () => {
  const text = fc.oneof(fc.string({ unit: "binary" }), fc.stringMatching(/^[[\]:%.a-f0-9]{0,30}$/));
  fc.assert(
    fc.property(text, (address) => {
      const error = failure(address);
      expect(error === null || error instanceof NetError).toBe(true);
    }),
    { numRuns: 2000 },
  );
});

test("isIpv6() agrees with URL", () => {
  // No number of the dotted part begins with a zero: Chromium takes that, the URL standard, Node and Go do not.
  const text = fc.oneof(
    fc.ipV6(),
    fc.stringMatching(/^[:a-f0-9]{0,20}$/),
    fc.stringMatching(
      /^(?:[0-9a-f]{0,4}:){2,8}(?:0|[1-9][0-9]{0,3})?(?:\.(?:0|[1-9][0-9]{0,3})?){0,4}$/,
    ),
  );
  fc.assert(
    fc.property(text, (address) => {
      expect(isIpv6(address)).toBe(URL.canParse(`http://[${address}]/`));
    }),
    { numRuns: 3000 },
  );
});

test("isIpv6() takes no dotted number that begins with a zero, as Go", () => {
  expect(isIpv6("::a:0.0.0.0")).toBe(true);
  for (const wrong of ["::a:00.0.0.0", "::0.0.0.01", "::ffff:127.000.0.1"])
    expect(isIpv6(wrong)).toBe(false);
});

test("isIpv4() takes four decimal numbers", () => {
  expect(["0.0.0.0", "255.1.20.199"].every(isIpv4)).toBe(true);
  for (const wrong of [
    "1.2.3",
    "1.2.3.256",
    "01.2.3.4",
    "1.2.3.4.5",
    "0x7f.0.0.1",
    "",
    "a.b.c.d",
  ]) {
    expect(isIpv4(wrong)).toBe(false);
  }
});

test("services are ports", () => {
  for (const [name, port] of Object.entries(SERVICES)) {
    expect(parseAddress(`h:${name}`)).toEqual({ hostname: "h", port });
  }
});

/** What `parseAddress` throws; `null`: it is an address, and the same when put together again. */
function failure(address: Address, op?: "listen" | "dial"): unknown {
  try {
    const parsed = parseAddress(address, op);
    expect(parseAddress(formatAddress(parsed))).toEqual(parsed);
    return null;
  } catch (error) {
    return error;
  }
}
