import { expect, test } from "vitest";
import { complete } from "./completion.ts";

test("fields come before those that lie deeper, and every verdict has room", () => {
  expect(complete("tcp.an", 6).names[0]).toBe("tcp.analysis");
  const names = complete("not tcp.analysis.", 17).names;
  expect(names).toContain("tcp.analysis.retransmission");
  expect(names).toContain("tcp.analysis.out_of_order");
});

test("the word that the caret is in is replaced", () => {
  const { from, to, names } = complete("tcp.len > 5 and ip.sr == 10.0.0.1", 20);
  expect([from, to]).toEqual([16, 21]);
  expect(names).toContain("ip.src");
});

test("nothing for one letter, a number, or a whole word", () => {
  expect(complete("t", 1).names).toEqual([]);
  expect(complete("10.0", 4).names).toEqual([]);
  expect(complete("tcp.urgent_pointer", 18).names).toEqual([]);
});
