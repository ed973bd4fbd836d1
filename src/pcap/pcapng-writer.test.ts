import fc from "fast-check";
import { expect, test } from "vitest";
import { concat, parseHex, viewOf } from "../base/bytes.ts";
import { logCapture } from "../testing/capture-log.ts";
import type { RecordedEvent } from "./event.ts";
import { MAX_PACKET_LEN } from "./classic.ts";
import type { PacketToWrite } from "./packet-to-write.ts";
import { PcapngWriter } from "./pcapng-writer.ts";
import { CaptureReader } from "./reader.ts";
import type { CaptureSection } from "./sink.ts";

const u32 = fc.integer({ min: 0, max: 0xffff_ffff });
const unicode = fc.string({ unit: "grapheme", maxLength: 12 });
const name = fc.option(unicode.filter((s) => !s.endsWith("\0")));

const iface = fc.record({
  linkType: fc.integer({ min: 0, max: 0xffff }),
  snapLen: u32,
  name,
  description: name,
  filter: name,
  os: name,
});

const packet = fc.record({
  iface: fc.nat({ max: 2 }),
  sec: fc.integer({ min: 0, max: 18_446_744_072 }),
  nsec: fc.integer({ min: 0, max: 999_999_999 }),
  bytes: fc.uint8Array({ maxLength: 50 }),
  cut: fc.integer({ min: 0, max: 70_000 }),
  flags: fc.oneof(fc.constant(0), u32),
  gsoSize: fc.oneof(fc.constant(0), u32),
  comments: fc.array(unicode, { maxLength: 2 }),
});

const count = fc.option(fc.maxSafeNat());
const stats = fc.record({
  iface: fc.nat({ max: 2 }),
  received: count,
  dropped: count,
  sec: fc.nat(),
  nsec: fc.integer({ min: 0, max: 999_999_999 }),
});

const time = fc.bigInt({ min: 0n, max: 2n ** 62n });
const number = fc.maxSafeNat();
const event: fc.Arbitrary<RecordedEvent> = fc.oneof(
  fc.record({
    kind: fc.constant("call" as const),
    id: number,
    op: fc.constantFrom("listen", "accept", "dial", "read", "write", "closeWrite", "close"),
    role: fc.constantFrom("client", "server"),
    conn: fc.option(number),
    begin: time,
    end: fc.option(time),
    local: fc.option(unicode),
    remote: fc.option(unicode),
    bytes: fc.option(number),
    eof: fc.boolean(),
    error: fc.option(unicode),
  }),
  fc.record({ kind: fc.constant("clock" as const), source: unicode, errorNs: number }),
);

type Made<A> = A extends fc.Arbitrary<infer T> ? T : never;
type Written = Made<typeof packet>;

type Item =
  | { readonly packet: Written }
  | { readonly stats: Made<typeof stats> }
  | { readonly events: readonly RecordedEvent[] };

const item: fc.Arbitrary<Item> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ packet }) },
  fc.record({ stats }),
  fc.record({ events: fc.array(event, { minLength: 1, maxLength: 3 }) }),
);

const section: fc.Arbitrary<CaptureSection> = fc.record({
  littleEndian: fc.boolean(),
  hardware: name,
  os: name,
  application: name,
  comments: fc.array(unicode, { maxLength: 2 }),
});

/** Reads a file of ours and writes everything again as it comes. */
function rewritten(bytes: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [];
  let writer = new PcapngWriter();
  const reader = new CaptureReader({
    onSection(s) {
      writer = new PcapngWriter(s);
      parts.push(writer.section());
    },
    onInterface: (i) => parts.push(writer.iface(i)),
    onPacket: (p) => parts.push(writer.packet(p)),
    onStats: (s) => parts.push(writer.stats(s)),
    onEvents: (e) => parts.push(writer.events(e)),
  });
  reader.push(bytes);
  reader.end();
  return concat(...parts);
}

test("what is written is read, and written again it is the same bytes", () => {
  const file = fc.record({ section, ifaces: fc.tuple(iface, iface, iface), items: fc.array(item) });
  fc.assert(
    fc.property(file, ({ section: head, ifaces, items }) => {
      const writer = new PcapngWriter(head);
      const parts = [writer.section(), ...ifaces.map((i) => writer.iface(i))];
      for (const it of items) {
        if ("packet" in it) parts.push(writer.packet(toPacket(it.packet)));
        else if ("stats" in it) parts.push(writer.stats(it.stats));
        else parts.push(writer.events(it.events));
      }
      const bytes = concat(...parts);
      const log = logCapture(bytes);
      expect(log.warnings.filter((w) => w.fatal)).toEqual([]);
      expect(log.sections).toEqual([head]);
      expect(log.interfaces).toEqual(ifaces.map((i) => ({ ...i, ticksPerSecond: 1e9 })));
      expect(log.events).toEqual(items.flatMap((it) => ("events" in it ? it.events : [])));
      expect(log.stats).toEqual(items.flatMap((it) => ("stats" in it ? [it.stats] : [])));
      const packets = items.flatMap((it) => ("packet" in it ? [it.packet] : []));
      expect(log.packets).toMatchObject(packets.map((p, i) => logged(p, i + 1)));
      expect(rewritten(bytes)).toEqual(bytes);
    }),
  );
});

/** What the reader says of a packet that was written. */
function logged({ bytes, cut, ...rest }: Written, frame: number): object {
  return { ...rest, frame, capLen: bytes.length, origLen: bytes.length + cut };
}

function toPacket({ bytes, cut, ...rest }: Written): PacketToWrite {
  const lengths = { capLen: bytes.length, origLen: bytes.length + cut };
  return { ...rest, ...lengths, view: viewOf(bytes), at: 0 };
}

const SIXTY = viewOf(new Uint8Array(MAX_PACKET_LEN + 1));

test.each([
  [{ origLen: 59 }, "Cannot write packet of 60 bytes: it was 59 bytes on the wire"],
  [{ capLen: MAX_PACKET_LEN + 1 }, "Cannot write packet of 262145 bytes: the limit is 262144"],
  [{ iface: 1 }, "Cannot write for interface 1: 1 have been described"],
  [{ sec: -1 }, "Cannot write time: pcapng nanoseconds have no room for second -1"],
  [
    { sec: 18_446_744_074 },
    "Cannot write time: pcapng nanoseconds have no room for second 18446744074",
  ],
  [{ comments: ["x".repeat(65_536)] }, "Cannot write option 1 of 65536 bytes: the limit is 65535"],
])("a packet with %j is refused, and the writer goes on", (wrong, message) => {
  const writer = new PcapngWriter();
  writer.iface({ linkType: 1 });
  const good = { sec: 1, nsec: 2, view: SIXTY, at: 0, capLen: 60, origLen: 60 };
  expect(() => writer.packet({ ...good, ...wrong })).toThrow(message);
  expect(writer.packet(good).length).toBe(32 + 60);
});

test("an enhanced packet block, byte by byte", () => {
  const writer = new PcapngWriter();
  writer.iface({ linkType: 1 });
  const bytes = Uint8Array.of(0xaa, 0xbb, 0xcc);
  const block = writer.packet({
    sec: 1_795_346_848,
    nsec: 968_662_988,
    view: viewOf(bytes),
    at: 0,
    capLen: 3,
    origLen: 60,
    flags: 0xa02,
    gsoSize: 1448,
    comments: ["收"],
  });
  expect(block).toEqual(
    parseHex(`
      06 00 00 00  44 00 00 00  00 00 00 00  72 5a ea 18  cc df 64 6d  03 00 00 00  3c 00 00 00
      aa bb cc 00  01 00 03 00  e6 94 b6 00  02 00 04 00  02 0a 00 00
      71 f3 08 00  6b 61 71 73  a8 05 00 00  00 00 00 00  44 00 00 00`),
  );
});

test("in place, the block is the one that packet() returns, and nothing without room", () => {
  fc.assert(
    fc.property(packet, fc.boolean(), fc.nat({ max: 9 }), (p, littleEndian, at) => {
      const writer = new PcapngWriter({ littleEndian });
      for (let i = 0; i < 3; i++) writer.iface({ linkType: 1 });
      const block = writer.packet(toPacket(p));
      const out = new Uint8Array(at + block.length + 3).fill(0xee);
      expect(writer.packetInto(toPacket(p), viewOf(out), at)).toBe(block.length);
      expect(out.subarray(at, at + block.length)).toEqual(block);
      expect([...out.subarray(0, at), ...out.subarray(-3)].every((b) => b === 0xee)).toBe(true);
      const tight = viewOf(new Uint8Array(at + block.length - 1));
      expect(writer.packetInto(toPacket(p), tight, at)).toBe(0);
      expect(new Uint8Array(tight.buffer).every((b) => b === 0)).toBe(true);
    }),
  );
});
