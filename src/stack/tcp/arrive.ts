/**
 * A segment arrives (RFC 9293 §3.10.7): asks the function of the state what
 * to do, and does it.
 *
 * @module
 */
import { seqAdd, seqDiff, seqLt } from "../../wire/seqnum.ts";
import { Flag } from "../../wire/tcp.ts";
import type { TcpSegment } from "../types.ts";
import { takeAck } from "./acknowledge.ts";
import { arrivesInClosed } from "./closed.ts";
import type { Close, Drop, SendAck, SendReset } from "./disposition.ts";
import { establish, takeOffer } from "./handshake.ts";
import { keepAliveFrom } from "./keep-alive.ts";
import { arrivesInListen } from "./listen.ts";
import { timestampsOf } from "./options.ts";
import { checkPaws } from "./paws.ts";
import { arrivesInSynSent } from "./syn-sent.ts";
import { arrivesSynchronized, type Arrival } from "./synchronized.ts";
import { takePredicted } from "./predicted.ts";
import { enterTimeWait, startTimeWait } from "./time-wait.ts";
import { noteRewrite, takeText } from "./text.ts";
import type { Tcb } from "./tcb.ts";
import { TIMER } from "./timers.ts";

/** RFC 9293 §3.10.7; `isLent`: as `TcpEndpoint.onSegment`. */
export function arrive(t: Tcb, segment: TcpSegment, nowNs: number, isLent: boolean = false): void {
  if (takePredicted(t, segment, nowNs, isLent)) return;
  t.decide({ type: "received", segment }, nowNs);
  switch (t.state) {
    case "CLOSED":
      return refuseOr(t, segment, arrivesInClosed(segment), nowNs);
    case "LISTEN":
      return inListen(t, segment, nowNs);
    case "SYN-SENT":
      return inSynSent(t, segment, nowNs);
    case "SYN-RECEIVED":
    case "ESTABLISHED":
    case "FIN-WAIT-1":
    case "FIN-WAIT-2":
    case "CLOSE-WAIT":
    case "CLOSING":
    case "LAST-ACK":
    case "TIME-WAIT":
      return synchronized(t, segment, nowNs);
  }
}

/** What every state may decide. */
function refuseOr(
  t: Tcb,
  segment: TcpSegment,
  d: Drop | SendReset | SendAck | Close,
  nowNs: number,
): void {
  switch (d.do) {
    case "drop":
      return t.drop(segment, d.why, nowNs);
    case "reply":
      t.drop(segment, d.why, nowNs);
      return t.reply(segment, d.segment);
    case "ack":
      t.drop(segment, d.why, nowNs);
      return answer(t, segment, d.isChallenge, nowNs);
    case "close":
      if (d.isToldToPeer === true) t.sendReset(nowNs);
      return t.finish(d.error, d.why, nowNs);
  }
}

function inListen(t: Tcb, segment: TcpSegment, nowNs: number): void {
  const d = arrivesInListen(segment, t.profile.dropSynFin);
  if (d.do !== "accept") return refuseOr(t, segment, d, nowNs);
  t.isPassive = true;
  t.remotePort = segment.srcPort;
  takeOffer(t, segment, nowNs);
  t.isSynOwed = true;
  t.enter("SYN-RECEIVED", "SYN", nowNs);
}

function inSynSent(t: Tcb, segment: TcpSegment, nowNs: number): void {
  const { dropSynFin } = t.profile;
  const d = arrivesInSynSent({ iss: t.snd.iss, sndNxt: t.snd.nxt, dropSynFin }, segment);
  if (d.do !== "take-syn") return refuseOr(t, segment, d, nowNs);
  takeOffer(t, segment, nowNs);
  if (segment.ack === null) {
    t.isSynOwed = true;
    return t.enter("SYN-RECEIVED", "SYN", nowNs);
  }
  takeAck(t, segment, segment.ack, timestampsOf(segment.options), nowNs);
  establish(t, "SYN and ACK", nowNs);
  t.ackOwed = "ack";
  takeText(t, segment, seqAdd(segment.seq, 1), nowNs);
}

function synchronized(t: Tcb, segment: TcpSegment, nowNs: number): void {
  const ts = t.hasTimestamps ? timestampsOf(segment.options) : null;
  if (t.hasTimestamps) {
    const old = checkPaws(t.rcv, segment, ts, t.profile, nowNs);
    if (old !== null) {
      t.drop(segment, old, nowNs);
      if (old === "old timestamp") answer(t, segment, false, nowNs);
      return;
    }
  }
  const d = arrivesSynchronized(view(t), segment);
  if (d.do !== "process") return refuseSynchronized(t, segment, d, nowNs);
  if (ts !== null) t.rcv.takeTimestamp(ts.value, segment.seq, nowNs);
  keepAliveFrom(t, nowNs);
  const hasSyn = (segment.flags & Flag.SYN) !== 0;
  if (segment.ack !== null) acknowledged(t, segment, segment.ack, nowNs);
  if (t.state === "CLOSED") return;
  if (hasSyn) t.ackOwed = "ack";
  takeText(t, segment, hasSyn ? seqAdd(segment.seq, 1) : segment.seq, nowNs);
}

function view(t: Tcb): Parameters<typeof arrivesSynchronized>[0] {
  const { snd, rcv } = t;
  return {
    state: t.state,
    isPassive: t.isPassive,
    sndUna: snd.una,
    sndNxt: snd.nxt,
    maxSndWnd: snd.maxWnd,
    irs: rcv.irs,
    rcvNxt: rcv.nxt,
    rcvWnd: t.hasBuffer ? seqDiff(rcv.lastTaken, rcv.nxt) : rcv.wnd,
    blindProtection: t.profile.blindProtection,
  };
}

function refuseSynchronized(
  t: Tcb,
  segment: TcpSegment,
  d: Exclude<Arrival, { do: "process" }>,
  nowNs: number,
): void {
  switch (d.do) {
    case "repeat-syn-ack":
      t.drop(segment, "SYN again", nowNs);
      t.isSynOwed = true;
      return;
    case "listen":
      // The endpoint is done: who listens for many makes a new one for the next SYN.
      return t.finish("reset", d.why, nowNs);
    case "drop":
    case "reply":
    case "ack":
    case "close":
      // A FIN again: the peer lacks our last ACK (RFC 9293 §3.10.7.4).
      if (t.state === "TIME-WAIT" && (segment.flags & Flag.FIN) !== 0) startTimeWait(t, nowNs);
      if (d.do === "ack" && !d.isChallenge) noteDuplicate(t, segment, nowNs);
      refuseOr(t, segment, d, nowNs);
      if (d.do === "ack" && !d.isChallenge) takeAckOfFinAgain(t, segment, nowNs);
      return;
  }
}

/** Fifth, the ACK field of a segment that is taken, and where it leads. */
function acknowledged(t: Tcb, segment: TcpSegment, ack: number, nowNs: number): void {
  takeAck(t, segment, ack, t.hasTimestamps ? timestampsOf(segment.options) : null, nowNs);
  // In SYN-RECEIVED, or in what CLOSE has made of it.
  if (!t.wasConnected && !t.snd.isSynOut) {
    t.snd.setWindow(segment.seq, ack, segment.window << t.snd.shift);
    establish(t, "ACK of SYN", nowNs);
  }
  switch (t.state) {
    case "SYN-RECEIVED":
      return;
    case "FIN-WAIT-1":
      if (t.snd.isFinAcked) enterFinWait2(t, nowNs);
      return;
    case "CLOSING":
      if (t.snd.isFinAcked) enterTimeWait(t, "ACK of FIN", nowNs);
      return;
    case "LAST-ACK":
      if (t.snd.isFinAcked) t.finish(null, "ACK of FIN", nowNs);
      return;
    case "CLOSED":
    case "LISTEN":
    case "SYN-SENT":
    case "TIME-WAIT":
      // All that comes is answered, but for the very ACK that we would answer with ourselves.
      if (segment.seq !== t.rcv.nxt || ack !== t.snd.nxt) answer(t, segment, false, nowNs);
      return;
    case "ESTABLISHED":
    case "FIN-WAIT-2":
    case "CLOSE-WAIT":
      return;
  }
}

function enterFinWait2(t: Tcb, nowNs: number): void {
  t.enter("FIN-WAIT-2", "ACK of FIN", nowNs);
  if (t.isReceiveClosed) startFinWait2(t, nowNs);
}

/** Nobody reads any more: the peer's FIN is not waited for without end. */
export function startFinWait2(t: Tcb, nowNs: number): void {
  t.timers.set(TIMER.finWait2, nowNs + (t.options.finWait2Ns ?? t.profile.finWait2Ns));
}

/** An ACK with our numbers; challenges, and answers to what asks for none, not without end (RFC 5961 §7). */
function answer(t: Tcb, segment: TcpSegment, isChallenge: boolean, nowNs: number): void {
  const hasFin = (segment.flags & Flag.FIN) !== 0 && t.state !== "TIME-WAIT";
  if (!isChallenge && (segment.payload.length > 0 || hasFin)) {
    t.ackOwed = "duplicate-ack";
    return;
  }
  const { count, periodNs } = t.profile.challengeAcks;
  if (nowNs - t.challengesSinceNs >= periodNs) {
    t.challengesSinceNs = nowNs;
    t.challenges = 0;
  }
  if (t.challenges >= count) return;
  t.challenges++;
  t.ackOwed = isChallenge ? "challenge-ack" : "duplicate-ack";
}

/**
 * The peer's FIN again: it lacks our ACK, but tells what it has of ours. RFC 9293 §3.10.7.4 ends with
 * the answer; as BSD and Linux do, the ACK field is still taken. Stacks that repeat their FIN with each ACK until it
 * is acknowledged (`Profile.repeatsFin`) would not be heard for a round trip otherwise.
 */
function takeAckOfFinAgain(t: Tcb, segment: TcpSegment, nowNs: number): void {
  const { flags, seq, payload, ack } = segment;
  if ((flags & (Flag.FIN | Flag.SYN | Flag.RST)) !== Flag.FIN || t.state === "TIME-WAIT") return;
  if (!t.rcv.isFinReached || seqAdd(seq, payload.length + 1) !== t.rcv.nxt) return;
  if (ack === null || seqLt(ack, t.snd.una) || seqLt(t.snd.nxt, ack)) return;
  acknowledged(t, segment, ack, nowNs);
}

/** A segment of bytes that are all here: the ACK reports it (RFC 2883 §4.1). */
function noteDuplicate(t: Tcb, segment: TcpSegment, nowNs: number): void {
  const { seq, payload } = segment;
  if (payload.length === 0) return;
  const end = seqAdd(seq, payload.length);
  if (((end - t.rcv.nxt) | 0) > 0) return;
  t.rcv.dsack = { left: seq, right: end };
  noteRewrite(t, segment, seq, nowNs);
}
