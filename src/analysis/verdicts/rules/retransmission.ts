/**
 * Segments that should not be where they are: sent again, or overtaken. At
 * most one of the four kinds holds.
 *
 * @module
 */
import { seqLeq, seqLt } from "../../../wire/seqnum.ts";
import type { Arrival } from "../arrival.ts";
import { Verdict } from "../verdict.ts";
import { plus } from "../word.ts";

/** Duplicate acknowledgements that bring a fast retransmission, less the first (RFC 5681 §3.2). */
const DUPLICATES = 2;
/** A fast retransmission comes within this time of the last acknowledgement. */
const FAST_NS = 20e6;
/** An overtaken segment comes within this time when the round-trip time is not known. */
const REORDERED_NS = 3e6;

/** The rules in their order. */
export function judgeRetransmission(a: Arrival): void {
  if (a.isEmpty || a.has(Verdict.KEEP_ALIVE)) return;
  if (spuriousRetransmission(a)) return;
  if (!isBehind(a)) return;
  if (fastRetransmission(a)) return;
  if (outOfOrder(a)) return;
  retransmission(a);
}

/** Starts before the highest end seen; but not data that begins with the byte of an earlier probe. */
function isBehind(a: Arrival): boolean {
  const { next } = a.fwd;
  if (next === 0 || !seqLt(a.seq, next)) return false;
  return a.len <= 1 || a.seq !== plus(next, -1);
}

/** All of its data had been acknowledged. */
function spuriousRetransmission(a: Arrival): boolean {
  const { rev } = a;
  if (a.len === 0 || rev.lastAck === 0 || !seqLeq(a.end, rev.lastAck)) return false;
  a.give(Verdict.SPURIOUS_RETRANSMISSION, rev.lastFrame, rev.lastTime);
  a.give(Verdict.RETRANSMISSION, 0, 0);
  return true;
}

/** Just what the duplicate acknowledgements ask for, and soon. */
function fastRetransmission(a: Arrival): boolean {
  const { rev } = a;
  if (rev.dupCount < DUPLICATES || rev.lastAck !== a.seq) return false;
  if (!isWithin(a.time - rev.lastTime, FAST_NS)) return false;
  giveSentBefore(a, Verdict.FAST_RETRANSMISSION);
  return true;
}

/** Too soon after the segment ahead of it to have been sent again; a copy of that one does not count. */
function outOfOrder(a: Arrival): boolean {
  const { fwd } = a;
  const { initialRtt } = a.connection;
  const limit = initialRtt === 0 ? REORDERED_NS : initialRtt;
  if (!isWithin(a.time - fwd.nextTime, limit)) return false;
  if (fwd.next === (a.takesOne ? plus(a.end, 1) : a.end)) return false;
  a.give(Verdict.OUT_OF_ORDER, fwd.nextFrame, fwd.nextTime, a.seq, fwd.next);
  return true;
}

/** What is left; the timer ran since the oldest segment that nobody acknowledged. */
function retransmission(a: Arrival): void {
  const { fwd, result } = a;
  fwd.unacked.oldest();
  const { found } = fwd.unacked;
  result.rtoFrame = found.frame === 0 ? fwd.nextFrame : found.frame;
  result.rtoNs = a.time - (found.frame === 0 ? fwd.nextTime : found.time);
  giveSentBefore(a, 0);
}

/** A retransmission of the frame that brought its first byte before, if that is known: of the bytes in both. */
function giveSentBefore(a: Arrival, special: number): void {
  const { unacked } = a.fwd;
  unacked.senderOf(a.seq);
  const { found } = unacked;
  const to = found.frame !== 0 && seqLt(found.end, a.end) ? found.end : a.end;
  a.give(Verdict.RETRANSMISSION, found.frame, found.time, a.seq, to);
  if (special !== 0) a.give(special, a.rev.lastFrame, a.rev.lastTime);
}

/** Times below zero, of a clock that was set back, are longer than all others. */
function isWithin(ns: number, limitNs: number): boolean {
  return ns < 0 === limitNs < 0 ? ns < limitNs : limitNs < 0;
}
