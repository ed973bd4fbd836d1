import { expect, test } from "vitest";
import { parseHex } from "../../../base/bytes.ts";
import { type BytesAs, emptyCell, readCell } from "./cells.ts";

function shown(bytes: Uint8Array, as: BytesAs): string {
  const cell = emptyCell();
  const out: string[] = [];
  for (let at = 0; at < bytes.length; at += cell.len) {
    readCell(bytes, at, bytes.length, as, cell);
    const what = cell.text === "" ? String.fromCharCode(bytes[at]!) : cell.text;
    out.push(`${what}/${cell.len}/${cell.width}`);
  }
  return out.join(" ");
}

const utf8 = (words: string): Uint8Array => new TextEncoder().encode(words);

test.each([
  ["<b>", "</1/1 b/1/1 >/1/1"],
  ["a\r\n", "a/1/1 \\r/1/2 \\n/1/2"],
  ["\0\u001b", "\\x00/1/4 \\x1b/1/4"],
  ["你好", "你/3/2 好/3/2"],
  ["é", "é/2/1"],
  ["\u202e\u200b", "\\u202e/3/6 \\u200b/3/6"],
  ["\u{e0001}", "\\u{e0001}/4/9"],
  ["e\u0301", "e/1/1 ◌\u0301/2/1"],
  ["😀", "😀/4/2"],
])("UTF-8: %j", (words, expected) => {
  expect(shown(utf8(words), "utf8")).toBe(expected);
});

test.each([
  ["e4bd", "\\xe4/1/4 \\xbd/1/4"],
  ["c0af", "\\xc0/1/4 \\xaf/1/4"],
  ["eda080", "\\xed/1/4 \\xa0/1/4 \\x80/1/4"],
  ["ff41", "\\xff/1/4 A/1/1"],
])("broken UTF-8: %s", (hex, expected) => {
  expect(shown(parseHex(hex), "utf8")).toBe(expected);
});

test("Latin-1: each byte a character", () => {
  expect(shown(parseHex("e4 bd ad 85"), "latin1")).toBe("ä/1/1 ½/1/1 \\xad/1/4 \\x85/1/4");
});
