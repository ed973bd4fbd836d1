/**
 * What the two SYNs agree on, and the moment they have.
 *
 * @module
 */
import { Flag } from "../../wire/tcp.ts";
import type { TcpSegment } from "../types.ts";
import { keepAliveFrom } from "./keep-alive.ts";
import { shiftFor, synOffer, synOptions, TIMESTAMPS_LEN } from "./options.ts";
import type { Tcb } from "./tcb.ts";
import { TIMER } from "./timers.ts";
import type { TcpOption } from "../../wire/tcp-option.ts";

/** The peer's SYN: its numbers, its window (never scaled, RFC 7323 §2.2), its offer. */
export function takeOffer(t: Tcb, segment: TcpSegment, nowNs: number): void {
  const { rcv, snd } = t;
  const { profile } = t;
  const offer = synOffer(segment.options);
  rcv.begin(segment.seq);
  snd.setWindow(segment.seq, segment.ack ?? snd.una, segment.window);
  if (offer.mss !== null) t.peerMss = offer.mss;
  // By the option, not by its value: a shift of 0 lets the other side use its own (RFC 7323 §2.2).
  t.hasScaling = profile.windowScaling && offer.shift !== null;
  snd.shift = t.hasScaling ? (offer.shift ?? 0) : 0;
  rcv.shift = t.hasScaling ? ownShift(t) : 0;
  t.hasSack = profile.sack && offer.sack;
  t.hasTimestamps = profile.timestamps && offer.timestamps !== null;
  if (t.hasTimestamps && offer.timestamps !== null)
    rcv.takeTimestamp(offer.timestamps.value, segment.seq, nowNs);
  t.hasEcn = agreesOnEcn(t, segment);
  t.updateMss(true);
  if (profile.roundsReceiveBuffer) {
    const whole = snd.mss + (t.hasTimestamps ? TIMESTAMPS_LEN : 0);
    rcv.limit = Math.ceil(rcv.limit / whole) * whole;
  }
}

/** Whether our SYN asks: not for ever, should a box on the path drop who does (RFC 3168 §6.1.1.1). */
export function asksEcn(t: Tcb): boolean {
  return t.profile.ecn === "on" && t.synLosses < t.profile.ecnSyns;
}

/** RFC 3168 §6.1.1: a SYN asks by ECE and CWR, a SYN-ACK agrees by ECE alone. */
function agreesOnEcn(t: Tcb, segment: TcpSegment): boolean {
  const { ecn } = t.profile;
  const bits = segment.flags & (Flag.ECE | Flag.CWR);
  if (segment.ack === null)
    // In SYN-SENT both ask at once.
    return bits === (Flag.ECE | Flag.CWR) && (t.state === "LISTEN" ? ecn !== "off" : asksEcn(t));
  return asksEcn(t) && bits === Flag.ECE;
}

/** Rcv.Wind.Shift that we offer: for the largest buffer that may be, or the one that the user has set. */
function ownShift(t: Tcb): number {
  const { receiveBuffer } = t.options;
  const { profile } = t;
  return shiftFor(
    receiveBuffer === profile.receiveBuffer ? profile.receiveBufferMax : receiveBuffer,
  );
}

/** The options of our SYN, or of our SYN-ACK: of what the peer offered only. */
export function ownSynOptions(t: Tcb, nowNs: number): TcpOption[] {
  const { profile } = t;
  const isAnswer = t.state !== "SYN-SENT";
  if (!isAnswer && t.synLosses >= profile.optionSyns)
    return synOptions({ mss: t.advMss, shift: null, sack: false, timestamps: null }, profile);
  const hasShift = isAnswer ? t.hasScaling : profile.windowScaling;
  const hasTimestamps = isAnswer ? t.hasTimestamps : profile.timestamps;
  const timestamps = { value: t.tsNow(nowNs), echo: t.rcv.tsRecent };
  const offer = {
    mss: t.advMss,
    shift: hasShift ? ownShift(t) : null,
    sack: isAnswer ? t.hasSack : profile.sack,
    timestamps: hasTimestamps ? timestamps : null,
  };
  return synOptions(offer, profile);
}

/** Both SYNs are acknowledged. */
export function establish(t: Tcb, why: string, nowNs: number): void {
  const { profile } = t;
  if (t.synLosses > 0) {
    t.rtt.afterSynLoss();
    // Our FIN may be out already.
    if (t.snd.flight > 0) t.timers.set(TIMER.retransmit, nowNs + t.rtt.rtoNs);
  }
  if (t.synLosses >= profile.oneSegmentAfterSynLosses) t.startSmall();
  t.wasConnected = true;
  t.retries = 0;
  t.rtt.slopNs = 0;
  t.isSynOwed = false;
  t.recovery.point = t.snd.iss;
  // After CLOSE in SYN-RECEIVED it is further already.
  if (t.state === "SYN-SENT" || t.state === "SYN-RECEIVED")
    t.enter(t.snd.isFinQueued ? "FIN-WAIT-1" : "ESTABLISHED", why, nowNs);
  t.tell({ type: "connected" });
  keepAliveFrom(t, nowNs);
}
