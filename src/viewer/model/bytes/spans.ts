/**
 * Where writes, segments and reads begin and end in a stream.
 *
 * @module
 */
import type { CallSegments } from "../../../analysis/call-segments.ts";
import type { Trace } from "../../../trace/trace.ts";
import { countUpTo } from "./layout.ts";
import { pieceAt, PieceKind, type Pieces } from "./pieces.ts";

/** Whose bytes are between two boundaries. `again`: a segment that brought them once more. */
export type SpanLane = "write" | "segment" | "read" | "again";

/** One of them. Offsets in the stream. */
export interface ByteSpan {
  readonly lane: SpanLane;
  readonly from: number;
  readonly to: number;
  /** Number of the write or read, from 1; of a segment its frame. */
  readonly number: number;
  /** The segment, the first that carried the write, the first that brought what was read; 0: none. */
  readonly frame: number;
  /** When: the segment was captured, the call began. Nanoseconds since the first packet. */
  readonly time: number;
}

/** Spans of one answer for each lane. */
const MAX_SPANS = 8192;

/** The calls that wrote a direction, or read it, in the order of its bytes. */
export function callSpans(
  trace: Trace,
  calls: readonly CallSegments[],
  lane: "write" | "read",
  dir: 0 | 1,
): ByteSpan[] {
  const spans: ByteSpan[] = [];
  for (const { call, end, range, rows } of calls) {
    if (call.op !== lane || range === null || (lane === "write") !== (end === dir)) continue;
    const { from, to } = range;
    const frame = rows[0] === undefined ? 0 : trace.frameOf(rows[0]);
    const time = trace.toTime(call.begin);
    spans.push({ lane, from, to, number: spans.length + 1, frame, time });
  }
  return spans.toSorted((a, b) => a.from - b.from);
}

/** Those of `spans`, which follow each other, that touch `[from, to)`. */
export function spansWithin(
  spans: readonly ByteSpan[],
  from: number,
  to: number,
): readonly ByteSpan[] {
  const first = countUpTo(spans.length, (i) => spans[i]!.to <= from);
  const found: ByteSpan[] = [];
  for (let i = first; i < spans.length && found.length < MAX_SPANS; i++) {
    if (spans[i]!.from >= to) break;
    found.push(spans[i]!);
  }
  return found;
}

/** Segments that first brought the bytes of `[from, to)`. */
export function segmentSpans(trace: Trace, pieces: Pieces, from: number, to: number): ByteSpan[] {
  const found: ByteSpan[] = [];
  const { time } = trace.segments.columns;
  for (let i = pieceAt(pieces, from); i >= 0 && i < pieces.length; i++) {
    if (pieces.from[i]! >= to || found.length >= MAX_SPANS) break;
    if (pieces.from[i + 1]! <= from || pieces.kind[i] !== PieceKind.DATA) continue;
    const row = pieces.owner[i]!;
    const frame = trace.frameOf(row);
    found.push({
      lane: "segment",
      from: pieces.from[i]!,
      to: pieces.from[i + 1]!,
      number: frame,
      frame,
      time: time[row]!,
    });
  }
  return found;
}
