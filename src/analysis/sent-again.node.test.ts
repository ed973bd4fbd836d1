/** The story's count of what was sent again beside that of the findings (docs/decisions/0006). */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { SHARED, testWith } from "../../test/needs.ts";
import { CaptureReader } from "../pcap/reader.ts";
import { TraceBuilder } from "../trace/builder.ts";
import { SegmentTracker } from "../trace/tracker.ts";
import { CauseAnalyzer } from "./causes/analyzer.ts";
import { FindingFinder } from "./findings/finder.ts";
import { streamBytes } from "./offsets.ts";
import { sentAgainOf } from "./sent-again.ts";
import { VerdictAnalyzer } from "./verdicts/analyzer.ts";

const FOLDERS = ["own+live", "own+derived"] as const;

/** The capture counts from several starts there: the findings do not tell them apart. */
const APART = new Set(["damaged-headers.pcap"]);

/** Stream, segments and bytes of each connection that sent again. */
type Counts = readonly (readonly [number, number, number])[];

function countedByFindings(bytes: Uint8Array): Counts {
  const finder = new FindingFinder();
  const verdicts = new VerdictAnalyzer();
  const causes = new CauseAnalyzer();
  read(
    bytes,
    new SegmentTracker({
      onSegment: (s) => finder.onSegment(s, verdicts.analyze(s), causes.analyze(s)),
      onOther: (packet, path) => finder.onOther(packet, path),
    }),
  );
  const sums = new Map<number, [number, number]>();
  for (const { id, stream, evidence } of finder.finish().findings) {
    if (id !== "retransmissions" || stream === null) continue;
    const [n, len] = sums.get(stream) ?? [0, 0];
    const { segments, bytes: more } = evidence.numbers;
    sums.set(stream, [n + Number(segments), len + Number(more)]);
  }
  return [...sums].map(([stream, [n, len]]) => [stream, n, len] as const);
}

function countedByStory(bytes: Uint8Array): Counts {
  const builder = new TraceBuilder();
  read(bytes, builder);
  const trace = builder.build();
  const { payloadLen } = trace.segments.columns;
  return Array.from({ length: trace.streams }, (_, stream) => {
    const { again } = sentAgainOf(trace, streamBytes(trace, stream));
    const len = again.reduce((sum, row) => sum + payloadLen[row]!, 0);
    return [stream, again.length, len] as const;
  }).filter(([, n]) => n > 0);
}

function read(bytes: Uint8Array, sink: ConstructorParameters<typeof CaptureReader>[0]): void {
  const reader = new CaptureReader(sink);
  reader.push(bytes);
  reader.end();
}

testWith("shared")("the story and the findings count the same segments as sent again", () => {
  let connections = 0;
  for (const folder of FOLDERS) {
    const path = join(SHARED, "corpus", folder);
    for (const file of readdirSync(path).filter((name) => !APART.has(name))) {
      const bytes = new Uint8Array(readFileSync(join(path, file)));
      const found = countedByFindings(bytes).toSorted(([a], [b]) => a - b);
      // oxlint-disable-next-line vitest/no-standalone-expect -- `testWith` is a test
      expect([file, ...countedByStory(bytes)]).toEqual([file, ...found]);
      connections += found.length;
    }
  }
  // oxlint-disable-next-line vitest/no-standalone-expect -- `testWith` is a test
  expect(connections).toBeGreaterThan(50);
});
