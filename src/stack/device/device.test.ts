import { expect, test } from "vitest";
import { parseHex } from "../../base/bytes.ts";
import { Loopback } from "./loopback.ts";
import { traced } from "./tracer.ts";

test("loopback gives back what it got, in order, and only once", () => {
  const device = new Loopback();
  expect([device.poll(), device.pollAt()]).toEqual([null, Infinity]);
  device.send(parseHex("01"));
  device.send(parseHex("02"));
  expect(device.pollAt()).toBe(-Infinity);
  expect([device.poll(), device.poll(), device.poll()]).toEqual([
    parseHex("01"),
    parseHex("02"),
    null,
  ]);
  expect(device.pollAt()).toBe(Infinity);
  expect(new Loopback(1500).mtu).toBe(1500);
});

test("a tracer sees both directions and changes nothing", () => {
  const seen: string[] = [];
  const device = traced(new Loopback(), (direction, packet, nowNs) => {
    seen.push(`${direction} ${packet[0]} @${nowNs}`);
  });
  device.send(parseHex("07"), 1);
  expect(device.pollAt()).toBe(-Infinity);
  expect(device.poll(2)).toEqual(parseHex("07"));
  expect(device.poll(3)).toBe(null);
  expect(seen).toEqual(["out 7 @1", "in 7 @2"]);
  expect(device.mtu).toBe(65_535);
});
