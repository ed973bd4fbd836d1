import fc from "fast-check";
import { expect, test } from "vitest";
import { concat, parseHex } from "../base/bytes.ts";
import { PCAP_HEADER, record } from "../testing/blocks.ts";
import { CaptureLog, logCapture } from "../testing/capture-log.ts";
import { CaptureReader } from "./reader.ts";

const PLAIN = concat(PCAP_HEADER, ...Array.from({ length: 50 }, (_, i) => record(i, i, 60, 60)));
const whole = logCapture(PLAIN);

/** {@link PLAIN} through `zstd -19`. */
const ZSTD = parseHex(
  "28b52ffd64f00d9d060016512723a06d33ffbf0b801e5755555519c02dfc760bbfddc26fb7f0db2d" +
    "fc5b29a594524a99021c001d001d009f77af7bc79ddbbe69d7b267d8b1eb57d451af5badff5a2ca5" +
    "5ab1028c33165f28ae483c8138e2f083e186c20b8413061f082e083c0038e07bd7649ec11c73f9c5" +
    "724be515ca29934f2497441e811cf2f8c37147e38da79f4c37955e229d34fa487451e821d0419f7f" +
    "3cf774dee19cb3f9461333a811dccf7e07e07703113c42f0ffff083f444444444444444444841051" +
    "222222222222224284888828d1a1e723b6aa8056058fcbc74d",
);

/** {@link PLAIN} through `lz4 -9 -BD -B4 --content-size`. */
const LZ4 = parseHex(
  "04224d186c40f00e0000000000009daa01000084d4c3b2a102000400010066ffff00000100010013" +
    "3c04000f010029130104000f4c0031130204000f4c0031130304000f4c0031130404000f4c003113" +
    "0504000f4c0031130604000f4c0031130704000f4c0031130804000f4c0031130904000f4c003113" +
    "0a04000f4c0031130b04000f4c0031130c04000f4c0031130d04000f4c0031130e04000f4c003113" +
    "0f04000f4c0031131004000f4c0031131104000f4c0031131204000f4c0031131304000f4c003113" +
    "1404000f4c0031131504000f4c0031131604000f4c0031131704000f4c0031131804000f4c003113" +
    "1904000f4c0031131a04000f4c0031131b04000f4c0031131c04000f4c0031131d04000f4c003113" +
    "1e04000f4c0031131f04000f4c0031132004000f4c0031132104000f4c0031132204000f4c003113" +
    "2304000f4c0031132404000f4c0031132504000f4c0031132604000f4c0031132704000f4c003113" +
    "2804000f4c0031132904000f4c0031132a04000f4c0031132b04000f4c0031132c04000f4c003113" +
    "2d04000f4c0031132e04000f4c0031132f04000f4c0031133004000f4c0031133104000f4c002c50" +
    "0000000000000000006068c069",
);

/** A skippable frame of 5 bytes: both formats have the same. */
const SKIPPABLE = parseHex("502a4d18 05000000 0102030405");

const FORMATS = [
  ["zstd", ZSTD],
  ["lz4", LZ4],
] as const;

test.each(FORMATS)("%s reads as the plain bytes, in chunks of every size", (_, bytes) => {
  for (let len = 1; len <= bytes.length; len++) expect(logCapture(bytes, len)).toEqual(whole);
});

test.each(FORMATS)("%s: skippable frames between are passed over", (_, bytes) => {
  for (const len of [1, 7, 1 << 16])
    expect(logCapture(concat(bytes, SKIPPABLE, SKIPPABLE), len)).toEqual(whole);
});

test.each(FORMATS)("%s: a file behind a file is read on, and it is said", (_, bytes) => {
  for (const len of [1, 7, 1 << 16]) {
    const log = logCapture(concat(bytes, bytes), len);
    expect(log.packets.map((p) => p.frame)).toEqual(Array.from({ length: 100 }, (__, i) => i + 1));
    expect(log.messages).toEqual(["another pcap file begins here: files were joined end to end"]);
  }
});

test.each(FORMATS)("%s says what it is", (compression, bytes) => {
  const reader = new CaptureReader(new CaptureLog());
  reader.push(bytes);
  reader.end();
  expect(reader.info).toMatchObject({ format: "pcap", compression });
});

test.each(FORMATS)("%s cut anywhere: the packets before are kept and it is said", (_, bytes) => {
  for (let len = 4; len < bytes.length; len++) {
    const log = logCapture(bytes.subarray(0, len));
    expect(log.packets).toEqual(whole.packets.slice(0, log.packets.length));
    expect(log.messages).toEqual([`fatal: compressed data is cut short after ${len} bytes`]);
  }
});

test.each(FORMATS)("%s damaged anywhere ends, and not later for small chunks", (_, bytes) => {
  fc.assert(
    fc.property(fc.nat(bytes.length - 1), fc.nat(255), (at, byte) => {
      const damaged = bytes.slice();
      damaged[at] = byte;
      const log = logCapture(damaged);
      expect(logCapture(damaged, 3).messages).toEqual(log.messages);
    }),
    { numRuns: 500 },
  );
});

test.each(FORMATS)(
  "%s with one bit wrong, anywhere: it is said, or it does not matter",
  (_, bytes) => {
    for (let bit = 0; bit < 8 * bytes.length; bit++) {
      const damaged = bytes.slice();
      damaged[bit >> 3]! ^= 1 << (bit & 7);
      const log = logCapture(damaged);
      const isSaid = log.warnings.some((w) => w.fatal);
      expect(isSaid || JSON.stringify(log) === JSON.stringify(whole)).toBe(true);
    }
  },
);

test("wrong checksums are told by what they are of, and where they stand", () => {
  const at = (i: number): string => {
    const damaged = LZ4.slice();
    damaged.set([damaged.at(i)! ^ 1], i < 0 ? damaged.length + i : i);
    return logCapture(damaged).messages.join();
  };
  expect(at(14)).toContain("at its byte 4: the checksum of a frame header is wrong");
  expect(at(-1)).toContain(`at its byte ${LZ4.length - 4}: the checksum of the content is wrong`);
  const zstd = ZSTD.slice();
  zstd[zstd.length - 1]! ^= 1;
  const log = logCapture(zstd);
  expect(log.packets).toEqual(whole.packets);
  expect(log.messages).toEqual([
    `fatal: compressed data is damaged at its byte ${ZSTD.length - 4}: the checksum of the content is wrong`,
  ]);
});

test.each(FORMATS)("%s stops at the bound of its output", (_, bytes) => {
  const log = new CaptureLog();
  const reader = new CaptureReader(log, { maxInflatedLen: 1000 });
  reader.push(bytes);
  reader.end();
  expect(log.messages).toEqual(["fatal: more than 1000 bytes decompressed"]);
});

test("a window of 2 GiB is refused before memory is taken", () => {
  const log = logCapture(parseHex("28b52ffd 00 a8 010000"));
  expect(log.messages).toEqual(["fatal: needs a window of 2147483648 bytes, more than 134217728"]);
});
