/**
 * All conversations over the time of the recording: how busy it was, and when each one lived.
 *
 * @module
 */
import { ANY_VERDICT } from "../../analysis/verdicts/verdict.ts";
import type { Recording } from "./recording.ts";

/** Times in nanoseconds since the first packet. */
export interface Overview {
  /** Of all segments. */
  readonly span: readonly [number, number];
  /** Segments of each equal part of the span, and of them those with a verdict. */
  readonly segments: Uint32Array<ArrayBuffer>;
  readonly marked: Uint32Array<ArrayBuffer>;
  /** Conversations altogether; of the first {@link MAX_LIVES} of them when each lived. */
  readonly total: number;
  readonly stream: Uint32Array<ArrayBuffer>;
  readonly start: Float64Array<ArrayBuffer>;
  readonly end: Float64Array<ArrayBuffer>;
  /** Line on which it is drawn, so that few lie over each other: less than {@link MAX_LANES}. */
  readonly lane: Uint8Array<ArrayBuffer>;
  readonly hasVerdict: Uint8Array<ArrayBuffer>;
  readonly lanes: number;
}

/** Conversations that are drawn one by one. */
export const MAX_LIVES = 4096;
/** Lines that they lie on; of more at once, the last line has several. */
const MAX_LANES = 12;
/** Parts that may be asked for. */
const MAX_BINS = 2048;

/** Counts everything read so far. */
export function overviewOf(recording: Recording, bins: number): Overview {
  const { trace, verdicts } = recording;
  const { time } = trace.segments.columns;
  const rows = Math.min(trace.segments.length, verdicts.length);
  const span: [number, number] = rows === 0 ? [0, 0] : [Infinity, -Infinity];
  for (let row = 0; row < rows; row++) {
    if (time[row]! < span[0]) span[0] = time[row]!;
    if (time[row]! > span[1]) span[1] = time[row]!;
  }
  const parts = Math.max(1, Math.min(MAX_BINS, Math.floor(bins)));
  const [segments, marked] = [new Uint32Array(parts), new Uint32Array(parts)];
  const share = parts / Math.max(1, span[1] - span[0]);
  for (let row = 0; row < rows; row++) {
    const part = Math.min(parts - 1, Math.floor((time[row]! - span[0]) * share));
    segments[part]!++;
    if ((verdicts.columns.verdicts[row]! & ANY_VERDICT) !== 0) marked[part]!++;
  }
  return { span, segments, marked, ...livesOf(recording) };
}

type Lives = Pick<Overview, "total" | "stream" | "start" | "end" | "lane" | "hasVerdict" | "lanes">;

function livesOf({ trace, sums }: Recording): Lives {
  const c = sums.columns;
  const { time } = trace.segments.columns;
  const all = Uint32Array.from({ length: sums.length }, (_, i) => i).filter(
    (s) => c.segments[s] !== 0,
  );
  const stream = all.slice(0, MAX_LIVES);
  const start = Float64Array.from(stream, (s) =>
    Math.min(time[c.firstRow[s]!]!, time[c.lastRow[s]!]!),
  );
  const end = Float64Array.from(stream, (s) =>
    Math.max(time[c.firstRow[s]!]!, time[c.lastRow[s]!]!),
  );
  const { lane, lanes } = lanesOf(start, end);
  const hasVerdict = Uint8Array.from(stream, (s) => (c.marked[s] === 0 ? 0 : 1));
  return { total: all.length, stream, start, end, lane, hasVerdict, lanes };
}

/** The first line that is free by then; when none is, the one that will be soonest. */
function lanesOf(
  start: Float64Array,
  end: Float64Array,
): { readonly lane: Uint8Array<ArrayBuffer>; readonly lanes: number } {
  const lane = new Uint8Array(start.length);
  const busyUntil: number[] = [];
  const order = Uint32Array.from(start, (_, i) => i).toSorted((a, b) => start[a]! - start[b]!);
  for (const i of order) {
    let found = busyUntil.findIndex((until) => until < start[i]!);
    if (found === -1 && busyUntil.length < MAX_LANES) found = busyUntil.length;
    if (found === -1) found = busyUntil.indexOf(Math.min(...busyUntil));
    busyUntil[found] = Math.max(busyUntil[found] ?? 0, end[i]!);
    lane[i] = found;
  }
  return { lane, lanes: busyUntil.length };
}
