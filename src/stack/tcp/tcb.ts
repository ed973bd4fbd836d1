/**
 * The transmission control block (RFC 9293 §3.3.1): everything that is known
 * of one connection. The functions of the files beside it change it; none of
 * it is seen outside of `tcp/`.
 *
 * @module
 */
import type { TcpOption } from "../../wire/tcp-option.ts";
import { Flag } from "../../wire/tcp.ts";
import type {
  Decision,
  EndpointInit,
  Probe,
  SendReason,
  SocketOptions,
  TcpEndpoint,
  TcpErrorCode,
  TcpEvent,
  TcpSegment,
  TcpState,
} from "../types.ts";
import { makeCongestion } from "./congestion/algorithms.ts";
import type { CongestionControl } from "./congestion/congestion-control.ts";
import type { Reply } from "./disposition.ts";
import { replyTo } from "./closed.ts";
import type { Profile } from "./profile.ts";
import { Receiver } from "./receiver.ts";
import { Recovery } from "./recovery.ts";
import { wholeOptions } from "./socket-options.ts";
import { RttEstimator } from "./rtt.ts";
import { RingPool } from "./ring-pool.ts";
import { Sender } from "./sender.ts";
import { Timers } from "./timers.ts";
import {
  NO_OPTIONS,
  sackLen,
  TIMESTAMPS_LEN,
  timestampsAlone,
  type TimestampsAlone,
} from "./options.ts";

/** Bytes of IPv4 and TCP headers are 40; a peer that tells no MSS takes this (RFC 9293 §3.7.1). */
const DEFAULT_MSS_V4 = 536;
const DEFAULT_MSS_V6 = 1220;
/** Bytes that an endpoint keeps for later when nobody gave it a pool. */
const OWN_POOL = 262_144;
/** Replies that wait for `poll`; more are not worth sending. */
const MAX_REPLIES = 16;
/** What all empty lists are, so that an idle connection has none: never changed. */
const NO_EVENTS: TcpEvent[] = [];
const NO_REPLIES: Waiting[] = [];

/** A listener hears that the handshake of one of its connections is done, or failed. */
export type OnSettled = (endpoint: TcpEndpoint) => void;
/** Bytes came, or the end. */
export const READABLE: TcpEvent = { type: "readable" };

/** A reply that waits. */
interface Waiting {
  readonly segment: TcpSegment;
  readonly why: SendReason;
}

/** One connection. */
export class Tcb {
  readonly profile: Profile;
  readonly localPort: number;
  readonly ipHeaderLen: number;
  /** Bytes of the largest packet of the path's first link. */
  readonly #linkMtu: number;
  readonly #makeCongestionOf: NonNullable<EndpointInit["congestion"]>;
  readonly #tsOffset: number;
  readonly #probe: Probe | null;
  readonly snd: Sender;
  readonly rcv: Receiver;
  readonly rtt: RttEstimator;
  readonly recovery: Recovery;
  readonly timers = new Timers();
  /** What the user has not heard yet; see {@link takeEvent}. */
  #events: TcpEvent[] = NO_EVENTS;
  #replies: Waiting[] = NO_REPLIES;
  options: Readonly<SocketOptions>;
  congestion: CongestionControl;
  state: TcpState = "CLOSED";
  remotePort: number;
  /** OPEN was called; an endpoint lives once. */
  isOpened = false;
  /** The handshake was done. */
  wasConnected = false;
  /** It began in LISTEN. */
  isPassive = false;
  /** Bytes of the largest packet of the path. */
  mtu: number;
  /** What the peer said it takes. */
  peerMss: number;
  hasTimestamps = false;
  hasSack = false;
  hasScaling = false;
  hasEcn = false;
  /** A SYN or SYN-ACK is to be sent, again or for the first time. */
  isSynOwed = false;
  /** SYNs sent beyond the first. */
  synLosses = 0;
  /** The reason for an ACK that is to leave now; `null`: none. */
  ackOwed: SendReason | null = null;
  /** Segments with data since the last ACK of ours. */
  unackedSegments = 0;
  /** Segments that are still acknowledged at once (`Profile.quickAcks`). */
  quickAcks: number;
  /** Timeouts in a row without any ACK in between that the connection can be given up for. */
  retries = 0;
  /** A probe of a closed or too small window is to be sent now. */
  isProbeOwed = false;
  probeBackoff = 0;
  /** Keep-alive probes without an answer, and whether one is to be sent now. */
  keepAliveProbes = 0;
  isKeepAliveOwed = false;
  /** The peer gets ECE until it says CWR (RFC 3168 §6.1.3). */
  isEceOwed = false;
  /** The next new data says CWR (RFC 3168 §6.1.2). */
  isCwrOwed = false;
  /** `send` took less than it was given. */
  isSendBlocked = false;
  /** The user wants nothing more: what comes is answered by RST. */
  isReceiveClosed = false;
  /** The event `closed` was told. */
  isClosedTold = false;
  retransmits = 0;
  /** RFC 5961 §7: challenge ACKs since then. */
  challengesSinceNs = -Infinity;
  challenges = 0;
  limitedBy: (Decision & { type: "limited" })["by"] = "nothing";
  readonly #endpoint: TcpEndpoint;
  readonly #onSettled: OnSettled | null;
  /** The last options with timestamps. */
  #tsOptions: TimestampsAlone | null = null;

  constructor(init: EndpointInit, endpoint: TcpEndpoint, onSettled: OnSettled | null) {
    const { profile } = init;
    const pool = init.buffers ?? new RingPool(OWN_POOL);
    this.profile = profile;
    this.localPort = init.localPort;
    this.ipHeaderLen = init.ipHeaderLen;
    this.#linkMtu = init.mtu;
    this.#makeCongestionOf = init.congestion ?? makeCongestion;
    this.#tsOffset = (init.tsOffset ?? 0) | 0;
    this.#probe = init.probe ?? null;
    this.#endpoint = endpoint;
    this.#onSettled = onSettled;
    this.remotePort = init.remotePort;
    this.mtu = init.mtu;
    this.options = wholeOptions(profile, init.options);
    this.peerMss = init.ipHeaderLen === 40 ? DEFAULT_MSS_V6 : DEFAULT_MSS_V4;
    this.quickAcks = profile.quickAcks;
    this.snd = new Sender(init.iss, pool);
    this.rcv = new Receiver(
      this.options.receiveBuffer,
      this.advMss,
      pool,
      profile.takesWholeBuffer,
    );
    this.rtt = new RttEstimator(profile);
    this.recovery = new Recovery(init.iss);
    this.snd.mss = this.#sendMss();
    this.congestion = this.#makeCongestion();
  }

  /** The MSS option of our SYN (RFC 9293 §3.7.1): what the link takes without options. */
  get advMss(): number {
    const linkMss = this.#linkMtu - this.ipHeaderLen - 20;
    return Math.min(linkMss, this.options.maxSegment ?? Infinity, 65_535);
  }

  #sendMss(): number {
    const { maxSegment } = this.options;
    const pathMss = this.mtu - this.ipHeaderLen - 20;
    const whole = Math.min(this.peerMss, pathMss, maxSegment ?? Infinity);
    return Math.max(whole, this.profile.minMss) - (this.hasTimestamps ? TIMESTAMPS_LEN : 0);
  }

  /** Payload bytes of a full segment now: less than the MSS while SACK blocks go with it (RFC 9293 §3.7.1, RFC 6691 §2). */
  get fullLen(): number {
    const { snd, rcv } = this;
    if (!this.hasSack || (rcv.dsack === null && rcv.ahead.list.length === 0)) return snd.mss;
    const blocks = (rcv.dsack === null ? 0 : 1) + rcv.ahead.list.length;
    return Math.max(1, snd.mss - sackLen(blocks, this.hasTimestamps));
  }

  #makeCongestion(): CongestionControl {
    return this.#makeCongestionOf(this.snd.mss, this.profile);
  }

  /** Not a bare memory of a connection, before accept or in TIME-WAIT, which knows no more than what was offered. */
  get hasBuffer(): boolean {
    return this.state !== "TIME-WAIT" && !(this.state === "SYN-RECEIVED" && this.isPassive);
  }

  /** One segment to begin with, after lost SYNs (RFC 6928 §2). */
  startSmall(): void {
    const profile = { ...this.profile, initialWindow: 1 };
    this.congestion = this.#makeCongestionOf(this.snd.mss, profile);
  }

  /** Eff.snd.MSS (RFC 9293 §3.7.1, RFC 6691): after the handshake, or when the path has changed. */
  updateMss(isNew: boolean): void {
    const mss = this.#sendMss();
    if (mss === this.snd.mss && !isNew) return;
    this.snd.mss = mss;
    if (isNew) this.congestion = this.#makeCongestion();
    else this.congestion.onMss(mss);
  }

  /** The clock of timestamps, 1 ms a tick (RFC 7323 §5.4). */
  tsNow(nowNs: number): number {
    return (Math.floor(nowNs / 1e6) + this.#tsOffset) >>> 0;
  }

  /** The options of a segment without SYN and SACK: the same for all of one millisecond. */
  plainOptions(nowNs: number): readonly TcpOption[] {
    if (!this.hasTimestamps) return NO_OPTIONS;
    const value = this.tsNow(nowNs);
    const last = this.#tsOptions?.[2];
    if (last === undefined || last.value !== value || last.echo !== this.rcv.tsRecent)
      this.#tsOptions = timestampsAlone(value, this.rcv.tsRecent);
    return this.#tsOptions!;
  }

  /** What waits to be heard is not told twice: a peer cannot make the list grow. */
  /** Nothing more is to be sent for now. */
  forgetOptions(): void {
    this.#tsOptions = null;
  }

  tell(event: TcpEvent): void {
    for (const waiting of this.#events)
      if (waiting === event || isSameEvent(waiting, event)) return;
    if (this.#events === NO_EVENTS) this.#events = [event];
    else this.#events.push(event);
  }

  /** The next thing that the user should know, or `null`. */
  takeEvent(): TcpEvent | null {
    if (this.#events.length === 0) return null;
    const event = this.#events.shift()!;
    if (this.#events.length === 0) this.#events = NO_EVENTS;
    return event;
  }

  /** Somebody looks at every decision. */
  get isProbed(): boolean {
    return this.#probe !== null;
  }

  /** To the probe. */
  decide(decision: Decision, nowNs: number): void {
    this.#probe?.onDecision(decision, this.#endpoint, nowNs);
  }

  drop(segment: TcpSegment, why: string, nowNs: number): void {
    this.decide({ type: "drop", segment, why }, nowNs);
  }

  enter(state: TcpState, why: string, nowNs: number): void {
    const from = this.state;
    if (from === state) return;
    this.state = state;
    this.decide({ type: "state", from, to: state, why }, nowNs);
    if (from === "SYN-RECEIVED") this.#onSettled?.(this.#endpoint);
  }

  /** A reply to `segment` waits for `poll`. */
  reply(segment: TcpSegment, reply: Reply): void {
    if (this.#replies.length < MAX_REPLIES)
      this.#wait({ segment: replyTo(segment, reply), why: "reset" });
  }

  #wait(reply: Waiting): void {
    if (this.#replies === NO_REPLIES) this.#replies = [reply];
    else this.#replies.push(reply);
  }

  /** The reply that goes out next, or `null`. */
  takeReply(): Waiting | null {
    if (this.#replies.length === 0) return null;
    const reply = this.#replies.shift()!;
    if (this.#replies.length === 0) this.#replies = NO_REPLIES;
    return reply;
  }

  /** A RST with our own numbers waits for `poll` (RFC 9293 §3.10.5). */
  sendReset(nowNs: number): void {
    const { snd, rcv } = this;
    rcv.buffer.settle();
    this.#wait({
      segment: {
        srcPort: this.localPort,
        dstPort: this.remotePort,
        seq: snd.nxt,
        ack: rcv.nxt,
        flags: Flag.RST | Flag.ACK,
        reserved: 0,
        window: 0,
        checksum: 0,
        urgent: 0,
        options: this.plainOptions(nowNs),
        payload: new Uint8Array(0),
        ecn: "not-ECT",
      },
      why: "reset",
    });
  }

  /** CLOSED: timers end, buffers return; what came can still be received. */
  finish(error: TcpErrorCode | null, why: string, nowNs: number): void {
    this.timers.clearAll();
    this.snd.queue.clear();
    this.rcv.ahead.clear();
    this.recovery.sacked.clear();
    this.isSynOwed = false;
    this.ackOwed = null;
    this.isProbeOwed = false;
    this.isKeepAliveOwed = false;
    this.enter("CLOSED", why, nowNs);
    this.tellClosed(error);
  }

  tellClosed(error: TcpErrorCode | null): void {
    if (this.isClosedTold) return;
    this.isClosedTold = true;
    this.tell({ type: "closed", error });
  }
}

function isSameEvent(a: TcpEvent, b: TcpEvent): boolean {
  return a.type === b.type && ("error" in a ? a.error : null) === ("error" in b ? b.error : null);
}
