import { expect, test } from "vitest";
import { Prng } from "../../../base/prng.ts";
import { piecesOf } from "./carried.fixture.ts";
import { type Carried, NO_OWNER, pieceAt, PieceKind } from "./pieces.ts";

const whole = (owner: number, from: number, to: number): Carried => ({
  owner,
  from,
  to,
  capturedTo: to,
});

function shown(...[carried, start, end]: Parameters<typeof piecesOf>): string {
  const { length, from, owner, kind } = piecesOf(carried, start, end);
  return Array.from({ length }, (_, i) => {
    const what =
      kind[i] === PieceKind.DATA ? `#${owner[i]}` : kind[i] === PieceKind.CUT ? "cut" : "lost";
    return `${from[i]}-${from[i + 1]} ${what}`;
  }).join(", ");
}

test.each<[string, readonly Carried[], number | null, number | null, string]>([
  ["nothing", [], 0, null, ""],
  ["in order", [whole(1, 0, 5), whole(2, 5, 9)], 0, null, "0-5 #1, 5-9 #2"],
  ["out of order", [whole(1, 5, 9), whole(2, 0, 5)], 0, null, "0-5 #2, 5-9 #1"],
  ["sent again", [whole(1, 0, 5), whole(2, 0, 5)], 0, null, "0-5 #1"],
  ["the first copy counts", [whole(1, 3, 6), whole(2, 0, 9)], 0, null, "0-3 #2, 3-6 #1, 6-9 #2"],
  ["lost at both ends", [whole(1, 4, 6)], 0, 10, "0-4 lost, 4-6 #1, 6-10 lost"],
  ["without the SYN", [whole(1, 4, 6), whole(2, 8, 9)], null, null, "4-6 #1, 6-8 lost, 8-9 #2"],
  ["before the start", [whole(1, -3, 2)], 0, null, "-3-2 #1"],
  [
    "cut, and once more whole",
    [{ owner: 1, from: 0, to: 9, capturedTo: 2 }, whole(2, 4, 7)],
    0,
    null,
    "0-2 #1, 2-4 cut, 4-7 #2, 7-9 cut",
  ],
])("%s", (_, carried, start, end, expected) => {
  expect(shown(carried, start, end)).toBe(expected);
});

test("as painting byte by byte has it", () => {
  const random = new Prng(7);
  for (let round = 0; round < 300; round++) {
    const carried = Array.from({ length: 1 + random.below(12) }, (_, owner): Carried => {
      const from = random.below(40);
      const to = from + 1 + random.below(12);
      return { owner, from, to, capturedTo: from + random.below(to - from + 1) };
    });
    const painted = new Map<number, string>();
    for (const { owner, from, capturedTo } of carried) {
      for (let at = from; at < capturedTo; at++) {
        if (!painted.has(at)) painted.set(at, `${owner} ${PieceKind.DATA}`);
      }
    }
    for (const { owner, from, to } of carried) {
      for (let at = from; at < to; at++) {
        if (!painted.has(at)) painted.set(at, `${owner} ${PieceKind.CUT}`);
      }
    }
    const pieces = piecesOf(carried, 0, 60);
    for (let at = 0; at < 60; at++) {
      const i = pieceAt(pieces, at);
      const expected = painted.get(at) ?? `${NO_OWNER} ${PieceKind.LOST}`;
      expect(`${pieces.owner[i]} ${pieces.kind[i]}`).toBe(expected);
      expect(pieces.from[i]! <= at && at < pieces.from[i + 1]!).toBe(true);
    }
  }
});
