/**
 * TIME-WAIT: two segment lifetimes in which the connection answers what is
 * still under way (RFC 9293 §3.6.1), and when it gives way to a new one.
 *
 * @module
 */
import { seqLt } from "../../wire/seqnum.ts";
import { Flag } from "../../wire/tcp.ts";
import type { TcpSegment } from "../types.ts";
import { timestampsOf } from "./options.ts";
import type { Tcb } from "./tcb.ts";
import { TIMER } from "./timers.ts";

/** Both FINs are acknowledged. */
export function enterTimeWait(t: Tcb, why: string, nowNs: number): void {
  t.timers.clearAll();
  t.enter("TIME-WAIT", why, nowNs);
  startTimeWait(t, nowNs);
  t.tellClosed(null);
}

/** 2 MSL from now. */
export function startTimeWait(t: Tcb, nowNs: number): void {
  t.timers.set(TIMER.timeWait, nowNs + 2 * t.profile.mslNs);
}

/** Whether `segment` is a SYN that cannot be an old one (RFC 9293 §3.6.1, RFC 6191 §2). */
export function isNewerSyn(t: Tcb, segment: TcpSegment): boolean {
  const control = segment.flags & (Flag.SYN | Flag.ACK | Flag.RST | Flag.FIN);
  if (control !== Flag.SYN) return false;
  const timestamps = t.hasTimestamps ? timestampsOf(segment.options) : null;
  if (timestamps !== null) {
    const newer = (timestamps.value - t.rcv.tsRecent) | 0;
    if (newer !== 0) return newer > 0;
  }
  return seqLt(t.rcv.nxt, segment.seq);
}
