/** Captures joined byte to byte: every format behind every other one. */
import { expect, test } from "vitest";
import { concat, parseHex } from "../base/bytes.ts";
import {
  block,
  INTERFACE,
  PACKET,
  PCAP_HEADER,
  record,
  SECTION,
  words,
} from "../testing/blocks.ts";
import { logCapture } from "../testing/capture-log.ts";
import { CaptureReader } from "./reader.ts";

const NANO = words(0xa1b23c4d, 0x0004_0002, 0, 0, 0, 101);
const KUZNETZOV = words(0xa1b2cd34, 0x0004_0002, 0, 0, 0, 1);
const RECORD = record(1, 2, 4, 4);
const BIG_HEADER = parseHex("a1b2c3d4 0002 0004 00000000 00000000 0000ffff 00000071");
const BIG_RECORD = parseHex("00000001 00000002 00000004 00000004 00000000");
const SNOOP_HEADER = parseHex("736e6f6f70000000 00000002 00000004");
const SNOOP_RECORD = parseHex("00000004 00000004 0000001c 00000000 00000001 00000002 00000000");

/** A file of each kind with two packets, and the message that says that it begins. */
const FILES = [
  ["pcap", concat(PCAP_HEADER, RECORD, RECORD), "pcap file", 1],
  ["pcap in nanoseconds", concat(NANO, RECORD, RECORD), "pcap file", 101],
  ["big-endian pcap", concat(BIG_HEADER, BIG_RECORD, BIG_RECORD), "pcap file", 113],
  [
    "modified pcap",
    concat(KUZNETZOV, ...[1, 2].map(() => concat(words(1, 2, 4, 4, 3, 8), words(0)))),
    "pcap file",
    1,
  ],
  ["pcapng", concat(SECTION, INTERFACE, PACKET, PACKET), "pcapng file", 1],
  ["snoop", concat(SNOOP_HEADER, SNOOP_RECORD, SNOOP_RECORD), "snoop file", 1],
] as const;

/** A snoop header behind big-endian pcap could be a record of 2 bytes. */
const PAIRS = FILES.flatMap((first) => FILES.map((second) => ({ first, second }))).filter(
  ({ first, second }) => !(first[0].startsWith("big") && second[0] === "snoop"),
);

test.each(PAIRS.map(({ first, second }) => ({ first, second, a: first[0], b: second[0] })))(
  "$b behind $a: both are read, in chunks of every size",
  ({ first, second }) => {
    const bytes = concat(first[1], second[1]);
    const log = logCapture(bytes);
    expect(log.packets.map((p) => [p.frame, p.iface, p.linkType])).toEqual([
      [1, 0, first[3]],
      [2, 0, first[3]],
      [3, 1, second[3]],
      [4, 1, second[3]],
    ]);
    expect(log.interfaces).toHaveLength(2);
    const isSection = first[0] === "pcapng" && second[0] === "pcapng";
    const what = isSection ? "pcapng section" : second[2];
    expect(log.warnings).toEqual([
      {
        offset: first[1].length,
        frame: 2,
        message: `another ${what} begins here: files were joined end to end`,
        fatal: false,
      },
    ]);
    for (let len = 1; len < bytes.length; len++) expect(logCapture(bytes, len)).toEqual(log);
  },
);

test("cut inside of the second file, the message tells where it begins", () => {
  const one = FILES[0][1];
  const { warnings } = logCapture(concat(one, one.subarray(0, 20)));
  expect(warnings.at(-1)).toEqual({
    offset: one.length,
    frame: 2,
    message: "truncated header: got 20 of 24 bytes",
    fatal: true,
  });
});

test("interfaces are counted whether anybody listens or not", () => {
  for (const [, bytes] of FILES) {
    const ifaces: number[] = [];
    const reader = new CaptureReader({ onPacket: (p) => ifaces.push(p.iface) });
    reader.push(concat(bytes, FILES[4][1], bytes));
    expect(ifaces).toEqual([0, 0, 1, 1, 2, 2]);
  }
});

test("a thousand files are two messages", () => {
  const { packets, messages } = logCapture(
    concat(...Array.from({ length: 1000 }, () => FILES[0][1])),
  );
  expect(packets.at(-1)).toMatchObject({ frame: 2000, iface: 999 });
  expect(messages).toEqual([
    "another pcap file begins here: files were joined end to end",
    "998 more like the one at offset 64: files joined end to end",
  ]);
});

test("a record whose time is a magic number is a record", () => {
  const odd = concat(PCAP_HEADER, record(0xa1b2c3d4, 2, 0, 60), RECORD);
  expect(logCapture(odd).packets).toHaveLength(2);
  const custom = block(0xa1b2c3d4, words(7));
  expect(logCapture(concat(SECTION, INTERFACE, custom, PACKET)).packets).toHaveLength(1);
});

test("flags and comments of pcapng do not stay for the packets of another file", () => {
  const comment = concat(words(0x0002_0001, 0x6968), words(0x0004_0002, 1), words(0));
  const flagged = block(6, concat(words(0, 0, 2, 4, 4, 1), comment));
  const { packets } = logCapture(concat(SECTION, INTERFACE, flagged, FILES[0][1]));
  expect(packets[0]).toMatchObject({ flags: 1, comments: ["hi"] });
  expect(packets[1]).toMatchObject({ flags: 0, comments: [] });
});
