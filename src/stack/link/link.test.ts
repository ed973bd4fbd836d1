import { expect, test } from "vitest";
import { parseHex } from "../../base/bytes.ts";
import { readIcmpError } from "../ip/icmp-error.ts";
import { readIp } from "../ip/read-ip.ts";
import { tcpPacket } from "../../testing/stack-packets.ts";
import { Link } from "./link.ts";

const MS = 1e6;

test("what one end sends the other hears, each way at its own pace", () => {
  const link = new Link({ delayNs: 10 * MS, back: { delayNs: 3 * MS } });
  link.a.send(parseHex("45 01"), 0);
  link.b.send(parseHex("45 02"), 0);
  expect([link.b.pollAt(), link.a.pollAt()]).toEqual([10 * MS, 3 * MS]);
  expect(link.b.poll(10 * MS - 1)).toBe(null);
  expect(link.b.poll(10 * MS)).toEqual(parseHex("45 01"));
  expect(link.a.poll(3 * MS)).toEqual(parseHex("45 02"));
  expect([link.b.pollAt(), link.a.pollAt()]).toEqual([Infinity, Infinity]);
});

test("the way back has its own luck", () => {
  const link = new Link({ loss: { name: "uniform", p: 0.5 } });
  const heard: [number, number] = [0, 0];
  for (let i = 0; i < 1000; i++) {
    link.a.send(parseHex("45"), i);
    link.b.send(parseHex("45"), i);
    if (link.b.poll(i) !== null) heard[0]++;
    if (link.a.poll(i) !== null) heard[1]++;
  }
  expect(heard[0]).not.toBe(heard[1]);
  expect(heard[0] + heard[1]).toBeGreaterThan(900);
});

test.each([4, 6] as const)(
  "a packet of IPv%d that is too big for the way comes back as an ICMP error",
  (version) => {
    const link = new Link({ mtu: 1280, delayNs: MS, back: { mtu: Infinity, delayNs: MS } });
    link.a.send(tcpPacket({ version, seq: 77, payloadLen: 1300 }), 0);
    const ip = readIp(link.a.poll(MS)!);
    if (typeof ip === "string") throw new RangeError(ip);
    expect(readIcmpError(ip)).toMatchObject({ kind: "too-big", mtu: 1280, seq: 77, dstPort: 80 });
    expect(link.b.pollAt()).toBe(Infinity);
  },
);

test("the error about it fits the way back, however narrow that is", () => {
  const link = new Link({ mtu: 68 });
  link.a.send(tcpPacket({ seq: 77, payloadLen: 1300 }), 0);
  const packet = link.a.poll(0)!;
  expect(packet.length).toBe(68);
  const ip = readIp(packet);
  if (typeof ip === "string") throw new RangeError(ip);
  expect(readIcmpError(ip)).toMatchObject({ kind: "too-big", mtu: 68, seq: 77 });
});

test("a black hole swallows it without a word", () => {
  const link = new Link({ mtu: 1280, tellsTooBig: false });
  link.a.send(tcpPacket({ version: 4, seq: 77, payloadLen: 1300 }), 0);
  expect(link.a.pollAt()).toBe(Infinity);
  expect(link.forth.counters.tooBig).toBe(1);
});
