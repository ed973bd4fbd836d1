/**
 * The ACK field of a segment that is taken (RFC 9293 §3.10.7.4, fifth).
 *
 * @module
 */
import { seqDiff, seqLeq, seqLt, type SeqNum } from "../../wire/seqnum.ts";
import { Flag } from "../../wire/tcp.ts";
import type { TcpSegment } from "../types.ts";
import { grow, onAckNews, onEchoedMark } from "./loss.ts";
import { sackBlocksOf, type Timestamps } from "./options.ts";
import type { Tcb } from "./tcb.ts";
import { TIMER } from "./timers.ts";

/** Takes SEG.ACK, SEG.WND and SACK; `ts`: of the segment, on a connection with timestamps. */
export function takeAck(
  t: Tcb,
  segment: TcpSegment,
  ack: SeqNum,
  ts: Timestamps | null,
  nowNs: number,
): void {
  const { snd, recovery } = t;
  // An old ACK: nothing of it is news (RFC 9293 §3.10.7.4).
  if (seqLt(ack, snd.una)) return;
  const { flight, wnd: wndBefore } = snd;
  const newlySacked = t.hasSack ? recovery.takeSack(sackBlocksOf(segment.options), snd, ack) : 0;
  // The window of a SYN is not scaled (RFC 7323 §2.2).
  const shift = (segment.flags & Flag.SYN) === 0 ? snd.shift : 0;
  snd.takeWindow(segment.seq, ack, segment.window << shift);
  const isSameWindow = snd.wnd === wndBefore;
  const known = t.hasSack ? recovery.sacked.within(snd.una, ack) : recovery.emulated;
  const acked = seqLt(snd.una, ack) ? advance(t, ack, ts === null ? -1 : ts.echo, nowNs) : 0;
  const isBare = segment.payload.length === 0 && (segment.flags & Flag.FIN) === 0;
  // While the window is closed, the same ACK again answers a probe.
  const isCandidate = acked === 0 && flight > 0 && snd.wnd > 0 && isBare;
  const isDuplicate = isCandidate && (t.hasSack ? newlySacked > 0 : isSameWindow);
  onAckNews(t, { acked, known: Math.min(known, acked), newlySacked, isDuplicate, flight }, nowNs);
  if (t.hasEcn && (segment.flags & (Flag.ECE | Flag.SYN)) === Flag.ECE) onEchoedMark(t, nowNs);
  onWindow(t, wndBefore);
  runRetransmitTimer(t, acked > 0, nowNs);
}

/** What {@link takeAck} does with an ACK of new data when nothing is lost or doubtful; `echo`: of its timestamps, -1: none. */
export function settleAck(t: Tcb, ack: SeqNum, echo: number, nowNs: number): void {
  const { snd } = t;
  const flight = seqDiff(snd.nxt, snd.una);
  const acked = advance(t, ack, echo, nowNs);
  t.recovery.onAdvance(snd.una);
  grow(t, acked, flight, nowNs);
  runRetransmitTimer(t, true, nowNs);
}

/** SND.UNA moves: the buffer, the round trip, the user's room. */
function advance(t: Tcb, ack: SeqNum, echo: number, nowNs: number): number {
  const { snd } = t;
  measure(t, ack, echo, nowNs);
  const acked = snd.advance(ack);
  if (seqLt(snd.peakEnd, ack)) snd.beginPeak();
  if (snd.up !== null && seqLeq(snd.up, snd.una)) snd.up = null;
  if (seqLt(snd.smallEnd, snd.una)) snd.smallEnd = snd.una;
  t.retries = 0;
  if (t.isSendBlocked && snd.queue.length < t.options.sendBuffer) {
    t.isSendBlocked = false;
    t.tell({ type: "writable" });
  }
  return acked;
}

/** RFC 6298 §3: segments that were sent once; RFC 7323 §4 where they were sent again. */
function measure(t: Tcb, ack: SeqNum, echo: number, nowNs: number): void {
  const { snd, rtt } = t;
  let sampleNs = -1;
  if (snd.timed !== null && seqLeq(snd.timed.end, ack)) {
    sampleNs = nowNs - snd.timed.sentNs;
    snd.timed = null;
  } else if (echo >= 0) {
    const ticks = (t.tsNow(nowNs) - echo) | 0;
    if (ticks >= 0) sampleNs = ticks * 1e6;
  }
  if (sampleNs < 0) return;
  rtt.sample(sampleNs);
  rtt.backoff = 0;
  if (t.isProbed) t.decide({ type: "rtt", sampleNs }, nowNs);
}

/** The window may have opened, or the peer is there and keeps it closed. */
function onWindow(t: Tcb, wndBefore: number): void {
  const { snd, recovery } = t;
  if (snd.wnd === 0) {
    // RFC 9293 §3.8.6.1: not given up while it answers.
    t.retries = 0;
    return;
  }
  t.timers.clear(TIMER.persist);
  if (wndBefore > 0) return;
  t.probeBackoff = 0;
  t.rtt.backoff = 0;
  // What was out while the window was closed was not taken.
  if (snd.flight > 0 && t.state !== "SYN-RECEIVED") recovery.markAllLost(snd);
}

/** RFC 6298 §5.2, §5.3; the user timeout counts from the last progress (RFC 5482 §3). */
function runRetransmitTimer(t: Tcb, isProgress: boolean, nowNs: number): void {
  const { snd, timers, options } = t;
  if (snd.flight === 0) timers.clear(TIMER.retransmit);
  else if (isProgress) timers.set(TIMER.retransmit, nowNs + t.rtt.rtoNs);
  if (snd.flight === 0 && snd.unsent === 0) timers.clear(TIMER.userTimeout);
  else if (isProgress && options.userTimeoutNs !== null)
    timers.set(TIMER.userTimeout, nowNs + options.userTimeoutNs);
}
