/** Every capture of the corpus, segment by segment, against tshark. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { SHARED, testWith } from "../../test/needs.ts";
import { CaptureReader } from "../pcap/reader.ts";
import { SegmentTracker } from "./tracker.ts";

const FIELDS = ["frame.number", "tcp.stream", "tcp.seq", "tcp.ack", "tcp.len", "tcp.window_size"];

/** Layers that are not read yet: several packets in one frame, and compressed ones. */
const NOT_READ = /sflow|ipcomp/;

/** Captures that tshark reads otherwise, for a reason. */
const OTHERWISE: Readonly<Record<string, string>> = {
  "seladb+PcapPlusPlus/Tests__Fuzzers__RegressionTests__regression_samples__clusterfuzz-testcase-minimized-FuzzTarget-5755755617189888":
    "claims 3.6 GB on the wire; tshark stops at 2^31",
};

/** Every capture where time does not matter, else one in four. */
const STEP = process.env["CI"] === undefined ? 4 : 1;

interface Capture {
  readonly file: string;
  readonly encapsulations: string;
}

/** The captures whose every way to TCP is one that is read. */
function captures(): Capture[] {
  const [head, ...lines] = readFileSync(join(SHARED, "corpus/corpus.tsv"), "utf8")
    .trim()
    .split("\n")
    .map((l) => l.split("\t"));
  const at = (name: string): number => head!.indexOf(name);
  return lines
    .filter((l) => Number(l[at("tcp_segments")]) > 0 && Number(l[at("bytes")]) < 3e6)
    .map((l) => ({ file: l[at("file")]!, encapsulations: l[at("encapsulations")]! }))
    .filter(({ file, encapsulations }) => !NOT_READ.test(encapsulations) && !(file in OTHERWISE))
    .filter((_, i) => i % STEP === 0);
}

function ours(path: string): string[] {
  const lines: string[] = [];
  const tracker = new SegmentTracker({
    onSegment: (s) => {
      // tshark shows no more of a header that states less than its own length.
      const isShown = s.headerLen >= 20;
      const [ack, window] = isShown ? [s.relAck, s.windowSize] : ["", ""];
      const len = s.isLenKnown ? s.payloadLen : "";
      lines.push([s.packet.frame, s.stream, s.relSeq, ack, len, window].join("\t"));
    },
  });
  const reader = new CaptureReader(tracker);
  reader.push(readFileSync(path));
  reader.end();
  return lines;
}

function theirs(path: string): string[] {
  const args = ["-r", path, "-T", "fields", "-Y", "tcp.stream", "-E", "occurrence=l"];
  // tshark fails on a damaged end after it has shown what it read.
  const { stdout } = spawnSync("tshark", [...args, ...FIELDS.flatMap((f) => ["-e", f])], {
    encoding: "utf8",
    maxBuffer: 2 ** 28,
    stdio: ["ignore", "pipe", "ignore"],
  });
  return stdout.split("\n").filter((l) => l !== "");
}

/** The first line that differs, or `null`. */
function difference({ file, encapsulations }: Capture): string | null {
  const path = join(SHARED, "corpus", file);
  const [a, b] = [ours(path), theirs(path)];
  const i = a.findIndex((line, n) => line !== b[n]);
  if (i === -1 && a.length === b.length) return null;
  return `${file} (${encapsulations}) ${a.length}/${b.length}: ${a[i]} is ${b[i]}`;
}

testWith("tshark", "shared")(
  "stream, seq, ack, len and window of every segment of the corpus are tshark's",
  () => {
    const wrong = captures()
      .map(difference)
      .filter((d) => d !== null);
    // oxlint-disable-next-line vitest/no-standalone-expect -- `testWith` is a test
    expect(wrong).toEqual([]);
  },
  600_000,
);
