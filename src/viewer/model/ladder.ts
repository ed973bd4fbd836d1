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
import { Flag } from "../../wire/tcp.ts";
import { gather } from "./gather.ts";
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

/** See the module. Columns have a value per segment, in capture order; -1 in a link: none. */
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
  readonly len: Uint32Array;
  /** Payload bytes per segment on the wire where the card cut it up; 0: it went as it is. */
  readonly gso: Uint16Array;
  readonly window: Uint32Array;
  readonly verdicts: Uint32Array;
  readonly ackedBy: Int32Array;
  /** The last segment that this one is the first to acknowledge. */
  readonly acks: Int32Array;
  readonly original: Int32Array;
  readonly resentAs: Int32Array;
  /** The call that made it, and the read that took its first new bytes: indices in `calls`; empty without calls. */
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
  const links = linkSegments(trace, stream);
  released();
  const states = trackStates(trace, stream);
  const ackedBy = within(links.ackedBy, rows.length);
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
    len: gather(new Uint32Array(rows.length), rows, (row) => s.payloadLen[row]!),
    gso: gather(new Uint16Array(rows.length), rows, (row) => gsoSize[s.packet[row]!]!),
    window: gather(new Uint32Array(rows.length), rows, (row) => s.windowSize[row]!),
    verdicts: gather(new Uint32Array(rows.length), rows, (row) => verdicts[row]!),
    ackedBy,
    acks: inverseOf(ackedBy),
    original: within(links.original, rows.length),
    resentAs: within(links.resentAs, rows.length),
    client: states.client.slice(0, rows.length),
    server: states.server.slice(0, rows.length),
    initial: states.initial,
    isFromStart: all.length > 0 && (s.flags[all[0]!]! & Flag.SYN) !== 0,
    delay: pathDelay(trace, stream),
    ...told,
  };
}

/** The first values, without those that name what is left out; takes the column for them. */
function within(column: Int32Array, length: number): Int32Array {
  if (column.length <= length) return column;
  const values = column.slice(0, length);
  for (let i = 0; i < length; i++) if (values[i]! >= length) values[i] = -1;
  return values;
}

/** For each index the last one that names it. */
function inverseOf(column: Int32Array): Int32Array {
  const inverse = new Int32Array(column.length).fill(-1);
  for (let i = 0; i < column.length; i++) {
    const named = column[i]!;
    if (named >= 0 && named < inverse.length) inverse[named] = i;
  }
  return inverse;
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
