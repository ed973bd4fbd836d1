import { expect, test } from "vitest";
import { concat, parseHex } from "../base/bytes.ts";
import { CaptureLog, logCapture } from "../testing/capture-log.ts";
import { CaptureReader } from "./reader.ts";

/** Big-endian words. */
const big = (...words: readonly number[]): Uint8Array =>
  parseHex(words.map((w) => w.toString(16).padStart(8, "0")).join(""));

const HEADER = concat(parseHex("736e6f6f70000000"), big(2, 4));
const record = (sec: number, capLen: number, origLen: number, recordLen: number): Uint8Array =>
  concat(big(origLen, capLen, recordLen, 0, sec, 7), new Uint8Array(recordLen - 24).fill(sec));

const FILE = concat(HEADER, record(1, 60, 60, 84), record(2, 61, 90, 88), record(3, 64, 64, 88));

test("packets and their times, in chunks of every size", () => {
  const log = logCapture(FILE);
  expect(log.messages).toEqual([]);
  expect(log.packets).toHaveLength(3);
  for (let len = 1; len < 100; len++) expect(logCapture(FILE, len)).toEqual(log);
});

test("says what it is", () => {
  const log = new CaptureLog();
  const reader = new CaptureReader(log);
  reader.push(FILE);
  expect(reader.format).toBe("snoop");
  expect(reader.info).toMatchObject({ format: "snoop", version: "2.0", littleEndian: false });
});

test("cut anywhere, the packets before are kept and it is said", () => {
  const whole = logCapture(FILE);
  for (let len = 4; len < FILE.length; len++) {
    const log = logCapture(FILE.subarray(0, len));
    expect(log.packets).toEqual(whole.packets.slice(0, log.packets.length));
    const isBetween = [16, 100, 188].includes(len);
    expect(log.messages).toHaveLength(isBetween ? 0 : 1);
  }
});

test.each([
  ["a record that does not advance", concat(HEADER, big(60, 60, 0, 0, 1, 0)), "record of 0 bytes"],
  [
    "a packet of 4 GB",
    concat(HEADER, big(60, 0xffff_ffff, 84, 0, 1, 0)),
    "record claims 4294967295",
  ],
  [
    "another link",
    concat(parseHex("736e6f6f70000000"), big(2, 99)),
    "snoop version 2, data link type 99",
  ],
])("%s is said", (_, bytes, message) => {
  expect(logCapture(bytes).messages.join()).toContain(`fatal: ${message}`);
});
