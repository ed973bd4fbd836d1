import { expect, test } from "vitest";
import { findScenario } from "../../lab/catalogue.ts";
import { runLab } from "../../lab/run.ts";
import { CaptureReader } from "../../pcap/reader.ts";
import { reasonsOf } from "./frame-details.ts";
import { Recording } from "./recording.ts";

test("what its stack wrote down of a segment is told with the reasons", async () => {
  const { recordings } = await runLab(findScenario("tail-loss")!, { seed: 3 });
  const recording = new Recording();
  const reader = new CaptureReader(recording.sink);
  reader.push(recordings[0].bytes);
  reader.end();
  recording.end();
  const { trace } = recording;
  const notes: string[] = [];
  for (let row = 0; row < trace.segments.length; row++) {
    const frame = trace.frameOf(row);
    const { note } = await reasonsOf(recording, frame, () => Promise.resolve());
    if (note !== null) notes.push(note.en);
  }
  expect(notes.length).toBeGreaterThan(10);
  expect(notes[0]).toMatch(/^Its sender.s TCP stack wrote down why it left: /);
  expect(new Set(notes).size).toBeGreaterThan(5);
});
