import { expect, test } from "vitest";
import { EpbFlag, type PacketRecord } from "../pcap/sink.ts";
import { packetOf } from "../testing/packets.ts";
import type { SegmentRecord } from "../trace/segment.ts";
import { SegmentTracker } from "../trace/tracker.ts";
import { type LineOptions, LinePrinter } from "./lines.ts";

const LINES = [
  "0 > S 100 mss 1460",
  "1 < S. 300 ack 101",
  "2 > P. 101:106(5) ack 301",
  "-5000 < . 301 ack 106",
];

function print(
  options: LineOptions,
  change: (p: PacketRecord) => PacketRecord = (p) => p,
): string[] {
  const printer = new LinePrinter(options);
  const out: string[] = [];
  const tracker = new SegmentTracker({
    onSegment: (s) => void out.push(printer.segment(s)),
    onOther: (p) => void out.push(printer.other(p)),
  });
  for (const [i, line] of LINES.entries()) tracker.onPacket(change(packetOf(line, i + 1)));
  return out;
}

test("numbers count from the SYN, which prints its own", () => {
  expect(print({ time: "none" }).map((line) => /seq [\d:]+|ack \d+/.exec(line)?.[0])).toEqual([
    "seq 100",
    "seq 300",
    "seq 1:6",
    "ack 6",
  ]);
});

test("numbers count from the SYN, whether it is printed or not", () => {
  const printer = new LinePrinter({ time: "none" });
  const out: string[] = [];
  const onSegment = (s: SegmentRecord): void => {
    if (s.packet.frame < 3) printer.skip(s);
    else out.push(printer.segment(s));
  };
  const tracker = new SegmentTracker({ onSegment });
  for (const [i, line] of LINES.entries()) tracker.onPacket(packetOf(line, i + 1));
  expect(out[0]).toContain(" seq 1:6, ack 1,");
});

test.each([
  ["clock", ["00:00:00.000000", "00:00:00.001000", "00:00:00.002000", "23:59:55.000000"]],
  ["epoch", ["1767225600.000000", "1767225600.001000", "1767225600.002000", "1767225595.000000"]],
  ["delta", [" 00:00:00.000000", " 00:00:00.001000", " 00:00:00.001000", "-00:00:05.002000"]],
  ["relative", [" 00:00:00.000000", " 00:00:00.001000", " 00:00:00.002000", "-00:00:05.000000"]],
  [
    "date",
    [
      "2026-01-01 00:00:00.000000",
      "2026-01-01 00:00:00.001000",
      "2026-01-01 00:00:00.002000",
      "2025-12-31 23:59:55.000000",
    ],
  ],
] as const)("time style %s", (time, expected) => {
  expect(print({ time }).map((line) => line.replace(/ IP .*/, ""))).toEqual(expected);
});

test("a checksum left to the network card is called so, a wrong one wrong", () => {
  const notReady = print({ verbose: true, time: "none" }, (p) => ({
    ...p,
    flags: EpbFlag.CHECKSUM_NOT_READY,
  }));
  expect(notReady[0]).toContain("cksum 0x0000 (not filled in yet by the sender's kernel)");
  expect(print({ verbose: true })[0]).toMatch(/cksum 0x0000 \(incorrect -> 0x[0-9a-f]{4}\)/);
});

test("-v shows the IP header, its checksum when that is wrong", () => {
  expect(print({ verbose: true, time: "none" })[0]).toMatch(
    /^IP \(tos 0x0, ttl 64, id 0, offset 0, flags \[none\], proto TCP \(6\), length 44, bad cksum 0 \(->66ca\)!\)\n {4}10\.0\.0\.1\.40000 > /,
  );
});

test("a packet cut anywhere prints something, in one line", () => {
  for (let capLen = 0; capLen < 44; capLen++) {
    for (const options of [{}, { link: true }, { quiet: true }, { verbose: true }]) {
      const lines = print(options, (p) => ({ ...p, capLen: Math.min(capLen, p.capLen) }));
      expect(lines.every((line) => line.length > 10)).toBe(true);
    }
  }
});
