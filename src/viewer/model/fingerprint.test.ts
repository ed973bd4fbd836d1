import { expect, test } from "vitest";
import { fingerprint } from "./fingerprint.ts";

test("files are told apart by length, beginning and order", () => {
  const [a, b] = [Uint8Array.of(1, 2, 3), Uint8Array.of(1, 2, 4)];
  const all = [
    [{ size: 3, first: a }],
    [{ size: 3, first: b }],
    [{ size: 4, first: a }],
    [
      { size: 3, first: a },
      { size: 3, first: b },
    ],
    [
      { size: 3, first: b },
      { size: 3, first: a },
    ],
    [],
  ].map(fingerprint);
  expect(new Set(all).size).toBe(all.length);
  expect(all.every((digits) => /^[0-9a-f]{16}$/.test(digits))).toBe(true);
  expect(fingerprint([{ size: 3, first: a.slice() }])).toBe(all[0]);
});
