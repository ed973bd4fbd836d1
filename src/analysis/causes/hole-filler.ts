/**
 * A segment that fills a hole in what was captured: overtaken on its way, or
 * sent again after the first one was lost before the point of capture.
 *
 * @module
 */
import { Cause, Decision } from "./cause.ts";
import { Mark } from "./direction.ts";
import type { Hole } from "./holes.ts";
import type { Passing } from "./passing.ts";

/** Identifications further apart than this do not count on. */
const ID_SPAN = 4096;
/** Part of the way to the sender and back within which nothing that left here can come back. */
const TOO_SOON = 0.5;
/** From this part on it can. */
const SOON_ENOUGH = 0.9;
/** No packet is that late, and every timer has run out (RFC 6298 §2.4 asks for a second; systems take less). */
const LONG_NS = 200e6;

/** `REORDERED`, `UNDECIDED`, or `NONE` for a segment that was sent again. */
export function decideHole(p: Passing, hole: Hole): number {
  const { result } = p;
  result.decidedBy = Decision.NONE;
  return byTimestamps(p, hole) ?? byIpId(p, hole) ?? byDelay(p, hole) ?? Cause.UNDECIDED;
}

/** What was sent after a later segment was sent again (RFC 7323 §4.1: the clock only goes on). */
function byTimestamps(p: Passing, hole: Hole): number | null {
  if (!p.hasTs || !hole.hasTs || !p.fwd.has(Mark.TIMESTAMPS)) return null;
  const later = (p.tsVal - hole.tsVal) | 0;
  if (later === 0) return null;
  p.result.decidedBy = Decision.TIMESTAMPS;
  return later < 0 ? Cause.REORDERED : Cause.NONE;
}

/** The same by the identification, where the sender counts it up. */
function byIpId(p: Passing, hole: Hole): number | null {
  if (p.ipId === 0 || hole.ipId === 0 || hole.ipIdBefore === 0) return null;
  const span = (hole.ipId - hole.ipIdBefore) & 0xffff;
  if (span === 0 || span > ID_SPAN) return null;
  const into = (p.ipId - hole.ipIdBefore) & 0xffff;
  if (into === 0 || into === span || into > ID_SPAN) return null;
  p.result.decidedBy = Decision.IP_ID;
  return into < span ? Cause.REORDERED : Cause.NONE;
}

function byDelay(p: Passing, hole: Hole): number | null {
  const { path, result } = p;
  const late = p.time - hole.time;
  result.decidedBy = Decision.DELAY;
  if (late < TOO_SOON * path.near) return Cause.REORDERED;
  if (late >= LONG_NS) return Cause.NONE;
  const trouble = p.trouble;
  const sinceThreshold = p.time - trouble.thresholdTime;
  const isAsked = sinceThreshold >= SOON_ENOUGH * path.near && sinceThreshold <= path.prompt;
  if (path.near > 0 && isAsked) return Cause.NONE;
  result.decidedBy = Decision.NONE;
  return null;
}
