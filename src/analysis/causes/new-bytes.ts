/**
 * Segments that carry nothing that was sent before: new data, probes, and
 * new data that stands for a retransmission.
 *
 * @module
 */
import { seqDiff, seqLt } from "../../wire/seqnum.ts";
import { Flag } from "../../wire/tcp.ts";
import { Cause } from "./cause.ts";
import { Mark } from "./direction.ts";
import type { Passing } from "./passing.ts";

/** A placeholder for what was not captured: not measured, not compared. */
const UNSEEN_TRIES = 255;

/** Neither SYN nor FIN. */
const isPlain = (p: Passing): boolean => !p.hasFlag(Flag.SYN | Flag.FIN);

/** Starts at the end of what was sent, or beyond. */
export function judgeNewBytes(p: Passing): void {
  const { fwd } = p;
  if (isWindowProbe(p)) return count(p, Cause.WINDOW_PROBE);
  const start = fwd.sndMax;
  if (p.seq !== start) noteHole(p);
  if (fwd.trouble !== 0) noteFRto(p);
  if (!fwd.has(Mark.ACKED) || fwd.una === start) fwd.timerTime = p.time;
  fwd.sndMax = p.end;
  fwd.tsVal = p.tsVal;
  fwd.ipId = p.ipId;
  if (p.hasFlag(Flag.SYN)) {
    fwd.mark(Mark.SYN);
    fwd.synTime = p.time;
  }
  p.noteSent();
}

/** Without data, one number behind: asks for an acknowledgement. */
export function judgeWithoutBytes(p: Passing): void {
  const { fwd } = p;
  if (!isPlain(p) || p.hasFlag(Flag.RST) || !fwd.has(Mark.ACKED)) return;
  if (fwd.window === 0) count(p, Cause.WINDOW_PROBE);
  else if (fwd.una === fwd.sndMax) count(p, Cause.KEEP_ALIVE);
}

/** One new byte while the window is closed; seldom taken, so that nothing is remembered of it. */
function isWindowProbe(p: Passing): boolean {
  const { fwd } = p;
  const isAtEdge = p.seq === fwd.sndMax && fwd.has(Mark.ACKED) && fwd.window === 0;
  return isAtEdge && p.payloadLen === 1 && isPlain(p) && fwd.una === fwd.sndMax;
}

function noteHole(p: Passing): void {
  const { fwd, log } = p;
  const from = fwd.sndMax;
  if (fwd.has(Mark.ACKED) && seqLt(p.seq, fwd.una)) return;
  p.trouble.holes.add({
    from,
    to: p.seq,
    time: p.time,
    frame: p.frame,
    hasTs: p.hasTs,
    tsVal: p.tsVal,
    ipId: p.ipId,
    ipIdBefore: fwd.ipId,
  });
  log.now = 0;
  const row = log.push(fwd.words, fwd.logAt, p.seq, 0, 0, 0);
  if (row !== 0) log.tries[row] = UNSEEN_TRIES;
}

/** RFC 5682 §2.1 step 2b: after the first new acknowledgement, new data instead of the rest. */
function noteFRto(p: Passing): void {
  const { trouble, fwd } = p;
  if (trouble.recovery !== "timeout" || trouble.isRtoSpurious || p.payloadLen === 0) return;
  if (trouble.acksSinceRto !== 1 || trouble.againSinceRto > 1) return;
  if (seqDiff(trouble.recoveryEnd, fwd.una) <= 0) return;
  if (p.time - fwd.ackTime > p.measure().prompt) return;
  count(p, Cause.F_RTO);
  p.result.triggerFrame = fwd.ackFrame;
  p.result.triggerNs = p.time - fwd.ackTime;
}

function count(p: Passing, cause: number): void {
  p.result.cause = cause;
  const { counts } = p.trouble;
  counts[cause] = counts[cause]! + 1;
}
