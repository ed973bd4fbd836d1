import { expect, test } from "vitest";
import { parseHex } from "../../base/bytes.ts";
import { Cable } from "./cable.ts";

test("what one end sends is at the other end, in order and only once", () => {
  const { a, b } = new Cable(1500);
  expect([a.mtu, b.mtu, a.pollAt(), b.pollAt()]).toEqual([1500, 1500, Infinity, Infinity]);
  a.send(parseHex("01"), 0);
  a.send(parseHex("02"), 0);
  b.send(parseHex("03"), 0);
  expect([a.pollAt(), b.pollAt()]).toEqual([-Infinity, -Infinity]);
  expect([b.poll(0), b.poll(0), b.poll(0)]).toEqual([parseHex("01"), parseHex("02"), null]);
  expect([a.poll(0), a.poll(0)]).toEqual([parseHex("03"), null]);
  expect(new Cable().a.mtu).toBe(65_535);
});

test("a copy of its properties does not offer its memory", () => {
  const { a, b } = new Cable();
  expect(a.pool).toBe(b.pool);
  expect({ ...a }.pool).toBe(undefined);
});
