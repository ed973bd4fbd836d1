/**
 * What one direction of a stream carried: its data segments with their bytes, and where in the
 * stream each belongs.
 *
 * @module
 */
import { type StreamBytes, streamBytes } from "../../analysis/offsets.ts";
import type { StreamBytesPage } from "./protocol.ts";
import type { Recording } from "./recording.ts";

/** Data segments `[from, from + count)` of the direction, in capture order. */
export function bytesPage(
  recording: Recording,
  stream: number,
  dir: 0 | 1,
  from: number,
  count: number,
): StreamBytesPage {
  const { trace } = recording;
  if (stream >= trace.streams) return { pieces: [], total: 0 };
  const numbers = streamBytes(trace, stream);
  const { dir: dirs, payloadLen } = trace.segments.columns;
  const indices: number[] = [];
  numbers.rows.forEach((row, i) => {
    if (dirs[row] === dir && payloadLen[row]! > 0 && !numbers.elsewhere.has(row)) indices.push(i);
  });
  const shown = indices.slice(Math.max(0, from), Math.max(0, from) + count);
  return { pieces: shown.map((i) => pieceOf(recording, numbers, i)), total: indices.length };
}

function pieceOf(
  { trace }: Recording,
  numbers: StreamBytes,
  i: number,
): StreamBytesPage["pieces"][number] {
  const row = numbers.rows[i]!;
  const { tcpAt, headerLen, payloadLen } = trace.segments.columns;
  const { view, at, end } = trace.viewOfSegment(row);
  const len = payloadLen[row]!;
  const start = Math.min(end, at + tcpAt[row]! + headerLen[row]!);
  const captured = Math.min(len, end - start);
  const bytes = new Uint8Array(view.buffer, view.byteOffset + start, captured).slice();
  return { frame: trace.frameOf(row), offset: numbers.from[i]!, len, bytes };
}
