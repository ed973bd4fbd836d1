import fc from "fast-check";
import { expect, test } from "vitest";
import { hexDumpLines } from "./hexdump.ts";
import { ANSI, PLAIN } from "./paint.ts";

const same = (text: string): string => text;

test("sixteen bytes a line, with marks under them", () => {
  const bytes = Uint8Array.from({ length: 20 }, (_, i) => 0x38 + i * 4);
  const marks = [
    { at: 0, len: 1, key: "a", brush: same },
    { at: 1, len: 2, key: "b", brush: same },
    { at: 6, len: 12, key: "c", brush: same },
  ];
  expect(hexDumpLines(bytes, { paint: PLAIN, marks })).toEqual([
    "0000  38 3c 40 44 48 4c 50 54  58 5c 60 64 68 6c 70 74  8<@DHLPTX\\`dhlpt",
    "      a  b───┘          c─────────────────────────────",
    "0010  78 7c 80 84                                       x|..",
    "      ────┘",
  ]);
});

test("no byte reaches the terminal as anything but printable ASCII", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
      const lines = hexDumpLines(bytes, { paint: PLAIN });
      expect(lines.every((line) => /^[\x20-\x7e]*$/.test(line))).toBe(true);
      expect(lines.length).toBe(Math.ceil(bytes.length / 16));
    }),
  );
});

test("colours are those of the marks", () => {
  const marks = [{ at: 0, len: 1, key: "a", brush: ANSI.red }];
  const [line] = hexDumpLines(Uint8Array.of(0x41, 0x42), { paint: PLAIN, marks });
  expect(line).toContain("\x1b[31m41\x1b[39m 42");
});
