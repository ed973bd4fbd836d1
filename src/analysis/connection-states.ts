/**
 * The states of both ends (RFC 9293 §3.3.2) as the segments that pass imply
 * them, one segment at a time.
 *
 * A capture sees segments, not states. Each end is taken to be where the
 * segments it **sent** put it; what it has **received** is presumed at the
 * moment of capture, unless what it sends afterwards shows that it had not
 * got it yet (segments that crossed on the way, or were lost behind the
 * point of capture): then it steps back.
 *
 * @module
 */
import type { SegmentRecord } from "../trace/segment.ts";
import { seqAdd, seqLeq } from "../wire/seqnum.ts";
import { Flag } from "../wire/tcp.ts";

/** States spelled as RFC 9293; numbers of states are indices of this array. */
export const STATES = [
  "CLOSED",
  "LISTEN",
  "SYN-SENT",
  "SYN-RECEIVED",
  "ESTABLISHED",
  "FIN-WAIT-1",
  "FIN-WAIT-2",
  "CLOSE-WAIT",
  "CLOSING",
  "LAST-ACK",
  "TIME-WAIT",
] as const;

/** Name of a state. */
export type StateName = (typeof STATES)[number];

const CLOSED = 0;
const LISTEN = 1;
const SYN_SENT = 2;
const SYN_RECEIVED = 3;
const ESTABLISHED = 4;
const FIN_WAIT_1 = 5;
const FIN_WAIT_2 = 6;
const CLOSE_WAIT = 7;
const CLOSING = 8;
const LAST_ACK = 9;
const TIME_WAIT = 10;

// Words of an end; word 0 is the packed one.
const SYN_END = 1;
const FIN_END = 2;
/** Behind the FIN of the other end. */
const PEER_FIN = 3;
const WORDS = 4;

// The packed word: the state that the end would have without the other's FIN, and marks.
const OWN = 0xf;
const GOT_FIN = 0x10;
/** It sent its FIN when it had the other's. */
const SECOND = 0x20;
const RESET = 0x40;
const HAS_SYN = 0x80;
const HAS_FIN = 0x100;
// What is known of the other's FIN: nothing, presumed to be here, shown not to be here yet, here.
const FIN_STAGE = 0x600;
const FIN_PRESUMED = 0x200;
const FIN_MISSED = 0x400;
const FIN_SURE = 0x600;

/** What is needed of a segment. */
export type StateSegment = Pick<
  SegmentRecord,
  "flow" | "reverseFlow" | "dir" | "isNewStream" | "tcpFlags" | "seq" | "ack" | "payloadLen"
>;

/** Where the states are put: indices of {@link STATES}. */
export interface EndStates {
  clientState: number;
  serverState: number;
}

/** See the module: both ends of every connection, by slot. */
export class ConnectionStates {
  #words = new Int32Array(WORDS * 128);
  /** The state of the sender, and of the receiver, without the other's FIN. */
  senderOwn = 0;
  receiverOwn = 0;
  /** The segment's FIN, or a later segment, is presumed to bring the FIN to the receiver. */
  isFinPresumed = false;
  /** The sender shows that it had not received the FIN that was presumed. */
  isSteppedBack = false;

  /**
   * The states after `s` where both ends are connected and stay so, in less time; false, and nothing
   * done, where it takes {@link pass}.
   */
  passSettled({ flow, reverseFlow, tcpFlags }: StateSegment, out: EndStates): boolean {
    if ((tcpFlags & (Flag.SYN | Flag.FIN | Flag.RST)) !== 0) return false;
    const words = this.#words;
    const both = words[flow * WORDS]! | words[reverseFlow * WORDS]!;
    if ((both & ~HAS_SYN) !== ESTABLISHED) return false;
    out.clientState = out.serverState = this.senderOwn = this.receiverOwn = ESTABLISHED;
    this.isFinPresumed = this.isSteppedBack = false;
    return true;
  }

  /** The states after `s`. */
  pass(s: StateSegment, out: EndStates): void {
    const highest = Math.max(s.flow, s.reverseFlow) | 1;
    if ((highest + 1) * WORDS > this.#words.length) this.#grow(highest);
    if (s.isNewStream) this.begin(s, out);
    const words = this.#words;
    const from = s.flow * WORDS;
    const to = s.reverseFlow * WORDS;
    const isPlain = (s.tcpFlags & (Flag.SYN | Flag.FIN | Flag.RST)) === 0;
    this.isFinPresumed = this.isSteppedBack = false;
    const settled = (words[from]! | words[to]!) & ~HAS_SYN;
    if (!(isPlain && settled === ESTABLISHED)) this.#walk(s, from, to);
    const client = s.dir === 0 ? from : to;
    const server = s.dir === 0 ? to : from;
    out.clientState = shown(words[client]!);
    out.serverState = shown(words[server]!);
    this.senderOwn = words[from]! & OWN;
    this.receiverOwn = words[to]! & OWN;
  }

  /** The states before `s`, the first segment of a connection. */
  begin(s: StateSegment, out: EndStates): void {
    const highest = Math.max(s.flow, s.reverseFlow) | 1;
    if ((highest + 1) * WORDS > this.#words.length) this.#grow(highest);
    const client = (s.dir === 0 ? s.flow : s.reverseFlow) * WORDS;
    const server = (s.dir === 0 ? s.reverseFlow : s.flow) * WORDS;
    const isOpening = (s.tcpFlags & Flag.SYN) !== 0;
    out.clientState = isOpening ? (s.dir === 1 ? SYN_SENT : CLOSED) : ESTABLISHED;
    out.serverState = isOpening ? LISTEN : ESTABLISHED;
    const words = this.#words;
    words.fill(0, client, client + WORDS).fill(0, server, server + WORDS);
    words[server] = out.serverState;
    words[client] = out.clientState;
  }

  #walk(s: StateSegment, from: number, to: number): void {
    const words = this.#words;
    if ((s.tcpFlags & Flag.RST) !== 0) {
      words[from] = (words[from]! & ~(OWN | GOT_FIN)) | RESET;
      words[to] = (words[to]! & ~(OWN | GOT_FIN)) | RESET;
      return;
    }
    if (from !== to) this.#learnOfFin(s, from);
    // What left before the reset arrived changes nothing any more.
    if ((words[from]! & RESET) !== 0 && (s.tcpFlags & Flag.SYN) === 0) return;
    this.#send(s, from);
    this.#arrive(s, to);
  }

  /** Whether the sender had the other's FIN when it sent `s`. */
  #learnOfFin(s: StateSegment, at: number): void {
    const words = this.#words;
    const stage = words[at]! & FIN_STAGE;
    if ((stage !== FIN_PRESUMED && stage !== FIN_MISSED) || (s.tcpFlags & Flag.ACK) === 0) return;
    if (seqLeq(words[at + PEER_FIN]!, s.ack)) {
      words[at] = words[at]! | FIN_SURE | GOT_FIN;
    } else if (stage === FIN_PRESUMED) {
      words[at] = (words[at]! & ~(FIN_STAGE | GOT_FIN)) | FIN_MISSED;
      this.isSteppedBack = true;
    }
  }

  #send(s: StateSegment, at: number): void {
    const words = this.#words;
    if ((s.tcpFlags & Flag.SYN) !== 0) {
      const state = (s.tcpFlags & Flag.ACK) === 0 ? SYN_SENT : SYN_RECEIVED;
      words[at] = (words[at]! & ~(OWN | GOT_FIN | SECOND | RESET)) | HAS_SYN | state;
      words[at + SYN_END] = seqAdd(s.seq, 1);
    }
    if ((s.tcpFlags & Flag.FIN) === 0) return;
    words[at + FIN_END] = seqAdd(s.seq, s.payloadLen + 1);
    const packed = words[at]! | HAS_FIN;
    const own = packed & OWN;
    const isFirst = own === ESTABLISHED || own === SYN_RECEIVED;
    // A FIN sent again shows that its end had not seen the acknowledgement: one step back.
    const next = isFirst || own === FIN_WAIT_2 ? FIN_WAIT_1 : own;
    const second = isFirst && (packed & GOT_FIN) !== 0 ? SECOND : 0;
    words[at] = (packed & ~OWN) | next | second;
  }

  #arrive(s: StateSegment, at: number): void {
    const words = this.#words;
    if ((words[at]! & RESET) !== 0) return;
    if ((s.tcpFlags & Flag.ACK) !== 0) this.#takeAck(s, at);
    const stage = words[at]! & FIN_STAGE;
    const isFirst = stage === 0 && (s.tcpFlags & Flag.FIN) !== 0;
    if (!isFirst && stage !== FIN_MISSED) return;
    if (isFirst) words[at + PEER_FIN] = seqAdd(s.seq, s.payloadLen + 1);
    words[at] = (words[at]! & ~FIN_STAGE) | FIN_PRESUMED | GOT_FIN;
    this.isFinPresumed = true;
  }

  #takeAck(s: StateSegment, at: number): void {
    const words = this.#words;
    const packed = words[at]!;
    const hasSyn = (packed & HAS_SYN) !== 0;
    const isSynAcked = hasSyn && seqLeq(words[at + SYN_END]!, s.ack);
    let own = packed & OWN;
    if (own === SYN_RECEIVED && isSynAcked) own = ESTABLISHED;
    const isAnswered = (s.tcpFlags & Flag.SYN) !== 0 && (isSynAcked || !hasSyn);
    if (own === SYN_SENT && isAnswered) own = ESTABLISHED;
    const isFinAcked = (packed & HAS_FIN) !== 0 && seqLeq(words[at + FIN_END]!, s.ack);
    if (own === FIN_WAIT_1 && isFinAcked) own = FIN_WAIT_2;
    words[at] = (packed & ~OWN) | own;
  }

  #grow(highest: number): void {
    let length = this.#words.length;
    while ((highest + 1) * WORDS > length) length *= 2;
    const old = this.#words;
    this.#words = new Int32Array(length);
    this.#words.set(old);
  }
}

/** The state that an end is in, from its packed word. */
function shown(packed: number): number {
  const own = packed & OWN;
  if ((packed & GOT_FIN) === 0) return own;
  const isSecond = (packed & SECOND) !== 0;
  switch (own) {
    case ESTABLISHED:
    case SYN_RECEIVED:
      return CLOSE_WAIT;
    case FIN_WAIT_1:
      return isSecond ? LAST_ACK : CLOSING;
    case FIN_WAIT_2:
      return isSecond ? CLOSED : TIME_WAIT;
    default:
      return own;
  }
}
