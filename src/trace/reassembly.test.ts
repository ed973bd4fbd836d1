import fc from "fast-check";
import { expect, test } from "vitest";
import { concat, parseHex, viewOf } from "../base/bytes.ts";
import { LinkType } from "../wire/linktype.ts";
import { findTcp, newPacketPath } from "../wire/path.ts";
import { MAX_PARTS, Reassembler } from "./reassembly.ts";

/** Bytes `[at, at + length)` of a packet whose payload counts up from `start`. */
interface Part {
  readonly at: number;
  readonly length: number;
  readonly more: boolean;
  readonly start?: number;
  readonly id?: number;
}

function payload({ at, length, start = 0 }: Part): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => at + i + start);
}

function fragment4(part: Part): Uint8Array {
  const head = viewOf(parseHex("45000000 00010000 40060000 0a000001 0a000002"));
  head.setUint16(2, 20 + part.length);
  head.setUint16(4, part.id ?? 1);
  head.setUint16(6, (part.more ? 0x2000 : 0) | (part.at >> 3));
  return concat(new Uint8Array(head.buffer), payload(part));
}

function fragment6(part: Part): Uint8Array {
  const head = viewOf(concat(parseHex("60000000 0000 2c 40"), new Uint8Array(32).fill(1)));
  head.setUint16(4, 8 + part.length);
  const fragment = viewOf(parseHex("06000000 00000001"));
  fragment.setUint16(2, part.at | (part.more ? 1 : 0));
  fragment.setUint32(4, part.id ?? 1);
  return concat(new Uint8Array(head.buffer), new Uint8Array(fragment.buffer), payload(part));
}

/** The payload of the packet that this fragment completes, or `null`. */
function add(r: Reassembler, packet: Uint8Array): Uint8Array | null {
  const path = newPacketPath();
  findTcp(viewOf(packet), 0, packet.length, packet.length, LinkType.RAW, path);
  const whole = r.add(viewOf(packet), path);
  if (whole === null) return null;
  const headerLen = path.ipVersion === 4 ? 20 : 40;
  expect(findTcp(whole, 0, whole.byteLength, whole.byteLength, LinkType.RAW, path)).toBe(true);
  expect(path).toMatchObject({ tcpAt: headerLen, tcpLen: whole.byteLength - headerLen });
  return new Uint8Array(whole.buffer).slice(headerLen);
}

const counting = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => i);

test.each([
  ["IPv4", fragment4],
  ["IPv6", fragment6],
])("%s: fragments in any order make the packet once", (_, fragment) => {
  const parts: readonly Part[] = [
    { at: 0, length: 24, more: true },
    { at: 24, length: 8, more: true },
    { at: 32, length: 11, more: false },
  ];
  fc.assert(
    fc.property(fc.shuffledSubarray([...parts], { minLength: 3 }), (order) => {
      const r = new Reassembler();
      const got = order.map((part) => add(r, fragment(part)));
      expect(got.slice(0, 2)).toEqual([null, null]);
      expect(got[2]).toEqual(counting(43));
      expect(r.unfinished).toBe(0);
    }),
  );
});

test("packets with other identifications do not mix", () => {
  const r = new Reassembler();
  expect(add(r, fragment4({ at: 0, length: 24, more: true, id: 1 }))).toBe(null);
  expect(add(r, fragment4({ at: 24, length: 8, more: false, id: 2 }))).toBe(null);
  expect(r.unfinished).toBe(2);
});

test("of overlapping fragments the one that starts first counts, then the older", () => {
  const r = new Reassembler();
  add(r, fragment4({ at: 16, length: 16, more: true, start: 100 }));
  add(r, fragment4({ at: 16, length: 16, more: true, start: 200 }));
  add(r, fragment4({ at: 32, length: 8, more: false }));
  const got = add(r, fragment4({ at: 0, length: 24, more: true }));
  const expected = counting(40);
  for (let i = 24; i < 32; i++) expected[i] = i + 100;
  expect(got).toEqual(expected);
});

test("after a packet is whole, the same fragment begins another one", () => {
  const r = new Reassembler();
  add(r, fragment4({ at: 0, length: 24, more: true }));
  expect(add(r, fragment4({ at: 24, length: 8, more: false }))).toEqual(counting(32));
  expect(add(r, fragment4({ at: 24, length: 8, more: false }))).toBe(null);
});

test("a fragment behind the last one adds nothing", () => {
  const r = new Reassembler();
  add(r, fragment4({ at: 24, length: 8, more: false }));
  add(r, fragment4({ at: 32, length: 800, more: true }));
  expect(add(r, fragment4({ at: 0, length: 24, more: true }))).toEqual(counting(32));
});

test("more than 65,535 bytes do no harm", () => {
  const r = new Reassembler();
  const last = add(r, fragment4({ at: 65_528, length: 1480, more: false }));
  expect(last).toBe(null);
  for (let at = 0; at < 65_528 - 32_768; at += 32_768)
    expect(add(r, fragment4({ at, length: 32_768, more: true }))).toBe(null);
  const whole = add(r, fragment4({ at: 32_768, length: 32_760, more: true }));
  expect(whole?.length).toBe(65_528 + 1480);
});

test("memory is bounded: the oldest are forgotten", () => {
  const r = new Reassembler(100_000);
  for (let id = 0; id < 5000; id++) add(r, fragment4({ at: 0, length: 24, more: true, id }));
  expect(r.unfinished).toBeLessThan(200);
  expect(r.unfinished).toBeGreaterThan(130);
  expect(add(r, fragment4({ at: 24, length: 8, more: false, id: 4999 }))).not.toBe(null);
  expect(add(r, fragment4({ at: 24, length: 8, more: false, id: 0 }))).toBe(null);
});

test("fragments of one packet are bounded", () => {
  const r = new Reassembler();
  for (let i = 0; i < MAX_PARTS; i++) add(r, fragment4({ at: 8, length: 8, more: true }));
  add(r, fragment4({ at: 16, length: 8, more: false }));
  expect(add(r, fragment4({ at: 0, length: 8, more: true }))).toBe(null);
});
