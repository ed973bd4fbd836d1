import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { FindingSink } from "../../analysis/findings/read-findings.ts";
import { CaptureReader } from "../../pcap/reader.ts";
import type { CaptureSink } from "../../pcap/sink.ts";
import { testWith } from "../../../test/needs.ts";
import { FindingsOf } from "./findings.ts";
import { Recording } from "./recording.ts";

const CORPUS = "../shared/corpus";
const MAX_BYTES = 200_000;
/** Beyond that a column of times is not exact. */
const MAX_NS = 2 ** 53;

function pass(file: string, sink: CaptureSink): void {
  const reader = new CaptureReader(sink);
  reader.push(readFileSync(join(CORPUS, file)));
  reader.end();
}

testWith("shared")("what is found with connections ended early is what is found", async () => {
  const files = readdirSync(CORPUS, { recursive: true, encoding: "utf8" })
    .filter((file) => /\.p?cap(ng)?$/.test(file))
    .filter((file) => statSync(join(CORPUS, file)).size < MAX_BYTES);
  for (const file of files) {
    const recording = new Recording();
    pass(file, recording.sink);
    recording.changed();
    recording.end();
    const sink = new FindingSink();
    pass(file, sink);
    const wanted = sink.finish();
    if (wanted.looked.spanNs > MAX_NS) continue;
    const found = await new FindingsOf(recording, () => Promise.resolve()).report();
    expect({ file, ...found }).toEqual({ file, ...wanted });
  }
});
