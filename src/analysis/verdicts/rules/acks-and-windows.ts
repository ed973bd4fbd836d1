/**
 * Windows, probes, keep-alives and repeated acknowledgements: the first group
 * of rules. Several of them can hold at once; three of them end the group.
 *
 * @module
 */
import { seqLt } from "../../../wire/seqnum.ts";
import { SCALE_UNKNOWN, SCALE_UNUSED, type SegmentRecord } from "../../../trace/segment.ts";
import type { Arrival } from "../arrival.ts";
import { MUTED } from "../endpoint.ts";
import { Verdict } from "../verdict.ts";
import { plus } from "../word.ts";

/** The rules in their order. */
export function judgeAcksAndWindows(a: Arrival, s: SegmentRecord): void {
  if (zeroWindowProbe(a)) return;
  zeroWindow(a);
  lostSegment(a);
  keepAlive(a);
  windowUpdate(a);
  windowFull(a, s);
  if (keepAliveAck(a)) return;
  if (zeroWindowProbeAck(a)) return;
  duplicateAck(a);
}

/** One new byte for a receiver that said it can take none (RFC 9293 §3.8.6.1). */
function zeroWindowProbe(a: Arrival): boolean {
  const { fwd, rev } = a;
  if (a.len !== 1 || a.seq !== fwd.next || rev.lastWindow !== 0) return false;
  a.give(Verdict.ZERO_WINDOW_PROBE, rev.lastFrame, rev.lastTime);
  return true;
}

/** The sender of this can take nothing for now. */
function zeroWindow(a: Arrival): void {
  if (a.window === 0 && a.isPlain) a.give(Verdict.ZERO_WINDOW, 0, 0);
}

/** Starts beyond all that was seen. Pure acknowledgements too: what they stand behind was sent. */
function lostSegment(a: Arrival): void {
  const { fwd } = a;
  if (fwd.next === 0 || !seqLt(fwd.next, a.seq) || a.isRst) return;
  a.give(Verdict.LOST_SEGMENT, fwd.nextFrame, fwd.nextTime, fwd.next, a.seq);
  fwd.isFlightUnsure = true;
}

/** The last number once more, with its byte or without (RFC 9293 §3.8.4). */
function keepAlive(a: Arrival): void {
  const { fwd } = a;
  if (a.len > 1 || a.seq !== plus(fwd.next, -1) || !a.isPlain) return;
  a.give(Verdict.KEEP_ALIVE, fwd.nextFrame, fwd.nextTime);
}

/** The same acknowledgement with another window. */
function windowUpdate(a: Arrival): void {
  const { fwd } = a;
  if (!a.repeatsAck || a.window === fwd.lastWindow) return;
  a.give(Verdict.WINDOW_UPDATE, fwd.lastFrame, fwd.lastTime);
}

/** Ends exactly where the receiver's window does; one that goes beyond is not flagged. */
function windowFull(a: Arrival, s: SegmentRecord): void {
  const { rev } = a;
  if (a.len === 0 || !a.isPlain) return;
  const { reverseScale } = s;
  if (reverseScale === SCALE_UNKNOWN) return;
  // The window of a SYN is never scaled (RFC 7323 §2.2).
  const isPlainWindow = rev.isSynUnanswered || reverseScale === SCALE_UNUSED;
  const window = rev.lastWindow << (isPlainWindow ? 0 : reverseScale);
  if (a.end !== plus(rev.lastAck, window)) return;
  a.give(Verdict.WINDOW_FULL, rev.lastFrame, rev.lastTime, rev.lastAck, a.end);
}

/** Repeats its acknowledgement right after a keep-alive. */
function keepAliveAck(a: Arrival): boolean {
  const { fwd, rev } = a;
  if (!a.repeatsAck || a.window !== fwd.lastWindow) return false;
  if ((rev.lastVerdicts & Verdict.KEEP_ALIVE) === 0) return false;
  a.give(Verdict.KEEP_ALIVE_ACK, rev.lastFrame, rev.lastTime);
  return true;
}

/** Still closed, says the answer to a probe. */
function zeroWindowProbeAck(a: Arrival): boolean {
  const { fwd, rev } = a;
  if (a.len !== 0 || a.window !== 0 || fwd.lastWindow !== 0 || !a.isPlain) return false;
  if (a.seq !== fwd.next || a.ack !== fwd.lastAck) return false;
  if ((rev.lastVerdicts & Verdict.ZERO_WINDOW_PROBE) === 0) return false;
  a.give(Verdict.ZERO_WINDOW_PROBE_ACK, rev.lastFrame, rev.lastTime);
  return true;
}

/**
 * The same acknowledgement with the same window (RFC 5681 §2, but here neither
 * outstanding data nor a minimum count is asked for). Not after a kind of MPTCP option
 * that is new to the connection: that is what such segments are sent for.
 */
function duplicateAck(a: Arrival): void {
  const { fwd, result } = a;
  if (!a.repeatsAck || a.window !== fwd.lastWindow) return;
  if (a.mpOperations !== fwd.mpOperations) return;
  fwd.dupCount = fwd.dupCount === MUTED ? 1 : fwd.dupCount + 1;
  result.duplicateAckNum = fwd.dupCount;
  result.duplicateAckFrame = fwd.dupBase;
  a.give(Verdict.DUPLICATE_ACK, fwd.lastFrame, fwd.lastTime);
}
