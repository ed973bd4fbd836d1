/**
 * Causes and findings, as `scale.test.ts` does it for the verdicts: the work follows the segments, the
 * memory the open connections. Counted and weighed, not timed.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, onTestFinished, test } from "vitest";
import { ORDERS, writeExchanges, writeTo, writeUnacked } from "../bench/analysis/captures.ts";
import { repeatTo } from "../bench/analysis/repeat.ts";
import { CauseAnalyzer } from "../src/analysis/causes/analyzer.ts";
import { FindingFinder } from "../src/analysis/findings/finder.ts";
import { VerdictAnalyzer } from "../src/analysis/verdicts/analyzer.ts";
import { CaptureReader } from "../src/pcap/reader.ts";
import { SegmentTracker } from "../src/trace/tracker.ts";
import { countWork } from "./work.ts";

const PASS = new URL("../bench/analysis/pass.mjs", import.meta.url).pathname;

/** Blocks of our code that `stage` runs for what `write` writes. */
function workOf(stage: string, write: (path: string) => void): number {
  const folder = mkdtempSync(join(tmpdir(), "seqack-scale-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "traffic.pcap");
  write(file);
  return countWork([PASS, stage, file, "1"]);
}

/** How many times the work is done for eight times the input. */
function growth(stage: string, write: (path: string, times: number) => void): number {
  const [less, more] = [1, 8].map((times) => workOf(stage, (path) => write(path, times)));
  return more! / less!;
}

test.each(ORDERS)(
  "causes of segments that nobody acknowledges, %s: the work is linear",
  (order) => {
    expect(growth("causes", (path, times) => writeUnacked(path, 2000 * times, order))).toBeLessThan(
      9.6,
    );
  },
);

test.each(["causes", "findings"])("%s of short connections: the work is linear", (stage) => {
  const grown = growth(stage, (path, times) =>
    writeTo(path, (out) => writeExchanges(out, 500 * times, 16)),
  );
  expect(grown).toBeLessThan(8.8);
});

setFlagsFromString("--expose-gc");
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- V8's, with the flag above
const collect = runInNewContext("gc") as () => void;

/** Bytes in use after all that can be forgotten was. */
function inUse(): number {
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

// Exact: every segment is sent again, and never acknowledged anew.
test.each(["exact", "reopened"] as const)("repeated, %s: memory stays as it is", async (name) => {
  const [verdicts, causes, finder] = [
    new VerdictAnalyzer(),
    new CauseAnalyzer(),
    new FindingFinder(),
  ];
  const tracker = new SegmentTracker({
    onSegment: (s) => finder.onSegment(s, verdicts.analyze(s), causes.analyze(s)),
  });
  const reader = new CaptureReader(tracker);
  const [first, second] = [15e6, 45e6];
  let pushed = 0;
  let before: number | null = null;
  const push = (bytes: Uint8Array): Promise<boolean> => {
    reader.push(bytes);
    pushed += bytes.length;
    if (pushed > first) before ??= inUse();
    return Promise.resolve(true);
  };
  await repeatTo(push, name, 500, second);
  // A retransmission kept as an object takes 150 bytes: 30 MB more.
  expect(inUse() - before!).toBeLessThan(5e6);
  reader.end();
  finder.finish();
});
