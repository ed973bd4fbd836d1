import { expect, test } from "vitest";
import { gather, gatherCounts } from "./gather.ts";

test("a column has the value of each row, in the order of the rows", () => {
  const from = Uint32Array.of(10, 11, 12, 13);
  const rows = Uint32Array.of(3, 1);
  expect([...gather(new Float64Array(2), rows, (row) => from[row]! / 2)]).toEqual([6.5, 5.5]);
});

test.each([
  [255, Uint8Array],
  [256, Uint16Array],
  [65_535, Uint16Array],
  [65_536, Uint32Array],
  [4_294_967_295, Uint32Array],
])("counts up to %d are kept exactly, in as little as they take", (most, Column) => {
  expect(gatherCounts(Uint32Array.of(1, 0), (row) => [most, 7][row]!)).toEqual(Column.of(7, most));
});
