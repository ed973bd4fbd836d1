import fc from "fast-check";
import { expect, test } from "vitest";
import { concat } from "../base/bytes.ts";
import { xxHash32, XxHash32 } from "./xxhash32.ts";
import { XxHash64 } from "./xxhash64.ts";

const utf8 = (s: string): Uint8Array => new TextEncoder().encode(s);

const SPAM = "Nobody inspects the spammish repetition";

/** What the tools `xxh32sum` and `xxh64sum` print. */
test.each([
  ["", 0x02cc5d05, 0xef46db3751d8e999n],
  ["a", 0x550d7456, 0xd24ec4f1a98c6e5bn],
  ["abc", 0x32d153ff, 0x44bc2cf5ad770999n],
  [SPAM, 0xe2293b2f, 0xfbcea83c8a378bf1n],
])("%j", (text, h32, h64) => {
  expect(xxHash32(utf8(text))).toBe(h32);
  const hash = new XxHash64();
  hash.add(utf8(text));
  expect(hash.value()).toBe(h64);
});

test("bytes in pieces of any size hash as the whole; a reset forgets them", () => {
  const a = new XxHash32();
  const b = new XxHash64();
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 100 }), { maxLength: 10 }), (pieces) => {
      a.reset();
      b.reset();
      for (const piece of pieces) {
        a.add(piece);
        b.add(piece);
      }
      const whole = concat(...pieces);
      expect(a.value()).toBe(xxHash32(whole));
      expect(b.value()).toBe(slowly64(whole));
    }),
    { numRuns: 300 },
  );
});

const [P1, P2, P3, P4, P5] = [
  0x9e3779b185ebca87n,
  0xc2b2ae3d27d4eb4fn,
  0x165667b19e3779f9n,
  0x85ebca77c2b2ae63n,
  0x27d4eb2f165667c5n,
];
const u64 = (n: bigint): bigint => BigInt.asUintN(64, n);
const rotl = (n: bigint, by: number): bigint =>
  u64((u64(n) << BigInt(by)) | (u64(n) >> BigInt(64 - by)));
const round = (lane: bigint, n: bigint): bigint => u64(rotl(lane + n * P2, 31) * P1);

/** As the specification has it, step by step. */
function slowly64(bytes: Uint8Array): bigint {
  const v = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const lanes = [u64(P1 + P2), P2, 0n, u64(-P1)];
  let at = 0;
  for (; at + 32 <= bytes.length; at += 32) {
    for (let i = 0; i < 4; i++) lanes[i] = round(lanes[i]!, v.getBigUint64(at + 8 * i, true));
  }
  let h = P5;
  if (bytes.length >= 32) {
    h = [1, 7, 12, 18].reduce((sum, by, i) => sum + rotl(lanes[i]!, by), 0n);
    for (const lane of lanes) h = u64((u64(h) ^ round(0n, lane)) * P1 + P4);
  }
  h = u64(h + BigInt(bytes.length));
  for (; at + 8 <= bytes.length; at += 8) {
    h = u64(rotl(h ^ round(0n, v.getBigUint64(at, true)), 27) * P1 + P4);
  }
  for (; at + 4 <= bytes.length; at += 4) {
    h = u64(rotl(h ^ u64(BigInt(v.getUint32(at, true)) * P1), 23) * P2 + P3);
  }
  for (; at < bytes.length; at++) h = u64(rotl(h ^ u64(BigInt(bytes[at]!) * P5), 11) * P1);
  h = u64((h ^ (h >> 33n)) * P2);
  h = u64((h ^ (h >> 29n)) * P3);
  return h ^ (h >> 32n);
}
