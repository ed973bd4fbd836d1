import { expect, test } from "vitest";
import { Prng } from "../base/prng.ts";
import { sum16 } from "./checksum.ts";
import { makeSummedMemory, PlainMemory } from "./summed-memory.ts";

const LENGTH = 400_000;

test("memory of WebAssembly's is summed as any other, from every place to every other", () => {
  const memory = makeSummedMemory(LENGTH);
  expect(memory).not.toBeInstanceOf(PlainMemory);
  expect([memory.bytes.length, memory.view.byteLength]).toEqual([LENGTH, LENGTH]);
  const prng = new Prng(1);
  for (let i = 0; i < LENGTH; i++) memory.bytes[i] = prng.below(256);
  for (let i = 0; i < 3000; i++) {
    const at = prng.below(200);
    const end = at + prng.below(i < 2000 ? 300 : LENGTH - 200);
    const sum = prng.below(0x1_0000);
    expect(memory.sum16(at, end, sum)).toBe(sum16(memory.view, at, end, sum));
  }
});

test.each([0, 1, 0x80, 0xff])("the longest carries are right, of bytes that are all %i", (byte) => {
  const memory = makeSummedMemory(LENGTH);
  memory.bytes.fill(byte);
  const plain = new PlainMemory(LENGTH);
  plain.bytes.fill(byte);
  for (const end of [0, 1, 15, 16, 17, 63, 64, 65, 1460, 0x2_0000, 0x2_0001, 0x4_0001, LENGTH])
    for (const sum of [0, 1, 0xffff])
      expect(memory.sum16(0, end, sum)).toBe(plain.sum16(0, end, sum));
});
