/**
 * Segments of ours, from the variables of the connection.
 *
 * @module
 */
import { seqAdd, seqDiff, seqLt, type SeqNum } from "../../wire/seqnum.ts";
import { Flag } from "../../wire/tcp.ts";
import type { EcnCodepoint, SendReason, TcpSegment } from "../types.ts";
import { asksEcn, ownSynOptions } from "./handshake.ts";
import { withBlocks } from "./options.ts";
import type { Tcb } from "./tcb.ts";
import { TIMER } from "./timers.ts";

const NO_BYTES = new Uint8Array(0);

/** What differs from segment to segment. */
interface Content {
  readonly seq: SeqNum;
  readonly flags: number;
  readonly payload: Uint8Array;
  readonly ecn: EcnCodepoint;
}

/** A segment with ACK, the window and the options of now; what it acknowledges is no longer owed. */
export function buildSegment(t: Tcb, content: Content, why: SendReason, nowNs: number): TcpSegment {
  const { rcv, snd } = t;
  rcv.buffer.settle();
  const hasBlocks = t.hasSack && (rcv.dsack !== null || rcv.ahead.list.length > 0);
  const plain = t.plainOptions(nowNs);
  const urgent = snd.up === null ? 0 : Math.min(65_535, Math.max(0, seqDiff(snd.up, content.seq)));
  const segment: TcpSegment = {
    srcPort: t.localPort,
    dstPort: t.remotePort,
    seq: content.seq,
    ack: rcv.nxt,
    flags: content.flags | Flag.ACK | (urgent > 0 ? Flag.URG : 0) | (t.isEceOwed ? Flag.ECE : 0),
    reserved: 0,
    window: rcv.offer(),
    checksum: 0,
    urgent,
    options: hasBlocks ? withBlocks(plain, rcv.sackBlocks()) : plain,
    payload: content.payload,
    ecn: content.ecn,
  };
  acknowledgedAll(t);
  return sent(t, segment, why, nowNs);
}

/** RCV.NXT was told: no ACK waits. */
function acknowledgedAll(t: Tcb): void {
  // Segments that came together would have had an ACK each.
  t.quickAcks = Math.max(0, t.quickAcks - t.unackedSegments);
  t.rcv.lastAck = t.rcv.nxt;
  t.unackedSegments = 0;
  t.ackOwed = null;
  t.timers.clear(TIMER.delayedAck);
}

/** An ACK without data, at SND.NXT; or with our FIN again, where the profile has it so. */
export function buildAck(t: Tcb, why: SendReason, nowNs: number): TcpSegment {
  if (t.profile.repeatsFin && isFinOut(t) && (why === "ack" || why === "delayed-ack")) {
    const seq = seqAdd(t.snd.nxt, -1);
    return buildSegment(t, { seq, flags: Flag.FIN, payload: NO_BYTES, ecn: "not-ECT" }, why, nowNs);
  }
  return buildSegment(
    t,
    { seq: t.snd.nxt, flags: 0, payload: NO_BYTES, ecn: "not-ECT" },
    why,
    nowNs,
  );
}

function isFinOut({ state, snd }: Tcb): boolean {
  return snd.isFinSent && (state === "FIN-WAIT-1" || state === "CLOSING" || state === "LAST-ACK");
}

/** An ACK one number too early, which asks for an answer: keep-alive (RFC 9293 §3.8.4), or a window probe. */
export function buildQuestion(
  t: Tcb,
  why: "keep-alive" | "window-probe",
  nowNs: number,
): TcpSegment {
  const seq = seqAdd(t.snd.una, -1);
  return buildSegment(t, { seq, flags: 0, payload: NO_BYTES, ecn: "not-ECT" }, why, nowNs);
}

/** The SYN in SYN-SENT, the SYN-ACK in SYN-RECEIVED and where CLOSE has led from there. */
export function buildSyn(t: Tcb, nowNs: number): TcpSegment {
  const { snd, rcv } = t;
  const isAnswer = t.state !== "SYN-SENT";
  const isFirst = snd.nxt === snd.iss;
  const ecnBits =
    !isAnswer && asksEcn(t) ? Flag.ECE | Flag.CWR : isAnswer && t.hasEcn ? Flag.ECE : 0;
  const segment: TcpSegment = {
    srcPort: t.localPort,
    dstPort: t.remotePort,
    seq: snd.iss,
    ack: isAnswer ? rcv.nxt : null,
    flags: Flag.SYN | (isAnswer ? Flag.ACK : 0) | ecnBits,
    reserved: 0,
    window: rcv.offerOnSyn(),
    checksum: 0,
    urgent: 0,
    options: ownSynOptions(t, nowNs),
    payload: NO_BYTES,
    ecn: "not-ECT",
  };
  t.isSynOwed = false;
  if (isAnswer) acknowledgedAll(t);
  if (isFirst) {
    snd.nxt = seqAdd(snd.iss, 1);
    const isTimed = !isAnswer || t.profile.timesSynAck;
    snd.timed = isTimed ? { end: snd.nxt, sentNs: nowNs } : null;
  } else snd.timed = null;
  return numbered(t, segment, isAnswer ? "syn-ack" : "syn", nowNs);
}

/** `len` numbers of the stream from `seq` on, with the FIN when they reach it; new or again. */
export function buildData(
  t: Tcb,
  seq: SeqNum,
  len: number,
  why: SendReason,
  nowNs: number,
): TcpSegment {
  const { snd } = t;
  const end = seqAdd(seq, len);
  const withFin = snd.isFinQueued && seqLt(snd.streamEnd, end);
  const payload = snd.queue.slice(seqDiff(seq, snd.base), withFin ? len - 1 : len);
  const isLast = withFin || end === snd.streamEnd;
  const isNew = seq === snd.nxt;
  // Neither ECT nor CWR on a window probe, nor ECT on what goes again (RFC 3168 §6.1.5, §6.1.6).
  const isMarkable = isNew && payload.length > 0 && why !== "window-probe";
  let flags = (withFin ? Flag.FIN : 0) | (isLast && payload.length > 0 ? Flag.PSH : 0);
  if (isMarkable && t.isCwrOwed) {
    flags |= Flag.CWR;
    t.isCwrOwed = false;
  }
  const isSmall = payload.length > 0 && payload.length < t.fullLen;
  onNumbers(t, seq, end, isNew, isSmall, nowNs);
  const ecn = t.hasEcn && isMarkable ? "ECT(0)" : "not-ECT";
  const segment = buildSegment(t, { seq, flags, payload, ecn }, why, nowNs);
  startTimers(t, nowNs);
  return segment;
}

/** `[seq, end)` leaves, for the first time or again. */
export function onNumbers(
  t: Tcb,
  seq: SeqNum,
  end: SeqNum,
  isNew: boolean,
  isSmall: boolean,
  nowNs: number,
): void {
  const { snd } = t;
  snd.lastNs = nowNs;
  if (!isNew) {
    t.retransmits++;
    if (seqLt(snd.nxt, end)) snd.nxt = end;
    // Karn's algorithm (RFC 6298 §3).
    if (snd.timed !== null && seqLt(seq, snd.timed.end)) snd.timed = null;
    return;
  }
  snd.nxt = end;
  if (snd.flight >= snd.peakFlight) snd.beginPeak();
  snd.timed ??= { end, sentNs: nowNs };
  if (isSmall) snd.smallEnd = end;
}

function numbered(t: Tcb, segment: TcpSegment, why: SendReason, nowNs: number): TcpSegment {
  t.snd.lastNs = nowNs;
  startTimers(t, nowNs);
  return sent(t, segment, why, nowNs);
}

/** RFC 6298 §5.1; RFC 9293 §3.8.3 for the user's own limit. */
function startTimers(t: Tcb, nowNs: number): void {
  const { timers, options } = t;
  if (!timers.isRunning(TIMER.retransmit)) timers.set(TIMER.retransmit, nowNs + t.rtt.rtoNs);
  if (options.userTimeoutNs !== null && !timers.isRunning(TIMER.userTimeout)) {
    timers.set(TIMER.userTimeout, nowNs + options.userTimeoutNs);
  }
}

/** The probe sees it. */
export function sent(t: Tcb, segment: TcpSegment, why: SendReason, nowNs: number): TcpSegment {
  if (t.isProbed) t.decide({ type: "sent", segment, why }, nowNs);
  return segment;
}
