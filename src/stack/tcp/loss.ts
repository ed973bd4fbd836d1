/**
 * How the sender answers what ACKs, marks and the timer tell of loss:
 * RFC 6675 with SACK, RFC 5681 and RFC 6582 without, RFC 3168 for marks.
 *
 * @module
 */
import { seqAdd, seqDiff, seqLeq, seqLt } from "../../wire/seqnum.ts";
import type { RecoveryState } from "../types.ts";
import type { Tcb } from "./tcb.ts";

/** What an ACK told. */
export interface AckNews {
  /** Numbers that SND.UNA moved by. */
  readonly acked: number;
  /** Bytes of these that SACK or duplicate ACKs had told before. */
  readonly known: number;
  /** Bytes SACKed for the first time. */
  readonly newlySacked: number;
  /** A duplicate ACK (RFC 5681 §2, RFC 6675 §2). */
  readonly isDuplicate: boolean;
  /** Flight before it. */
  readonly flight: number;
}

/** Recovery and congestion control after an ACK; SND.UNA has moved. */
export function onAckNews(t: Tcb, news: AckNews, nowNs: number): void {
  const { recovery, snd } = t;
  if (news.acked > 0) recovery.onAdvance(snd.una);
  switch (recovery.state) {
    case "open":
    case "disorder":
    case "cwr":
      return whileOpen(t, news, nowNs);
    case "recovery":
      return whileRecovering(t, news, nowNs);
    case "loss":
      return whileLost(t, news, nowNs);
  }
}

function whileOpen(t: Tcb, news: AckNews, nowNs: number): void {
  const { recovery, snd } = t;
  if (news.acked > 0) {
    recovery.dupAcks = 0;
    recovery.emulated = 0;
    if (recovery.state !== "cwr") grow(t, news.acked - news.known, news.flight, nowNs);
    if (recovery.state !== "cwr" || seqLt(recovery.point, snd.una)) settle(t, nowNs);
  }
  if (news.isDuplicate) countDuplicate(t, news);
  if (news.newlySacked > 0) recovery.markLost(snd.mss, t.profile.dupThresh);
  if (recovery.dupAcks >= t.profile.dupThresh) return startRecovery(t, "duplicate ACKs", nowNs);
  if (recovery.sacked.total > 0 && seqLt(snd.una, recovery.lostEdge))
    startRecovery(t, "SACK", nowNs);
  else if (news.isDuplicate && recovery.state === "open")
    move(t, "disorder", "duplicate ACK", nowNs);
}

function settle(t: Tcb, nowNs: number): void {
  const { recovery } = t;
  move(t, recovery.sacked.total > 0 ? "disorder" : "open", "acknowledged", nowNs);
}

function countDuplicate(t: Tcb, news: AckNews): void {
  const { recovery, snd } = t;
  if (recovery.dupAcks++ === 0) {
    recovery.flightBefore = news.flight;
    recovery.emulatedMost = news.flight - snd.mss;
  }
  // Each tells that one segment has left (RFC 5681 §3.2 step 4): all but the first may.
  if (!t.hasSack)
    recovery.emulated = Math.min(recovery.emulated + snd.mss, Math.max(0, recovery.emulatedMost));
}

/** RFC 6675 §5 step 4, RFC 6582 §3.2 step 2. */
function startRecovery(t: Tcb, why: string, nowNs: number): void {
  const { recovery, snd } = t;
  // Without SACK: all of an earlier episode must be acknowledged first (RFC 6582 §3.2 step 1).
  if (!t.hasSack && seqLt(snd.una, recovery.point)) return;
  const wasReduced = recovery.state === "cwr";
  const flight =
    recovery.flightBefore > 0 ? Math.min(recovery.flightBefore, snd.flight) : snd.flight;
  if (!wasReduced) {
    t.congestion.onCongestion(flight, nowNs);
    oweCwr(t);
  }
  const from = recovery.state;
  recovery.begin("recovery", snd);
  recovery.flightBefore = 0;
  recovery.emulatedMost = snd.flight - snd.mss;
  if (recovery.highRxt === snd.una) headIsLost(t);
  t.decide({ type: "recovery", from, to: "recovery", why }, nowNs);
}

/** The peer hears of every reduction, whatever its reason (RFC 3168 §6.1.2). */
function oweCwr(t: Tcb): void {
  if (t.hasEcn) t.isCwrOwed = true;
}

/** The first segment is lost, and sent again whatever cwnd says. */
function headIsLost(t: Tcb): void {
  const { recovery, snd } = t;
  const end = seqAdd(snd.una, Math.min(snd.mss, snd.flight));
  if (seqLt(recovery.lostEdge, end)) recovery.lostEdge = end;
  recovery.highRxt = snd.una;
  recovery.isForced = true;
}

function whileRecovering(t: Tcb, news: AckNews, nowNs: number): void {
  const { recovery, snd } = t;
  if (news.acked > 0 && seqLeq(recovery.point, snd.una)) return endEpisode(t, nowNs);
  if (news.acked > 0 && !t.hasSack) {
    // A partial ACK (RFC 6582 §3.2 step 3): the next segment is lost too.
    recovery.emulated = Math.max(0, recovery.emulated - Math.max(0, news.acked - snd.mss));
    recovery.emulatedMost = snd.flight - snd.mss;
    headIsLost(t);
  }
  if (news.isDuplicate) countDuplicate(t, news);
  if (!t.hasSack) return;
  recovery.markLost(snd.mss, t.profile.dupThresh);
  // What now stands first was not sent again although all before it has come: it is lost as with RFC 6582.
  if (news.acked > 0 && recovery.highRxt === snd.una) headIsLost(t);
}

function whileLost(t: Tcb, news: AckNews, nowNs: number): void {
  const { recovery, snd } = t;
  if (news.acked === 0) return;
  grow(t, news.acked - news.known, news.flight, nowNs);
  if (seqLeq(recovery.point, snd.una)) endEpisode(t, nowNs);
}

function endEpisode(t: Tcb, nowNs: number): void {
  const { recovery, snd } = t;
  const from = recovery.state;
  recovery.end(snd);
  if (from === "recovery") t.congestion.onRecovered(snd.flight, t.hasSack, nowNs);
  t.decide(
    { type: "recovery", from, to: recovery.state, why: "recovery point acknowledged" },
    nowNs,
  );
}

/** cwnd grows by `ackedBytes` that were not known before; `flight`: before the ACK. */
export function grow(t: Tcb, ackedBytes: number, flight: number, nowNs: number): void {
  const { congestion, snd, recovery } = t;
  const isSlowStart = congestion.cwnd < congestion.ssthresh;
  const used = Math.max(flight, snd.peakFlight);
  congestion.onAck({
    nowNs,
    ackedBytes,
    flight,
    srttNs: t.rtt.srttNs,
    // In slow start half a window suffices: the other half is acknowledged while it is filled.
    isCwndLimited:
      recovery.state === "loss" || (isSlowStart ? 2 * used : used + snd.mss) > congestion.cwnd,
  });
}

function move(t: Tcb, to: RecoveryState, why: string, nowNs: number): void {
  const { recovery } = t;
  const from = recovery.state;
  if (from === to) return;
  recovery.state = to;
  t.decide({ type: "recovery", from, to, why }, nowNs);
}

/** The peer echoes a mark (RFC 3168 §6.1.2): as one loss, once a window, and nothing is sent again. */
export function onEchoedMark(t: Tcb, nowNs: number): void {
  const { recovery, snd } = t;
  if (recovery.state !== "open" && recovery.state !== "disorder") return;
  // The echo goes on until CWR, which leaves with the first byte behind the point, has come.
  if (seqLeq(snd.una, recovery.point)) return;
  t.congestion.onCongestion(snd.flight, nowNs);
  oweCwr(t);
  recovery.point = snd.nxt;
  move(t, "cwr", "mark echoed", nowNs);
}

/** The retransmission timer fired on data (RFC 6298 §5.4 to §5.7, RFC 5681 §3.1, RFC 6675 §5.1). */
export function onRetransmissionTimeout(t: Tcb, nowNs: number): void {
  const { recovery, snd } = t;
  const from = recovery.state;
  // What was sent in an episode beyond cwnd has left the network: it must not raise ssthresh.
  const isEpisode = from === "recovery" || from === "loss";
  const flight = isEpisode ? Math.min(snd.flight, t.congestion.cwnd) : snd.flight;
  if (t.retries === 0) {
    t.congestion.onTimeout(flight, nowNs);
    oweCwr(t);
  }
  // The peer may have thrown away what it had reported (RFC 2018 §8): one timeout more may mean that the segment was lost again.
  const first = recovery.sacked.at(snd.una);
  const hasReneged = first !== null && seqDiff(first.left, snd.una) <= 0;
  if (hasReneged || t.retries > 1) recovery.sacked.clear();
  recovery.begin("loss", snd);
  recovery.dupAcks = 0;
  recovery.markAllLost(snd);
  recovery.isForced = true;
  snd.timed = null;
  t.decide({ type: "recovery", from, to: "loss", why: "timeout" }, nowNs);
}
