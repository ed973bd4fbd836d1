/**
 * A capture as tshark and as seqack read it, field by field: what
 * `npm run parity` prints and the tests of the analysis expect.
 */
import { spawnSync } from "node:child_process";
import { closeSync, openSync, readSync } from "node:fs";
import { type Field, type FieldValue, showValue } from "../src/analysis/fields/field.ts";
import { type Frame, FrameFeed } from "../src/analysis/fields/frame.ts";
import { findField } from "../src/analysis/fields/registry.ts";
import { TCP_ANALYSIS_FIELDS } from "../src/analysis/fields/tcp-analysis-fields.ts";
import { CaptureReader } from "../src/pcap/reader.ts";
import { SegmentTracker } from "../src/trace/tracker.ts";

/** Numbers of the stream, which stand with the header's fields. */
const OF_STREAM = [
  "tcp.stream",
  "tcp.len",
  "tcp.seq",
  "tcp.nxtseq",
  "tcp.ack",
  "tcp.window_size",
  "tcp.window_size_scalefactor",
  "tcp.time_relative",
  "tcp.time_delta",
];

/** The fields compared: everything that the analysis of a stream says. */
export const PARITY_FIELDS: readonly Field[] = [
  ...OF_STREAM.map((name) => findField(name)!),
  ...TCP_ANALYSIS_FIELDS,
];

/** How often two readings of one field agree; frames in which neither has it do not count. */
export interface Agreement {
  equal: number;
  differ: number;
  /** `"frame 12: 3 for 4"`, ours first; of the first frame that differs. */
  example: string | null;
}

/** What the comparison of one capture came to. */
export interface CaptureParity {
  /** Frames with TCP in either reading. */
  readonly frames: number;
  /** By the field's name. */
  readonly fields: ReadonlyMap<string, Agreement>;
  /** The names of the fields that differ somewhere. */
  readonly differing: readonly string[];
}

type Rows = ReadonlyMap<string, readonly string[]>;

/** Reads the capture at `path` twice and compares; `settings` are arguments for tshark. */
export function compareCapture(path: string, settings: readonly string[] = []): CaptureParity {
  const [ours, theirs] = [ourRows(path), tsharkRows(path, settings)];
  const fields = new Map<string, Agreement>();
  for (const { name } of PARITY_FIELDS) fields.set(name, { equal: 0, differ: 0, example: null });
  const frames = new Set([...theirs.keys(), ...ours.keys()]);
  for (const frame of frames) {
    PARITY_FIELDS.forEach(({ name }, i) => {
      const mine = ours.get(frame)?.[i] ?? "";
      const other = theirs.get(frame)?.[i] ?? "";
      count(fields.get(name)!, frame, mine, other);
    });
  }
  const differing = [...fields].filter(([, a]) => a.differ > 0).map(([name]) => name);
  return { frames: frames.size, fields, differing };
}

function count(agreement: Agreement, frame: string, ours: string, theirs: string): void {
  if (ours !== theirs) {
    agreement.differ++;
    agreement.example ??= `frame ${frame}: ${ours || "nothing"} for ${theirs || "nothing"}`;
  } else if (ours !== "") agreement.equal++;
}

/** Adds the counts of `more` to those in `sums`. */
export function addParity(sums: Map<string, Agreement>, more: CaptureParity): void {
  for (const [name, { equal, differ, example }] of more.fields) {
    const sum = sums.get(name) ?? { equal: 0, differ: 0, example: null };
    sum.equal += equal;
    sum.differ += differ;
    sum.example ??= example;
    sums.set(name, sum);
  }
}

function tsharkRows(path: string, settings: readonly string[]): Rows {
  const names = ["frame.number", ...PARITY_FIELDS.map(({ name }) => name)];
  const args = ["-n", "-r", path, "-Y", "tcp", "-T", "fields", ...settings];
  // tshark fails on a damaged end after it has shown what it read.
  const { stdout } = spawnSync("tshark", [...args, ...names.flatMap((n) => ["-e", n])], {
    encoding: "utf8",
    maxBuffer: 2 ** 30,
    stdio: ["ignore", "pipe", "ignore"],
  });
  const lines = stdout.split("\n").filter((line) => line !== "");
  return new Map(
    lines.map((line) => {
      const [frame, ...cells] = line.split("\t");
      return [frame!, cells];
    }),
  );
}

const CHUNK = 1 << 18;

function ourRows(path: string): Rows {
  const rows = new Map<string, readonly string[]>();
  const onFrame = (frame: Frame): void => {
    if (frame.segment !== null) rows.set(String(frame.packet.frame), cellsOf(frame));
  };
  const reader = new CaptureReader(new SegmentTracker(new FrameFeed(onFrame)));
  const fd = openSync(path, "r");
  try {
    for (;;) {
      const chunk = new Uint8Array(CHUNK);
      const length = readSync(fd, chunk);
      if (length === 0) break;
      reader.push(chunk.subarray(0, length));
    }
  } finally {
    closeSync(fd);
  }
  reader.end();
  return rows;
}

function cellsOf(frame: Frame): readonly string[] {
  return PARITY_FIELDS.map((field) => {
    const values: FieldValue[] = [];
    field.read(frame, values);
    return values.map((value) => showValue(field, value)).join(",");
  });
}
