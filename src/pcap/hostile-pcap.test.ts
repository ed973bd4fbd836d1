/** Classic files that are not what they should be (`hostile-inputs.md` A 1 to 16). */
import { expect, test } from "vitest";
import { concat, parseHex } from "../base/bytes.ts";
import { PCAP_HEADER, record, words } from "../testing/blocks.ts";
import { logCapture, type CaptureLog } from "../testing/capture-log.ts";

const RECORD = record(1, 2, 4, 4);
const utf8 = (s: string): Uint8Array => new TextEncoder().encode(s);

test.each([
  ["nothing", new Uint8Array(0), "empty file"],
  ["1 byte", PCAP_HEADER.subarray(0, 1), "truncated header: got 1 of 24 bytes"],
  ["4 bytes", PCAP_HEADER.subarray(0, 4), "truncated header: got 4 of 24 bytes"],
  ["23 bytes", PCAP_HEADER.subarray(0, 23), "truncated header: got 23 of 24 bytes"],
  ["text", utf8("hello\x1b[31m"), "not a capture (first bytes: 68 65 6c 6c 6f 1b 5b 33 31 6d)"],
  [
    "a byte-order mark",
    concat(parseHex("ef bb bf"), PCAP_HEADER),
    "not a capture: it looks like text with a byte-order mark (first bytes: ef bb bf d4 c3 b2 a1 02 00 04 00 00 00 00 00 00)",
  ],
  [
    "zeros",
    new Uint8Array(100),
    "not a capture: it looks like only zero bytes (first bytes: 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00)",
  ],
  ["zstd", parseHex("28 b5 2f fd 04 00"), "compressed data is cut short after 6 bytes"],
  [
    "version 1.2",
    words(0xa1b2c3d4, 0x0002_0001, 0, 0, 0, 1),
    "pcap version 1.2 is not supported, only 2.x",
  ],
  [
    "version 543.0",
    words(0xa1b2c3d4, 543, 0, 0, 0, 1),
    "pcap version 543.0 is not supported, only 2.x",
  ],
])("%s", (_, bytes, message) => {
  for (const chunkLen of [1, 3, 4096]) {
    const log = logCapture(bytes, chunkLen);
    expect(log.messages).toEqual([`fatal: ${message}`]);
    expect(log.packets).toEqual([]);
  }
});

test.each([0xffff_ffff, 0x8000_0000, 0x7fff_ffff, 262_145, 16 * 1024 * 1024])(
  "a record that claims %i bytes ends the reading, the one before is kept",
  (len) => {
    const bytes = concat(PCAP_HEADER, RECORD, words(1, 2, len, len), new Uint8Array(1000));
    const log = logCapture(bytes);
    expect(log.packets).toHaveLength(1);
    expect(log.warnings).toEqual([
      {
        offset: 44,
        frame: 1,
        message: `record claims ${len} bytes, the limit is 262144`,
        fatal: true,
      },
    ]);
  },
);

test.each([
  [record(1, 2, 8, 4), "record has 8 bytes captured of 4 on the wire"],
  [record(1, 2, 0, 60), "record without a byte"],
  [record(1, 1_000_001, 4, 4), "sub-second part 1000001 is 1000000 or more"],
])("odd records are kept, and said to be odd: %#", (odd, message) => {
  const log = logCapture(concat(PCAP_HEADER, odd, RECORD));
  expect([log.packets.length, log.messages]).toEqual([2, [message]]);
  expect(log.packets[0]).toMatchObject(
    message.startsWith("sub") ? { sec: 2, nsec: 1000 } : { sec: 1 },
  );
});

/** A file of this snapshot length with a record of 100 bytes, then the usual one. */
function withSnapLen(snapLen: number): CaptureLog {
  const header = words(0xa1b2c3d4, 0x0004_0002, 0, 0, snapLen, 1);
  return logCapture(concat(header, record(1, 2, 100, 100), RECORD));
}

/** The link type of a packet in a file with this last header field. */
function linkTypeOf(field: number): number {
  const header = words(0xa1b2c3d4, 0x0004_0002, 0, 0, 0, field);
  return logCapture(concat(header, RECORD)).packets[0]!.linkType;
}

test("a record longer than the snapshot length is kept; lengths 0 and 2^32-1 limit nothing", () => {
  expect(withSnapLen(60).messages).toEqual([
    "record has 100 bytes, more than the snapshot length 60",
  ]);
  for (const snapLen of [60, 0, 0xffff_ffff]) expect(withSnapLen(snapLen).packets).toHaveLength(2);
  for (const snapLen of [0, 0xffff_ffff]) expect(withSnapLen(snapLen).messages).toEqual([]);
});

test("100,000 records of zeros are 100,000 packets and two warnings", () => {
  const log = logCapture(concat(PCAP_HEADER, new Uint8Array(1_600_000)));
  expect(log.packets).toHaveLength(100_000);
  expect(log.messages).toEqual([
    "record without a byte",
    "99999 more like the one at offset 24: records without a byte",
  ]);
});

test("bits above the link type tell the FCS; an unknown link type is a number like others", () => {
  expect(linkTypeOf(0x2400_0001)).toBe(1);
  expect(linkTypeOf(0x0000_1234)).toBe(0x1234);
});

test("Kuznetzov's records have 24 bytes of header", () => {
  const one = concat(words(7, 8, 4, 60, 3, 0x0800), words(0x0403_0201));
  const header = words(0xa1b2cd34, 0x0004_0002, 0, 0, 0, 1);
  const log = logCapture(concat(header, one, one));
  expect(log.messages).toEqual([]);
  expect(log.packets.map((p) => [p.sec, p.nsec, p.origLen, p.hex])).toEqual([
    [7, 8000, 60, "01020304"],
    [7, 8000, 60, "01020304"],
  ]);
});

test("before version 2.3 the lengths stood the other way round", () => {
  const header = words(0xa1b2c3d4, 0x0002_0002, 0, 0, 0, 1);
  const log = logCapture(concat(header, words(1, 2, 60, 4, 0x0403_0201)));
  expect(log.packets).toMatchObject([{ capLen: 4, origLen: 60 }]);
});
