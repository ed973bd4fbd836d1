import { expect, test } from "vitest";
import { parseHex } from "../../base/bytes.ts";
import { Link } from "../link/link.ts";
import { bridged } from "./bridge.ts";

test("two links that are joined are one", () => {
  const [left, right] = [new Link({ delayNs: 10 }), new Link({ delayNs: 5 })];
  const bridge = bridged(left.b, right.a);
  expect(bridge.pollAt()).toBe(Infinity);
  left.a.send(parseHex("01"), 0);
  right.b.send(parseHex("02"), 0);
  expect(bridge.pollAt()).toBe(5);
  bridge.poll(5);
  expect(left.a.poll(15)).toEqual(parseHex("02"));
  expect(bridge.pollAt()).toBe(10);
  bridge.poll(10);
  expect(right.b.poll(15)).toEqual(parseHex("01"));
  expect(bridge.pollAt()).toBe(Infinity);
});
