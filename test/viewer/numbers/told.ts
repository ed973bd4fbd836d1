/** What the commands say of a capture, by their own code: `read`, `conversations`, `findings`, and the trace of `story`. */
import { analyze } from "../../../src/analysis/analyze.ts";
import type { Conversation } from "../../../src/analysis/conversations/conversation.ts";
import { Explainer } from "../../../src/analysis/evidence/explainer.ts";
import type { Reason } from "../../../src/analysis/evidence/reason.ts";
import type { Field } from "../../../src/analysis/fields/field.ts";
import { type Frame, FrameFeed } from "../../../src/analysis/fields/frame.ts";
import { findField } from "../../../src/analysis/fields/registry.ts";
import type { FindingsReport } from "../../../src/analysis/findings/finding.ts";
import { FindingSink } from "../../../src/analysis/findings/read-findings.ts";
import { VERDICTS } from "../../../src/analysis/verdicts/verdict.ts";
import { CaptureReader } from "../../../src/pcap/reader.ts";
import type { CaptureSink } from "../../../src/pcap/sink.ts";
import { FieldRows } from "../../../src/report/fields.ts";
import { LinePrinter } from "../../../src/report/lines.ts";
import { TraceBuilder } from "../../../src/trace/builder.ts";
import { SegmentTracker } from "../../../src/trace/tracker.ts";
import type { Trace } from "../../../src/trace/trace.ts";

/** A frame as `seqack read -T fields` has it: what it prints, as numbers; 0 for what it leaves empty. */
export interface ToldFrame {
  readonly frame: number;
  /** Nanoseconds, as printed. */
  readonly time: string;
  readonly delta: string;
  readonly origLen: number;
  /** `null`: no segment, or only one that something else quotes. */
  readonly segment: ToldSegment | null;
  /** As `seqack read` prints it without time; empty for a segment, whose numbers it counts in its own way. */
  readonly line: string;
  readonly reasons: readonly Reason[];
}

/** The segment of a {@link ToldFrame}. */
export interface ToldSegment {
  readonly frame: number;
  /** Seconds, as printed. */
  readonly time: string;
  readonly dir: 0 | 1;
  /** Whether it is counted from the start of its direction: not so in a fragment. */
  readonly isLenKnown: boolean;
  readonly stream: number;
  readonly seq: number;
  readonly ack: number;
  readonly len: number;
  readonly window: number;
  readonly flags: number;
  readonly verdicts: string;
  readonly acksFrame: number;
  readonly ackRtt: string;
  readonly flight: number;
  readonly duplicateAckFrame: number;
  readonly rtoFrame: number;
  /** Edges of SACK blocks, counted as `ack` is. */
  readonly sack: string;
}

/** See the module. */
export interface Told {
  readonly frames: readonly ToldFrame[];
  readonly conversations: readonly Conversation[];
  readonly findings: FindingsReport;
  readonly trace: Trace;
}

const NAMES = [
  "frame.number",
  "frame.time_relative",
  "frame.time_delta",
  "frame.len",
  "tcp.stream",
  "tcp.seq",
  "tcp.ack",
  "tcp.len",
  "tcp.window_size",
  "tcp.flags",
  "tcp.analysis.acks_frame",
  "tcp.analysis.ack_rtt",
  "tcp.analysis.bytes_in_flight",
  "tcp.analysis.duplicate_ack_frame",
  "tcp.analysis.rto_frame",
  "tcp.options.sack_le",
  "tcp.options.sack_re",
  ...VERDICTS.map((name) => `tcp.analysis.${name}`),
] as const;

/** @param asksWhy Frames whose reasons are wanted. */
export async function told(
  bytes: Uint8Array,
  asksWhy: ReadonlySet<number> = new Set(),
): Promise<Told> {
  const builder = new TraceBuilder();
  const findings = new FindingSink();
  read(bytes, builder);
  read(bytes, findings);
  const { conversations } = await analyze(bytes);
  return {
    frames: framesOf(bytes, asksWhy),
    conversations: [...conversations],
    findings: findings.finish(),
    trace: builder.build(),
  };
}

function read(bytes: Uint8Array, sink: CaptureSink): void {
  const reader = new CaptureReader(sink);
  reader.push(bytes);
  reader.end();
}

function framesOf(bytes: Uint8Array, asksWhy: ReadonlySet<number>): readonly ToldFrame[] {
  const rows = new FieldRows(NAMES.map(fieldOf));
  const printer = new LinePrinter({ time: "none" });
  const explainer = new Explainer();
  const frames: ToldFrame[] = [];
  const feed = new FrameFeed((frame) => {
    const { segment, verdicts, causes, packet } = frame;
    if (segment !== null && verdicts !== null && asksWhy.size > 0)
      explainer.pass(segment, verdicts, causes);
    const cells = new Map(
      rows
        .row(frame)
        .split("\t")
        .map((cell, i) => [NAMES[i]!, cell]),
    );
    const isOwn = segment !== null && !segment.path.isQuoted;
    frames.push({
      frame: Number(cells.get("frame.number")),
      time: cells.get("frame.time_relative")!,
      delta: cells.get("frame.time_delta")!,
      origLen: Number(cells.get("frame.len")),
      segment: isOwn ? segmentOf(cells, segment.dir === 0 ? 0 : 1) : null,
      line: isOwn ? "" : printer.other(packet),
      reasons: isOwn && asksWhy.has(packet.frame) ? explainer.reasons(baseOf(frame)) : [],
    });
  });
  const tracker = new SegmentTracker(feed);
  read(bytes, { onPacket: (packet) => tracker.onPacket(packet) });
  return frames;
}

function fieldOf(name: string): Field {
  const field = findField(name);
  if (field === null) throw new RangeError(`no field ${name}`);
  return field;
}

/** As `seqack read -v -T json` counts. */
function baseOf({ segment }: Frame): { seq: number; ack: number } | null {
  if (segment === null || !segment.isLenKnown) return null;
  return { seq: (segment.seq - segment.relSeq) >>> 0, ack: segment.ackBase };
}

function segmentOf(cells: ReadonlyMap<string, string>, dir: 0 | 1): ToldSegment {
  const number = (name: (typeof NAMES)[number]): number => Number(cells.get(name));
  return {
    frame: number("frame.number"),
    time: cells.get("frame.time_relative")!,
    dir,
    stream: number("tcp.stream"),
    seq: number("tcp.seq"),
    ack: number("tcp.ack"),
    len: number("tcp.len"),
    isLenKnown: cells.get("tcp.len") !== "",
    window: number("tcp.window_size"),
    flags: number("tcp.flags") & 0xff,
    verdicts: VERDICTS.filter((name) => cells.get(`tcp.analysis.${name}`) !== "").join(),
    acksFrame: number("tcp.analysis.acks_frame"),
    ackRtt: cells.get("tcp.analysis.ack_rtt")!,
    flight: number("tcp.analysis.bytes_in_flight"),
    duplicateAckFrame: number("tcp.analysis.duplicate_ack_frame"),
    rtoFrame: number("tcp.analysis.rto_frame"),
    sack: [cells.get("tcp.options.sack_le"), cells.get("tcp.options.sack_re")].join(" "),
  };
}
