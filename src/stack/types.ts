/**
 * What the parts of the stack agree on: a segment, a TCP endpoint without
 * input or output, its user's calls and events, and what a {@link Probe} sees.
 *
 * **Time** is an argument everywhere: nanoseconds as a double, from any
 * origin, never going back. An endpoint is driven by four calls:
 *
 * ```ts ignore
 * endpoint.onSegment(segment, nowNs);            // the network brought something
 * while ((s = endpoint.poll(nowNs))) link.send(s); // what goes out now
 * clock.at(endpoint.pollAt(), again);            // when to poll next
 * while ((e = endpoint.pollEvent())) user.on(e);   // what the user should know
 * ```
 *
 * After **every** other call (`onSegment`, `onIcmp`, `send`, `receive`,
 * `close` …) poll until `null`, then ask `pollAt` again. Timers fire inside
 * `poll`. Nothing calls back but the probe.
 *
 * @module
 */
import type { TcpRepr } from "../wire/tcp.ts";
import type { SeqNum } from "../wire/seqnum.ts";
import type { CongestionControl } from "./tcp/congestion/congestion-control.ts";
import type { Profile } from "./tcp/profile.ts";
import type { RingPool } from "./tcp/ring-pool.ts";

/** The two ECN bits of an IP header (RFC 3168 §5). */
export type EcnCodepoint = "not-ECT" | "ECT(1)" | "ECT(0)" | "CE";

/**
 * A segment as TCP hands it to IP, or gets it: `checksum` is 0 and not looked
 * at here. The payload of a segment that came is copied before `onSegment`
 * returns, unless it is lent; the payload of one that goes out stays as it is until its bytes
 * are acknowledged: who keeps it longer copies it.
 */
export interface TcpSegment extends TcpRepr {
  /** For the IP header, or from it. */
  ecn: EcnCodepoint;
}

/** The states of RFC 9293 §3.3.2. */
export type TcpState =
  | "CLOSED"
  | "LISTEN"
  | "SYN-SENT"
  | "SYN-RECEIVED"
  | "ESTABLISHED"
  | "FIN-WAIT-1"
  | "FIN-WAIT-2"
  | "CLOSE-WAIT"
  | "CLOSING"
  | "LAST-ACK"
  | "TIME-WAIT";

/** Why a connection ended, in the words of `NetErrorCode`. */
export type TcpErrorCode = "refused" | "reset" | "timeout" | "unreachable" | "aborted";

/** What the user should know; see {@link TcpEndpoint.pollEvent}. */
export type TcpEvent =
  /** The handshake is done. */
  | { readonly type: "connected" }
  /** `receive` has bytes, or the end, that it did not have before. */
  | { readonly type: "readable" }
  /** `send` takes bytes again after it took less than it was given. */
  | { readonly type: "writable" }
  /** The peer signals urgent data (RFC 9293 §3.8.5); it is delivered in band. */
  | { readonly type: "urgent" }
  /** Something that may pass (RFC 1122 §4.2.3.9): an ICMP error that does not end the connection. */
  | { readonly type: "soft-error"; readonly error: TcpErrorCode }
  /** The user has lost it or is done with it; `null`: both sides ended well. It comes once, TIME-WAIT may go on. */
  | { readonly type: "closed"; readonly error: TcpErrorCode | null };

/** An ICMP error about one of our segments, either version of IP. */
export interface IcmpError {
  readonly kind:
    /** No route, no host, prohibited (RFC 1122 §4.2.3.9: soft). */
    | "unreachable"
    /** No hop left, or a fragment lost: as soft, but no route that comes back soon. */
    | "time-exceeded"
    /** Port or protocol unreachable: hard before the connection stands (RFC 5461), soft afterwards (RFC 5927). */
    | "port-unreachable"
    /** Fragmentation needed, or packet too big (RFC 1191, RFC 8201). */
    | "too-big"
    /** Source quench, redirect and the rest: looked at by nobody (RFC 6633). */
    | "other";
  /** SEG.SEQ of the segment quoted. */
  readonly seq: SeqNum;
  /** Next-hop MTU in bytes, IP header included; 0 when not told. With `too-big` only. */
  readonly mtu: number;
}

/** Keep-alive times (RFC 9293 §3.8.4). */
export interface KeepAliveOptions {
  /** Silence before the first probe. */
  readonly idleNs: number;
  readonly intervalNs: number;
  /** Probes without an answer before the connection is given up. */
  readonly count: number;
}

/** What the user may set on an endpoint. */
export interface SocketOptions {
  /** Off: Nagle's algorithm (RFC 9293 §3.7.4). */
  noDelay: boolean;
  /** Small segments wait for more from the user, or for the retransmission timeout (TCP_CORK, TCP_NOPUSH). */
  cork: boolean;
  /** Acknowledge at once, no delayed ACK (RFC 9293 §3.8.6.3). */
  quickAck: boolean;
  /** `null`: none. */
  keepAlive: KeepAliveOptions | null;
  /** `0`: `close` discards what is unsent and sends RST; `null`: deliver in the background. */
  linger: 0 | null;
  /** How long data may stay unacknowledged (RFC 9293 §3.9.1, RFC 5482); `null`: the profile's retries decide. */
  userTimeoutNs: number | null;
  /** Bytes that wait for `receive`, which is what the window offers. */
  receiveBuffer: number;
  /** Bytes that `send` takes before they are acknowledged. */
  sendBuffer: number;
  /** Upper bound of MSS both ways (TCP_MAXSEG); `null`: the MTU decides. */
  maxSegment: number | null;
  /** How long FIN-WAIT-2 may last after `close`; `null`: the profile's time. */
  finWait2Ns: number | null;
  /** The differentiated-services field of what is sent, 0 to 63 (RFC 9293 §3.9.2; RFC 2474 §3). */
  dscp: number;
  /** Time to live, or hop limit, of what is sent, 1 to 255 (RFC 9293 §3.9.2). */
  hopLimit: number;
}

/** What an endpoint is made of. */
export interface EndpointInit {
  readonly localPort: number;
  /** 0 for one that will listen for anybody. */
  readonly remotePort: number;
  /** Bytes of the largest packet of the path's first link, IP header included. */
  readonly mtu: number;
  /** Bytes of the IP header: 20 or 40. */
  readonly ipHeaderLen: number;
  /** Our initial sequence number: `initialSequence` of `tcp/isn.ts` (RFC 6528), or a test's own. */
  readonly iss: SeqNum;
  /** Added to the clock of timestamps (RFC 7323 §5.4: not to tell the uptime); 0 unless told. */
  readonly tsOffset?: number;
  readonly profile: Profile;
  readonly options?: Partial<SocketOptions>;
  /** Makes the congestion control; the profile's by name unless told. */
  readonly congestion?: (mss: number, profile: Profile) => CongestionControl;
  readonly probe?: Probe;
  /** Where its buffers come from and go to; a host has one for all its connections. Unless told, a small one of its own. */
  readonly buffers?: RingPool;
}

/** A TCP connection, or one to be (RFC 9293 §3.9.1, §3.10). */
export interface TcpEndpoint {
  readonly state: TcpState;
  readonly localPort: number;
  readonly remotePort: number;
  readonly options: Readonly<SocketOptions>;

  /** Active OPEN: the next `poll` gives a SYN. @throws {RangeError} unless CLOSED and new. */
  connect(nowNs: number): void;
  /** Passive OPEN of this one endpoint; see `TcpListener` for one that accepts many. @throws {RangeError} unless CLOSED and new. */
  listen(): void;

  /**
   * A segment has come. `isLent`: its payload stays as it is until {@link poll} has given a segment that acknowledges it;
   * it is copied only if nobody has read it by then.
   */
  onSegment(segment: TcpSegment, nowNs: number, isLent?: boolean): void;
  /** What is still lent is copied now: its memory may change. */
  settle(): void;
  onIcmp(error: IcmpError, nowNs: number): void;
  /**
   * In TIME-WAIT, and `segment` is a SYN that may begin the next connection of the same flow (RFC 9293 §3.6.1, RFC 6191): the
   * host forgets this endpoint and hands the segment to the listener instead.
   */
  yieldsTo(segment: TcpSegment): boolean;
  /**
   * The next segment to go out at `nowNs`, or `null`. Runs the timers that are due. `isDone`: nobody looks at the segment that
   * was given before any more; the next one may be the same object, with other numbers and bytes.
   */
  poll(nowNs: number, isDone?: boolean): TcpSegment | null;
  /** When to call `poll` again, `Infinity`: not before something happens. May be in the past: now. */
  pollAt(): number;
  /** The next thing the user should know, or `null`. */
  pollEvent(): TcpEvent | null;

  /**
   * Takes bytes of `p` (copied): how many; fewer when the buffer is full, 0 when closed for
   * writing (see {@link canSend}). Before the handshake is done they wait.
   * `urgent`: the last of them ends urgent data.
   */
  send(p: Uint8Array, nowNs: number, urgent?: boolean): number;
  /** The handshake was done, whatever came afterwards. */
  readonly wasConnected: boolean;
  /** An ACK of something out of order, or that was here already, is to leave: before the next segment is taken, it can still be told. */
  readonly owesDuplicate: boolean;
  /** The user may still call `send`. */
  readonly canSend: boolean;
  /** Moves bytes that came into `into`: how many; 0: none yet; `null`: the peer's FIN or the end was reached. */
  receive(into: Uint8Array, nowNs: number): number | null;
  /** Bytes that `receive` has ready. */
  readonly readable: number;
  /** CLOSE of RFC 9293 §3.10.4: a FIN after what was sent; receiving goes on. Idempotent. */
  closeWrite(nowNs: number): void;
  /**
   * Done with both ways: unread data, or data that comes later, is answered by RST (RFC 9293 §3.6.1, RFC 2525 §2.17), else as
   * {@link closeWrite}. Idempotent.
   */
  close(nowNs: number): void;
  /** ABORT of RFC 9293 §3.10.5: a RST where one is due, and CLOSED. */
  abort(nowNs: number): void;
  setOptions(options: Partial<SocketOptions>, nowNs: number): void;
  /** STATUS of RFC 9293 §3.10.6: every variable now. */
  status(): TcpStatus;
}

/** Who answers loss at the moment, with Linux's names for tcpi_ca_state. */
export type RecoveryState = "open" | "disorder" | "cwr" | "recovery" | "loss";

/** Every variable of an endpoint; windows in bytes, scaled. */
export interface TcpStatus {
  readonly state: TcpState;
  readonly iss: SeqNum;
  readonly irs: SeqNum;
  readonly sndUna: SeqNum;
  readonly sndNxt: SeqNum;
  /** As the peer offered it last. */
  readonly sndWnd: number;
  readonly rcvNxt: SeqNum;
  readonly rcvWnd: number;
  /** Shifts in use; 0 without the option. */
  readonly sndShift: number;
  readonly rcvShift: number;
  /** Payload bytes of a full segment we send, options taken off. */
  readonly sndMss: number;
  /** The MSS option of ours. */
  readonly advMss: number;
  readonly timestamps: boolean;
  readonly sack: boolean;
  readonly ecn: boolean;
  readonly cwnd: number;
  /** `Infinity`: not known yet. */
  readonly ssthresh: number;
  readonly congestion: string;
  readonly recovery: RecoveryState;
  /** Bytes in the network by RFC 6675 §4's estimate. */
  readonly pipe: number;
  /** Bytes sent and not acknowledged, SYN and FIN included. */
  readonly flight: number;
  /** Bytes of `flight` that the peer holds by SACK. */
  readonly sacked: number;
  /** Bytes of `flight` taken for lost. */
  readonly lost: number;
  /** `null` before the first sample. */
  readonly srttNs: number | null;
  readonly rttvarNs: number | null;
  /** The shortest round trip that was measured; `null` before the first sample. */
  readonly minRttNs: number | null;
  readonly rtoNs: number;
  /** Times that the retransmission or persist timer fired in a row. */
  readonly backoff: number;
  /** Timeouts in a row of data that was sent again. */
  readonly timeouts: number;
  /** Probes of a closed window, or of a silent peer, without an answer. */
  readonly probes: number;
  /** Why what the user gave is not sent, as the last `limited` decision told. */
  readonly limitedBy: (Decision & { type: "limited" })["by"];
  /** Segments sent again over the whole life. */
  readonly retransmits: number;
  /** Bytes that the user gave and that are not acknowledged. */
  readonly sendQueue: number;
  /** Bytes ready for `receive`. */
  readonly receiveQueue: number;
  /** Bytes held behind a hole. */
  readonly outOfOrder: number;
}

/** Timers of an endpoint. */
export type TimerName =
  | "retransmit"
  | "persist"
  | "delayed-ack"
  | "keep-alive"
  | "time-wait"
  | "fin-wait-2"
  | "user-timeout";

/** Why a segment leaves. */
export type SendReason =
  | "syn"
  | "syn-ack"
  | "data"
  | "fin"
  | "ack"
  | "delayed-ack"
  | "duplicate-ack"
  | "window-update"
  | "challenge-ack"
  | "fast-retransmit"
  | "retransmit"
  | "timeout"
  | "limited-transmit"
  | "window-probe"
  | "keep-alive"
  | "reset";

/** One decision of an endpoint, as the {@link Probe} gets it. */
export type Decision =
  | { readonly type: "received"; readonly segment: TcpSegment }
  | { readonly type: "sent"; readonly segment: TcpSegment; readonly why: SendReason }
  /** `why`: a short English sentence, the same for the same reason. */
  | { readonly type: "drop"; readonly segment: TcpSegment; readonly why: string }
  /**
   * Part of a segment was not taken: bytes outside the window, or here already (the first copy is kept); of these, once
   * more, those that differ from the first copy.
   */
  | {
      readonly type: "trim";
      readonly segment: TcpSegment;
      readonly bytes: number;
      readonly why: string;
    }
  | { readonly type: "state"; readonly from: TcpState; readonly to: TcpState; readonly why: string }
  | { readonly type: "timer"; readonly timer: TimerName; readonly backoff: number }
  | { readonly type: "rtt"; readonly sampleNs: number }
  | {
      readonly type: "recovery";
      readonly from: RecoveryState;
      readonly to: RecoveryState;
      readonly why: string;
    }
  /**
   * Bytes wait and nothing may be sent, for this reason; told when the reason changes. `send-buffer`: all
   * that it holds is under way, and the user has more.
   */
  | {
      readonly type: "limited";
      readonly by: "cwnd" | "window" | "nagle" | "silly-window" | "send-buffer" | "nothing";
    };

/** Sees every decision when it is taken; `endpoint.status()` has the variables at that moment. It must not call the endpoint otherwise. */
export interface Probe {
  onDecision(decision: Decision, endpoint: TcpEndpoint, nowNs: number): void;
}

/** A connection in SYN-RECEIVED that a listener made for a SYN. */
export interface Begun {
  readonly endpoint: TcpEndpoint;
  /**
   * The oldest one in SYN-RECEIVED, which gave way to it because too many had not answered (RFC 4987 §3.4). It is
   * CLOSED and to be forgotten without a poll: whoever never answered is not to be sent more.
   */
  readonly gaveWay: TcpEndpoint | null;
}

/**
 * Accepts connections on one port: `makeListener` of `tcp/listener.ts`. The host keeps the
 * endpoints in its table of flows and drives them; a segment for an endpoint of the table
 * goes there, every other one for the port comes here.
 */
export interface TcpListener {
  readonly localPort: number;
  /**
   * A segment of no known connection. A good SYN gives a new endpoint in SYN-RECEIVED, made with
   * `init` (poll it); anything else, or a SYN when nobody accepts ({@link isFull}), gives `null`,
   * or the RST to send (RFC 9293 §3.10.7.2).
   */
  onSegment(
    segment: TcpSegment,
    init: EndpointInit,
    nowNs: number,
  ): Begun | { readonly reply: TcpSegment } | null;
  /** The oldest connection whose handshake is done, or `null`. Ask after `onSegment` of its endpoints. */
  accept(): TcpEndpoint | null;
  /** Connections that {@link accept} would give. */
  readonly ready: number;
  /** As many wait as may: the ACK that would end a handshake is to be dropped, its sender asks again. */
  readonly isFull: boolean;
  /** Connections in SYN-RECEIVED. */
  readonly halfOpen: number;
  /** No more of them: aborts those that nobody accepted. */
  close(nowNs: number): void;
}
