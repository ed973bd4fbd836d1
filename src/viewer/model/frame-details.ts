/**
 * One frame in full: its headers, its bytes, and why its segment is what it is.
 *
 * @module
 */
import { CauseAnalyzer } from "../../analysis/causes/analyzer.ts";
import { Explainer } from "../../analysis/evidence/explainer.ts";
import type { Reason } from "../../analysis/evidence/reason.ts";
import { StackNotes } from "../../analysis/stack-notes.ts";
import { VerdictAnalyzer } from "../../analysis/verdicts/analyzer.ts";
import type { Text } from "../../base/lang.ts";
import { sameEndpoint } from "../../trace/endpoint.ts";
import type { SegmentRecord } from "../../trace/segment.ts";
import { NO_ROW, type Row } from "../../trace/table.ts";
import type { Trace } from "../../trace/trace.ts";
import { SegmentTracker } from "../../trace/tracker.ts";
import { layoutPacket } from "../../wire/layout/packet.ts";
import type { TcpBase } from "../../wire/tcp-describe.ts";
import type { Explanation, FrameDetails } from "./protocol.ts";
import type { Recording } from "./recording.ts";
import { Replay } from "./replay.ts";
import { lineOf } from "./rows.ts";

/** Segments that pass again before others get their turn: some milliseconds. */
const PASS_STEP = 4096;

/** `null` when there is no such frame. */
export function frameDetails(recording: Recording, frame: number): FrameDetails | null {
  const { trace } = recording;
  const packet = trace.packetOfFrame(frame);
  if (packet === null) return null;
  const { time, origLen, linkType, segment } = trace.packets.columns;
  const bytes = trace.bytesOf(packet).slice();
  const view = new DataView(bytes.buffer);
  const row = segment[packet]!;
  const isSegment = row !== NO_ROW;
  return {
    frame,
    time: time[packet]!,
    timeNs: trace.epoch + BigInt(time[packet]!),
    origLen: origLen[packet]!,
    bytes,
    stream: isSegment ? trace.segments.columns.stream[row]! : null,
    dir: isSegment && trace.segments.columns.dir[row] === 1 ? 1 : 0,
    line: lineOf(recording, packet),
    headers: layoutPacket(view, 0, bytes.length, origLen[packet]!, linkType[packet]!),
    comments: trace.comments.get(packet) ?? [],
  };
}

/**
 * What there is to say of `frame`'s segment; nothing without one. All segments between the two hosts' ports pass
 * again up to this one, earlier connections on the same ports too.
 *
 * @param pause Waited for now and then; rejects to give up.
 */
export async function reasonsOf(
  { trace }: Recording,
  frame: number,
  pause: () => Promise<void>,
): Promise<Explanation> {
  const wanted = trace.segmentOfFrame(frame);
  if (wanted === null) return { reasons: [], note: null };
  const teller = new Teller();
  const replay = new Replay(trace);
  const packets = packetsOf(trace, rowsUpTo(trace, wanted));
  for (let i = 0; i < packets.length; i++) {
    if (i % PASS_STEP === PASS_STEP - 1) await pause();
    teller.tracker.onPacket(replay.packet(packets[i]!));
  }
  return { reasons: teller.reasons(), note: await teller.note(trace, packets.at(-1)!, pause) };
}

/**
 * The packets of segments; where one came in fragments, all packets without a segment among them, which
 * have the other fragments.
 */
function packetsOf(trace: Trace, rows: Uint32Array): Uint32Array {
  const { packet } = trace.segments.columns;
  const own = rows.map((row) => packet[row]!);
  if (!rows.some((row) => trace.isFromFragments(row))) return own;
  const { segment } = trace.packets.columns;
  const wanted = new Set(own);
  return Uint32Array.from({ length: own.at(-1)! + 1 }, (_, i) => i).filter(
    (i) => segment[i] === NO_ROW || wanted.has(i),
  );
}

/** Rows of the connections on the same two endpoints, up to `row`, in their order. */
function rowsUpTo(trace: Trace, row: Row): Uint32Array {
  const stream = trace.segments.columns.stream[row]!;
  const [a, b] = [trace.endpoint(stream, 0), trace.endpoint(stream, 1)];
  const parts: Uint32Array[] = [];
  for (let s = 0; s <= stream; s++) {
    const [c, d] = [trace.endpoint(s, 0), trace.endpoint(s, 1)];
    const isSame =
      (sameEndpoint(a, c) && sameEndpoint(b, d)) || (sameEndpoint(a, d) && sameEndpoint(b, c));
    if (isSame) parts.push(trace.rowsOf(s).filter((r) => r <= row));
  }
  if (parts.length === 1) return parts[0]!;
  const all = new Uint32Array(parts.reduce((sum, rows) => sum + rows.length, 0));
  let at = 0;
  for (const rows of parts) {
    all.set(rows, at);
    at += rows.length;
  }
  return all.toSorted();
}

class Teller {
  readonly tracker: SegmentTracker = new SegmentTracker({ onSegment: (s) => this.#pass(s) });
  readonly #analyzer = new VerdictAnalyzer();
  readonly #causes = new CauseAnalyzer();
  readonly #explainer = new Explainer();
  #base: TcpBase | null = null;
  #last: SegmentRecord | null = null;

  /** What the sender's stack wrote down of the last segment, which came in the packet in `row`. */
  async note({ stackEntries }: Trace, row: Row, pause: () => Promise<void>): Promise<Text | null> {
    if (this.#last === null) return null;
    const notes = new StackNotes();
    for (const [i, entry] of stackEntries.entries()) {
      if (entry.row > row) break;
      if (i % PASS_STEP === PASS_STEP - 1) await pause();
      notes.onEvents([entry.event]);
    }
    return notes.of(this.#last);
  }

  reasons(): readonly Reason[] {
    return this.#explainer.reasons(this.#base);
  }

  /** Positions count as `tcp.seq` and `tcp.ack` do. */
  #pass(s: SegmentRecord): void {
    this.#last = s;
    this.#explainer.pass(s, this.#analyzer.analyze(s), this.#causes.analyze(s));
    this.#base = s.isLenKnown ? { seq: (s.seq - s.relSeq) >>> 0, ack: s.ackBase } : null;
  }
}
