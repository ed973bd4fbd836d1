/**
 * A capture as tshark and as seqack read it, field by field: what
 * `npm run parity` prints and the tests of the analysis expect.
 */
import { spawn } from "node:child_process";
import { closeSync, openSync, readSync } from "node:fs";
import { type Field, type FieldValue, showValue } from "../src/analysis/fields/field.ts";
import { type Frame, FrameFeed } from "../src/analysis/fields/frame.ts";
import { FIELDS } from "../src/analysis/fields/registry.ts";
import { CaptureReader } from "../src/pcap/reader.ts";
import { SegmentTracker } from "../src/trace/tracker.ts";

/** Every field of tshark's that has a value; comments may hold the separators of the table. */
const COMPARED: readonly Field[] = FIELDS.filter(
  ({ name, type }) =>
    type !== "protocol" &&
    name !== "frame.comment" &&
    name !== "frame.number" &&
    !name.startsWith("seqack."),
);

/** Those of TCP: headers, options, and everything that the analysis of a stream says. */
export const TCP_PARITY: readonly Field[] = COMPARED.filter(({ name }) => name.startsWith("tcp."));

/** Arguments for tshark that switch off dissectors which announce connections before their first segment, take one for their own, or read packets in it. */
export const WITHOUT_MEDDLERS: readonly string[] =
  "bittorrent dcerpc dicom file-pcap file-pcapng ftp ftp-data gnutella h225 h245 http iscsi media mgcp mime_dlt mime_multipart msnms msrp openflow openflow_v1 openflow_v4 openflow_v5 oracle portmap rpc rtsp sdp sip skinny socks tns trojan vnc x11"
    .split(" ")
    .flatMap((name) => ["--disable-protocol", name]);

/** How often two readings of one field agree; frames in which neither has it do not count. */
export interface Agreement {
  equal: number;
  differ: number;
  /** `"frame 12: 3 for 4"`, ours first; of the first frame that differs. */
  example: string | null;
}

/** One cell of the table that differs. */
export interface Difference {
  readonly frame: string;
  readonly field: string;
  readonly ours: string;
  readonly theirs: string;
}

/** What the comparison of one capture came to. */
export interface CaptureParity {
  /** Frames in either reading. */
  readonly frames: number;
  /** Frames with TCP in either reading. */
  readonly segments: number;
  /** By the field's name. */
  readonly fields: ReadonlyMap<string, Agreement>;
  /** The names of the fields that differ somewhere. */
  readonly differing: readonly string[];
  /** The first thousand. */
  readonly differences: readonly Difference[];
}

/** How a capture is compared. */
export interface ParityOptions {
  /** Arguments for tshark. */
  readonly settings?: readonly string[];
  /** All that have a value unless told. */
  readonly fields?: readonly Field[];
}

type Rows = ReadonlyMap<string, readonly string[]>;

const MOST_DIFFERENCES = 10000;

/** Reads the capture at `path` twice and compares every frame. */
export async function compareCapture(
  path: string,
  { settings = [], fields: compared = COMPARED }: ParityOptions = {},
): Promise<CaptureParity> {
  const reading = tsharkRows(path, compared, settings);
  const ours = ourRows(path, compared);
  const theirs = await reading;
  const fields = new Map<string, Agreement>();
  for (const { name } of compared) fields.set(name, { equal: 0, differ: 0, example: null });
  const differences: Difference[] = [];
  const port = compared.findIndex(({ name }) => name === "tcp.srcport");
  const frames = new Set([...theirs.keys(), ...ours.keys()]);
  let segments = 0;
  for (const frame of frames) {
    const [mine, other] = [ours.get(frame), theirs.get(frame)];
    if ((mine?.[port] ?? "") !== "" || (other?.[port] ?? "") !== "") segments++;
    compared.forEach(({ name: field }, i) => {
      const cells = { frame, field, ours: mine?.[i] ?? "", theirs: other?.[i] ?? "" };
      count(fields.get(field)!, cells);
      const isEqual = cells.ours === cells.theirs;
      if (!isEqual && differences.length < MOST_DIFFERENCES) differences.push(cells);
    });
  }
  const differing = [...fields].filter(([, a]) => a.differ > 0).map(([name]) => name);
  return { frames: frames.size, segments, fields, differing, differences };
}

/** As {@link compareCapture}; a capture that differs once more without the meddlers, when it agrees then. */
export async function compareFairly(path: string): Promise<CaptureParity & { isBare: boolean }> {
  const parity = await compareCapture(path);
  if (parity.differing.length === 0) return { ...parity, isBare: false };
  const bare = await compareCapture(path, { settings: WITHOUT_MEDDLERS });
  return bare.differing.length > 0 ? { ...parity, isBare: false } : { ...bare, isBare: true };
}

function count(agreement: Agreement, { frame, ours, theirs }: Difference): void {
  if (ours !== theirs) {
    agreement.differ++;
    agreement.example ??= `frame ${frame}: ${shown(ours)} for ${shown(theirs)}`;
  } else if (ours !== "") agreement.equal++;
}

const shown = (cell: string): string => (cell === "" ? "nothing" : cell.slice(0, 60));

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

async function tsharkRows(
  path: string,
  fields: readonly Field[],
  settings: readonly string[],
): Promise<Rows> {
  const names = ["frame.number", ...fields.map(({ name }) => name)];
  // Data that belong to a message of many segments are not shown as payload.
  const whole = ["-o", "tcp.desegment_tcp_streams:FALSE"];
  const args = ["-n", "-r", path, "-T", "fields", ...whole, ...settings];
  // tshark fails on a damaged end after it has shown what it read.
  const tshark = spawn("tshark", [...args, ...names.flatMap((n) => ["-e", n])], {
    stdio: ["ignore", "pipe", "ignore"],
    env: { ...process.env, TZ: "UTC" },
  });
  const rows = new Map<string, readonly string[]>();
  let rest = "";
  for await (const chunk of tshark.stdout.setEncoding("utf8")) {
    const lines = (rest + String(chunk)).split("\n");
    rest = lines.pop()!;
    for (const line of lines) {
      const [frame, ...cells] = line.split("\t");
      rows.set(frame!, cells);
    }
  }
  return rows;
}

const CHUNK = 1 << 18;

function ourRows(path: string, fields: readonly Field[]): Rows {
  const rows = new Map<string, readonly string[]>();
  const onFrame = (frame: Frame): void => {
    rows.set(String(frame.packet.frame), cellsOf(frame, fields));
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

function cellsOf(frame: Frame, fields: readonly Field[]): readonly string[] {
  return fields.map((field) => {
    const values: FieldValue[] = [];
    field.read(frame, values);
    return values.map((value) => showValue(field, value)).join(",");
  });
}
