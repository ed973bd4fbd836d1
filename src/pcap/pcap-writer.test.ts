import fc from "fast-check";
import { expect, test } from "vitest";
import { concat, formatHex, viewOf } from "../base/bytes.ts";
import { logCapture, type LoggedPacket } from "../testing/capture-log.ts";
import type { PacketToWrite } from "./packet-to-write.ts";
import { PcapWriter, type PcapWriterOptions } from "./pcap-writer.ts";

const u32 = fc.integer({ min: 0, max: 0xffff_ffff });

const packets = fc.array(
  fc.record({
    sec: u32,
    nsec: fc.integer({ min: 0, max: 999_999_999 }),
    bytes: fc.uint8Array({ maxLength: 80 }),
    cut: fc.integer({ min: 0, max: 70_000 }),
  }),
  { maxLength: 20 },
);

function toPacket(p: { sec: number; nsec: number; bytes: Uint8Array; cut: number }): PacketToWrite {
  const { length } = p.bytes;
  return {
    sec: p.sec,
    nsec: p.nsec,
    view: viewOf(p.bytes),
    at: 0,
    capLen: length,
    origLen: length + p.cut,
  };
}

function write(options: PcapWriterOptions, all: readonly PacketToWrite[]): Uint8Array {
  const writer = new PcapWriter(options);
  return concat(writer.header(), ...all.map((p) => writer.packet(p)));
}

test("what is written is read, and written again it is the same bytes", () => {
  fc.assert(
    fc.property(packets, fc.boolean(), fc.boolean(), (all, nanoseconds, littleEndian) => {
      const options = { linkType: 113, snapLen: 65_535, nanoseconds, littleEndian };
      const written = all.map((p) => toPacket(p));
      const bytes = write(options, written);
      const log = logCapture(bytes);
      expect(log.interfaces).toMatchObject([{ linkType: 113, snapLen: 65_535 }]);
      expect(log.packets.map(({ sec, nsec, origLen, hex }) => [sec, nsec, origLen, hex])).toEqual(
        all.map(({ sec, nsec, bytes: b }, i) => [
          sec,
          nanoseconds ? nsec : nsec - (nsec % 1000),
          written[i]!.origLen,
          formatHex(b, ""),
        ]),
      );
      expect(
        write(
          options,
          log.packets.map((p) => again(p)),
        ),
      ).toEqual(bytes);
    }),
  );
});

function again(p: LoggedPacket): PacketToWrite {
  const bytes = Uint8Array.from(p.hex.match(/../g) ?? [], (h) => Number.parseInt(h, 16));
  return { ...p, view: viewOf(bytes), at: 0 };
}

const packet = toPacket({ sec: 1, nsec: 2, bytes: new Uint8Array(60), cut: 0 });

test.each([
  [{ origLen: 59 }, "Cannot write packet of 60 bytes: it was 59 bytes on the wire"],
  [{ capLen: 262_145 }, "Cannot write packet of 262145 bytes: the limit is 262144"],
  [{ nsec: 1e9 }, "Cannot write packet: nanoseconds are 1000000000"],
  [{ sec: -1 }, "Cannot write packet: pcap has no room for second -1"],
  [{ sec: 2 ** 32 }, "Cannot write packet: pcap has no room for second 4294967296"],
])("a packet with %j is refused", (wrong, message) => {
  expect(() => new PcapWriter({ linkType: 1 }).packet({ ...packet, ...wrong })).toThrow(message);
});
