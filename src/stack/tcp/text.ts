/**
 * Urgent pointer, data and FIN of a segment that is taken (RFC 9293
 * §3.10.7.4, sixth to eighth), and when they are acknowledged.
 *
 * @module
 */
import { seqAdd, seqDiff, seqLt, type SeqNum } from "../../wire/seqnum.ts";
import { Flag } from "../../wire/tcp.ts";
import type { SendReason, TcpSegment } from "../types.ts";
import { resetFor } from "./closed.ts";
import type { Taken } from "./receiver.ts";
import { enterTimeWait } from "./time-wait.ts";
import { READABLE, type Tcb } from "./tcb.ts";
import { TIMER } from "./timers.ts";

/** Sixth to eighth. `seq`: of the first byte, behind a SYN. */
export function takeText(t: Tcb, segment: TcpSegment, seq: SeqNum, nowNs: number): void {
  if (t.rcv.isFinReached) return;
  takeUrgent(t, segment, seq);
  if (t.isReceiveClosed && seqLt(t.rcv.nxt, seqAdd(seq, segment.payload.length))) {
    return refuse(t, segment, nowNs);
  }
  if (segment.payload.length > 0) takeData(t, segment, seq, nowNs);
  takeFin(t, segment, seq, nowNs);
}

/** Sixth, check the URG bit. The data stays in band (RFC 6093 §6). */
function takeUrgent(t: Tcb, segment: TcpSegment, seq: SeqNum): void {
  if ((segment.flags & Flag.URG) === 0) return;
  const { rcv } = t;
  const up = seqAdd(seq, segment.urgent);
  // One that was reached says nothing any more: half the numbers later it would seem to lie ahead.
  const isPending = rcv.up !== null && seqLt(rcv.nxt, rcv.up);
  if (seqDiff(up, rcv.nxt) <= 0 || (isPending && !seqLt(rcv.up ?? up, up))) return;
  rcv.up = up;
  t.tell({ type: "urgent" });
}

/** The user has closed and cannot take more: the peer must know that it is lost (RFC 9293 §3.6.1). */
function refuse(t: Tcb, segment: TcpSegment, nowNs: number): void {
  t.drop(segment, "data after close", nowNs);
  t.reply(segment, resetFor(segment));
  t.finish("aborted", "data after close", nowNs);
}

/** Seventh, process the segment text. */
function takeData(t: Tcb, segment: TcpSegment, seq: SeqNum, nowNs: number): void {
  const taken = t.rcv.take(seq, segment.payload);
  takeMarks(t, segment);
  const bytes = taken.duplicate + taken.refused;
  if (bytes > 0) {
    t.decide({ type: "trim", segment, bytes, why: whyTrimmed(taken) }, nowNs);
  }
  if (taken.duplicate > 0) noteRewrite(t, segment, seq, nowNs);
  if (taken.inOrder > 0) t.tell(READABLE);
  t.unackedSegments++;
  oweAck(t, ackNow(t, taken), nowNs);
}

/** Bytes that came in order are in the buffer, and nothing is missing before them. */
export function ackInOrder(t: Tcb, nowNs: number): void {
  t.tell(READABLE);
  t.unackedSegments++;
  oweAck(t, ackNowInOrder(t), nowNs);
}

/** An ACK at once for the reason `why`, or a delayed one. */
function oweAck(t: Tcb, why: SendReason | null, nowNs: number): void {
  if (why !== null) t.ackOwed ??= why;
  else if (!t.timers.isRunning(TIMER.delayedAck))
    t.timers.set(TIMER.delayedAck, nowNs + t.profile.delayedAckNs);
}

function whyTrimmed({ isCrowded, refused }: Taken): string {
  if (isCrowded) return "too many holes";
  return refused > 0 ? "outside the window" : "here already";
}

/** Other bytes than those that came first: a broken peer, or somebody between. The first ones stay. */
export function noteRewrite(t: Tcb, segment: TcpSegment, seq: SeqNum, nowNs: number): void {
  const bytes = t.rcv.rewritten(seq, segment.payload);
  if (bytes === 0) return;
  t.decide({ type: "trim", segment, bytes, why: "differ from the first ones" }, nowNs);
}

/** RFC 3168 §6.1.3. */
function takeMarks(t: Tcb, segment: TcpSegment): void {
  if (!t.hasEcn) return;
  if ((segment.flags & Flag.CWR) !== 0) t.isEceOwed = false;
  if (segment.ecn === "CE") t.isEceOwed = true;
}

/** Why the ACK is not to wait, or `null` (RFC 5681 §4.2, RFC 9293 §3.8.6.3). */
function ackNow(t: Tcb, taken: Taken): SendReason | null {
  if (taken.isUrgentToAck || taken.refused > 0) return taken.inOrder > 0 ? "ack" : "duplicate-ack";
  return ackNowInOrder(t);
}

function ackNowInOrder(t: Tcb): SendReason | null {
  return t.options.quickAck || t.quickAcks > 0 ? "ack" : null;
}

/**
 * Whether the ACK that was delayed has become one of two segments (RFC 9293 §3.8.6.3). Asked when something may
 * leave: by then a user who reads at once has read.
 */
export function isSecondDue({ rcv, profile, unackedSegments }: Tcb): boolean {
  if (unackedSegments === 0) return false;
  const { ackSecond, unreadHoldsAck } = profile;
  if (rcv.buffer.length > rcv.limit * unreadHoldsAck) return false;
  const bytes = seqDiff(rcv.nxt, rcv.lastAck);
  if (ackSecond === "any") return unackedSegments >= 2 || bytes > rcv.advMss;
  return bytes > rcv.mss;
}

/** Eighth, check the FIN bit: of this segment, or one that waited for a hole to fill. */
function takeFin(t: Tcb, segment: TcpSegment, seq: SeqNum, nowNs: number): void {
  const isFin = (segment.flags & Flag.FIN) !== 0;
  const finSeq = isFin ? seqAdd(seq, segment.payload.length) : null;
  if (!t.rcv.takeFin(finSeq)) {
    if (isFin) t.ackOwed ??= "duplicate-ack";
    return;
  }
  acknowledgeFin(t, nowNs);
  t.tell(READABLE);
  switch (t.state) {
    case "SYN-RECEIVED":
    case "ESTABLISHED":
      return t.enter("CLOSE-WAIT", "FIN", nowNs);
    case "FIN-WAIT-1":
      // Were our FIN acknowledged, this were FIN-WAIT-2 already.
      return t.enter("CLOSING", "FIN", nowNs);
    case "FIN-WAIT-2":
      return enterTimeWait(t, "FIN", nowNs);
    case "CLOSED":
    case "LISTEN":
    case "SYN-SENT":
    case "CLOSE-WAIT":
    case "CLOSING":
    case "LAST-ACK":
    case "TIME-WAIT":
      return;
  }
}

/** At once, unless the profile lets it wait for the answer of a user who was only told now. */
function acknowledgeFin(t: Tcb, nowNs: number): void {
  const mayWait =
    t.profile.delaysFinAck && (t.state === "ESTABLISHED" || t.state === "SYN-RECEIVED");
  if (!mayWait) t.ackOwed ??= "ack";
  else if (t.ackOwed === null && !t.timers.isRunning(TIMER.delayedAck)) {
    t.timers.set(TIMER.delayedAck, nowNs + t.profile.delayedAckNs);
  }
}
