import { gzip } from "pako";
import { expect, test } from "vitest";
import { concat } from "../base/bytes.ts";
import { PCAP_HEADER, record, words } from "../testing/blocks.ts";
import { CaptureLog, logCapture } from "../testing/capture-log.ts";
import { CaptureReader } from "./reader.ts";

const RECORDS = concat(...Array.from({ length: 50 }, (_, i) => record(i, i, 60, 60)));
const PLAIN = concat(PCAP_HEADER, RECORDS);
const whole = logCapture(PLAIN);

test("compressed bytes read as the plain ones, in chunks of every size", () => {
  const bytes = gzip(PLAIN);
  for (let len = 1; len <= bytes.length; len++) expect(logCapture(bytes, len)).toEqual(whole);
});

test("members follow each other, zeros pad the end, something else is said", () => {
  const parts = [
    PLAIN.subarray(0, 10),
    new Uint8Array(0),
    PLAIN.subarray(10, 999),
    PLAIN.subarray(999),
  ];
  const bytes = concat(...parts.map((p) => gzip(p)));
  for (const len of [1, 7, 1 << 16]) {
    expect(logCapture(bytes, len)).toEqual(whole);
    expect(logCapture(concat(bytes, new Uint8Array(512)), len)).toEqual(whole);
    const log = logCapture(concat(bytes, words(0x2121_2121)), len);
    expect(log.packets).toEqual(whole.packets);
    expect(log.messages).toEqual([
      `compressed data ends after ${bytes.length} bytes, what follows is left out`,
    ]);
  }
});

test("cut anywhere, the packets before are kept and it is said", () => {
  const bytes = gzip(PLAIN);
  let before = 0;
  for (let len = 4; len < bytes.length; len++) {
    const log = logCapture(bytes.subarray(0, len));
    expect(log.packets).toEqual(whole.packets.slice(0, log.packets.length));
    expect(log.packets.length).toBeGreaterThanOrEqual(before);
    before = log.packets.length;
    expect(log.messages).toEqual([`fatal: compressed data is cut short after ${len} bytes`]);
  }
  expect(before).toBe(50); // only the checksum was missing
});

test("damage anywhere is said, by the checksum at the latest", () => {
  const bytes = gzip(PLAIN);
  for (let at = 10; at < bytes.length; at++) {
    const damaged = bytes.slice();
    damaged[at]! ^= 0x10;
    const log = logCapture(damaged);
    expect(log.warnings.filter((w) => w.fatal)).toHaveLength(1);
    expect(logCapture(damaged, 1).messages).toEqual(log.messages);
  }
});

test("a bomb of 1000:1 goes through 64 KiB of memory", () => {
  // 300 MB of records without a byte, in members of 16 MiB.
  const member = gzip(new Uint8Array(1 << 24));
  const reader = new CaptureReader({ onPacket: () => {} });
  reader.push(gzip(PCAP_HEADER));
  for (let i = 0; i < 18; i++) reader.push(member);
  reader.end();
  expect(reader.frames).toBe((18 * (1 << 24)) / 16);
});

test("output can be bounded", () => {
  const log = logCapture(gzip(PLAIN), 1 << 16, { maxInflatedLen: 100 });
  expect(log.messages).toEqual(["fatal: more than 100 bytes decompressed"]);
});

test("100,000 empty members are linear", () => {
  const empty = gzip(new Uint8Array(0));
  const all = new Uint8Array(empty.length * 100_000);
  for (let at = 0; at < all.length; at += empty.length) all.set(empty, at);
  expect(logCapture(all).messages).toEqual(["fatal: empty compressed file"]);
});

test("the first bytes of what is inside tell, through as many members as they come in", () => {
  const bytes = concat(...Array.from(PLAIN.subarray(0, 30), (b) => gzip(Uint8Array.of(b))));
  const log = new CaptureLog();
  const reader = new CaptureReader(log);
  reader.push(bytes);
  expect(reader.info).toMatchObject({ format: "pcap", compression: "gzip" });
  reader.end();
  expect(log.messages).toEqual([
    "fatal: file is cut short in a record header: 6 of 16 bytes are there",
  ]);
});

test.each([
  ["text", words(0x2121_2121), /^fatal: not a capture \(first bytes: 21 21 21 21\)$/],
  ["more gzip", gzip(PLAIN), /^fatal: not a capture: it looks like data that was compressed twice/],
])("compressed %s is no capture", (_, inner, message) => {
  const [said] = logCapture(gzip(inner)).messages;
  expect(said).toMatch(message);
});

test("data compressed twice is told with the same first bytes, split anywhere", () => {
  const twice = gzip(gzip(PLAIN));
  const told = logCapture(twice).messages;
  for (const size of [1, 3, 7]) expect(logCapture(twice, size).messages).toEqual(told);
});
