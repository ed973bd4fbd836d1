/**
 * The segments of the calls that move bytes.
 *
 * @module
 */
import type { CallEvent } from "../pcap/event.ts";
import type { Row } from "../trace/table.ts";
import type { Trace } from "../trace/trace.ts";
import { Flag } from "../wire/tcp.ts";
import type { CallSegments } from "./call-segments.ts";
import type { ProgramEnd } from "./match.ts";
import type { StreamBytes } from "./offsets.ts";

/** A call and the bytes it covers; `to` is Infinity when nobody knows. */
interface Span {
  readonly call: CallEvent;
  readonly from: number;
  readonly to: number;
  readonly rows: Row[];
  readonly resent: Row[];
  ackedBy: Row | null;
}

/** Each write, the segments that carried its bytes, and the acknowledgement of the last of them. */
export function attributeWrites(
  trace: Trace,
  program: ProgramEnd,
  bytes: StreamBytes,
): CallSegments[] {
  const spans = spansOf(program, "write", startOffset(program, "write", bytes, program.end));
  giveSegments(trace, program.end, bytes, spans);
  giveAcks(trace, program.end, bytes, spans);
  return spans.map((s) => segmentsOf(program, s));
}

/** Each read and the segments that brought its bytes; at the end of the stream the FIN. */
export function attributeReads(
  trace: Trace,
  program: ProgramEnd,
  bytes: StreamBytes,
): CallSegments[] {
  const peer = program.end === 0 ? 1 : 0;
  const spans = spansOf(program, "read", startOffset(program, "read", bytes, peer));
  giveSegments(trace, peer, bytes, spans);
  const { fin } = bytes.dirs[peer];
  for (const s of spans) if (s.call.eof && fin !== -1) s.rows.push(bytes.rows[fin]!);
  return spans.map((s) => segmentsOf(program, s));
}

/**
 * The offset of the first byte that the calls of an end moved. Without the
 * SYN the numbers of the capture start anywhere; then the FIN, which stands
 * behind the last byte, tells, provided that all calls are there. `null`: unknown.
 */
function startOffset(
  { calls }: ProgramEnd,
  op: "read" | "write",
  bytes: StreamBytes,
  dir: 0 | 1,
): number | null {
  const { isFromStart, fin, finAt } = bytes.dirs[dir];
  const isWhole = calls.some((c) => c.op === "dial" || c.op === "accept");
  if (!isWhole) return null;
  if (isFromStart) return 0;
  const moved = calls.filter((c) => c.op === op);
  const isAll = op === "write" ? moved.every(isCounted) : moved.some((c) => c.eof);
  if (fin === -1 || !isAll) return null;
  return finAt - moved.reduce((sum, c) => sum + (c.bytes ?? 0), 0);
}

/** Whether a call says how many bytes it moved. */
function isCounted(call: CallEvent): boolean {
  return call.end !== null && (call.bytes !== null || call.error === null);
}

function spansOf(program: ProgramEnd, op: "read" | "write", start: number | null): Span[] {
  const spans: Span[] = [];
  let at = start ?? Number.NaN;
  for (const call of program.calls) {
    if (call.op !== op) continue;
    // A write that had no result may have sent anything; a read without one took nothing.
    const length = op === "write" && !isCounted(call) ? Infinity : (call.bytes ?? 0);
    spans.push({ call, from: at, to: at + length, rows: [], resent: [], ackedBy: null });
    at += length;
  }
  return spans;
}

/** Gives each segment with payload of direction `dir` to the spans whose bytes it carries. */
function giveSegments(trace: Trace, dir: 0 | 1, b: StreamBytes, spans: readonly Span[]): void {
  const known = spans.filter((s) => s.from < s.to);
  const columns = trace.segments.columns;
  for (let i = 0; i < b.rows.length; i++) {
    const row = b.rows[i]!;
    if (columns.dir[row] !== dir || columns.payloadLen[row] === 0) continue;
    for (let k = firstEndingAfter(known, b.from[i]!); k < known.length; k++) {
      const s = known[k]!;
      if (s.from >= b.to[i]!) break;
      const isNew = Math.max(s.from, b.newFrom[i]!) < Math.min(s.to, b.newTo[i]!);
      (isNew ? s.rows : s.resent).push(row);
    }
  }
}

function giveAcks(trace: Trace, end: 0 | 1, b: StreamBytes, spans: readonly Span[]): void {
  const { dir, flags } = trace.segments.columns;
  const written = spans.findLast((s) => s.to < Infinity)?.to ?? 0;
  const limit = Math.max(b.dirs[end].sent, written) + 1;
  let k = 0;
  for (let i = 0; i < b.rows.length; i++) {
    const row = b.rows[i]!;
    if (dir[row] === end || (flags[row]! & Flag.RST) !== 0) continue;
    const upTo = b.ackTo[i]!;
    // NaN without ACK; more than was ever sent acknowledges nothing.
    if (!(upTo <= limit)) continue;
    for (; k < spans.length && !(spans[k]!.to > upTo); k++) {
      const s = spans[k]!;
      if (s.from < s.to) s.ackedBy = row;
    }
  }
}

function firstEndingAfter(spans: readonly Span[], at: number): number {
  let low = 0;
  let high = spans.length;
  while (low < high) {
    const mid = (low + high) >>> 1;
    if (spans[mid]!.to <= at) low = mid + 1;
    else high = mid;
  }
  return low;
}

function segmentsOf({ stream, end }: ProgramEnd, s: Span): CallSegments {
  const isKnown = s.from < s.to && s.to !== Infinity;
  const range = isKnown ? { from: s.from, to: s.to } : null;
  const { call, rows, resent, ackedBy } = s;
  const made = call.op === "write" ? [...rows, ...resent].toSorted((a, b) => a - b) : [];
  return { call, stream, end, range, rows, resent, made, ackedBy };
}
