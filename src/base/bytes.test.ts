import fc from "fast-check";
import { expect, test } from "vitest";
import { concat, formatHex, parseHex } from "./bytes.ts";

test.each([
  ["cb cc 1f 90", [0xcb, 0xcc, 0x1f, 0x90]],
  ["0xcb, 0xcc", [0xcb, 0xcc]],
  ["CB:CC-1f.90\n", [0xcb, 0xcc, 0x1f, 0x90]],
  ["", []],
])("parseHex(%j)", (text, bytes) => {
  expect([...parseHex(text)]).toEqual(bytes);
});

test("parseHex() says what it cannot read", () => {
  expect(() => parseHex("cb cg")).toThrow('Cannot read hex bytes: "g" is not a hexadecimal digit');
  expect(() => parseHex("abc")).toThrow("Cannot read hex bytes: 3 digits are not a whole number");
});

test("parseHex() undoes formatHex()", () => {
  fc.assert(
    fc.property(fc.uint8Array(), fc.constantFrom(" ", "", ":"), (bytes, separator) => {
      expect(parseHex(formatHex(bytes, separator))).toEqual(bytes);
    }),
  );
});

test("concat() puts parts one after the other, in memory of their own", () => {
  const part = Uint8Array.of(1, 2);
  const all = concat(part, new Uint8Array(), Uint8Array.of(3));
  part[0] = 9;
  expect(all).toEqual(Uint8Array.of(1, 2, 3));
});
