/**
 * Why a sender sent bytes again: from what it had heard by then, and for how
 * long it had heard nothing.
 *
 * @module
 */
import { seqLeq } from "../../wire/seqnum.ts";
import { Flag } from "../../wire/tcp.ts";
import { Cause } from "./cause.ts";
import { Mark } from "./direction.ts";
import type { Passing } from "./passing.ts";
import type { Trouble } from "./trouble.ts";

/** No timer for retransmissions is shorter, */
const LEAST_TIMER_NS = 10e6;
/** and few are: systems take 200 ms or more unless they are told (RFC 6298 §2.4 asks for 1 s). */
const USUAL_TIMER_NS = 150e6;
/** Estimates of the sender's RTO are taken for this part of it. */
const SLACK = 0.8;
/** Round trips without a word after which a tail is probed: 2 (RFC 8985 §7.2), less what they vary. */
const PROBE_RTTS = 1.5;
/** RACK waits a quarter of a round trip as a rule, never more than one (RFC 8985 §6.2), and a tick. */
const REORDER_RTTS = 1.3;
const TICK_NS = 12e6;

/** The cause; `row` is where the bytes are in the log of what was sent, 0: acknowledged or never seen. */
export function whySentAgain(p: Passing, trouble: Trouble, row: number): number {
  if (p.hasFlag(Flag.SYN)) return whySyn(p, row);
  const recovery = trouble.recoveryAt(p.time, p.path.prompt, p.seq);
  if (recovery === "none" && isTailProbe(p, trouble)) return probe(p, trouble);
  const isRecovering = recovery !== "none";
  if (isTimeout(p, trouble, isRecovering, USUAL_TIMER_NS)) return timeout(p, trouble);
  // Where nothing else tells why, a shorter timer will do.
  const isAlone = isRecovering ? isUnprompted(p, trouble) : first(p, trouble) === Cause.UNKNOWN;
  if (isAlone && isTimeout(p, trouble, isRecovering, LEAST_TIMER_NS)) return timeout(p, trouble);
  if (recovery === "timeout") return restOfTimeout(p, trouble);
  return recovery === "fast" ? restOfFast(p, trouble) : first(p, trouble);
}

/** Sent for the second time in a recovery, with no word since. */
function isUnprompted(p: Passing, trouble: Trouble): boolean {
  return trouble.again.has(p.seq) && p.time - p.fwd.ackTime > p.path.prompt;
}

function whySyn(p: Passing, row: number): number {
  const { fwd, rev, result } = p;
  const isAsked = p.hasFlag(Flag.ACK) && rev.synTime > fwd.synTime;
  if (isAsked) {
    result.triggerNs = p.time - rev.synTime;
    return Cause.SYN_AGAIN;
  }
  result.attempt = row === 0 ? 1 : p.log.tries[row]! + 1;
  result.timerNs = p.time - fwd.timerTime;
  return p.hasFlag(Flag.ACK) ? Cause.SYN_ACK_TIMER : Cause.SYN_TIMER;
}

/** Since when the sender's timer runs; what is acknowledged here may not be so for the sender. */
function timerNs(p: Passing): number {
  const { fwd } = p;
  const isAcked = fwd.has(Mark.ACKED) && seqLeq(p.end, fwd.una);
  return p.time - (isAcked ? fwd.sendTime : fwd.timerTime);
}

/** The last of what is outstanding, after a silence of two round trips, with nothing known to be missing. */
function isTailProbe(p: Passing, trouble: Trouble): boolean {
  const { fwd, path } = p;
  if (p.end !== fwd.sndMax || trouble.isProbed || trouble.attempts > 0) return false;
  if (fwd.has(Mark.NO_PROBES) || isSackRefused(p)) return false;
  if (trouble.sacked.length > 0 || fwd.dupAcks > 0) return false;
  const silence = p.time - Math.max(fwd.sendTime, seqLeq(p.end, fwd.una) ? 0 : fwd.ackTime);
  return silence >= Math.max(LEAST_TIMER_NS / 2, PROBE_RTTS * path.srtt);
}

/** One of the SYNs was seen without the option (RFC 2018 §2). */
function isSackRefused({ fwd, rev }: Passing): boolean {
  const isRefused = (d: typeof fwd): boolean => d.has(Mark.SYN) && !d.has(Mark.SACK);
  return isRefused(fwd) || isRefused(rev);
}

function probe(p: Passing, trouble: Trouble): number {
  const { fwd, result } = p;
  result.timerNs = p.time - Math.max(fwd.sendTime, seqLeq(p.end, fwd.una) ? 0 : fwd.timerTime);
  result.attempt = 1;
  // All that was outstanding: it may have been the retransmission timer as well. The next time tells.
  trouble.probeTimerNs = seqLeq(p.seq, fwd.una) ? timerNs(p) : 0;
  return Cause.TLP;
}

/** The oldest outstanding bytes, after at least an RTO, and `least`, without progress. */
function isTimeout(p: Passing, trouble: Trouble, isRecovering: boolean, least: number): boolean {
  const { fwd, path } = p;
  if (fwd.has(Mark.ACKED) && !seqLeq(p.seq, fwd.una)) return false;
  const running = timerNs(p);
  const backoff = 2 ** Math.min(trouble.attempts, 16);
  if (running < Math.max(least, SLACK * path.rto * backoff)) return false;
  const sinceHint = p.time - trouble.hintTime;
  if (!isSackRefused(p) && trouble.sacked.length > 0) {
    return sinceHint > REORDER_RTTS * path.srtt + TICK_NS;
  }
  // A sender without SACK cannot tell that what it sent again was lost too.
  if (isRecovering) return trouble.again.has(p.seq) || p.time - fwd.ackTime > path.prompt;
  return p.time - trouble.thresholdTime > path.prompt;
}

function timeout(p: Passing, trouble: Trouble): number {
  const { result, fwd } = p;
  result.timerNs = timerNs(p);
  if (trouble.probeTimerNs > 0) {
    const ratio = result.timerNs / trouble.probeTimerNs;
    // Doubled: the probe was the first timeout (RFC 6298 §5.5).
    if (ratio > 1.8 && ratio < 2.2) {
      fwd.mark(Mark.NO_PROBES);
      trouble.attempts++;
    }
  }
  result.attempt = trouble.attempts + 1;
  result.rtoNs = p.path.rto * 2 ** Math.min(trouble.attempts, 16);
  return p.payloadLen === 0 && p.hasFlag(Flag.FIN) ? Cause.FIN_TIMER : Cause.RTO;
}

function restOfTimeout(p: Passing, trouble: Trouble): number {
  byHint(p, p.fwd.ackFrame, p.fwd.ackTime);
  if (trouble.again.has(p.seq) && trouble.sacked.length > 0) return Cause.RACK;
  return trouble.isRtoSpurious ? Cause.AFTER_SPURIOUS_RTO : Cause.RTO_RECOVERY;
}

function restOfFast(p: Passing, trouble: Trouble): number {
  byHint(p, p.fwd.ackFrame, p.fwd.ackTime);
  if (isSackRefused(p) || trouble.recoveryCause === Cause.FAST_DUP_ACK) {
    return Cause.FAST_PARTIAL_ACK;
  }
  return trouble.again.has(p.seq) ? Cause.RACK : trouble.recoveryCause;
}

/** What begins a recovery. */
function first(p: Passing, trouble: Trouble): number {
  const { path, time, fwd } = p;
  const behind = trouble.sacked.bytesFrom(p.end);
  if (isReactionTo(p, trouble.thresholdTime)) {
    byHint(p, trouble.thresholdFrame, trouble.thresholdTime);
    return behind > 0 ? Cause.FAST_SACK : Cause.FAST_DUP_ACK;
  }
  if (behind > 0) {
    byHint(p, trouble.hintFrame, trouble.hintTime);
    return Cause.RACK;
  }
  if (fwd.dupAcks > 0 && time - trouble.hintTime <= path.prompt) {
    byHint(p, trouble.hintFrame, trouble.hintTime);
    return Cause.FAST_DUP_ACK;
  }
  return Cause.UNKNOWN;
}

/**
 * Sent because of what passed at `since`: soon after, or at least before anything else
 * and before RACK's shortest wait for reordering (RFC 8985 §6.2), which a busy machine can take.
 */
function isReactionTo({ fwd, path, time }: Passing, since: number): boolean {
  const after = time - since;
  return after <= path.prompt || (fwd.sendTime < since && after <= path.near + path.srtt / 4);
}

function byHint({ result, time }: Passing, frame: number, since: number): void {
  result.triggerFrame = frame;
  result.triggerNs = frame === 0 ? 0 : time - since;
}
