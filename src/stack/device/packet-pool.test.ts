import fc from "fast-check";
import { expect, test } from "vitest";
import { PacketPool } from "./packet-pool.ts";

const MTU = 1500;

test("what was given back is taken again, in the same memory", () => {
  const pool = new PacketPool(MTU);
  const first = pool.take(MTU);
  expect([first.length, pool.at, pool.view.buffer]).toEqual([MTU, first.byteOffset, first.buffer]);
  expect(pool.locate(first)).toBe(true);
  pool.give(first);
  expect(pool.locate(first)).toBe(false);
  expect(pool.take(MTU)).toBe(first);
  const other = pool.take(40);
  expect([other.length, other.byteOffset]).toEqual([40, pool.at]);
  expect(other.byteOffset).not.toBe(first.byteOffset);
});

test("parts of a packet are the bytes that lie there now", () => {
  const pool = new PacketPool(MTU);
  const packet = pool.take(100);
  const { view, at } = pool;
  packet.fill(1);
  const part = pool.bytes(view, at + 40, at + 100);
  expect([part.length, part.byteOffset, part[0]]).toEqual([60, packet.byteOffset + 40, 1]);
  expect(pool.bytes(view, at + 20, at + 80).byteOffset).toBe(packet.byteOffset + 20);
  expect(pool.bytes(view, at + 20, at + 60).length).toBe(40);
  const other = new Uint8Array(100).fill(3);
  const otherView = new DataView(other.buffer, 10);
  expect(pool.bytes(otherView, 10, 30).byteOffset).toBe(20);
});

test("what it did not give, or has back already, is left alone", () => {
  const pool = new PacketPool(MTU);
  const packet = pool.take(100);
  pool.give(new Uint8Array(100));
  pool.give(packet.subarray(0, 100));
  pool.give(packet.subarray(20));
  expect(pool.take(100).byteOffset).not.toBe(packet.byteOffset);
  pool.give(packet);
  const again = pool.take(60);
  expect(again.byteOffset).toBe(packet.byteOffset);
  // The place is somebody else's by now.
  pool.give(packet);
  expect(pool.take(60).byteOffset).not.toBe(again.byteOffset);
});

test.each([
  [100, 101],
  [MTU, 3000],
])("there is room for more than it has places, and for longer packets (%i, %i)", (mtu, longer) => {
  const pool = new PacketPool(mtu);
  const all = Array.from({ length: 15_000 }, () => pool.take(mtu));
  for (const [i, packet] of all.entries()) packet.fill(i);
  expect(all.findIndex((packet, i) => packet.some((byte) => byte !== (i & 0xff)))).toBe(-1);
  const long = pool.take(longer);
  expect([long.length, pool.view.getUint8(pool.at)]).toEqual([longer, 0]);
  for (const packet of [long, ...all]) pool.give(packet);
});

test("no two packets that somebody has share a byte", () => {
  const length = fc.integer({ min: 0, max: 64 });
  const step = fc.oneof(
    length.map((n) => ({ take: n })),
    fc.nat().map((n) => ({ give: n })),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const pool = new PacketPool(60);
      const out: { packet: Uint8Array; byte: number }[] = [];
      for (const [i, does] of steps.entries()) {
        if ("take" in does) {
          const packet = pool.take(does.take);
          packet.fill(i);
          out.push({ packet, byte: i });
        } else if (out.length > 0) pool.give(out.splice(does.give % out.length, 1)[0]!.packet);
        for (const { packet, byte } of out) expect(packet.every((b) => b === byte)).toBe(true);
      }
    }),
  );
});
