import { expect, test } from "vitest";
import { Prng } from "../../../base/prng.ts";
import { finished, piecesOf } from "./carried.fixture.ts";
import { type BytesAs } from "./cells.ts";
import { ByteLayout } from "./layout.ts";
import { pieceAt, PieceKind } from "./pieces.ts";

const WORDS = new TextEncoder().encode("GET / HTTP/1.1\r\nHost: 你好\r\n\r\nbody");

function rows(as: BytesAs, columns: number): string[] {
  const carried = [
    { owner: 1, from: 0, to: 20, capturedTo: 20 },
    { owner: 2, from: 20, to: WORDS.length, capturedTo: WORDS.length },
    { owner: 3, from: 1000, to: 1004, capturedTo: 1002 },
  ];
  const read = (from: number, to: number): Uint8Array =>
    from < 1000 ? WORDS.subarray(from, to) : new Uint8Array(to - from).fill(0x2e);
  const layout = finished(ByteLayout.lay(piecesOf(carried, 0, null), { as, columns }, read));
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

test("text is cut as looking at it character by character has it", () => {
  const random = new Prng(5);
  for (let round = 0; round < 100; round++) {
    const bytes = Uint8Array.from({ length: 300 }, () =>
      random.below(12) === 0 ? 0x0a : 0x61 + random.below(26),
    );
    const carried = Array.from({ length: 20 }, (_, i) => {
      const from = i * 15 + random.below(4);
      return { owner: i, from, to: i * 15 + 15, capturedTo: i * 15 + 12 + random.below(4) };
    });
    const columns = 4 + random.below(12);
    const pieces = piecesOf(carried, 0, null);
    const read = (from: number, to: number): Uint8Array => bytes.subarray(from, to);
    const layout = finished(ByteLayout.lay(pieces, { as: "latin1", columns }, read));
    const kindAt = (at: number): number => pieces.kind[pieceAt(pieces, at)]!;
    const starts: number[] = [];
    let used = 0;
    for (let at = 0; at < 300; at++) {
      // A line feed is written as two characters.
      const width = bytes[at] === 0x0a ? 2 : 1;
      const isNew = at === 0 || kindAt(at) !== kindAt(at - 1);
      const isFull = used + width > columns || bytes[at - 1] === 0x0a;
      if (isNew || (kindAt(at) === PieceKind.DATA && isFull)) {
        starts.push(at);
        used = 0;
      }
      used += width;
    }
    const laid = Array.from({ length: layout.length }, (_, row) => layout.at(row).from);
    expect(laid).toEqual(starts);
  }
});
