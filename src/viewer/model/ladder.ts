/**
 * One connection as a ladder shows it: its segments as columns, which of them belong together, the
 * states of both ends, and the program's calls between them.
 *
 * @module
 */
import type { CallMap } from "../../analysis/calls.ts";
import { type CallRung, callRungsOf } from "../../analysis/ladder-rungs.ts";
import { type PathDelay, pathDelay } from "../../analysis/path-delay.ts";
import { linkSegments } from "../../analysis/segment-links.ts";
import { type StateName, trackStates } from "../../analysis/states.ts";
import { visible } from "../../base/visible.ts";
import type { CallOp } from "../../pcap/event.ts";
import { formatEndpoint } from "../../trace/endpoint.ts";
import type { Row } from "../../trace/table.ts";
import type { Trace } from "../../trace/trace.ts";
import { Flag } from "../../wire/tcp.ts";
import { type Counts, countsUpTo, gather, gatherCounts } from "./gather.ts";
import type { Recording } from "./recording.ts";

/** Segments and calls of one ladder at most; further ones are counted. */
export const MAX_LADDER_SEGMENTS = 2 ** 20;
export const MAX_LADDER_CALLS = 50_000;

/** Segments of one call that are told. */
const MAX_CALL_SEGMENTS = 4096;

/** A call of the program. Segments are indices. */
export interface LadderCall {
  readonly op: CallOp;
  readonly end: 0 | 1;
  /** Nanoseconds since the recording's first packet; `finish` is `null` while it waits. */
  readonly begin: number;
  readonly finish: number | null;
  readonly bytes: number | null;
  readonly eof: boolean;
  /** What a recording says, made safe to show. */
  readonly error: string | null;
  readonly local: string | null;
  readonly remote: string | null;
  /** As of `CallSegments`. */
  readonly segments: readonly number[];
  readonly resent: readonly number[];
  /** -1: none. */
  readonly ackedBy: number;
}

/** A call where it stands: in front of segment `slot`. */
export interface LadderCallRung {
  readonly call: number;
  readonly moment: CallRung["moment"];
  readonly time: number;
  readonly slot: number;
}

/** See the module. Columns have a value per segment, in capture order: 33 bytes of a usual one. */
export interface Ladder {
  readonly stream: number;
  /** Client and server, as Go writes addresses. */
  readonly ends: readonly [string, string];
  /** Segments and calls of the stream altogether. */
  readonly total: number;
  readonly totalCalls: number;
  readonly frame: Uint32Array;
  /** Nanoseconds since the recording's first packet. */
  readonly time: Float64Array;
  /** 0: sent by the client. */
  readonly dir: Uint8Array;
  readonly flags: Uint8Array;
  readonly relSeq: Uint32Array;
  readonly relAck: Uint32Array;
  readonly len: Counts;
  /** Payload bytes per segment on the wire where the card cut it up; 0: it went as it is. */
  readonly gso: Uint16Array;
  readonly window: Counts;
  readonly verdicts: Uint32Array;
  /**
   * Segments on to the first that acknowledges all of it, and back to the one that first carried what it carries again;
   * 0: none. {@link linksOf} has them as indices, and the other way round.
   */
  readonly ackedAfter: Counts;
  readonly originalBefore: Counts;
  /** The call that made it, and the read that took its first new bytes: indices in `calls`, -1: none; empty without calls. */
  readonly madeBy: Int32Array;
  readonly takenBy: Int32Array;
  /** Indices of `STATES`, after each segment. */
  readonly client: Uint8Array;
  readonly server: Uint8Array;
  readonly initial: readonly [StateName, StateName];
  /** Whether the first segment opens the connection; else what was before is not known. */
  readonly isFromStart: boolean;
  readonly delay: PathDelay | null;
  readonly calls: readonly LadderCall[];
  readonly rungs: readonly LadderCallRung[];
}

/**
 * The ladder of a stream, `null` when there is none.
 *
 * @param released Told when the memory that finding the links took has been given up: as much as the ladder's own.
 */
export function ladderOf(
  recording: Recording,
  stream: number,
  released: () => void = () => {},
): Ladder | null {
  const { trace, calls } = recording;
  if (stream >= trace.streams) return null;
  const all = trace.rowsOf(stream);
  const rows = all.subarray(0, MAX_LADDER_SEGMENTS);
  const s = trace.segments.columns;
  const { gsoSize } = trace.packets.columns;
  const { verdicts } = recording.verdicts.columns;
  const links = linksBetween(trace, stream, rows.length);
  released();
  const states = trackStates(trace, stream);
  const told = callsOfLadder(recording, calls, stream, rows);
  return {
    stream,
    ends: [formatEndpoint(trace.endpoint(stream, 0)), formatEndpoint(trace.endpoint(stream, 1))],
    total: all.length,
    frame: gather(new Uint32Array(rows.length), rows, (row) => trace.frameOf(row)),
    time: gather(new Float64Array(rows.length), rows, (row) => s.time[row]!),
    dir: gather(new Uint8Array(rows.length), rows, (row) => s.dir[row]!),
    flags: gather(new Uint8Array(rows.length), rows, (row) => s.flags[row]!),
    relSeq: gather(new Uint32Array(rows.length), rows, (row) => s.relSeq[row]!),
    relAck: gather(new Uint32Array(rows.length), rows, (row) => s.relAck[row]!),
    len: gatherCounts(rows, (row) => s.payloadLen[row]!),
    gso: gather(new Uint16Array(rows.length), rows, (row) => gsoSize[s.packet[row]!]!),
    window: gatherCounts(rows, (row) => s.windowSize[row]!),
    verdicts: gather(new Uint32Array(rows.length), rows, (row) => verdicts[row]!),
    ...links,
    client: states.client.slice(0, rows.length),
    server: states.server.slice(0, rows.length),
    initial: states.initial,
    isFromStart: all.length > 0 && (s.flags[all[0]!]! & Flag.SYN) !== 0,
    delay: pathDelay(trace, stream),
    ...told,
  };
}

type Links = Pick<Ladder, "ackedAfter" | "originalBefore">;

/** Between the first `length` segments. */
function linksBetween(trace: Trace, stream: number, length: number): Links {
  const { ackedBy, original } = linkSegments(trace, stream);
  return {
    ackedAfter: distances(ackedBy, length),
    originalBefore: distances(original, length),
  };
}

/** From each of the first `length` to the one that it names; 0 where that is none of them. */
function distances(named: Int32Array, length: number): Counts {
  const distance = (i: number): number => {
    const other = named[i]!;
    return other < 0 || other >= length ? 0 : Math.abs(other - i);
  };
  let most = 0;
  for (let i = 0; i < length; i++) most = Math.max(most, distance(i));
  const column = countsUpTo(most, length);
  for (let i = 0; i < length; i++) {
    const value = distance(i);
    // As in gather().
    if (value !== 0) column[i] = value;
  }
  return column;
}

type Told = Pick<Ladder, "totalCalls" | "madeBy" | "takenBy" | "calls" | "rungs">;

function callsOfLadder(
  { trace }: Recording,
  map: CallMap,
  stream: number,
  rows: Uint32Array,
): Told {
  const all = callRungsOf(trace, stream, map);
  const rungs = all.slice(0, MAX_LADDER_CALLS);
  const callColumn = (): Int32Array =>
    new Int32Array(rungs.length === 0 ? 0 : rows.length).fill(-1);
  const [madeBy, takenBy] = [callColumn(), callColumn()];
  const indexOfRow = (row: Row): number => {
    const at = lowerBound(rows, row);
    return rows[at] === row ? at : -1;
  };
  const indicesOf = (found: readonly Row[]): number[] =>
    found
      .slice(0, MAX_CALL_SEGMENTS)
      .map(indexOfRow)
      .filter((i) => i !== -1);
  const calls: LadderCall[] = [];
  const numbers = new Map<unknown, number>();
  const placed = rungs.map(({ call, end, moment, time, slot }): LadderCallRung => {
    let number = numbers.get(call);
    if (number === undefined) {
      number = calls.length;
      numbers.set(call, number);
      const c = map.of(call);
      const segments = indicesOf(c?.rows ?? []);
      const column = call.op === "read" ? takenBy : madeBy;
      const own = call.op === "read" ? segments : indicesOf(c?.made ?? []);
      for (const i of own) if (column[i] === -1) column[i] = number;
      calls.push({
        op: call.op,
        end,
        begin: trace.toTime(call.begin),
        finish: call.end === null ? null : trace.toTime(call.end),
        bytes: call.bytes,
        eof: call.eof,
        error: safe(call.error),
        local: safe(call.local),
        remote: safe(call.remote),
        segments,
        resent: indicesOf(c?.resent ?? []),
        ackedBy: typeof c?.ackedBy === "number" ? indexOfRow(c.ackedBy) : -1,
      });
    }
    return { call: number, moment, time, slot: Math.min(slot, rows.length) };
  });
  return { totalCalls: map.ofStream(stream).length, madeBy, takenBy, calls, rungs: placed };
}

const safe = (words: string | null): string | null => (words === null ? null : visible(words));

/** Index of the first value of the sorted `list` that is not below `wanted`. */
export function lowerBound(list: ArrayLike<number>, wanted: number): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const mid = (low + high) >>> 1;
    if (list[mid]! < wanted) low = mid + 1;
    else high = mid;
  }
  return low;
}
