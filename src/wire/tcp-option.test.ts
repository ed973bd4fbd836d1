import fc from "fast-check";
import { expect, test } from "vitest";
import { parseHex, viewOf } from "../base/bytes.ts";
import {
  OPTION_BAD,
  OPTION_CUT,
  OPTION_END,
  parseTcpOptions,
  tcpOptionLen,
  windowShift,
  type TcpOption,
} from "./tcp-option.ts";
import { emitTcpOptions, tcpOptionsLen } from "./tcp-option-emit.ts";

function parse(hex: string): TcpOption[] {
  const bytes = parseHex(hex);
  return parseTcpOptions(viewOf(bytes), 0, bytes.length);
}

test("the options of a Linux SYN", () => {
  expect(parse("0204ffd7 0402 080a 00000001 00000000 01 030307")).toEqual([
    { kind: "mss", mss: 65_495 },
    { kind: "sack-permitted" },
    { kind: "timestamps", value: 1, echo: 0 },
    { kind: "nop" },
    { kind: "window-scale", shift: 7 },
  ]);
});

test.each<[string, TcpOption]>([
  ["050a 00000001 00000005", { kind: "sack", blocks: [{ left: 1, right: 5 }] }],
  ["0502", { kind: "sack", blocks: [] }],
  ["2202", { kind: "fast-open", cookie: new Uint8Array(), experiment: null }],
  ["22040102", { kind: "fast-open", cookie: Uint8Array.of(1, 2), experiment: null }],
  ["fe05f98901", { kind: "fast-open", cookie: Uint8Array.of(1), experiment: 254 }],
  ["fd04f989", { kind: "fast-open", cookie: new Uint8Array(), experiment: 253 }],
  ["fd041234", { kind: "unknown", number: 253, data: Uint8Array.of(0x12, 0x34) }],
  ["1e032f", { kind: "mptcp", subtype: 2, data: Uint8Array.of(0x2f) }],
  ["1c048005", { kind: "user-timeout", seconds: 300, granularity: "min" }],
  ["1c040005", { kind: "user-timeout", seconds: 5, granularity: "s" }],
  ["1d050102ff", { kind: "ao", keyId: 1, rNextKeyId: 2, mac: Uint8Array.of(255) }],
  ["03040700", { kind: "unknown", number: 3, data: Uint8Array.of(7, 0) }],
  ["00ffff", { kind: "eol", rest: Uint8Array.of(255, 255) }],
  ["4400", { kind: "broken", why: "bad-length", rest: Uint8Array.of(0x44, 0) }],
  ["4401", { kind: "broken", why: "bad-length", rest: Uint8Array.of(0x44, 1) }],
  ["44ff", { kind: "broken", why: "bad-length", rest: Uint8Array.of(0x44, 255) }],
  ["44", { kind: "broken", why: "bad-length", rest: Uint8Array.of(0x44) }],
])("%s is one option", (hex, option) => {
  expect(parse(hex)).toEqual([option]);
});

test("options cut by the capture are marked, those before are kept", () => {
  const v = viewOf(parseHex("01 080a 00000001 00000002 00"));
  expect(parseTcpOptions(v, 0, 12, 5)).toEqual([
    { kind: "nop" },
    { kind: "broken", why: "truncated", rest: Uint8Array.of(8, 10, 0, 0) },
  ]);
  expect(tcpOptionLen(v, 1, 12, 5)).toBe(OPTION_CUT);
  expect(tcpOptionLen(v, 1, 12, 1)).toBe(OPTION_CUT);
  expect(tcpOptionLen(v, 1, 10, 12)).toBe(OPTION_BAD);
  expect(tcpOptionLen(v, 11, 12, 12)).toBe(OPTION_END);
  expect(tcpOptionLen(v, 12, 12, 12)).toBe(OPTION_END);
});

test("any 40 bytes are walked in at most 40 steps and written back the same", () => {
  fc.assert(
    fc.property(fc.nat(10), fc.uint8Array({ minLength: 40, maxLength: 40 }), (words, b) => {
      const bytes = b.subarray(0, words * 4);
      const options = parseTcpOptions(viewOf(b), 0, bytes.length);
      expect(options.length).toBeLessThanOrEqual(40);
      const out = new Uint8Array(tcpOptionsLen(options));
      expect(emitTcpOptions(options, viewOf(out), 0)).toBe(bytes.length);
      expect(out).toEqual(bytes);
    }),
    { numRuns: 2000 },
  );
});

test("a window shift beyond 14 counts as 14", () => {
  expect([0, 14, 15, 255].map(windowShift)).toEqual([0, 14, 14, 14]);
});
