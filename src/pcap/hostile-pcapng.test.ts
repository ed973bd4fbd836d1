/** pcapng files that are not what they should be (`hostile-inputs.md` A 15, 20 to 37). */
import { expect, test } from "vitest";
import { concat, parseHex } from "../base/bytes.ts";
import { block, INTERFACE, option, PACKET, SECTION, words } from "../testing/blocks.ts";
import { CaptureLog, logCapture } from "../testing/capture-log.ts";
import { CaptureReader } from "./reader.ts";

const START = concat(SECTION, INTERFACE, PACKET);
const START_LEN = START.length;
const NOTHING = new Uint8Array(0);

/** What is said of `bytes` after one good packet; a second good one follows. */
function after(bytes: Uint8Array): { packets: number; messages: string[] } {
  const log = logCapture(concat(START, bytes, PACKET));
  expect(logCapture(concat(START, bytes, PACKET), 1)).toEqual(log);
  return { packets: log.packets.length, messages: log.messages };
}

const stops = (message: string): object => ({ packets: 1, messages: [`fatal: ${message}`] });

test.each([
  [0, "block length 0 is less than 32"],
  [4, "block length 4 is less than 32"],
  [8, "block length 8 is less than 32"],
  [11, "block length 11 is not a multiple of 4"],
  [12, "block length 12 is less than 32"],
  [13, "block length 13 is not a multiple of 4"],
  [0x7fff_fffc, "block claims 2147483644 bytes, the limit is 16777216"],
  [0xffff_fffc, "block claims 4294967292 bytes, the limit is 16777216"],
  [0xffff_ffff, "block length 4294967295 is not a multiple of 4"],
])("a packet block of length %i", (len, message) => {
  expect(after(block(6, words(0, 0, 2, 4, 4, 1), len))).toEqual(stops(message));
});

test.each([0x7fff_fffc, 0xffff_fffc])(
  "an unknown block of length %i is passed over to the end",
  (len) => {
    const there = 12 + 36;
    expect(after(block(0x77, NOTHING, len))).toEqual(
      stops(`file is cut short: ${there} of a block's ${len} bytes are there`),
    );
  },
);

test.each([
  [
    "no byte-order magic",
    block(0x0a0d0d0a, words(0x4d3c2b1b, 1, 0, 0)),
    "section header has byte-order magic 1b2b3c4d",
  ],
  [
    "version 9",
    block(0x0a0d0d0a, words(0x1a2b3c4d, 9, 0, 0)),
    "pcapng version 9.0 is not supported, only 1.x",
  ],
  [
    "no such interface",
    block(6, words(7, 0, 2, 4, 4, 1)),
    "packet of interface 7, but the section has described 1 so far",
  ],
  [
    "interface 2^32-1",
    block(6, words(0xffff_ffff, 0, 2, 4, 4, 1)),
    "packet of interface 4294967295, but the section has described 1 so far",
  ],
  [
    "4000 bytes too many",
    block(6, words(0, 0, 2, 4004, 4004, 1)),
    "packet claims 4004 bytes in a block with room for 4",
  ],
  [
    "2^31-1 bytes",
    block(6, words(0, 0, 2, 0x7fff_ffff, 1, 1)),
    "packet claims 2147483647 bytes in a block with room for 4",
  ],
  [
    "2^32-1 bytes",
    block(6, words(0, 0, 2, 0xffff_ffff, 1, 1)),
    "packet claims 4294967295 bytes in a block with room for 4",
  ],
  [
    "two lengths",
    block(6, words(0, 0, 2, 4, 4, 1), 36, 40),
    "block begins with length 36 and ends with length 40",
  ],
  [
    "two lengths, unknown",
    block(0x77, NOTHING, 12, 16),
    "block begins with length 12 and ends with length 16",
  ],
])("%s ends the reading, the packet before is kept", (_, bytes, message) => {
  expect(after(bytes)).toEqual(stops(message));
});

test("a packet before any interface ends the reading", () => {
  expect(logCapture(concat(SECTION, PACKET)).messages).toEqual([
    "fatal: packet of interface 0, but the section has described 0 so far",
  ]);
});

test.each([
  ["past the block", option(1, words(0), 400), ["option 1 claims 400 bytes past its block"]],
  ["end with a length", words(0x0004_0000, 0), ["end of options has length 4"]],
  ["no end", option(1, words(0x21212121)), []],
  ["bytes after the end", words(0, 0), ["bytes after the end of options"]],
  ["2000 empty", concat(...Array.from({ length: 2000 }, () => option(1, NOTHING))), []],
])("options of a packet: %s; it is kept", (_, options, messages) => {
  const body = concat(words(0, 0, 2, 4, 4, 1), options);
  expect(after(block(6, body))).toEqual({ packets: 3, messages });
});

test("4 MB of comments on one packet are read once", () => {
  const comment = option(1, new Uint8Array(65_532).fill(0x61));
  const body = concat(words(0, 0, 2, 4, 4, 1), ...Array.from({ length: 64 }, () => comment));
  const log = logCapture(concat(START, block(6, body), PACKET), 4096);
  expect(log.packets.map((p) => p.comments.length)).toEqual([0, 64, 0]);
});

test.each([0x00, 0x7f, 0x80, 0xbf, 0xff])("if_tsresol %i gives finite times", (resol) => {
  const iface = block(1, concat(words(1, 0), option(9, Uint8Array.of(resol))));
  const packet = block(6, words(0, 0xffff_ffff, 0xffff_ffff, 4, 4, 1));
  const [first] = logCapture(concat(SECTION, iface, packet)).packets;
  expect(Number.isSafeInteger(first!.sec)).toBe(true);
  expect(first!.nsec).toBeGreaterThanOrEqual(0);
  expect(first!.nsec).toBeLessThan(1e9);
});

test("if_tsresol of a wrong length is left aside; if_tsoffset of -2^62 is kept finite", () => {
  const wrong = block(1, concat(words(1, 0), option(9, Uint8Array.of(9, 9))));
  const far = block(1, concat(words(1, 0), option(14, words(0, 0xc000_0000))));
  const log = logCapture(concat(SECTION, wrong, far, PACKET, block(6, words(1, 0, 2, 4, 4, 1))));
  expect(log.packets.map((p) => [p.sec, p.nsec])).toEqual([
    [0, 2000],
    [-Number.MAX_SAFE_INTEGER, 2000],
  ]);
  expect(log.messages).toEqual([
    "option 9 has 2 bytes, not 1",
    "time stamp -4611686018427388000 s since 1970 is out of range",
  ]);
});

test("if_tsoffset moves times, also before 1970", () => {
  const iface = block(1, concat(words(1, 0), option(14, words(0xffff_fff6, 0xffff_ffff))));
  expect(logCapture(concat(SECTION, iface, PACKET)).packets).toMatchObject([
    { sec: -10, nsec: 2000 },
  ]);
});

/** A simple packet with room for 8 bytes. */
function simple(snapLen: number, origLen: number): CaptureLog {
  return logCapture(concat(SECTION, block(1, words(1, snapLen)), block(3, words(origLen, 1, 2))));
}

/** What is said of a section of 56 bytes that claims another length. */
function claiming(low: number, high: number): string[] {
  const section = block(0x0a0d0d0a, words(0x1a2b3c4d, 1, low, high));
  return logCapture(concat(section, INTERFACE, PACKET)).messages;
}

test("simple packets: as long as the wire, the snapshot length or the block says", () => {
  expect(simple(0, 7).packets).toMatchObject([{ capLen: 7, origLen: 7, sec: 0, nsec: 0 }]);
  expect(simple(5, 2000).packets).toMatchObject([{ capLen: 5, origLen: 2000 }]);
  expect(simple(0, 0xffff_ffff).packets).toMatchObject([{ capLen: 8, origLen: 0xffff_ffff }]);
  expect(simple(0, 0xffff_ffff).messages).toEqual([
    "simple packet of 4294967295 bytes in a block with room for 8",
  ]);
});

test("obsolete packet blocks have 16 bits of interface and of lost packets", () => {
  const old = block(2, concat(words(0x0003_0000, 0, 2, 4, 4, 1), option(2, words(2))));
  const log = logCapture(concat(SECTION, INTERFACE, old));
  expect(log.packets).toMatchObject([{ iface: 0, nsec: 2000, flags: 2 }]);
  expect(log.stats).toEqual([{ iface: 0, received: null, dropped: 3 }]);
});

test("packets that tell what was lost before them are summed, unless statistics tell more", () => {
  const lossy = block(6, concat(words(0, 0, 2, 4, 4, 1), option(4, words(5, 0))));
  expect(logCapture(concat(SECTION, INTERFACE, lossy, lossy)).stats).toEqual([
    { iface: 0, received: null, dropped: 10 },
  ]);
  const stats = block(5, concat(words(0, 0, 3), option(4, words(9, 0)), option(5, words(4, 0))));
  expect(logCapture(concat(SECTION, INTERFACE, lossy, stats)).stats).toEqual([
    { iface: 0, received: 9, dropped: 4, sec: 0, nsec: 3000 },
  ]);
});

test("other blocks are passed over and counted; those that Wireshark lists take a frame number", () => {
  const log = new CaptureLog();
  const reader = new CaptureReader(log);
  const types = [4, 10, 0x77, 0x8000_0001, 0x0bad, 0x4000_0bad, 9, 0x204, 0x216, 0x221, 0x208];
  reader.push(concat(START, ...types.map((type) => block(type, words(1, 2, 3))), PACKET));
  reader.end();
  expect(log.packets.map((p) => p.frame)).toEqual([1, 8]);
  expect(reader.skipped).toEqual({
    numbered: 6,
    nameResolution: 1,
    secrets: 1,
    local: 1,
    unknown: 2,
  });
  expect(log.warnings).toEqual([]);
});

test("200,000 interfaces and 20,000 sections", () => {
  const many = new Uint8Array(INTERFACE.length * 200_000);
  for (let at = 0; at < many.length; at += INTERFACE.length) many.set(INTERFACE, at);
  const log = logCapture(concat(SECTION, many, block(6, words(199_999, 0, 2, 4, 4, 1))));
  expect(log.packets).toMatchObject([{ iface: 199_999 }]);
  const sections = new Uint8Array(START_LEN * 20_000);
  for (let at = 0; at < sections.length; at += START_LEN) sections.set(START, at);
  expect(logCapture(sections).packets.at(-1)).toMatchObject({ frame: 20_000, iface: 19_999 });
});

test("a wrong section length is said and not believed", () => {
  expect(claiming(56, 0)).toEqual([]);
  expect(claiming(55, 0)).toEqual(["section claims 55 bytes and has 56"]);
  expect(claiming(0, 0x8000_0000)).toEqual([
    "section claims a length of -9223372036854775808 bytes",
  ]);
});

test("statistics of no interface, or too long: said, and the packets are read", () => {
  expect(after(block(5, words(7, 0, 0)))).toEqual({
    packets: 2,
    messages: ["statistics of interface 7, which does not exist"],
  });
  expect(after(block(5, concat(words(0, 0, 0), option(4, words(1, 0), 4000))))).toEqual({
    packets: 2,
    messages: ["option 4 claims 4000 bytes past its block"],
  });
});

test.each([
  "0a 0d 0a 1c 00 00 00 4d 3c 2b 1a 01 00 00 00 00",
  "0d 0a 0d 0d 0d 0a 1c 00 00 00 4d 3c 2b 1a 01 00",
])("a transfer in text mode is told: %s", (hex) => {
  const [message] = logCapture(parseHex(hex)).messages;
  expect(message).toMatch(/line ends a transfer in text mode has changed/);
});
