/**
 * The short way for data behind data: of a train of full segments that one poll lets out, each but the first
 * differs from the one before in its number and its bytes alone. What is done is what `nextSegment` would do;
 * a test holds both together.
 *
 * @module
 */
import { seqAdd, seqDiff } from "../../wire/seqnum.ts";
import { Flag } from "../../wire/tcp.ts";
import type { TcpSegment } from "../types.ts";
import { onNumbers } from "./build.ts";
import type { Tcb } from "./tcb.ts";

/** Whether the short way may go on behind `segment`, which {@link nextSegment} has just given. */
export function mayFollow(t: Tcb, { seq, flags, payload }: TcpSegment): boolean {
  const { snd, recovery } = t;
  const { length } = payload;
  if (flags !== Flag.ACK || length === 0 || t.isProbed || t.isCwrOwed) return false;
  if (length !== snd.mss || length !== t.fullLen) return false;
  // New, not sent again, and nothing that a limited transmit has to count.
  return seqAdd(seq, length) === snd.nxt && recovery.state === "open" && recovery.dupAcks === 0;
}

/**
 * The full segment behind `last`, at the same time and with nothing in between; `null`: the long way
 * decides, for the last of the bytes, for a window that is full, and when there is nothing. `isDone`: it may be `last` itself.
 */
export function follow(
  t: Tcb,
  last: TcpSegment,
  nowNs: number,
  isDone: boolean,
): TcpSegment | null {
  const { snd } = t;
  const { length } = last.payload;
  const seq = snd.nxt;
  const offset = seqDiff(seq, snd.base);
  if (snd.queue.length - offset <= length || snd.usable < length) return null;
  if (t.congestion.cwnd - t.recovery.pipe(snd) < length || t.timers.next <= nowNs) return null;
  const payload = snd.queue.slice(offset, length);
  onNumbers(t, seq, seqAdd(seq, length), true, false, nowNs);
  // The one before may have been sent again.
  const ecn = t.hasEcn ? "ECT(0)" : "not-ECT";
  if (isDone) {
    last.seq = seq;
    last.payload = payload;
    last.ecn = ecn;
    return last;
  }
  return {
    srcPort: last.srcPort,
    dstPort: last.dstPort,
    seq,
    ack: last.ack,
    flags: last.flags,
    reserved: 0,
    window: last.window,
    checksum: 0,
    urgent: 0,
    options: last.options,
    payload,
    ecn,
  };
}
