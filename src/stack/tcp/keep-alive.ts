/**
 * Keep-alive (RFC 9293 §3.8.4): off unless the user asks.
 *
 * @module
 */
import type { Tcb } from "./tcb.ts";
import { TIMER } from "./timers.ts";

/** The peer was heard, or the option was set: silence counts from now. */
export function keepAliveFrom(t: Tcb, nowNs: number): void {
  const { keepAlive } = t.options;
  t.keepAliveProbes = 0;
  if (keepAlive === null) return t.timers.clear(TIMER.keepAlive);
  if (t.state !== "TIME-WAIT") t.timers.set(TIMER.keepAlive, nowNs + keepAlive.idleNs);
}

/** The timer fired: one more probe, or the end. */
export function onKeepAlive(t: Tcb, nowNs: number): void {
  const { keepAlive } = t.options;
  if (keepAlive === null) return;
  // With data out, the retransmission timer finds out.
  if (t.snd.flight > 0) return t.timers.set(TIMER.keepAlive, nowNs + keepAlive.idleNs);
  if (t.keepAliveProbes >= keepAlive.count) {
    t.sendReset(nowNs);
    return t.finish("timeout", "keep-alive", nowNs);
  }
  t.keepAliveProbes++;
  t.isKeepAliveOwed = true;
  t.timers.set(TIMER.keepAlive, nowNs + keepAlive.intervalNs);
}
