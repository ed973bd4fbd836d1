/**
 * Segments that begin before the end of what was sent: doubled, overtaken,
 * probes, or sent again.
 *
 * @module
 */
import { seqAdd } from "../../wire/seqnum.ts";
import { Flag } from "../../wire/tcp.ts";
import { Cause, Decision, isRetransmission } from "./cause.ts";
import { Mark } from "./direction.ts";
import { decideHole } from "./hole-filler.ts";
import type { Passing } from "./passing.ts";
import { enterResent } from "./resend.ts";
import type { Trouble } from "./trouble.ts";
import { whySentAgain } from "./why.ts";

/** Says what the segment is, and remembers it. */
export function judgeOldBytes(p: Passing): void {
  const { fwd, log, result } = p;
  p.measure();
  const row = log.find(fwd.words, fwd.logAt, p.seq);
  const cause = causeOf(p, row);
  if (cause === Cause.NONE) return;
  result.cause = cause;
  const { trouble } = p;
  trouble.counts[cause] = trouble.counts[cause]! + 1;
  if (row !== 0 && log.frame[row] !== 0 && result.decidedBy === Decision.SEEN) {
    result.sentFrame = log.frame[row]!;
    result.sentNs = p.time - log.time[row]!;
  }
  if (isRetransmission(cause)) enterResent(p, trouble, cause);
  else if (cause === Cause.REORDERED || cause === Cause.UNDECIDED) enterLate(p, trouble, row);
}

function causeOf(p: Passing, row: number): number {
  const { fwd, result } = p;
  if (isKeepAlive(p)) return Cause.KEEP_ALIVE;
  if (isWindowProbe(p)) return Cause.WINDOW_PROBE;
  if (isDuplicate(p, row)) return Cause.DUPLICATE;
  const hole = fwd.trouble === 0 ? null : p.trouble.holes.at(p.seq);
  result.decidedBy = Decision.SEEN;
  if (hole !== null) {
    const late = decideHole(p, hole);
    if (late !== Cause.NONE) return late;
  }
  return whySentAgain(p, p.trouble, row);
}

/** The last byte again, or nothing, when all is acknowledged. */
function isKeepAlive(p: Passing): boolean {
  const { fwd } = p;
  if (p.payloadLen > 1 || p.hasFlag(Flag.SYN | Flag.FIN)) return false;
  return p.seq === seqAdd(fwd.sndMax, -1) && fwd.has(Mark.ACKED) && fwd.una === fwd.sndMax;
}

/** The first byte that was not taken, while the window is closed. */
function isWindowProbe(p: Passing): boolean {
  const { fwd } = p;
  return fwd.has(Mark.ACKED) && fwd.window === 0 && p.seq === fwd.una && !p.hasFlag(Flag.SYN);
}

/** The same packet, by its IP identification and its time stamp: a sender gives each packet another one. */
function isDuplicate(p: Passing, row: number): boolean {
  const { fwd, log, path } = p;
  const isLast = row === 0;
  const ipId = isLast ? fwd.ipId : log.ipId[row]!;
  const tsVal = isLast ? fwd.tsVal : log.tsVal[row]!;
  if (!isLast && log.frame[row] === 0) return false;
  if (p.ipId !== ipId || (p.hasTs && p.tsVal !== tsVal)) return false;
  if (p.ipId !== 0) return true;
  // Without identification: sooner than the sender could have thought of it.
  const since = p.time - (isLast ? fwd.sendTime : log.time[row]!);
  return p.hasTs && !isLast && path.srtt > 0 && since < path.srtt / 2;
}

/** Bytes that came late, but for the first time. */
function enterLate(p: Passing, trouble: Trouble, row: number): void {
  trouble.holes.fill(p.seq, p.end);
  if (p.result.cause === Cause.REORDERED) trouble.reordered++;
  const { log } = p;
  if (row === 0 || log.frame[row] !== 0) return;
  log.frame[row] = p.frame;
  log.time[row] = p.time;
  log.tsVal[row] = p.tsVal;
  log.ipId[row] = p.ipId;
}
