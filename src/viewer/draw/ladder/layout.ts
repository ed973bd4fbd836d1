/**
 * Where the parts of a ladder stand: columns from left to right, and the height of each moment.
 *
 * ```text
 *   #   time │ calls ┤ state │──── segment ───▶│ state ├ calls
 * ```
 *
 * @module
 */
import type { Ladder } from "../../model/ladder.ts";
import { lowerBound } from "../../model/ladder.ts";
import type { LadderList } from "../../model/ladder-list.ts";

/** Height of the head, with the names of the two ends. */
export const HEAD = 44;

/** Below this width calls are written between the ends, and states beside their line. */
const NARROW = 800;

/** Columns, in pixels from the left. */
export interface Columns {
  readonly width: number;
  readonly isNarrow: boolean;
  /** Right edge of the numbers of frames, and of times. */
  readonly frameEnd: number;
  readonly timeEnd: number;
  /** Outer and inner edge of the client's states, and of the server's. */
  readonly outer: readonly [number, number];
  readonly inner: readonly [number, number];
  /** Room for calls at each side. */
  readonly lane: number;
}

/** Columns in a width. */
export function columnsOf(width: number, hasCalls: boolean): Columns {
  const isNarrow = width < NARROW;
  const frameEnd = isNarrow ? 34 : 46;
  const timeEnd = isNarrow ? 44 : 152;
  const lane = isNarrow || !hasCalls ? 10 : Math.max(96, Math.min(230, width * 0.17));
  const band = isNarrow ? 9 : 104;
  const left = timeEnd + 8 + lane;
  const right = width - 6 - lane;
  return {
    width,
    isNarrow,
    frameEnd,
    timeEnd,
    outer: [left, right],
    inner: [left + band, right - band],
    lane,
  };
}

/** Heights of the moments of a ladder, in pixels from the top of the picture. */
export interface Heights {
  /** Segments that may be seen: `[from, to)`, and calls `[from, to)` of `ladder.rungs`. */
  readonly segments: readonly [number, number];
  readonly calls: readonly [number, number];
  /** Where a segment leaves or reaches an end. */
  readonly at: (index: number, end: 0 | 1) => number;
  readonly ofCall: (rung: number) => number;
  /** Height of a row; `null` in true time. */
  readonly row: number | null;
  /** Time of a height; only in true time. */
  readonly timeAt: ((y: number) => number) | null;
}

/** Height of a row, evenly spaced. */
export const rowHeight = (isNarrow: boolean): number => (isNarrow ? 38 : 32);

/** How far an arrow falls within its row. */
const FALL = 9;

/** Evenly spaced: each rung has a row; `top` is how far the list is scrolled. */
export function evenHeights(
  list: LadderList,
  top: number,
  height: number,
  isNarrow: boolean,
): Heights {
  const { ladder } = list;
  const row = rowHeight(isNarrow);
  const first = Math.max(0, Math.floor(top / row) - 1);
  const last = Math.min(list.length, Math.ceil((top + height) / row) + 1);
  const middle = (n: number): number => HEAD + n * row - top + row / 2;
  const rows = Array.from({ length: Math.max(0, last - first) }, (_, k) => list.at(first + k));
  const bounds = (kind: "segment" | "call"): readonly [number, number] | null => {
    const found = rows.filter((r) => r?.kind === kind).map((r) => r!.index);
    return found.length === 0 ? null : [found[0]!, found.at(-1)! + 1];
  };
  const calls = bounds("call") ?? [0, 0];
  const next = ladder.rungs[calls[0]]?.slot ?? 0;
  return {
    segments: bounds("segment") ?? [next, next],
    calls,
    row,
    timeAt: null,
    ofCall: (rung) => middle(list.rowOfCall(rung) ?? -10),
    at: (index, end) => {
      const found = list.rowOf(index);
      // What is not in the list lies above it or below.
      if (found === null) return index < list.from ? HEAD - 400 : HEAD + height + 400;
      const sent = ladder.dir[index] === end;
      return middle(found) + (sent ? -FALL / 2 : FALL / 2) + 4;
    },
  };
}

/** In true time: `range` fills the height. Arrows are as steep as the handshake says that the way is long. */
export function timeHeights(
  ladder: Ladder,
  range: readonly [number, number],
  height: number,
): Heights {
  const [from, to] = range;
  const scale = (height - 2 * EDGE) / Math.max(1, to - from);
  const y = (time: number): number => HEAD + EDGE + (time - from) * scale;
  const { time, dir, delay } = ladder;
  const [toClient, toServer] =
    delay === null ? [0, 0] : ([delay.toClientNs, delay.toServerNs] as const);
  const reach = Math.max(toClient, toServer) + EDGE / scale;
  return {
    segments: [lowerBound(time, from - reach), lowerBound(time, to + reach)],
    calls: callsWithin(ladder, from - reach, to + reach),
    row: null,
    timeAt: (at) => from + (at - HEAD - EDGE) / scale,
    ofCall: (rung) => y(ladder.rungs[rung]!.time),
    at: (index, end) => {
      const isSent = dir[index] === end;
      const away = end === 0 ? toClient : toServer;
      const nominal = delay === null ? (isSent ? -3 : 3) : 0;
      return y(time[index]! + (isSent ? -away : away)) + nominal;
    },
  };
}

/** Room above the first moment and below the last. */
const EDGE = 14;

function callsWithin({ rungs }: Ladder, from: number, to: number): readonly [number, number] {
  // Nearly in the order of time: segments and calls may have clocks of their own.
  let first = rungs.length;
  let last = 0;
  for (let i = 0; i < rungs.length; i++) {
    if (rungs[i]!.time < from || rungs[i]!.time > to) continue;
    first = Math.min(first, i);
    last = i + 1;
  }
  return first < last ? [first, last] : [0, 0];
}
