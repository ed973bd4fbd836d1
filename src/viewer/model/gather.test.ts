import { expect, test } from "vitest";
import { gather } from "./gather.ts";

test("a column has the value of each row, in the order of the rows", () => {
  const from = Uint32Array.of(10, 11, 12, 13);
  const rows = Uint32Array.of(3, 1);
  expect([...gather(new Float64Array(2), rows, (row) => from[row]! / 2)]).toEqual([6.5, 5.5]);
});
