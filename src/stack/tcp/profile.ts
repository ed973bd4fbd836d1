/**
 * What TCP stacks legitimately differ in, as data: {@link linux},
 * {@link freebsd}, {@link generic}. Nowhere in the code is asked which it is.
 *
 * ```ts ignore
 * const profile: Profile = { ...linux, timestamps: false, ecn: "on" };
 * ```
 *
 * @module
 */
import type { KeepAliveOptions } from "../types.ts";

const MS = 1e6;
const SECOND = 1e9;
const MINUTE = 60 * SECOND;

/** Where an option of a SYN stands: NOPs come before it until its offset is `rem` modulo `mod`. */
export interface OptionSlot {
  readonly option: "mss" | "window-scale" | "sack-permitted" | "timestamps";
  readonly mod: number;
  readonly rem: number;
}

/** Data that a stack is known by. */
export interface Profile {
  readonly name: string;
  readonly timestamps: boolean;
  readonly sack: boolean;
  readonly windowScaling: boolean;
  /** `accept`: only when the peer asks (RFC 3168 §6.1.1). */
  readonly ecn: "off" | "accept" | "on";
  readonly congestion: "reno" | "cubic";
  /** Segments of the initial window (RFC 6928 §2). */
  readonly initialWindow: number;
  /** Order and place of a SYN's options, with timestamps and without. */
  readonly synOptions: {
    readonly withTimestamps: readonly OptionSlot[];
    readonly without: readonly OptionSlot[];
  };
  /** Fills the last word. */
  readonly synPadding: "nop" | "eol";
  /** The longest that an ACK waits (RFC 9293 §3.8.6.3: under 500 ms). */
  readonly delayedAckNs: number;
  /** ACKs that go out at once at the beginning, so that slow start is not held up. */
  readonly quickAcks: number;
  /** The ACK of a FIN in ESTABLISHED may be delayed. */
  readonly delaysFinAck: boolean;
  /** RTO before the first sample (RFC 6298 §2.1). */
  readonly rtoInitialNs: number;
  /** RTO after a SYN was sent again (RFC 6298 §5.7). */
  readonly rtoAfterSynLossNs: number;
  readonly rtoMinNs: number;
  readonly rtoMaxNs: number;
  /** What {@link rtoMinNs} bounds: the whole (RFC 6298 §2.4), or only `4 * RTTVAR`. */
  readonly rtoMinOf: "rto" | "variance";
  readonly synRetries: number;
  readonly synAckRetries: number;
  /** Timeouts of the same data in a row before it is given up (R2, RFC 9293 §3.8.3). */
  readonly dataRetries: number;
  /** Maximum segment lifetime; TIME-WAIT lasts two of it. */
  readonly mslNs: number;
  readonly finWait2Ns: number;
  readonly keepAlive: KeepAliveOptions;
  readonly receiveBuffer: number;
  /** The handshake rounds the receive buffer up to whole segments. */
  readonly roundsReceiveBuffer: boolean;
  /** The window shift is the smallest that can offer this much (RFC 7323 §2.3). */
  readonly receiveBufferMax: number;
  readonly sendBuffer: number;
  /** Duplicate ACKs that mean loss (RFC 5681 §3.2). */
  readonly dupThresh: number;
  /** Bytes that bound the initial window, unless two segments are more (RFC 6928 §2). */
  readonly initialWindowBytes: number;
  /** SYNs lost after which the connection begins with one segment (RFC 6928 §2). */
  readonly oneSegmentAfterSynLosses: number;
  /** Segments that cwnd grows by at most per ACK in slow start (RFC 5681 §3.1: 1, RFC 3465 §2.3: 2). */
  readonly slowStartLimit: number;
  /** What holds a small segment back (RFC 9293 §3.7.4): anything unacknowledged, or only another small one (Minshall). */
  readonly nagle: "any" | "small";
  /** What a second segment must be to be acknowledged at once: full-sized (RFC 9293 §3.8.6.3), or any. */
  readonly ackSecond: "full-sized" | "any";
  /** A larger part of the receive buffer that nobody has read holds the ACK of a second segment back until somebody reads. */
  readonly unreadHoldsAck: number;
  /** In recovery what may be lost is sent again when there is nothing else to send (RFC 6675 §4 NextSeg rules 3 and 4). */
  readonly resendsDoubtful: boolean;
  /** A probe of a closed window: the next byte (RFC 9293 §3.8.6.1), or nothing, one number too early. */
  readonly windowProbe: "byte" | "empty";
  /** A segment without timestamps although they are in use: RFC 7323 §3.2 would drop it. */
  readonly missingTimestamps: "drop" | "accept";
  /** A SYN with FIN is dropped by who waits for a SYN. */
  readonly dropSynFin: boolean;
  /** All that the receive buffer has room for is in the window, though 16 bits could not tell so much. */
  readonly takesWholeBuffer: boolean;
  /** An ACK has our FIN with it for as long as that is not acknowledged. */
  readonly repeatsFin: boolean;
  /** SYNs that ask for ECN before one without it is tried (RFC 3168 §6.1.1.1). */
  readonly ecnSyns: number;
  /** SYNs with options before one without any but the MSS is tried. */
  readonly optionSyns: number;
  /** The first round trip of a passive open is that of its SYN-ACK; else of the first data. */
  readonly timesSynAck: boolean;
  /** What a SYN that is sent again waits longer than the RTO. */
  readonly synSlopNs: number;
  /** Slow start after an idle time (RFC 5681 §4.1). */
  readonly idleRestart: boolean;
  /** RFC 5961's answers to blind attacks; off: RFC 793's. */
  readonly blindProtection: boolean;
  /** At most so many challenge ACKs in so much time, per connection (RFC 5961 §7). */
  readonly challengeAcks: { readonly count: number; readonly periodNs: number };
  /** An ICMP error of no route or no host ends a connection that is not yet one (RFC 5461 §4.1). */
  readonly unreachableEndsSyn: boolean;
  /** So does one of no hop left. */
  readonly timeExceededEndsSyn: boolean;
  /** Never send with a smaller one, whatever the peer or an ICMP error says. */
  readonly minMss: number;
}

/** RFC defaults and nothing else. */
export const generic: Profile = {
  name: "generic",
  timestamps: true,
  sack: true,
  windowScaling: true,
  ecn: "accept",
  congestion: "reno",
  initialWindow: 10,
  synOptions: {
    withTimestamps: [
      { option: "mss", mod: 4, rem: 0 },
      { option: "sack-permitted", mod: 4, rem: 0 },
      { option: "timestamps", mod: 4, rem: 2 },
      { option: "window-scale", mod: 4, rem: 1 },
    ],
    without: [
      { option: "mss", mod: 4, rem: 0 },
      { option: "sack-permitted", mod: 4, rem: 2 },
      { option: "window-scale", mod: 4, rem: 1 },
    ],
  },
  synPadding: "nop",
  delayedAckNs: 200 * MS,
  quickAcks: 0,
  delaysFinAck: false,
  rtoInitialNs: SECOND,
  rtoAfterSynLossNs: 3 * SECOND,
  rtoMinNs: SECOND,
  rtoMaxNs: MINUTE,
  rtoMinOf: "rto",
  // With the RTO's back-off, for more than three minutes (RFC 9293 §3.8.3).
  synRetries: 8,
  synAckRetries: 5,
  dataRetries: 12,
  mslNs: 2 * MINUTE,
  finWait2Ns: MINUTE,
  keepAlive: { idleNs: 7200 * SECOND, intervalNs: 75 * SECOND, count: 9 },
  receiveBuffer: 65_535,
  roundsReceiveBuffer: false,
  receiveBufferMax: 1 << 20,
  sendBuffer: 65_536,
  dupThresh: 3,
  initialWindowBytes: 14_600,
  oneSegmentAfterSynLosses: 2,
  slowStartLimit: 1,
  nagle: "any",
  ackSecond: "full-sized",
  unreadHoldsAck: 1,
  resendsDoubtful: true,
  windowProbe: "byte",
  missingTimestamps: "drop",
  dropSynFin: false,
  takesWholeBuffer: false,
  repeatsFin: false,
  ecnSyns: 1,
  optionSyns: Infinity,
  timesSynAck: true,
  synSlopNs: 0,
  idleRestart: true,
  blindProtection: true,
  challengeAcks: { count: 10, periodNs: 5 * SECOND },
  unreachableEndsSyn: false,
  timeExceededEndsSyn: false,
  minMss: 48,
};

/** Linux 6, as its own tests set it. */
export const linux: Profile = {
  ...generic,
  name: "linux",
  congestion: "cubic",
  delayedAckNs: 40 * MS,
  quickAcks: 16,
  delaysFinAck: true,
  rtoMinNs: 200 * MS,
  rtoMaxNs: 2 * MINUTE,
  rtoMinOf: "variance",
  synRetries: 6,
  dataRetries: 15,
  mslNs: 30 * SECOND,
  receiveBuffer: 540_000,
  receiveBufferMax: 15 << 20,
  sendBuffer: 256 << 10,
  initialWindowBytes: Infinity,
  oneSegmentAfterSynLosses: Infinity,
  slowStartLimit: Infinity,
  nagle: "small",
  unreadHoldsAck: 1 / 2,
  resendsDoubtful: false,
  windowProbe: "empty",
  missingTimestamps: "accept",
  dropSynFin: true,
  unreachableEndsSyn: true,
  timeExceededEndsSyn: true,
  challengeAcks: { count: 1, periodNs: 500 * MS },
};

/** FreeBSD 14, as its test suite sets it. */
export const freebsd: Profile = {
  ...generic,
  name: "freebsd",
  congestion: "cubic",
  synOptions: {
    withTimestamps: [
      { option: "mss", mod: 4, rem: 0 },
      { option: "window-scale", mod: 2, rem: 1 },
      { option: "sack-permitted", mod: 2, rem: 0 },
      { option: "timestamps", mod: 4, rem: 2 },
    ],
    without: [
      { option: "mss", mod: 4, rem: 0 },
      { option: "window-scale", mod: 2, rem: 1 },
      { option: "sack-permitted", mod: 2, rem: 0 },
    ],
  },
  synPadding: "eol",
  delayedAckNs: 40 * MS,
  rtoMinNs: 230 * MS,
  rtoMinOf: "rto",
  synRetries: 6,
  mslNs: 30 * SECOND,
  receiveBuffer: 65_536,
  roundsReceiveBuffer: true,
  receiveBufferMax: 2 << 20,
  sendBuffer: 32_768,
  slowStartLimit: 2,
  ackSecond: "any",
  takesWholeBuffer: true,
  repeatsFin: true,
  ecnSyns: 2,
  timesSynAck: false,
  timeExceededEndsSyn: true,
  synSlopNs: 200 * MS,
  challengeAcks: { count: 5, periodNs: SECOND },
};
