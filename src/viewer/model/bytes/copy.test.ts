import { expect, test } from "vitest";
import type { ByteBlock } from "./byte-streams.ts";
import { copyOf } from "./copy.ts";

const UTF8 = new TextEncoder();

function blockOf(words: string | Uint8Array<ArrayBuffer>, from: number = 0): ByteBlock {
  const bytes = typeof words === "string" ? UTF8.encode(words) : words;
  return { bytes, runs: [{ from, length: bytes.length }], next: null };
}

test.each([
  ["line ends and tabs stay", "a\tb\r\nc\n", "a\tb\r\nc\n"],
  ["other control characters do not", "\u001b[31m\0\r\u0007", "\\x1b[31m\\x00\\r\\x07"],
  ["nor what turns or hides text", "\u202eabc\u200b", "\\u202eabc\\u200b"],
  ["words of any script do", "你好 é é ◌ 😀", "你好 é é ◌ 😀"],
  ["tags are text", "<img src=x onerror=alert(1)>", "<img src=x onerror=alert(1)>"],
])("as text %s", (_, words, expected) => {
  expect(copyOf(blockOf(words), "text", "utf8")).toBe(expected);
});

test("as text, in the reading that is shown; what is no UTF-8 as escapes", () => {
  const bytes = Uint8Array.of(0x61, 0xe9, 0xff);
  expect(copyOf(blockOf(bytes), "text", "latin1")).toBe("aéÿ");
  expect(copyOf(blockOf(bytes), "text", "hex")).toBe("a\\xe9\\xff");
});

test("as hex, without anything between the digits", () => {
  expect(copyOf(blockOf("hi\n\u00ff"), "hex", "utf8")).toBe("68690ac3bf");
});

test("as a hexdump, with offsets of the stream and beyond a hole", () => {
  const bytes = UTF8.encode("0123456789abcdefg\n<");
  const block: ByteBlock = {
    bytes,
    runs: [
      { from: 7, length: 18 },
      { from: 0x1_0000_0000, length: 1 },
    ],
    next: null,
  };
  expect(copyOf(block, "hexdump", "utf8").split("\n")).toEqual([
    "00000007  30 31 32 33 34 35 36 37  38 39 61 62 63 64 65 66  |0123456789abcdef|",
    "00000017  67 0a                                             |g.|",
    "100000000  3c                                                |<|",
    "",
  ]);
});
