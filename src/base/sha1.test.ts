import { expect, test } from "vitest";
import { formatHex } from "./bytes.ts";
import { sha1 } from "./sha1.ts";

const hashOf = (text: string): string => formatHex(sha1(new TextEncoder().encode(text)), "");

// RFC 3174 §7.3, and lengths at which the padding takes a block more.
test.each([
  ["", "da39a3ee5e6b4b0d3255bfef95601890afd80709"],
  ["abc", "a9993e364706816aba3e25717850c26c9cd0d89d"],
  [
    "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
    "84983e441c3bd26ebaae4aa1f95129e5e54670f1",
  ],
  ["a".repeat(55), "c1c8bbdc22796e28c0e15163d20899b65621d65a"],
  ["a".repeat(64), "0098ba824b5c16427bd7a1122a5a442a25ec644d"],
])("SHA-1 of %j", (text, hash) => {
  expect(hashOf(text)).toBe(hash);
});
