/**
 * The short way for the two segments of which almost all traffic consists
 * (header prediction, V. Jacobson, RFC 1323 appendix A): data that comes next
 * in order, and an ACK of new data, on a connection where nothing else is going
 * on. What is done is what `arrive` would do; a test holds both together.
 *
 * @module
 */
import { seqDiff, type SeqNum } from "../../wire/seqnum.ts";
import { Flag } from "../../wire/tcp.ts";
import type { TcpSegment } from "../types.ts";
import { settleAck } from "./acknowledge.ts";
import { keepAliveFrom } from "./keep-alive.ts";
import { ackInOrder } from "./text.ts";
import type { Tcb } from "./tcb.ts";
import { TIMER } from "./timers.ts";

/** Flags that ask for more than the short way does. */
const UNUSUAL = Flag.SYN | Flag.FIN | Flag.RST | Flag.URG | Flag.ECE | Flag.CWR;

/** Takes `segment` if it is one of the two; `false`: nothing was done. With a probe every segment goes the long way. */
export function takePredicted(
  t: Tcb,
  segment: TcpSegment,
  nowNs: number,
  isLent: boolean,
): boolean {
  const { snd, rcv } = t;
  const { ack, options } = segment;
  if (t.state !== "ESTABLISHED" || t.isProbed || ack === null) return false;
  if (t.timers.isRunning(TIMER.persist)) return false;
  if ((segment.flags & UNUSUAL) !== 0 || segment.seq !== rcv.nxt || segment.ecn === "CE")
    return false;
  const wnd = segment.window << snd.shift;
  if (wnd === 0 || snd.wnd === 0 || t.recovery.state !== "open") return false;
  let echo = -1;
  if (t.hasTimestamps) {
    const ts = options.length === 3 ? options[2] : undefined;
    if (ts === undefined || ts.kind !== "timestamps") return false;
    if (((ts.value - rcv.tsRecent) | 0) < 0) return false;
    echo = ts.echo;
    if (!isTaken(t, segment, ack, wnd)) return false;
    rcv.takeTimestamp(ts.value, segment.seq, nowNs);
  } else if (options.length > 0 || !isTaken(t, segment, ack, wnd)) return false;
  if (t.options.keepAlive !== null) keepAliveFrom(t, nowNs);
  snd.takeWindow(segment.seq, ack, wnd);
  if (ack !== snd.una) settleAck(t, ack, echo, nowNs);
  if (segment.payload.length > 0) {
    rcv.takeNext(segment.payload, isLent);
    ackInOrder(t, nowNs);
  }
  return true;
}

/** Whether nothing of it is unusual. */
function isTaken(t: Tcb, segment: TcpSegment, ack: SeqNum, wnd: number): boolean {
  const { snd, rcv, recovery } = t;
  const { length } = segment.payload;
  const acked = seqDiff(ack, snd.una);
  if (acked < 0 || acked > seqDiff(snd.nxt, snd.una)) return false;
  // A bare ACK of nothing new: a duplicate, a probe, or a window update.
  if (length === 0 && acked === 0) return false;
  // What could be lost is looked at the long way, and a window that moves back.
  if (recovery.dupAcks > 0 || recovery.sacked.total > 0 || recovery.emulated > 0) return false;
  if (acked === 0 && wnd !== snd.wnd) return false;
  if (length > seqDiff(rcv.edge, rcv.nxt)) return false;
  return rcv.ahead.list.length === 0 && rcv.finSeq === null && !t.isReceiveClosed;
}
