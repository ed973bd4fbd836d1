import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseHex, viewOf } from "../../base/bytes.ts";
import { type BpfInsn, Op } from "./bpf.ts";
import { compileFilter } from "./compile.ts";
import { FilterError } from "./error.ts";
import { EXPRESSIONS } from "./expressions.fixture.ts";
import { runBpf } from "./run.ts";
import { verifyBpf } from "./verify.ts";

const ETHERNET = 1;
const RAW = 101;

/** An Ethernet frame with a TCP segment from 127.0.0.1:40000 to 127.0.0.1:80, SYN, without options. */
const SYN = parseHex(`000000000000 000000000000 0800
  4500 0028 0001 4000 4006 0000 7f000001 7f000001
  9c40 0050 00000001 00000000 5002 ffff 0000 0000`);

function accepts(expression: string, bytes: Uint8Array, linkType: number = ETHERNET): boolean {
  const program = compileFilter(expression, linkType);
  return runBpf(program, viewOf(bytes), 0, bytes.length, bytes.length) > 0;
}

/** What the compiler throws, `null` when the program is fine; the kernel's rules count. */
function errorOf(expression: string, linkType: number = ETHERNET): unknown {
  try {
    const why = verifyBpf(compileFilter(expression, linkType));
    return why === null ? null : new Error(why);
  } catch (e) {
    return e;
  }
}

const FILTER_ERROR = new FilterError("none", 0);

test.each([
  ["", true],
  ["tcp", true],
  ["tcp port 80", true],
  ["src port 80", false],
  ["port 443 or 80", true],
  ["host 127.0.0.1 and not port 22", true],
  ["net 127.0.0.0/8", true],
  ["ip6", false],
  ["tcp[tcpflags] & (tcp-syn|tcp-ack) == tcp-syn", true],
  ["tcp[13] == 2", true],
  ["ip[0] & 0xf == 5", true],
  ["less 54", true],
  ["greater 55", false],
])("%s -> %s", (expression, expected) => {
  expect(accepts(expression, SYN)).toBe(expected);
});

test("a port is looked for behind IPv4 options, and not in a later fragment", () => {
  const withOptions = Uint8Array.from([...SYN.subarray(14, 34), 1, 1, 1, 1, ...SYN.subarray(34)]);
  withOptions[0] = 0x46;
  expect(accepts("tcp dst port 80", withOptions, RAW)).toBe(true);
  withOptions[7] = 1;
  expect(accepts("tcp dst port 80", withOptions, RAW)).toBe(false);
});

test("what lies beyond the captured bytes drops the packet, not or no not", () => {
  expect(accepts("not tcp[100] == 1", SYN)).toBe(false);
  expect(accepts("tcp", SYN.subarray(0, 20))).toBe(false);
});

test("the packet's bytes end at capLen, whatever lies behind", () => {
  const view = viewOf(SYN);
  expect(runBpf(compileFilter("tcp", ETHERNET), view, 0, 23, 54)).toBe(0);
  expect(runBpf(compileFilter("tcp", ETHERNET), view, 0, 24, 54)).toBeGreaterThan(0);
});

test("an accepted packet keeps as many bytes as asked", () => {
  expect(compileFilter("", ETHERNET, 96)).toEqual([{ code: Op.RET, jt: 0, jf: 0, k: 96 }]);
});

test("loopback captures of any machine: the family in both byte orders, IPv6 of every system", () => {
  const ipv6 = parseHex(
    `60000000 0014 06 40 ${"00".repeat(15)}01 ${"00".repeat(15)}01 ${"00".repeat(20)}`,
  );
  for (const family of ["1e000000", "0000001e", "1c000000", "18000000", "0a000000"]) {
    expect(accepts("ip6", Uint8Array.from([...parseHex(family), ...ipv6]), 0)).toBe(true);
  }
});

describe("errors point at the token", () => {
  test.each([
    ["tcp prt 80", 4, 3],
    ["tcp port", 8, 1],
    ["tcp port 99999", 9, 5],
    ["host example.org", 5, 11],
    ["port 80 and (udp", 16, 1],
    ["tcp[13] & 2 == 3 )", 17, 1],
    ["host 10.0.0.300", 5, 10],
    ["len / 0 == 1", 4, 1],
    ["tcp ; rm", 4, 1],
  ])("%s", (expression, position, length) => {
    const error = errorOf(expression);
    expect(error).toBeInstanceOf(FilterError);
    expect(error).toBeInstanceOf(SyntaxError);
    expect(error).toMatchObject({ position, length });
  });
});

test("what an expression says is shown without its control characters", () => {
  expect(() => compileFilter("tcp \\\u001b[31m", ETHERNET)).toThrow(/\\x1b/);
});

/** `n` hosts, joined by or. */
function hosts(n: number): string {
  return Array.from({ length: n }, (_, i) => `src host 10.${i >> 8}.${i & 255}.1`).join(" or ");
}

test("a filter too long for the kernel is refused, and many conditions need long jumps", () => {
  const program = compileFilter(hosts(500), ETHERNET);
  expect(verifyBpf(program)).toBeNull();
  expect(program.some(({ code }) => code === Op.JA)).toBe(true);
  const far = SYN.slice();
  far.set([10, 1, 0xf3, 1], 26);
  const run = (p: readonly BpfInsn[]): number => runBpf(p, viewOf(far), 0, far.length, far.length);
  expect(run(program)).toBeGreaterThan(0);
  expect(run(compileFilter(hosts(400), ETHERNET))).toBe(0);
  expect(() => compileFilter(hosts(1900).replaceAll("src ", ""), ETHERNET)).toThrow(
    /kernel allows/,
  );
});

test("hostile filters end in an error, soon", () => {
  for (const expression of [
    "(".repeat(100_000),
    "not ".repeat(100_000),
    "tcp[".repeat(50_000),
    `${"tcp or udp and ".repeat(20_000)}tcp`,
    `${"(".repeat(99)}len${")".repeat(99)} > 1`,
    `${"1 + ".repeat(20_000)}1 == len`,
    "- ".repeat(60_000),
  ]) {
    expect(errorOf(expression) ?? FILTER_ERROR).toBeInstanceOf(FilterError);
  }
});

test("whatever compiles passes the kernel's check; whatever does not is a FilterError", () => {
  const words = fc.constantFrom(
    ...new Set(EXPRESSIONS.flatMap((e) => e.split(/(?<=[[\]():])|(?=[[\]():])|\s+/))),
  );
  fc.assert(
    fc.property(
      fc.array(words, { maxLength: 8 }),
      fc.constantFrom(0, 1, 101, 113, 276),
      (some, link) => {
        const error = errorOf(some.join(" "), link) ?? FILTER_ERROR;
        expect(error).toBeInstanceOf(FilterError);
      },
    ),
    { numRuns: 3000 },
  );
});
