import fc from "fast-check";
import { expect, test } from "vitest";
import { fit, shorten, textWidth, wrap } from "./wrap.ts";

test("English breaks between words, Chinese between characters, never before a full stop", () => {
  expect(wrap("one two three four", 9)).toEqual(["one two", "three", "four"]);
  expect(wrap("客户端先关闭了。", 8)).toEqual(["客户端先", "关闭了。"]);
  expect(wrap("服务端确认了。好", 14)).toEqual(["服务端确认了。", "好"]);
  expect(wrap("服务端（FIN）", 9)).toEqual(["服务端", "（FIN）"]);
});

test("a word longer than a line is cut", () => {
  expect(wrap("abcdefgh ij", 3)).toEqual(["abc", "def", "gh", "ij"]);
});

test("later lines hang", () => {
  expect(wrap("1. one two three", 9, 3)).toEqual(["1. one", "   two", "   three"]);
});

test("an empty text is an empty line", () => {
  expect(wrap("", 10)).toEqual([""]);
});

const writing = fc
  .array(
    fc.constantFrom("word", "x", " ", "  ", "客户端", "，", "。", "（", "）", "12,345", "#4"),
    {
      maxLength: 40,
    },
  )
  .map((parts) => parts.join(""));

test("no line is too wide, and no letter is lost", () => {
  fc.assert(
    fc.property(writing, fc.integer({ min: 2, max: 40 }), (text, width) => {
      const lines = wrap(text, width);
      expect(Math.max(...lines.map(textWidth))).toBeLessThanOrEqual(width);
      expect(lines.join("").replace(/\s/g, "")).toBe(text.replace(/\s/g, ""));
    }),
  );
});

test("fit() fills or cuts to exactly its columns", () => {
  expect(fit("客户端", 8)).toBe("客户端  ");
  expect(fit("7", 3, "right")).toBe("  7");
  expect(shorten("客户端发送", 6)).toBe("客户…");
  fc.assert(
    fc.property(writing, fc.integer({ min: 0, max: 30 }), (text, width) => {
      expect(textWidth(fit(text, width))).toBe(width);
    }),
  );
});
