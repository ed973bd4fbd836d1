/** What a recording of the demo must say, worked out from tshark's reading of it alone. */
import { spawnSync } from "node:child_process";

/** A segment as tshark reads it. */
interface Segment {
  readonly frame: number;
  readonly timeNs: bigint;
  readonly end: 0 | 1;
  readonly flags: number;
  readonly seq: number;
  readonly ack: number;
  readonly len: number;
}

/** A call as `story -T json` writes it. */
interface Call {
  readonly op: string;
  readonly role: string;
  readonly local: string | null;
  readonly remote: string | null;
  readonly begin: string;
  readonly end: string | null;
  readonly bytes: number | null;
  readonly eof: boolean;
  readonly error: string | null;
}

/** A step as `story -T json` writes it. */
export interface ToldStep {
  readonly number: number;
  readonly calls: readonly Call[];
  readonly frames: readonly number[];
}

/** What the step must be. */
interface Expected {
  readonly op: string;
  readonly role: "client" | "server";
  readonly bytes: number | null;
  readonly frames: readonly number[];
}

const [FIN, SYN, RST, ACK] = [1, 2, 4, 16];
/** The demo's first message, and the answer to it. */
const [MESSAGE_LEN, ANSWER_LEN] = [7, 22];
const FIELDS = ["frame.number", "frame.time_epoch", "tcp.flags", "tcp.seq_raw", "tcp.ack_raw"];
const MORE_FIELDS = ["tcp.len", "tcp.srcport", "tcp.dstport"];

/** Fields of each frame as tshark prints them. */
export function tsharkFields(file: string, fields: readonly string[]): string {
  const args = ["-r", file, "-T", "fields", ...fields.flatMap((f) => ["-e", f])];
  const { stdout, status, stderr } = spawnSync("tshark", args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`Cannot read ${file} with tshark: ${stderr}`);
  return stdout;
}

/** Everything that is wrong with the six steps of `file`; `errorNs` is how far the clocks may differ. */
export function faultsOf(file: string, steps: readonly ToldStep[], errorNs: bigint): string[] {
  const { segments, ports } = readSegments(file);
  const faults: string[] = [];
  const numbers = steps.map((s) => s.number).join(" ");
  if (numbers !== "1 2 3 4 5 6") faults.push(`steps ${numbers}`);
  for (const [i, expected] of expectedSteps(segments).entries()) {
    const told = steps[i];
    const call = told?.calls[0];
    if (told === undefined || call === undefined) continue;
    const of = `step ${told.number}`;
    if (told.frames.join(" ") !== expected.frames.join(" ")) {
      faults.push(`${of}: frames ${told.frames.join(" ")}, tshark ${expected.frames.join(" ")}`);
    }
    const { op, role, bytes } = expected;
    if (call.op !== op || call.role !== role || call.bytes !== bytes || call.error !== null) {
      faults.push(`${of}: ${call.role} ${call.op} of ${call.bytes} bytes, ${call.error}`);
    }
    const local = ports[role === "client" ? 0 : 1];
    if (!call.local?.endsWith(`:${local}`)) faults.push(`${of}: call at ${call.local}`);
  }
  return [...faults, ...timeFaults(segments, steps, errorNs)];
}

function readSegments(file: string): { segments: Segment[]; ports: [string, string] } {
  const lines = tsharkFields(file, [...FIELDS, ...MORE_FIELDS])
    .trimEnd()
    .split("\n");
  const rows = lines.map((line) => line.split("\t"));
  const ports: [string, string] = [rows[0]![6]!, rows[0]![7]!];
  const segments = rows.map(([frame, time, flags, seq, ack, len, from]): Segment => {
    const [seconds, fraction] = time!.split(".");
    return {
      frame: Number(frame),
      timeNs: BigInt(seconds!) * 1_000_000_000n + BigInt(fraction!),
      end: from === ports[0] ? 0 : 1,
      flags: Number(flags),
      seq: Number(seq),
      ack: Number(ack),
      len: Number(len),
    };
  });
  return { segments, ports };
}

/** Bytes from `a` to `b`, around the end of the numbers. */
const distance = (a: number, b: number): number => (b - a) | 0;
const has = (s: Segment, flag: number): boolean => (s.flags & flag) !== 0;

/** The first segment of the other end, from `from` on, that confirms everything before `upTo`. */
function confirmation(
  all: readonly Segment[],
  end: 0 | 1,
  upTo: number,
  from: number,
): Segment | undefined {
  return all.find(
    (s) => s.frame >= from && s.end !== end && has(s, ACK) && distance(upTo, s.ack) >= 0,
  );
}

function framesOf(...found: readonly (Segment | undefined)[]): number[] {
  const frames = found.flatMap((s) => (s === undefined ? [] : [s.frame]));
  return [...new Set(frames)].toSorted((a, b) => a - b);
}

function expectedSteps(all: readonly Segment[]): Expected[] {
  const syns = all.filter((s) => has(s, SYN) && !has(s, ACK));
  const synAcks = all.filter((s) => has(s, SYN) && has(s, ACK));
  const starts = [syns[0]!.seq + 1, synAcks[0]!.seq + 1] as const;
  const carried = (end: 0 | 1, len: number): number[] => {
    const bytes = all.filter(
      (s) => s.end === end && s.len > 0 && distance(starts[end], s.seq) < len,
    );
    return framesOf(...bytes, confirmation(all, end, starts[end] + len, bytes[0]?.frame ?? 0));
  };
  const fins = all.filter((s) => has(s, FIN));
  const confirmed = fins.map((s) => confirmation(all, s.end, s.seq + s.len + 1, s.frame));
  const final = confirmation(all, 1, starts[1], synAcks[0]!.frame);
  const resets = all.filter((s) => has(s, RST));
  const closer = fins[0]?.end === 1 ? "server" : "client";
  return [
    { op: "listen", role: "server", bytes: null, frames: [] },
    { op: "dial", role: "client", bytes: null, frames: framesOf(...syns) },
    { op: "accept", role: "server", bytes: null, frames: framesOf(...synAcks, final) },
    { op: "write", role: "client", bytes: MESSAGE_LEN, frames: carried(0, MESSAGE_LEN) },
    { op: "write", role: "server", bytes: ANSWER_LEN, frames: carried(1, ANSWER_LEN) },
    { op: "close", role: closer, bytes: null, frames: framesOf(...fins, ...confirmed, ...resets) },
  ];
}

/** Calls of the steps that stand on the wrong side of their segments. */
function timeFaults(
  all: readonly Segment[],
  steps: readonly ToldStep[],
  errorNs: bigint,
): string[] {
  const faults: string[] = [];
  const first = (test: (s: Segment) => boolean): bigint | undefined => all.find(test)?.timeNs;
  const before = (what: string, early?: string | bigint | null, late?: string | bigint): void => {
    if (early === undefined || early === null || late === undefined)
      faults.push(`${what}: missing`);
    else if (BigInt(early) > BigInt(late) + errorNs) {
      faults.push(`${what}: ${BigInt(early) - BigInt(late)} ns too late`);
    }
  };
  const synAt = first((s) => has(s, SYN));
  const [listen, dial, accept, asked, answered, closed] = steps.map((s) => s.calls[0]);
  before("listen ends before the SYN", listen?.end, synAt);
  before("dial begins before the SYN", dial?.begin, synAt);
  before(
    "SYN-ACK before dial ends",
    first((s) => has(s, SYN) && s.end === 1),
    dial?.end ?? "0",
  );
  const confirmedAt = first((s) => s.end === 0 && has(s, ACK));
  before("the handshake's ACK before accept ends", confirmedAt, accept?.end ?? "0");
  const data = [0, 1].map((end) => first((s) => s.end === end && s.len > 0));
  before("the client's write begins before its segment", asked?.begin, data[0]);
  before("the server's write begins before its segment", answered?.begin, data[1]);
  for (const [step, at] of [
    [steps[3], data[0]],
    [steps[4], data[1]],
  ] as const) {
    const reads = step?.calls.slice(1) ?? [];
    if (reads.length === 0 || reads.some((c) => c.op !== "read")) faults.push("no read took it");
    for (const read of reads) before("a segment arrives before its read ends", at, read.end ?? "0");
  }
  const finOf = (role?: string): bigint | undefined =>
    first((s) => has(s, FIN) && s.end === (role === "client" ? 0 : 1));
  before("close begins before its FIN", closed?.begin, finOf(closed?.role));
  for (const call of steps[5]?.calls.slice(1) ?? []) {
    const other = call.role === "client" ? "server" : "client";
    if (call.op === "close") before("the other close begins first", call.begin, finOf(call.role));
    else before("a FIN arrives before its read ends", finOf(other), call.end ?? "0");
  }
  return faults;
}
