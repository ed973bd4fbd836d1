import { expect, test } from "vitest";
import { type BytesAs } from "./cells.ts";
import { ByteLayout } from "./layout.ts";
import { piecesOf } from "./pieces.ts";

const WORDS = new TextEncoder().encode("GET / HTTP/1.1\r\nHost: 你好\r\n\r\nbody");

function rows(as: BytesAs, columns: number): string[] {
  const carried = [
    { owner: 1, from: 0, to: 20, capturedTo: 20 },
    { owner: 2, from: 20, to: WORDS.length, capturedTo: WORDS.length },
    { owner: 3, from: 1000, to: 1004, capturedTo: 1002 },
  ];
  const read = (from: number, to: number): Uint8Array =>
    from < 1000 ? WORDS.subarray(from, to) : new Uint8Array(to - from).fill(0x2e);
  const layout = new ByteLayout(piecesOf(carried, 0, null), { as, columns }, read);
  return Array.from({ length: layout.length }, (_, row) => {
    const { from, to, kind } = layout.at(row);
    for (let offset = from; offset < Math.min(to, from + 50); offset++) {
      expect([offset, layout.rowOf(offset)]).toEqual([offset, row]);
    }
    return kind === 0 ? `${from}-${to}` : `${from}-${to} hole ${kind}`;
  });
}

test("text is cut at line feeds and at the width, between characters; a hole is a row", () => {
  expect(rows("utf8", 40)).toEqual([
    "0-16",
    "16-30",
    "30-32",
    "32-36",
    "36-1000 hole 2",
    "1000-1002",
    "1002-1004 hole 1",
  ]);
  expect(rows("utf8", 8).slice(0, 5)).toEqual(["0-8", "8-15", "15-16", "16-25", "25-30"]);
});

test("hex is cut evenly", () => {
  expect(rows("hex", 16)).toEqual([
    "0-16",
    "16-32",
    "32-36",
    "36-1000 hole 2",
    "1000-1002",
    "1002-1004 hole 1",
  ]);
});
