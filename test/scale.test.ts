/**
 * Work that follows the segments, memory that follows the open connections. Counted and weighed, not
 * timed; `bench/scale.ts` does the same in full size.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, onTestFinished, test } from "vitest";
import {
  ORDERS,
  writeExchanges,
  writeRefused,
  writeTo,
  writeUnacked,
} from "../bench/analysis/captures.ts";
import { repeatTo } from "../bench/analysis/repeat.ts";
import { VerdictAnalyzer } from "../src/analysis/verdicts/analyzer.ts";
import { CaptureReader } from "../src/pcap/reader.ts";
import { FORGET_FROM } from "../src/trace/flows.ts";
import { SegmentTracker } from "../src/trace/tracker.ts";
import { Flag } from "../src/wire/tcp.ts";
import { CLIENT, SERVER, Talk, TrafficWriter } from "./traffic.ts";
import { countWork } from "./work.ts";

const PASS = new URL("../bench/analysis/pass.mjs", import.meta.url).pathname;

/** Blocks of our code that run to read what `write` writes. */
function workOf(stage: string, write: (path: string) => void): number {
  const folder = mkdtempSync(join(tmpdir(), "seqack-scale-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "traffic.pcap");
  write(file);
  return countWork([PASS, stage, file, "1"]);
}

/** How many times the work is done for eight times the input. */
function growth(write: (path: string, times: number) => void): number {
  const [less, more] = [1, 8].map((times) => workOf("verdicts", (path) => write(path, times)));
  return more! / less!;
}

test.each(ORDERS)("segments that nobody acknowledges, %s: the work is linear", (order) => {
  expect(growth((path, times) => writeUnacked(path, 2000 * times, order))).toBeLessThan(8.8);
});

test.each([16, 4000])("connections, %d open at a time: the work is linear", (open) => {
  const grown = growth((path, times) =>
    writeTo(path, (out) => writeExchanges(out, 500 * times, open)),
  );
  expect(grown).toBeLessThan(8.8);
});

/** Work for `count` connections that are refused while the table is full of others that stay. */
const workRefused = (count: number): number =>
  workOf("track", (path) => writeRefused(path, FORGET_FROM - 1, count));

// The second one sweeps the full table, which frees one slot: the others must not sweep it again.
test("connections refused while a full table stays open: the work is linear", () => {
  // A sweep is 400,000.
  expect((workRefused(42) - workRefused(2)) / 40).toBeLessThan(10_000);
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

/** A reader with the whole analysis behind it. */
function analysis(): CaptureReader {
  const analyzer = new VerdictAnalyzer();
  return new CaptureReader(new SegmentTracker({ onSegment: (s) => void analyzer.analyze(s) }));
}

test.each(["exact", "reopened"] as const)("repeated, %s: memory stays as it is", async (name) => {
  const reader = analysis();
  const [first, second] = [20e6, 60e6];
  let pushed = 0;
  let before: number | null = null;
  const push = (bytes: Uint8Array): Promise<boolean> => {
    reader.push(bytes);
    pushed += bytes.length;
    if (pushed > first) before ??= inUse();
    return Promise.resolve(true);
  };
  await repeatTo(push, name, 500, second);
  // If each connection took a place of its own: 3 MB.
  expect(inUse() - before!).toBeLessThan(1e6);
  reader.end();
});

test("new connections without end, all of them closed: memory stays as it is", () => {
  const reader = analysis();
  const out = new TrafficWriter((bytes) => reader.push(bytes));
  const refuse = (from: number, to: number): void => {
    for (let i = from; i < to; i++) {
      const talk = new Talk(i >>> 15, 1024 + (i & 0x7fff));
      out.flags(talk, CLIENT, Flag.SYN);
      out.flags(talk, SERVER, Flag.RST | Flag.ACK);
    }
  };
  refuse(0, 200_000);
  const before = inUse();
  refuse(200_000, 500_000);
  // If each took a place of its own: 100 MB.
  expect(inUse() - before).toBeLessThan(10e6);
  reader.end();
});
