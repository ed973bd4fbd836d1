/**
 * What each timer does when it fires (RFC 9293 §3.10.8 and where named).
 *
 * @module
 */
import type { TimerName } from "../types.ts";
import { onKeepAlive } from "./keep-alive.ts";
import { onRetransmissionTimeout } from "./loss.ts";
import type { Tcb } from "./tcb.ts";

/** `timer` of `t` is due. */
export function onTimer(t: Tcb, timer: TimerName, nowNs: number): void {
  t.decide(
    { type: "timer", timer, backoff: timer === "persist" ? t.probeBackoff : t.rtt.backoff },
    nowNs,
  );
  switch (timer) {
    case "time-wait":
      return t.finish(null, "2 MSL", nowNs);
    case "fin-wait-2":
      return t.finish(null, "no FIN from the peer", nowNs);
    case "user-timeout":
      return t.finish("timeout", "user timeout", nowNs);
    case "retransmit":
      return onRetransmit(t, nowNs);
    case "persist":
      return onPersist(t, nowNs);
    case "keep-alive":
      return onKeepAlive(t, nowNs);
    case "delayed-ack":
      t.ackOwed ??= "delayed-ack";
      return;
  }
}

/** RFC 6298 §5.4 to §5.6. */
function onRetransmit(t: Tcb, nowNs: number): void {
  if (t.snd.flight === 0) return;
  const isHandshake = t.state === "SYN-SENT" || t.snd.isSynOut;
  if (t.retries >= mostRetries(t)) return t.finish("timeout", "too many retransmissions", nowNs);
  if (isHandshake) {
    t.isSynOwed = true;
    t.synLosses++;
    if (!t.isPassive) t.rtt.slopNs = t.profile.synSlopNs;
    t.snd.timed = null;
  } else if (t.snd.wnd === 0) {
    if (isAbandoned(t, t.rtt.backoff))
      return t.finish("timeout", "closed window after CLOSE", nowNs);
    t.isProbeOwed = true;
  } else onRetransmissionTimeout(t, nowNs);
  t.retries++;
  t.rtt.backoff++;
}

function mostRetries(t: Tcb): number {
  const { synRetries, synAckRetries, dataRetries } = t.profile;
  if (t.state === "SYN-SENT") return synRetries;
  return t.state === "SYN-RECEIVED" ? synAckRetries : dataRetries;
}

/** RFC 9293 §3.8.6.1: probes go on for as long as the peer answers. */
function onPersist(t: Tcb, nowNs: number): void {
  if (t.retries >= t.profile.dataRetries)
    return t.finish("timeout", "window probes unanswered", nowNs);
  if (isAbandoned(t, t.probeBackoff))
    return t.finish("timeout", "closed window after CLOSE", nowNs);
  t.isProbeOwed = true;
  t.probeBackoff++;
  t.retries++;
}

/** The user is done with it, and the peer has kept its window closed for so many probes: it may be given up (RFC 6429). */
function isAbandoned(t: Tcb, probes: number): boolean {
  return t.isReceiveClosed && probes >= t.profile.dataRetries;
}
