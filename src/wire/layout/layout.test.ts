import fc from "fast-check";
import { expect, test } from "vitest";
import { concat, parseHex, viewOf } from "../../base/bytes.ts";
import { LinkType } from "../linktype.ts";
import type { FieldLayout, HeaderLayout } from "./field.ts";
import { guessStart, layoutGuess } from "./guess.ts";
import { layoutPacket, layoutTcp } from "./packet.ts";

const ARTICLE = parseHex("cbcc1f90 abefd221 2b3209e5 50180405 cefc0000 68656c6c6f0d0a");
const IP4 = parseHex("4500002f 1c464000 4006b1e6 7f000001 7f000001");
const IP6 = concat(parseHex("60000000 001b 06 40"), new Uint8Array(31), Uint8Array.of(1));
const ETHER = parseHex("ffffffffffff 020000000001 0800");

function value(layouts: readonly HeaderLayout[], name: string): string | undefined {
  return layouts.flatMap((l) => l.fields).find((f) => f.name === name)?.value;
}

/** `"tcp.srcport 52172"`, one a field. */
function lines(layouts: readonly HeaderLayout[]): string[] {
  return layouts.flatMap((l) => l.fields.map((f) => `${f.name} ${f.value}`));
}

test("the article's 27 bytes", () => {
  const layouts = layoutTcp(viewOf(ARTICLE), 0, 27, 27);
  expect(layouts.map((l) => [l.protocol, l.at, l.len])).toEqual([
    ["tcp", 0, 20],
    ["data", 20, 7],
  ]);
  expect(lines(layouts)).toEqual([
    "tcp.srcport 52172",
    "tcp.dstport 8080",
    "tcp.seq_raw 2884620833",
    "tcp.ack_raw 724699621",
    "tcp.hdr_len 20 (5)",
    "tcp.flags.res 0",
    "tcp.flags.ae 0",
    "tcp.flags.cwr 0",
    "tcp.flags.ece 0",
    "tcp.flags.urg 0",
    "tcp.flags.ack 1",
    "tcp.flags.push 1",
    "tcp.flags.reset 0",
    "tcp.flags.syn 0",
    "tcp.flags.fin 0",
    "tcp.window_size_value 1029",
    "tcp.checksum 0xcefc",
    "tcp.urgent_pointer 0",
    "tcp.payload hello\\r\\n",
  ]);
});

test("every option has its kind, its length and its fields", () => {
  const options = parseHex(
    "0204ffd7 0402 080a00000001 00000002 01 030307 050a 00000001 00000005 00 00",
  );
  const head = ARTICLE.slice(0, 20);
  head[12] = ((20 + options.length) / 4) << 4;
  const all = concat(head, options);
  expect(lines(layoutTcp(viewOf(all), 0, all.length, all.length)).slice(18)).toEqual([
    "tcp.option_kind 2",
    "tcp.option_len 4",
    "tcp.options.mss_val 65495",
    "tcp.option_kind 4",
    "tcp.option_len 2",
    "tcp.option_kind 8",
    "tcp.option_len 10",
    "tcp.options.timestamp.tsval 1",
    "tcp.options.timestamp.tsecr 2",
    "tcp.options.nop 1",
    "tcp.option_kind 3",
    "tcp.option_len 3",
    "tcp.options.wscale.shift 7",
    "tcp.option_kind 5",
    "tcp.option_len 10",
    "tcp.options.sack_le 1",
    "tcp.options.sack_re 5",
    "tcp.options.eol 00 00",
  ]);
});

test("every layer of a frame, with what the link added behind it", () => {
  const frame = concat(
    ETHER.subarray(0, 12),
    parseHex("8100b005 0800"),
    IP4,
    ARTICLE,
    new Uint8Array(2),
  );
  const layouts = layoutPacket(viewOf(frame), 0, frame.length, frame.length, LinkType.ETHERNET);
  expect(layouts.map((l) => l.protocol)).toEqual(["eth", "vlan", "ip", "tcp", "data", "trailer"]);
  expect(value(layouts, "vlan.id")).toBe("5");
  expect(value(layouts, "ip.src")).toBe("127.0.0.1");
  expect(value(layouts, "ip.flags.df")).toBe("1");
});

test("fields of a header cover each of its bits once, in order", () => {
  const frames = [
    concat(ETHER, IP4, ARTICLE),
    concat(ETHER.subarray(0, 12), parseHex("86dd"), IP6, ARTICLE),
    concat(ETHER.subarray(0, 12), parseHex("003a aaaa03000000 0800"), IP4, ARTICLE),
  ];
  for (const frame of frames) {
    const layouts = layoutPacket(viewOf(frame), 0, frame.length, frame.length, LinkType.ETHERNET);
    for (const { fields, len } of layouts) expect(coverage(fields)).toBe(len * 8);
    expect(layouts.reduce((sum, l) => sum + l.len, 0)).toBe(frame.length);
  }
});

/** End of the fields when each begins where the one before ends; else -1. */
function coverage(fields: readonly FieldLayout[]): number {
  let bit = 0;
  for (const f of fields) {
    if (f.bit !== bit) return -1;
    bit += f.bits;
  }
  return bit;
}

test("a cut at any place leaves the fields before it, and says so", () => {
  const frame = concat(ETHER, IP4, ARTICLE);
  const layoutOf = (cap: number): HeaderLayout[] =>
    layoutPacket(viewOf(frame.subarray(0, cap)), 0, cap, frame.length, LinkType.ETHERNET);
  for (let cap = 0; cap < 54; cap++) {
    const last = layoutOf(cap).at(-1)!;
    expect(last.problem?.en).toBe("the capture ends inside this header");
    const whole = layoutOf(frame.length).find((l) => l.protocol === last.protocol)!;
    const kept = whole.fields.filter((f) => last.at + (f.bit + f.bits) / 8 <= cap);
    expect(last.fields.map((f) => f.name)).toEqual(kept.map((f) => f.name));
  }
});

test.each([
  ["data offset 4", { 12: 0x40 }, "its length field cannot be right"],
  ["data offset 15", { 12: 0xf0 }, "the packet ends inside this header"],
])("%s is shown with the reason", (_, patch, why) => {
  const bytes = ARTICLE.slice();
  for (const [at, byte] of Object.entries(patch)) bytes[Number(at)] = byte;
  const [tcp, ...rest] = layoutTcp(viewOf(bytes), 0, 27, 27);
  expect(rest.reduce((sum, l) => sum + l.len, tcp!.len)).toBe(27);
  expect(value(rest, "tcp.payload")).toBe(undefined);
  expect(tcp!.problem?.en).toBe(why);
  expect(value([tcp!], "tcp.srcport")).toBe("52172");
});

test("the checksum of one part of a packet is not judged", () => {
  const part = concat(IP4, ARTICLE);
  part[6] = 0x20;
  const layouts = layoutPacket(viewOf(part), 0, 47, 47, LinkType.RAW);
  const sum = layouts.flatMap((l) => l.fields).find((f) => f.name === "tcp.checksum");
  expect(sum?.meaning.en).toBe("cannot be checked: this is one part of a packet");
});

test.each([
  ["tcp", ARTICLE],
  ["ipv4", concat(IP4, ARTICLE)],
  ["ipv6", concat(IP6, ARTICLE)],
  ["ethernet", concat(ETHER, IP4, ARTICLE)],
  ["ethernet", concat(ETHER.subarray(0, 12), parseHex("8100b005 86dd"), IP6, ARTICLE)],
  ["tcp", new Uint8Array()],
  ["tcp", Uint8Array.of(1, 2, 3)],
])("guessStart() says %s", (start, bytes) => {
  const guess = guessStart(bytes);
  expect(guess.start).toBe(start);
  layoutGuess(bytes, guess);
});

test("random bytes are laid out without reading outside them", () => {
  const link = fc.constantFrom(...Object.values(LinkType), 147);
  const start = fc.constantFrom("", "45", "60", "02000000", "000000000000000000000000 0800 45");
  fc.assert(
    fc.property(
      link,
      start,
      fc.uint8Array({ maxLength: 150 }),
      fc.nat(500),
      (linkType, s, b, orig) => {
        const bytes = concat(parseHex(s), b);
        const layouts = layoutPacket(viewOf(bytes), 0, bytes.length, orig, linkType);
        for (const l of layouts) {
          expect(l.at + l.len).toBeLessThanOrEqual(bytes.length);
          for (const f of l.fields) expect(f.bit + f.bits).toBeLessThanOrEqual(l.len * 8);
        }
        layoutGuess(bytes, guessStart(bytes));
        layoutTcp(viewOf(bytes), 0, bytes.length, bytes.length);
      },
    ),
    { numRuns: 2000 },
  );
});

test("random options are laid out bit by bit to the end of the header", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 40, maxLength: 40 }), (options) => {
      const all = concat(ARTICLE.subarray(0, 20), options);
      all[12] = 0xf0;
      const [tcp] = layoutTcp(viewOf(all), 0, 60, 60);
      expect(coverage(tcp!.fields)).toBe(480);
    }),
    { numRuns: 2000 },
  );
});
