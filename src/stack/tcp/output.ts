/**
 * What goes out next: replies, a SYN, what is lost, a probe, new data, and
 * an ACK if none of these has carried it.
 *
 * @module
 */
import { seqAdd, seqDiff, seqLt } from "../../wire/seqnum.ts";
import type { SendReason, TcpSegment } from "../types.ts";
import { buildAck, buildData, buildQuestion, buildSyn, sent } from "./build.ts";
import type { Resend } from "./recovery.ts";
import type { Tcb } from "./tcb.ts";
import { isSecondDue } from "./text.ts";
import { TIMER } from "./timers.ts";
import { onTimer } from "./timeouts.ts";

/** Fs: the fraction of the peer's largest window that is worth a segment (RFC 9293 §3.8.6.2.1). */
const FS = 1 / 2;

/** The next segment of `t` at `nowNs`, or `null`; the timers that are due fire first. */
export function nextSegment(t: Tcb, nowNs: number): TcpSegment | null {
  for (;;) {
    const timer = t.timers.takeDue(nowNs);
    if (timer === null) break;
    onTimer(t, timer, nowNs);
  }
  const reply = t.takeReply();
  if (reply !== null) return sent(t, reply.segment, reply.why, nowNs);
  switch (t.state) {
    case "CLOSED":
    case "LISTEN":
      return null;
    case "SYN-SENT":
    case "SYN-RECEIVED":
      return t.isSynOwed ? buildSyn(t, nowNs) : ackIfOwed(t, nowNs);
    case "FIN-WAIT-2":
    case "TIME-WAIT":
      return questionIfOwed(t, nowNs) ?? ackIfOwed(t, nowNs);
    case "ESTABLISHED":
    case "FIN-WAIT-1":
    case "CLOSE-WAIT":
    case "CLOSING":
    case "LAST-ACK":
      return (
        resend(t, nowNs) ??
        probe(t, nowNs) ??
        newData(t, nowNs) ??
        resendDoubtful(t, nowNs) ??
        questionIfOwed(t, nowNs) ??
        ackIfOwed(t, nowNs)
      );
  }
}

function ackIfOwed(t: Tcb, nowNs: number): TcpSegment | null {
  const why = t.ackOwed ?? (isSecondDue(t) ? "ack" : null);
  return why === null ? null : buildAck(t, why, nowNs);
}

function questionIfOwed(t: Tcb, nowNs: number): TcpSegment | null {
  if (!t.isKeepAliveOwed) return null;
  t.isKeepAliveOwed = false;
  return buildQuestion(t, "keep-alive", nowNs);
}

/** Bytes that cwnd still lets into the network. */
function room(t: Tcb): number {
  const pipe = t.recovery.pipe(t.snd);
  // With nothing in the network one segment may always go.
  return pipe === 0 ? Math.max(t.congestion.cwnd, t.snd.mss) : t.congestion.cwnd - pipe;
}

/** What is lost (RFC 6675 §5 steps 4.2 and C, RFC 6582, RFC 6298 §5.4). */
function resend(t: Tcb, nowNs: number): TcpSegment | null {
  const { recovery, snd } = t;
  if (snd.isSynOut) return t.isSynOwed ? buildSyn(t, nowNs) : null;
  if (snd.wnd === 0 || !seqLt(recovery.highRxt, recovery.lostEdge)) return null;
  const next = recovery.nextLost(t.fullLen);
  if (next === null) return null;
  // A window that shrank takes no more than it says.
  if (seqDiff(next.seq, snd.una) >= snd.wnd) return null;
  if (!recovery.isForced && room(t) < next.len) return null;
  const why =
    recovery.state === "loss" ? "timeout" : recovery.isForced ? "fast-retransmit" : "retransmit";
  recovery.onResent(next);
  return buildData(t, next.seq, Math.max(next.len, probedLen(t, next)), why, nowNs);
}

/** The byte of a window probe goes again together with what stood behind it, as far as cwnd lets it. */
function probedLen(t: Tcb, { seq, len }: Resend): number {
  const { snd, recovery } = t;
  if (recovery.state !== "open" || seqAdd(seq, len) !== snd.nxt) return len;
  const most = room(t) + len;
  return Math.min(t.fullLen, seqDiff(snd.streamEnd, seq), snd.wnd - seqDiff(seq, snd.una), most);
}

/** NextSeg () rules 3 and 4 of RFC 6675 §4: there is nothing new to send, and no user waits to give more. */
function resendDoubtful(t: Tcb, nowNs: number): TcpSegment | null {
  const { recovery, snd } = t;
  if (recovery.state !== "recovery" || snd.wnd === 0) return null;
  if (!t.profile.resendsDoubtful || t.isSendBlocked) return null;
  if (room(t) < snd.mss) return null;
  const next = recovery.nextDoubtful(snd, t.fullLen);
  if (next === null) return null;
  recovery.onResent(next);
  return buildData(t, next.seq, next.len, "retransmit", nowNs);
}

/** A probe of a window that is closed, or too small to be used (RFC 9293 §3.8.6.1, §3.8.6.2.1). */
function probe(t: Tcb, nowNs: number): TcpSegment | null {
  if (!t.isProbeOwed) return null;
  t.isProbeOwed = false;
  const { snd } = t;
  if (snd.flight > 0) return buildData(t, snd.una, 1, "window-probe", nowNs);
  const left = snd.unsent + (snd.isFinQueued && !snd.isFinSent ? 1 : 0);
  if (left === 0) return null;
  if (snd.wnd > 0) return buildData(t, snd.nxt, Math.min(left, snd.wnd, t.fullLen), "data", nowNs);
  if (t.profile.windowProbe === "byte") return buildData(t, snd.nxt, 1, "window-probe", nowNs);
  startPersist(t, nowNs);
  return buildQuestion(t, "window-probe", nowNs);
}

/** New data, and the FIN behind the last of it. */
function newData(t: Tcb, nowNs: number): TcpSegment | null {
  const { snd } = t;
  const { unsent } = snd;
  const hasFin = snd.isFinQueued && !snd.isFinSent;
  if (unsent === 0 && !hasFin)
    return limited(t, t.isSendBlocked ? "send-buffer" : "nothing", nowNs);
  restartIfIdle(t, nowNs);
  const usable = Math.max(0, snd.usable);
  const full = t.fullLen;
  const len = Math.min(unsent, usable, full);
  const withFin = hasFin && len === unsent && usable > len && len < full;
  if (len === 0 && !withFin)
    return waitForWindow(t, usable === 0 ? "window" : "silly-window", nowNs);
  const blocked = len === 0 ? null : reasonToWait(t, len, unsent);
  if (blocked === "cwnd") return limited(t, "cwnd", nowNs);
  if (blocked !== null) return waitForWindow(t, blocked, nowNs);
  limited(t, "nothing", nowNs);
  t.timers.clear(TIMER.persist);
  return buildData(t, snd.nxt, withFin ? len + 1 : len, reasonToSend(t, len), nowNs);
}

function reasonToSend(t: Tcb, len: number): SendReason {
  if (len === 0) return "fin";
  return t.recovery.dupAcks > 0 && t.recovery.state === "disorder" ? "limited-transmit" : "data";
}

/** Why `len` of `unsent` bytes are not sent now, or `null` (RFC 9293 §3.8.6.2.1, RFC 896). */
function reasonToWait(
  t: Tcb,
  len: number,
  unsent: number,
): "cwnd" | "nagle" | "silly-window" | null {
  const { snd } = t;
  if (room(t) < len) return "cwnd";
  if (len === t.fullLen) return null;
  if (len < unsent) return len >= FS * snd.maxWnd && snd.flight === 0 ? null : "silly-window";
  if (snd.isFinQueued || snd.up !== null) return null;
  if (t.options.cork) return "nagle";
  if (t.options.noDelay) return null;
  const mustWait = t.profile.nagle === "any" ? snd.flight > 0 : seqLt(snd.una, snd.smallEnd);
  return mustWait ? "nagle" : null;
}

/** Bytes wait: with nothing in flight, the persist timer ends the wait. */
function waitForWindow(t: Tcb, by: "window" | "nagle" | "silly-window", nowNs: number): null {
  if (t.snd.flight === 0 && (by !== "nagle" || t.options.cork)) startPersist(t, nowNs);
  return limited(t, by, nowNs);
}

/** RFC 9293 §3.8.6.1: the first probe after an RTO, each further one after twice as long. */
function startPersist(t: Tcb, nowNs: number): void {
  if (t.timers.isRunning(TIMER.persist)) return;
  const waitNs = Math.min(t.profile.rtoMaxNs, t.rtt.rtoNs * 2 ** Math.min(t.probeBackoff, 32));
  t.timers.set(TIMER.persist, nowNs + waitNs);
  const { userTimeoutNs } = t.options;
  if (userTimeoutNs !== null && !t.timers.isRunning(TIMER.userTimeout)) {
    t.timers.set(TIMER.userTimeout, nowNs + userTimeoutNs);
  }
}

/** RFC 5681 §4.1. */
function restartIfIdle(t: Tcb, nowNs: number): void {
  const { snd } = t;
  if (snd.flight > 0 || !t.profile.idleRestart) return;
  if (nowNs - snd.lastNs > t.rtt.rtoNs && Number.isFinite(snd.lastNs)) t.congestion.onIdle(nowNs);
}

function limited(t: Tcb, by: Tcb["limitedBy"], nowNs: number): null {
  if (t.limitedBy !== by) {
    t.limitedBy = by;
    t.decide({ type: "limited", by }, nowNs);
  }
  return null;
}

/** The retransmission timer runs while anything is out (RFC 6298 §5.1). */
export function keepTimer(t: Tcb, nowNs: number): void {
  if (t.snd.flight === 0 || t.timers.isRunning(TIMER.retransmit)) return;
  if (t.state === "CLOSED" || t.state === "LISTEN" || t.state === "TIME-WAIT") return;
  t.timers.set(TIMER.retransmit, nowNs + t.rtt.rtoNs);
}
