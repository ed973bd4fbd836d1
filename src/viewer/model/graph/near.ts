/**
 * Which point of a graph a pointer means.
 *
 * @module
 */
import type { NearQuery } from "./graph.ts";
import type { Track } from "./track.ts";

/** Pixels that a pointer may be away. */
const REACH = 16;

/** Points that are looked at, of each track: those nearest in time. */
const MOST = 100_000;

/** The nearest point within reach; of those equally near the last track's, which is drawn on top. */
export function nearestIn(
  tracks: readonly Track[],
  query: Pick<NearQuery, "time" | "value" | "perX" | "perY">,
): { readonly track: Track; readonly at: number } | null {
  const { time, value, perX, perY } = query;
  let nearest: Track | null = null;
  let found = 0;
  let least = REACH * REACH;
  for (const track of tracks) {
    const middle = track.firstAt(time);
    const from = Math.max(track.firstAt(time - REACH * perX), middle - MOST);
    const to = Math.min(track.length, middle + MOST);
    // The step that the pointer is on may begin far to the left.
    const first = track.shape === "steps" ? Math.max(0, from - 1) : from;
    for (let i = first; i < to; i++) {
      const dx = (track.timeAt(i) - time) / perX;
      if (dx > REACH) break;
      const dy = distance(value, track.lo[i]!, track.hiAt(i)) / perY;
      const isOn = track.shape === "steps" && i === middle - 1;
      const d = dy * dy + (isOn ? STEP_PENALTY : dx * dx);
      if (d > least || (d === least && nearest === track)) continue;
      least = d;
      nearest = track;
      found = i;
    }
  }
  return nearest === null ? null : { track: nearest, at: found };
}

/** A point proper is meant before the line of a step: square pixels. */
const STEP_PENALTY = 25;

function distance(value: number, lo: number, hi: number): number {
  return value < lo ? lo - value : value > hi ? value - hi : 0;
}
