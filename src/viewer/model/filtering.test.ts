import { expect, test } from "vitest";
import { parseDisplayFilter } from "../../analysis/display/parser.ts";
import { FrameFeed } from "../../analysis/fields/frame.ts";
import { findScenario } from "../../lab/catalogue.ts";
import { runLab } from "../../lab/run.ts";
import { CaptureReader } from "../../pcap/reader.ts";
import { SegmentTracker } from "../../trace/tracker.ts";
import type { CaptureSink } from "../../pcap/sink.ts";
import { Filtering } from "./filtering.ts";
import { Recording } from "./recording.ts";

function read(bytes: Uint8Array, sink: CaptureSink): void {
  const reader = new CaptureReader(sink);
  reader.push(bytes);
  reader.end();
}

/** Rows that pass, as `seqack read` filters. */
function passedAsRead(bytes: Uint8Array, words: string): readonly number[] {
  const filter = parseDisplayFilter(words);
  const rows: number[] = [];
  const feed = new FrameFeed((frame) => filter(frame) && rows.push(frame.packet.frame - 1));
  const tracker = new SegmentTracker(feed);
  read(bytes, {
    onPacket: (packet) => tracker.onPacket(packet),
    onEvents: (events) => tracker.onEvents(events),
  });
  return rows;
}

test("what a stack wrote down is filtered by as seqack read does, also while the recording grows", async () => {
  const run = await runLab(findScenario("tail-loss")!, { seed: 3 });
  const { bytes } = run.recordings[0];
  const recording = new Recording();
  const reader = new CaptureReader(recording.sink);
  const words = [
    "seqack.stack",
    'seqack.stack.why == "timeout"',
    'seqack.stack.why matches "ack$"',
    "seqack.stack.flight > 900 && tcp.len > 0",
  ];
  const filters = words.map((one) => new Filtering(one));
  for (let at = 0; at < bytes.length; at += 4096) {
    reader.push(bytes.subarray(at, at + 4096));
    recording.changed();
    for (const filter of filters) while (filter.advance(recording, 7));
  }
  recording.end();
  for (const [i, filter] of filters.entries()) {
    while (filter.advance(recording, 7));
    const rows = passedAsRead(bytes, words[i]!);
    expect(rows.length).toBeGreaterThan(0);
    expect([...filter.rows]).toEqual(rows);
  }
});
