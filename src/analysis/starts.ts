/**
 * Which number the bytes of each direction count from, when a capture shows several: a
 * server that forgot a first SYN answers the next with another number, and a capture taken on both
 * sides of a device that rewrites numbers holds every segment in two counts.
 *
 * @module
 */
import type { Row } from "../trace/table.ts";
import type { Trace } from "../trace/trace.ts";
import { seqDiff, type SeqNum } from "../wire/seqnum.ts";
import { Flag } from "../wire/tcp.ts";

/** Starts of one direction that are told apart; segments of further ones go to the nearest. */
const MAX_STARTS = 8;

/** The starts of a stream. */
export interface Starts {
  /** Number of the SYN that each direction counts from; `null` where there is no choice. */
  readonly numbers: readonly [SeqNum | null, SeqNum | null];
  /** Segments that count from another start, and that start: no bytes of this connection. */
  readonly elsewhere: ReadonlyMap<Row, SeqNum>;
}

const NO_CHOICE: Starts = { numbers: [null, null], elsewhere: new Map() };

/** Finds the starts of `stream`; of several, the one that the other end's acknowledgements fit. */
export function startsOf(trace: Trace, stream: number): Starts {
  const rows = trace.rowsOf(stream);
  const named = namedStarts(trace, rows);
  if (trace.isSelfConnected(stream) || named.every((starts) => starts.length < 2)) {
    return NO_CHOICE;
  }
  const elsewhere = new Map<Row, SeqNum>();
  const numbers = ([0, 1] as const).map((end) => {
    const starts = named[end];
    if (starts.length < 2) return null;
    const number = confirmedStart(trace, rows, end, starts);
    addElsewhere(elsewhere, trace, rows, end, starts, number);
    return number;
  });
  return { numbers: [numbers[0] ?? null, numbers[1] ?? null], elsewhere };
}

/** The numbers that the SYNs of each end name. */
function namedStarts(trace: Trace, rows: Uint32Array): readonly [SeqNum[], SeqNum[]] {
  const { dir, flags, seq } = trace.segments.columns;
  const named: [SeqNum[], SeqNum[]] = [[], []];
  for (const row of rows) {
    if ((flags[row]! & Flag.SYN) === 0) continue;
    const starts = named[dir[row] === 0 ? 0 : 1];
    const number = seq[row]!;
    if (starts.length < MAX_STARTS && !starts.includes(number)) starts.push(number);
  }
  return named;
}

/** The start that lies nearest below most acknowledgements; the first when there are none. */
function confirmedStart(
  trace: Trace,
  rows: Uint32Array,
  end: 0 | 1,
  starts: readonly SeqNum[],
): SeqNum {
  const { dir, flags, ack } = trace.segments.columns;
  const votes = starts.map(() => 0);
  for (const row of rows) {
    if (dir[row] === end || (flags[row]! & (Flag.ACK | Flag.RST)) !== Flag.ACK) continue;
    const behind = starts.map((start) => (ack[row]! - start) >>> 0);
    const least = Math.min(...behind.filter((n) => n > 0));
    if (least < 2 ** 31) votes[behind.indexOf(least)]!++;
  }
  return starts[votes.indexOf(Math.max(...votes))] ?? 0;
}

/** Each segment goes on from the start whose last segment it is nearest to. */
function addElsewhere(
  elsewhere: Map<Row, SeqNum>,
  trace: Trace,
  rows: Uint32Array,
  end: 0 | 1,
  starts: readonly SeqNum[],
  confirmed: SeqNum,
): void {
  const { dir, flags, seq, payloadLen } = trace.segments.columns;
  const reached = [...starts];
  for (const row of rows) {
    if (dir[row] !== end) continue;
    const number = seq[row]!;
    const isSyn = (flags[row]! & Flag.SYN) !== 0;
    const away = reached.map((at) => Math.abs(seqDiff(number, at)));
    const named = isSyn ? starts.indexOf(number) : -1;
    const i = named === -1 ? away.indexOf(Math.min(...away)) : named;
    const start = starts[i]!;
    if (!isSyn) reached[i] = (number + payloadLen[row]!) >>> 0;
    if (start !== confirmed) elsewhere.set(row, start);
  }
}
