import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { parseDisplayFilter } from "../../analysis/display/parser.ts";
import { FrameFeed } from "../../analysis/fields/frame.ts";
import { FIELDS } from "../../analysis/fields/registry.ts";
import { CaptureReader } from "../../pcap/reader.ts";
import { SegmentTracker } from "../../trace/tracker.ts";
import { testWith } from "../../../test/needs.ts";
import { isInColumns } from "./column-frame.ts";
import { Filtering } from "./filtering.ts";
import { Recording } from "./recording.ts";

const CORPUS = "../shared/corpus";
const MAX_BYTES = 50_000;

function captures(): readonly string[] {
  const files = readdirSync(CORPUS, { recursive: true, encoding: "utf8" })
    .filter((file) => /\.p?cap(ng)?$/.test(file))
    .toSorted();
  return files.map((file) => join(CORPUS, file)).filter((file) => statSync(file).size < MAX_BYTES);
}

/** Of each field whether it is there, and what those of one value leave. */
const FILTERS = [
  ...FIELDS.map(({ name }) => name).filter((name) => isInColumns([name])),
  "tcp.port == 80 || tcp.srcport > 40000",
  "tcp.len > 0 && !tcp.flags.push",
  "tcp.seq == 1 and tcp.ack != 1",
  "tcp.stream in {0, 2..3} && tcp.nxtseq >= 100",
  "frame.time_relative > 0.01 && frame.time_delta < 0.5 || frame.len <= 60",
  "frame.time_epoch > 1000000000 && tcp.window_size_value < tcp.window_size",
  "ip.addr == 10.0.0.0/8 || ip.src == 192.168.0.0/16 || ip.dst == 127.0.0.1",
  "ipv6.addr == fe80::/10 || ipv6.src == ::1 || ipv6.dst[0:1] == ff",
  "tcp.analysis.ack_rtt > 0.001 || tcp.analysis.bytes_in_flight > 1000",
  "tcp.hdr_len == 20 && tcp.flags.ack == 1 && tcp.seq_raw > tcp.ack_raw",
];

function passedBy(filter: Filtering, recording: Recording): readonly number[] {
  while (filter.advance(recording, 100));
  return [...filter.rows];
}

testWith("shared")("columns answer a filter as the whole analysis does", () => {
  let plain = 0;
  for (const file of captures()) {
    const recording = new Recording();
    const reader = new CaptureReader(recording.sink);
    const bytes = readFileSync(file);
    reader.push(bytes);
    reader.end();
    recording.changed();
    recording.end();
    if (recording.isPlain) plain++;
    const filters = FILTERS.map((words) => ({ words, filter: parseDisplayFilter(words) }));
    const wanted = filters.map((): number[] => []);
    let row = 0;
    const feed = new FrameFeed((frame) => {
      filters.forEach(({ filter }, i) => filter(frame) && wanted[i]!.push(row));
    });
    const tracker = new SegmentTracker(feed);
    const count = new CaptureReader({
      onPacket(p) {
        tracker.onPacket(p);
        row++;
      },
    });
    count.push(bytes);
    filters.forEach(({ words }, i) => {
      const rows = passedBy(new Filtering(words), recording);
      expect({ file, words, rows }).toEqual({ file, words, rows: wanted[i] });
    });
  }
  expect(plain).toBeGreaterThan(100);
});

testWith("shared")("a filter goes on with what grows, whatever comes", () => {
  const words = "tcp.len > 0 || tcp.flags.syn || tcp.analysis.flags";
  let odd = 0;
  for (const file of captures()) {
    const bytes = readFileSync(file);
    const recording = new Recording();
    const reader = new CaptureReader(recording.sink);
    const growing = new Filtering(words);
    for (let at = 0; at < bytes.length; at += 1000) {
      reader.push(bytes.subarray(at, at + 1000));
      recording.changed();
      while (growing.advance(recording, 100));
    }
    recording.end();
    if (!recording.isPlain) odd++;
    expect({ file, rows: passedBy(growing, recording) }).toEqual({
      file,
      rows: passedBy(new Filtering(words), recording),
    });
  }
  expect(odd).toBeGreaterThan(2);
});
