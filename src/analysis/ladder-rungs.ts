/**
 * What stands on each rung of a ladder, in the order in which it is drawn.
 *
 * @module
 */
import type { CallMap } from "./calls.ts";
import type { CallSegments } from "./call-segments.ts";
import type { CallEvent } from "../pcap/event.ts";
import type { Row } from "../trace/table.ts";
import type { Trace } from "../trace/trace.ts";

/** A rung: a segment, or one moment of a call. */
export type Rung =
  | { readonly kind: "segment"; readonly row: Row; readonly index: number; readonly time: number }
  | {
      readonly kind: "call";
      readonly call: CallEvent;
      /** The end at which it stands. */
      readonly end: 0 | 1;
      /** `begin`: the call has not its result yet; `whole`: it is told at once. */
      readonly moment: "begin" | "end" | "whole";
      readonly time: number;
    };

/** One moment of a call, and where it stands. */
export interface CallRung {
  readonly call: CallEvent;
  /** The end at which it stands. */
  readonly end: 0 | 1;
  /** As of {@link Rung}. */
  readonly moment: "begin" | "end" | "whole";
  /** In the trace's time. */
  readonly time: number;
  /** It stands in front of this segment of the stream: an index, or their number. */
  readonly slot: number;
}

/** Segments in capture order, with the calls between them: see {@link callRungsOf}. */
export function rungsOf(trace: Trace, stream: number, calls: CallMap): Rung[] {
  const rows = trace.rowsOf(stream);
  const { time } = trace.segments.columns;
  const rungs = callRungsOf(trace, stream, calls);
  const out: Rung[] = [];
  let next = 0;
  for (let i = 0; i <= rows.length; i++) {
    for (; rungs[next]?.slot === i; next++) {
      const { slot: _, ...rung } = rungs[next]!;
      out.push({ kind: "call", ...rung });
    }
    const row = rows[i];
    if (row !== undefined) out.push({ kind: "segment", row, index: i, time: time[row]! });
  }
  return out;
}

/**
 * The calls of a stream where they stand between its segments: by their times, but never behind the
 * segments that they made, nor before those that they waited for (the clocks may differ a little), and those
 * of one end in the order of its own clock.
 */
export function callRungsOf(trace: Trace, stream: number, calls: CallMap): CallRung[] {
  const rows = trace.rowsOf(stream);
  const { time } = trace.segments.columns;
  const found = callRungs(trace, stream, calls).toSorted((a, b) => a.rung.time - b.rung.time);
  /** Of each end: where what comes next stands. */
  const next = [Infinity, Infinity];
  const rungs: CallRung[] = [];
  for (const one of found.toReversed()) {
    const { call, end, moment, time: at } = one.rung;
    const slot = slotOf(rows, time, one, next[end]!);
    next[end] = Math.min(next[end]!, slot);
    rungs.push({ call, end, moment, time: at, slot });
  }
  return rungs.toReversed().toSorted((a, b) => a.slot - b.slot || a.time - b.time);
}

interface Placed {
  readonly rung: Rung & { kind: "call" };
  /** It stands before this segment, and behind that one. */
  readonly notAfter: Row | undefined;
  readonly notBefore: Row | undefined;
}

/** Index of the segment in front of which a call stands; `next`: that of what the same end does next. */
function slotOf(
  rows: Uint32Array,
  time: Float64Array,
  { rung, notAfter, notBefore }: Placed,
  next: number,
): number {
  let at = Math.min(
    next,
    countWhile(rows, (row) => time[row]! <= rung.time),
  );
  if (notAfter !== undefined)
    at = Math.min(
      at,
      countWhile(rows, (row) => row < notAfter),
    );
  if (notBefore !== undefined)
    at = Math.max(
      at,
      countWhile(rows, (row) => row <= notBefore),
    );
  return at;
}

/** How many rows at the start pass `test`; by halves, so the rows have to be sorted by it. */
function countWhile(rows: Uint32Array, test: (row: Row) => boolean): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const mid = (low + high) >>> 1;
    if (test(rows[mid]!)) low = mid + 1;
    else high = mid;
  }
  return low;
}

function callRungs(trace: Trace, stream: number, map: CallMap): Placed[] {
  const out: Placed[] = listensOf(trace, stream, map);
  for (const c of map.ofStream(stream)) out.push(...rungsOfCall(trace, c));
  return out;
}

/** The listen that the connection came through. */
function listensOf(trace: Trace, stream: number, map: CallMap): Placed[] {
  const { port } = trace.endpoint(stream, 1);
  const accept = map.ofStream(stream).find((c) => c.call.op === "accept");
  if (accept === undefined) return [];
  const listen = map.listenOn(port, accept.call);
  if (listen === null) return [];
  const rung = { kind: "call", call: listen, end: 1, moment: "whole" } as const;
  const time = trace.toTime(listen.begin);
  return [{ rung: { ...rung, time }, notAfter: undefined, notBefore: undefined }];
}

/** A call that makes segments stands where it begins; one that waits, where it ends; dial at both. */
function rungsOfCall(trace: Trace, c: CallSegments): Placed[] {
  const { call, end } = c;
  const begin = trace.toTime(call.begin);
  const finish = call.end === null ? begin : trace.toTime(call.end);
  const made = c.made[0];
  switch (call.op) {
    case "listen":
    case "write":
    case "closeWrite":
    case "close":
      return [placed(call, end, "whole", begin, made, undefined)];
    case "dial": {
      const first = placed(call, end, "begin", begin, made, undefined);
      if (call.end === null) return [first];
      return [first, placed(call, end, "end", finish, undefined, c.ackedBy ?? undefined)];
    }
    case "accept":
      return [placed(call, end, "whole", finish, undefined, c.ackedBy ?? undefined)];
    case "read":
      return [placed(call, end, "whole", finish, undefined, c.rows.at(-1))];
  }
}

function placed(
  call: CallEvent,
  end: 0 | 1,
  moment: "begin" | "end" | "whole",
  time: number,
  notAfter: Row | undefined,
  notBefore: Row | undefined,
): Placed {
  return { rung: { kind: "call", call, end, moment, time }, notAfter, notBefore };
}
