import fc from "fast-check";
import { expect, test } from "vitest";
import { utf8Len, visible, visibleBytes, visibleJson } from "./visible.ts";

test.each([
  ["\x1b[31mred", "\\x1b[31mred"],
  ["a\x9bb\x7f", "a\\x9bb\\x7f"],
  ["line\r\n\ttab", "line\\r\\n\\ttab"],
  ["user\u202etxt.exe", "user\\u202etxt.exe"],
  ["zero\u200bwidth\ufeff", "zero\\u200bwidth\\ufeff"],
  ["\u{e0041}tag \ud800", "\\u{e0041}tag \\ud800"],
  ["收到 ünï 👍", "收到 ünï 👍"],
])("visible(%j)", (text, shown) => {
  expect(visible(text)).toBe(shown);
});

test("visibleBytes() keeps UTF-8 and spells out what is not", () => {
  const bytes = Uint8Array.of(0x68, 0xff, 0xe6, 0x94, 0xb6, 0xe6, 0x94, 0x0a, 0xc0, 0x80);
  expect(visibleBytes(bytes)).toBe("h\\xff收\\xe6\\x94\\n\\xc0\\x80");
});

test("visibleJson() hides nothing and changes no value", () => {
  const value = { text: "a\u009b31m\u202eb\u2028\u{e0041}\ufeff", lines: "1\n2" };
  const json = visibleJson(JSON.stringify(value, null, 2));
  expect(visible(json.replaceAll("\n", ""))).toBe(json.replaceAll("\n", ""));
  expect(JSON.parse(json)).toEqual(value);
});

test("utf8Len() agrees with a fatal TextDecoder", () => {
  const fatal = new TextDecoder("utf-8", { fatal: true });
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 4 }), (b) => {
      const len = utf8Len(b, 0);
      const decodes = (n: number): boolean => {
        try {
          return (
            Array.from(fatal.decode(b.subarray(0, n))).length === 1 || (b[0] === 0xef && n === 3)
          );
        } catch {
          return false;
        }
      };
      expect(len).toBe([1, 2, 3, 4].find((n) => n <= b.length && decodes(n)) ?? 0);
    }),
    { numRuns: 2000 },
  );
});
