import fc from "fast-check";
import { expect, test } from "vitest";
import { PcapngWriter } from "../../pcap/pcapng-writer.ts";
import type { PacketRecord } from "../../pcap/sink.ts";
import { emitPacketBlock, packetBlockLen } from "./packet-block.ts";

const anyPacket: fc.Arbitrary<PacketRecord> = fc
  .record({
    bytes: fc.uint8Array({ maxLength: 600 }),
    before: fc.nat({ max: 9 }),
    beyond: fc.nat({ max: 70_000 }),
    sec: fc.nat({ max: 0xffff_ffff }),
    nsec: fc.nat({ max: 999_999_999 }),
    flags: fc.constantFrom(0, 1, 0x202, 0xa02),
    gsoSize: fc.constantFrom(0, 1448, 65_483),
  })
  .map(({ bytes, before, beyond, sec, nsec, flags, gsoSize }) => {
    const memory = new Uint8Array(before + bytes.length);
    memory.set(bytes, before);
    return {
      sec,
      nsec,
      flags,
      gsoSize,
      frame: 1,
      iface: 0,
      linkType: 1,
      view: new DataView(memory.buffer),
      at: before,
      capLen: bytes.length,
      origLen: bytes.length + beyond,
      comments: [],
      offset: 0,
      headLen: 0,
    };
  });

test("a block written in place is the block that PcapngWriter makes", () => {
  const writer = new PcapngWriter();
  writer.iface({ linkType: 1 });
  fc.assert(
    fc.property(anyPacket, fc.nat({ max: 7 }), (packet, at) => {
      const out = new Uint8Array(at + packetBlockLen(packet)).fill(0xee);
      emitPacketBlock(packet, new DataView(out.buffer), at);
      expect(out.subarray(at)).toEqual(writer.packet(packet));
      expect(out.subarray(0, at).every((b) => b === 0xee)).toBe(true);
    }),
  );
});
