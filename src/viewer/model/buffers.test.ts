import { expect, test } from "vitest";
import { buffersOf, bytesOf } from "./buffers.ts";

test("columns of an answer and of its series move, each memory once", () => {
  const level = new Float64Array(2);
  const frame = new Uint32Array(3);
  const answer = {
    frame,
    name: "x",
    series: [{ lo: level, hi: level }, { lo: new Uint8Array(1) }],
  };
  const buffers = buffersOf(answer);
  expect(buffers).toHaveLength(3);
  expect(buffers).toContain(frame.buffer);
  expect(bytesOf(buffers)).toBe(12 + 16 + 1);
});

test.each([[null], [7], ["words"], [{ matches: 3 }]])("%j has none", (answer) => {
  expect(buffersOf(answer)).toEqual([]);
});
