import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { viewOf } from "../../base/bytes.ts";
import { FilterError } from "../../pcap/filter/error.ts";
import { packetOf } from "../../testing/packets.ts";
import { SegmentTracker } from "../../trace/tracker.ts";
import { FrameFeed } from "../fields/frame.ts";
import { parseDisplayFilter } from "./parser.ts";
import { compilePattern } from "./regex.ts";

const HANDSHAKE = [
  "0 > S 100 mss 1460",
  "1 < S. 300 ack 101",
  "2 > . 101 ack 301",
  "3 > P. 101:106(5) ack 301",
];

/** Numbers of the frames of {@link HANDSHAKE} that pass. */
function passed(filter: string): number[] {
  const numbers: number[] = [];
  const pass = parseDisplayFilter(filter);
  const feed = new FrameFeed((frame) => {
    if (pass(frame)) numbers.push(frame.packet.frame);
  });
  const tracker = new SegmentTracker(feed);
  for (const [i, line] of HANDSHAKE.entries()) tracker.onPacket(packetOf(line, i + 1));
  return numbers;
}

test.each([
  ["", [1, 2, 3, 4]],
  ["tcp.flags.syn == 1", [1, 2]],
  ["tcp.flags.syn == 1 and not tcp.flags.ack == 1", [1]],
  ["tcp.len > 0", [4]],
  ["tcp.options.mss_val == 1460 || tcp.len == 5", [1, 4]],
  ["tcp.port != 80", []],
  ["tcp.port !== 80", [1, 2, 3, 4]],
  ["ip.src == 10.0.0.2/31 && ip.src != 10.0.0.1", [2]],
  ["frame.time_relative >= 0.002", [3, 4]],
  ["tcp.seq in {1..100}", [3, 4]],
  ["frame.number in {1, 3..4}", [1, 3, 4]],
])("%s passes %j", (filter, numbers) => {
  expect(passed(filter)).toEqual(numbers);
});

describe("errors point at the token", () => {
  test.each([
    ["tcp.prot == 80", 0, 8, /did you mean tcp.port/],
    ["tcp.port == http", 12, 4, /expected a number/],
    ["tcp.port ==", 11, 1, /found the end/],
    ["tcp and (udp", 12, 1, /expected "\)"/],
    ["tcp ? udp", 4, 1, /no meaning/],
    ['tcp.payload matches "a)"', 20, 2, /regular expression/],
    ['tcp.payload contains "a', 21, 2, /no end/],
  ])("%s", (filter, position, length, message) => {
    let error: unknown;
    try {
      parseDisplayFilter(filter);
    } catch (e) {
      error = e;
    }
    expect(error).toMatchObject({ position, length, message: expect.stringMatching(message) });
  });
});

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

test("regular expressions match as RegExp does, whatever the case", () => {
  const atom = fc.constantFrom(
    "a",
    "b",
    "B",
    ".",
    "[ab]",
    "[^a]",
    "\\d",
    "(a|b)",
    "(?:ab)",
    "^",
    "$",
    "",
  );
  const piece = fc
    .tuple(atom, fc.constantFrom("", "*", "+", "?", "{2}", "{1,2}", "*?"))
    .map(([a, times]) => (["^", "$", ""].includes(a) ? a : a + times));
  const pattern = fc
    .array(
      fc.array(piece, { maxLength: 4 }).map((p) => p.join("")),
      { minLength: 1, maxLength: 3 },
    )
    .map((p) => p.join("|"));
  const text = fc.string({ unit: fc.constantFrom("a", "A", "b", "1", "c"), maxLength: 8 });
  fc.assert(
    fc.property(pattern, text, (source, value) => {
      expect(compilePattern(source, 0).test(bytes(value))).toBe(
        new RegExp(source, "i").test(value),
      );
    }),
    { numRuns: 5000 },
  );
});

test("bytes and characters beyond ASCII", () => {
  expect(compilePattern("\\x16\\x03[\\x00-\\x04]", 0).test(Uint8Array.of(0, 0x16, 3, 1))).toBe(
    true,
  );
  expect(compilePattern("收.*到", 0).test(bytes("我收不到"))).toBe(true);
  expect(compilePattern("(?-i)GET", 0).test(bytes("get"))).toBe(false);
});

test("a pattern made to be slow is not, and one too large is refused", () => {
  const long = new Uint8Array(100_000).fill(97);
  expect(compilePattern("^(a+)+b$", 0).test(long)).toBe(false);
  expect(compilePattern("(a|a)*(a|a)*(a|a)*c", 0).test(long)).toBe(false);
  expect(() => compilePattern("((a{100}){100}){100}", 0)).toThrow(FilterError);
  expect(() => compilePattern("(".repeat(10_000), 0)).toThrow(FilterError);
});

test("whatever is written passes frames or is a FilterError", () => {
  const word = fc.constantFrom(
    "tcp",
    "tcp.port",
    "ip.addr",
    "tcp.payload",
    "frame",
    "==",
    "!=",
    "<",
    "in",
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    ",",
    "0:2",
    "80",
    "10.0.0.0/8",
    "contains",
    "matches",
    '"a"',
    "&&",
    "or",
    "not",
    "!",
    "&",
    "any",
    "all",
    "..",
    "1..5",
    "-1",
    "ff:00",
    "&& tcp",
  );
  fc.assert(
    fc.property(fc.array(word, { maxLength: 8 }), (words) => {
      let error: unknown = null;
      try {
        passed(words.join(" "));
      } catch (e) {
        error = e;
      }
      expect(error === null || error instanceof FilterError).toBe(true);
    }),
    { numRuns: 5000 },
  );
});

test("deep and long filters end, soon", () => {
  for (const filter of [
    "(".repeat(50_000),
    "!".repeat(50_000),
    `${"tcp and ".repeat(20_000)}tcp`,
    `tcp.port in {${"1,".repeat(20_000)}1}`,
  ]) {
    let error: unknown = null;
    try {
      parseDisplayFilter(filter);
    } catch (e) {
      error = e;
    }
    expect(error === null || error instanceof FilterError).toBe(true);
  }
});

test("a frame cut anywhere has the fields that are there", () => {
  const whole = packetOf(HANDSHAKE[0]!, 1);
  for (let capLen = 0; capLen <= whole.capLen; capLen++) {
    const copy = new Uint8Array(whole.view.buffer.slice(0, capLen));
    let isIp = false;
    const feed = new FrameFeed((frame) => {
      isIp = parseDisplayFilter("ip.version == 4")(frame);
      for (const filter of [
        "tcp.options contains 01",
        "tcp.port == 80",
        "ip.dst == 1.2.3.4",
        "frame contains 00",
      ]) {
        parseDisplayFilter(filter)(frame);
      }
    });
    new SegmentTracker(feed).onPacket({ ...whole, view: viewOf(copy), capLen });
    expect(isIp).toBe(capLen > 0);
  }
});
