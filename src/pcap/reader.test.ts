import fc from "fast-check";
import { expect, test } from "vitest";
import { concat, parseHex, viewOf } from "../base/bytes.ts";
import { CaptureLog, logCapture } from "../testing/capture-log.ts";
import { PcapWriter } from "./pcap-writer.ts";
import { PcapngWriter } from "./pcapng-writer.ts";
import { CaptureReader } from "./reader.ts";

const BYTES = viewOf(Uint8Array.from({ length: 64 }, (_, i) => i));

const packet = (i: number, capLen: number): Parameters<PcapWriter["packet"]>[0] => ({
  sec: 1_700_000_000 + i,
  nsec: i * 1000,
  view: BYTES,
  at: 0,
  capLen,
  origLen: 64,
});

function smallPcap(littleEndian: boolean): Uint8Array {
  const writer = new PcapWriter({ linkType: 1, littleEndian });
  return concat(writer.header(), ...[7, 0, 33].map((len, i) => writer.packet(packet(i, len))));
}

/** Two sections of both byte orders, every kind of block, and one of somebody else's. */
function smallPcapng(): Uint8Array {
  const foreign = parseHex("4d 3c 2b 9a  14 00 00 00  01 02 03 04 05 06 07 08  14 00 00 00");
  return concat(
    ...[true, false].map((le) => concat(section(le), le ? foreign : new Uint8Array(0))),
  );
}

function section(littleEndian: boolean): Uint8Array {
  const w = new PcapngWriter({ littleEndian, application: "test" });
  return concat(
    w.section(),
    w.iface({ linkType: 1, name: "lo" }),
    w.iface({ linkType: 113, filter: "tcp" }),
    w.packet({ ...packet(0, 9), iface: 1, comments: ["one", "two"], flags: 2 }),
    w.events([{ kind: "clock", source: "test", errorNs: 5 }]),
    w.packet(packet(1, 33)),
    w.stats({ iface: 0, received: 2, dropped: 1 }),
  );
}

const FILES = { "pcap le": smallPcap(true), "pcap be": smallPcap(false), pcapng: smallPcapng() };

test.each(Object.entries(FILES))("%s: the same result in chunks of every size", (_, bytes) => {
  const whole = logCapture(bytes);
  expect(whole.packets.length).toBeGreaterThan(2);
  for (let len = 1; len < bytes.length; len++) expect(logCapture(bytes, len)).toEqual(whole);
});

test.each(Object.entries(FILES))("%s: the same result split anywhere, twice", (_, bytes) => {
  const whole = logCapture(bytes);
  const place = fc.nat({ max: bytes.length });
  fc.assert(
    fc.property(place, place, (a, b) => {
      const log = new CaptureLog();
      const reader = new CaptureReader(log);
      const cuts = [0, Math.min(a, b), Math.max(a, b), bytes.length];
      for (let i = 0; i < 3; i++) reader.push(bytes.slice(cuts[i], cuts[i + 1]));
      reader.end();
      expect(log).toEqual(whole);
    }),
  );
});

test.each(Object.entries(FILES))("%s: cut anywhere, what came before is kept", (_, bytes) => {
  const whole = logCapture(bytes);
  let complete = 0;
  for (let len = 0; len < bytes.length; len++) {
    const log = logCapture(bytes.subarray(0, len));
    expect(log.packets).toEqual(whole.packets.slice(0, log.packets.length));
    expect(log.packets.length).toBeGreaterThanOrEqual(complete);
    complete = log.packets.length;
    const fatal = log.warnings.filter((w) => w.fatal);
    // A file that ends between two records is not to be told from a whole one.
    expect(fatal.length).toBeLessThanOrEqual(1);
    if (fatal.length > 0) continue;
    expect(logCapture(bytes.subarray(0, len + 1)).warnings.at(-1)).toMatchObject({ fatal: true });
  }
});

test("both byte orders say the same", () => {
  expect(logCapture(smallPcap(false))).toEqual(logCapture(smallPcap(true)));
});

test("offsets are those of the records in the file, interfaces count over all sections", () => {
  const { packets, events, stats } = logCapture(smallPcapng());
  expect(packets.map((p) => [p.frame, p.iface, p.linkType, p.comments.length])).toEqual([
    [1, 1, 113, 2],
    [2, 0, 1, 0],
    [3, 3, 113, 2],
    [4, 2, 1, 0],
  ]);
  const view = viewOf(smallPcapng());
  expect(packets.map((p) => view.getUint32(p.offset, p.frame < 3))).toEqual([6, 6, 6, 6]);
  expect(events).toHaveLength(2);
  expect(stats.map((s) => [s.iface, s.received, s.dropped])).toEqual([
    [0, 2, 1],
    [2, 2, 1],
  ]);
});

test("info and format are there once the header has been read", () => {
  const reader = new CaptureReader(new CaptureLog());
  const bytes = smallPcap(false);
  expect([reader.format, reader.info]).toEqual([null, null]);
  reader.push(bytes.subarray(0, 23));
  expect([reader.format, reader.info]).toEqual(["pcap", null]);
  reader.push(bytes.subarray(23));
  expect(reader.info).toEqual({
    format: "pcap",
    compression: null,
    version: "2.4",
    littleEndian: false,
    nanoseconds: true,
    modified: false,
    fcsLen: null,
  });
});

test("offsets beyond 2^32 are exact", () => {
  // 4.3 GB of a block that nobody knows, without a byte of it being held; then a packet.
  const w = new PcapngWriter();
  const log = new CaptureLog();
  const reader = new CaptureReader(log);
  const head = concat(w.section(), w.iface({ linkType: 1 }));
  reader.push(head);
  const zeros = new Uint8Array(1 << 24);
  for (let block = 0; block < 2; block++) {
    const len = 2_147_483_648;
    reader.push(lengths(0x0000_0bb0, len));
    for (let left = len - 12; left > 0; left -= zeros.length) {
      reader.push(zeros.subarray(0, Math.min(left, zeros.length)));
    }
    reader.push(lengths(len));
  }
  reader.push(w.packet(packet(1, 60)));
  reader.end();
  expect(log.packets).toMatchObject([{ frame: 1, offset: head.length + 2 ** 32, capLen: 60 }]);
  expect([log.warnings, reader.skipped.unknown]).toEqual([[], 2]);
});

function lengths(...words: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(4 * words.length);
  words.forEach((word, i) => viewOf(bytes).setUint32(4 * i, word, true));
  return bytes;
}
