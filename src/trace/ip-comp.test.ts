import { deflateRaw } from "pako";
import { expect, test } from "vitest";
import { parseHex, viewOf } from "../base/bytes.ts";
import { packetOf } from "../testing/packets.ts";
import { LinkType } from "../wire/linktype.ts";
import type { PacketRecord } from "../pcap/sink.ts";
import type { SegmentRecord } from "./segment.ts";
import { SegmentTracker } from "./tracker.ts";

const PLAIN = packetOf("0 > P. 100:110(10) ack 300 win 77", 1);
const packet = new Uint8Array(PLAIN.view.buffer);
const segment = packet.subarray(20);

/** IPv4 or IPv6 that carries `payload` compressed, of which `next` says what it is. */
function compressed(version: 4 | 6, next: number, payload: Uint8Array): PacketRecord {
  const body = [next, 0, 0, 2, ...deflateRaw(payload)];
  const head =
    version === 4
      ? [0x45, 0, 0, 20 + body.length, 0, 0, 0, 0, 64, 108, 0, 0, ...packet.subarray(12, 20)]
      : [0x60, 0, 0, 0, 0, body.length, 108, 64, ...parseHex("fd".padEnd(64, "0"))];
  return recordOf(Uint8Array.from([...head, ...body]));
}

function recordOf(bytes: Uint8Array<ArrayBuffer>): PacketRecord {
  const length = bytes.length;
  return { ...PLAIN, linkType: LinkType.RAW, view: viewOf(bytes), capLen: length, origLen: length };
}

/** What the tracker finds: ports and numbers of the segment, or why there is none. */
function found(p: PacketRecord): unknown {
  let result: unknown = null;
  const tracker = new SegmentTracker({
    onSegment: (s: SegmentRecord) =>
      (result = [s.srcPort, s.dstPort, s.seq, s.payloadLen, s.window, s.path.ipVersion]),
    onOther: (_, path) => (result = path.why),
  });
  tracker.onPacket(p);
  return result;
}

test("a compressed segment, and a compressed packet", () => {
  expect(found(compressed(4, 6, segment))).toEqual([40_000, 80, 100, 10, 77, 4]);
  expect(found(compressed(6, 6, segment))).toEqual([40_000, 80, 100, 10, 77, 6]);
  expect(found(compressed(6, 4, packet))).toEqual([40_000, 80, 100, 10, 77, 4]);
});

test("compressed twice", () => {
  const once = compressed(4, 6, segment).view;
  expect(found(compressed(4, 4, new Uint8Array(once.buffer)))).toEqual([
    40_000, 80, 100, 10, 77, 4,
  ]);
});

test("what cannot be decompressed is no segment: another method, damage, a cut", () => {
  const { view } = compressed(4, 6, segment);
  const bytes = new Uint8Array(view.buffer).slice();
  // A kind of block that does not exist (RFC 1951 §3.2.3).
  bytes[24] = 0x07;
  expect(found(recordOf(bytes))).toBe("compressed");
  expect(found({ ...recordOf(bytes), capLen: bytes.length - 1 })).toBe("not-tcp");
});

test("a payload that grows beyond any packet is let go", () => {
  expect(found(compressed(4, 6, new Uint8Array(10_000_000)))).toBe("compressed");
});
