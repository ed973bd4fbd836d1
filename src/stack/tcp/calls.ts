/**
 * The user's calls (RFC 9293 §3.10.1 to §3.10.6).
 *
 * @module
 */
import type { SocketOptions, TcpStatus } from "../types.ts";
import { startFinWait2 } from "./arrive.ts";
import { keepAliveFrom } from "./keep-alive.ts";
import type { Receiver } from "./receiver.ts";
import type { Tcb } from "./tcb.ts";
import { checkOptions } from "./socket-options.ts";
import { isSecondDue } from "./text.ts";
import { TIMER } from "./timers.ts";

/** OPEN (RFC 9293 §3.10.1). @throws {RangeError} when it was opened before. */
export function open(t: Tcb, isPassive: boolean, nowNs: number): void {
  if (t.isOpened)
    throw new RangeError(`Cannot open the endpoint: it was opened before, state is ${t.state}`);
  t.isOpened = true;
  if (isPassive) return t.enter("LISTEN", "passive OPEN", nowNs);
  t.isSynOwed = true;
  t.enter("SYN-SENT", "active OPEN", nowNs);
}

/** Whether SEND is possible: before our FIN, and not for a listener. */
export function canSend(t: Tcb): boolean {
  if (t.snd.isFinQueued) return false;
  switch (t.state) {
    case "SYN-SENT":
    case "SYN-RECEIVED":
    case "ESTABLISHED":
    case "CLOSE-WAIT":
      return true;
    case "CLOSED":
    case "LISTEN":
    case "FIN-WAIT-1":
    case "FIN-WAIT-2":
    case "CLOSING":
    case "LAST-ACK":
    case "TIME-WAIT":
      return false;
  }
}

/** SEND (RFC 9293 §3.10.2). */
export function send(t: Tcb, p: Uint8Array, isUrgent: boolean): number {
  if (!canSend(t)) return 0;
  const { snd } = t;
  const n = Math.max(0, Math.min(p.length, t.options.sendBuffer - snd.queue.length));
  snd.queue.append(p, n, snd.mss);
  if (n < p.length) t.isSendBlocked = true;
  if (isUrgent && n > 0) snd.up = snd.streamEnd;
  return n;
}

/** RECEIVE (RFC 9293 §3.10.3), and the window update that it may cause (§3.8.6.2.2). */
export function receive(t: Tcb, into: Uint8Array): number | null {
  const { rcv } = t;
  const n = rcv.buffer.take(into);
  if (n === 0 && into.length > 0) return rcv.isFinReached || t.state === "CLOSED" ? null : 0;
  if (t.state === "CLOSED" || rcv.isFinReached) return n;
  if (isSecondDue(t)) t.ackOwed ??= "ack";
  if (isWorthTelling(rcv)) t.ackOwed ??= "window-update";
  return n;
}

/**
 * The edge could move so far that an ACK for this alone is worth it: two segments and a quarter of the buffer as
 * BSD has it, half of the buffer (RFC 9293 §3.8.6.2.2), or one segment where none would be taken.
 */
function isWorthTelling({ growth, wnd, limit, advMss }: Receiver): boolean {
  if (growth >= limit / 2) return true;
  if (wnd < advMss && growth >= advMss) return true;
  return growth >= 2 * advMss && (growth >= limit / 4 || wnd <= limit / 8);
}

/** CLOSE (RFC 9293 §3.10.4). */
export function closeWrite(t: Tcb, nowNs: number): void {
  switch (t.state) {
    case "CLOSED":
    case "TIME-WAIT":
    case "FIN-WAIT-1":
    case "FIN-WAIT-2":
    case "CLOSING":
    case "LAST-ACK":
      return;
    case "LISTEN":
    case "SYN-SENT":
      return t.finish("aborted", "CLOSE", nowNs);
    case "SYN-RECEIVED":
      t.snd.isFinQueued = true;
      // With nothing to send before it the FIN goes at once; else it is queued until ESTABLISHED.
      if (t.snd.queue.length === 0 && t.snd.isSynOut) t.enter("FIN-WAIT-1", "CLOSE", nowNs);
      return;
    case "ESTABLISHED":
      t.snd.isFinQueued = true;
      return t.enter("FIN-WAIT-1", "CLOSE", nowNs);
    case "CLOSE-WAIT":
      t.snd.isFinQueued = true;
      return t.enter("LAST-ACK", "CLOSE", nowNs);
  }
}

/** Both ways are done with: see `TcpEndpoint.close`. */
export function close(t: Tcb, nowNs: number): void {
  // Unread data is lost: the peer must not think that it was taken (RFC 2525 §2.17).
  const isLoss = t.rcv.buffer.length > 0;
  t.rcv.buffer.clear();
  if (t.isReceiveClosed || t.state === "CLOSED") return;
  t.isReceiveClosed = true;
  if ((isLoss && t.state !== "TIME-WAIT") || t.options.linger === 0) return abort(t, nowNs);
  closeWrite(t, nowNs);
  if (t.state === "FIN-WAIT-2") startFinWait2(t, nowNs);
}

/** ABORT (RFC 9293 §3.10.5). */
export function abort(t: Tcb, nowNs: number): void {
  // Nobody reads it any more (RFC 9293 §3.10.5).
  t.rcv.buffer.clear();
  switch (t.state) {
    case "CLOSED":
      return;
    case "SYN-RECEIVED":
    case "ESTABLISHED":
    case "FIN-WAIT-1":
    case "FIN-WAIT-2":
    case "CLOSE-WAIT":
      t.sendReset(nowNs);
      return t.finish("aborted", "ABORT", nowNs);
    case "LISTEN":
    case "SYN-SENT":
    case "CLOSING":
    case "LAST-ACK":
    case "TIME-WAIT":
      return t.finish("aborted", "ABORT", nowNs);
  }
}

/** Takes what changed, at once. */
export function setOptions(t: Tcb, options: Partial<SocketOptions>, nowNs: number): void {
  checkOptions(options);
  t.options = { ...t.options, ...options };
  t.rcv.limit = t.options.receiveBuffer;
  if (options.quickAck === true && t.timers.isRunning(TIMER.delayedAck)) t.ackOwed ??= "ack";
  if (options.keepAlive !== undefined && t.state !== "CLOSED") keepAliveFrom(t, nowNs);
  if (options.maxSegment !== undefined) t.updateMss(false);
  const { userTimeoutNs } = t.options;
  if (userTimeoutNs === null) t.timers.clear(TIMER.userTimeout);
  else if (options.userTimeoutNs !== undefined && t.snd.flight > 0) {
    t.timers.set(TIMER.userTimeout, nowNs + userTimeoutNs);
  }
}

/** STATUS (RFC 9293 §3.10.6). */
export function status(t: Tcb): TcpStatus {
  const { snd, rcv, rtt, recovery, congestion } = t;
  const isProbing = snd.flight === 0 || snd.wnd === 0;
  return {
    state: t.state,
    iss: snd.iss,
    irs: rcv.irs,
    sndUna: snd.una,
    sndNxt: snd.nxt,
    sndWnd: snd.wnd,
    rcvNxt: rcv.nxt,
    rcvWnd: rcv.wnd,
    sndShift: snd.shift,
    rcvShift: rcv.shift,
    sndMss: snd.mss,
    advMss: rcv.advMss,
    timestamps: t.hasTimestamps,
    sack: t.hasSack,
    ecn: t.hasEcn,
    cwnd: congestion.cwnd,
    ssthresh: congestion.ssthresh,
    congestion: congestion.name,
    recovery: recovery.state,
    pipe: recovery.pipe(snd),
    flight: snd.flight,
    sacked: recovery.sacked.total,
    lost: recovery.lost(snd),
    srttNs: rtt.srttNs,
    rttvarNs: rtt.srttNs === null ? null : rtt.rttvarNs,
    minRttNs: rtt.srttNs === null ? null : rtt.minNs,
    rtoNs: rtt.rtoNs,
    backoff: Math.max(rtt.backoff, t.probeBackoff),
    timeouts: isProbing ? 0 : t.retries,
    probes: t.keepAliveProbes + (isProbing ? t.retries : 0),
    limitedBy: t.limitedBy,
    retransmits: t.retransmits,
    sendQueue: snd.queue.length,
    receiveQueue: rcv.buffer.length,
    outOfOrder: rcv.ahead.total,
  };
}
