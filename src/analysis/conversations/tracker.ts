/**
 * Measures of each connection, as its segments pass.
 *
 * ```ts
 * const conversations = new ConversationTracker();
 * const tracker = new SegmentTracker({
 *   onSegment: (s) => conversations.note(s, analyzer.analyze(s)),
 * });
 * // … when everything was read:
 * conversations.end();
 * for (const c of conversations.ended) print(c.client, c.toServer.payloadBytes);
 * ```
 *
 * A connection is over when another one takes its slot, or at the end; its row then
 * moves to {@link ConversationTracker.ended}. Take the rows from there and `clear()`
 * it from time to time: then memory follows the connections that are open.
 *
 * @module
 */
import type { PacketRecord } from "../../pcap/sink.ts";
import { FORGET_FROM } from "../../trace/flows.ts";
import type { SegmentRecord } from "../../trace/segment.ts";
import { seqAdd, seqDiff, type SeqNum } from "../../wire/seqnum.ts";
import { Flag, TCP_MIN_HEADER_LEN } from "../../wire/tcp.ts";
import { Completeness, type SegmentVerdicts } from "../verdicts/result.ts";
import { ANY_VERDICT, Verdict } from "../verdicts/verdict.ts";
import { beginConnection } from "./begin.ts";
import { Conversations } from "./conversations.ts";
import { finishConnection, type Pools } from "./finish.ts";
import { noteControl } from "./handshake.ts";
import { Holes } from "./holes.ts";
import { Conn, Mark, OpenRows, Shake, Time, TIMES, Word, WORDS } from "./open-rows.ts";
import { RTT_EXACT, RttHistograms } from "./rtt.ts";
import { VerdictCounts } from "./verdict-counts.ts";

const NS = 1_000_000_000;

const CONTROL = Flag.SYN | Flag.FIN | Flag.RST;

/** See the module. */
export class ConversationTracker {
  /** The connections that are over, in the order in which that was known. */
  readonly ended: Conversations = new Conversations();
  readonly #open = new OpenRows();
  readonly #pools: Pools = { histograms: new RttHistograms(), verdicts: new VerdictCounts() };
  readonly #holes = new Holes();
  /** Of the segment in hand, nanoseconds of its connection. */
  #now = 0.5;
  /** Once there are no more segments: slots, and how many of them are over. */
  #left: readonly number[] | null = null;
  #leftAt = 0;

  /** Makes room for so many connections altogether; what is not used of it takes no memory. */
  expect(connections: number): void {
    this.ended.reserve(connections);
    this.#open.reserve(Math.min(connections, FORGET_FROM));
  }

  /** Takes the next segment, and what the analysis says of it. */
  note(s: SegmentRecord, v: SegmentVerdicts): void {
    if (s.isNewStream) this.#begin(s);
    const { words: w } = this.#open;
    const { packet, flow, tcpFlags: flags, payloadLen: len } = s;
    const i = flow * WORDS;
    const marks = w[i + Word.MARKS]!;
    this.#setTime(packet, flow);
    if ((flags & CONTROL) !== 0 || (marks & Mark.AWAITS_ACK) !== 0 || !s.isLenKnown) {
      this.#special(s);
      if (!s.isLenKnown) return;
    } else {
      const seen = (flags & Flag.ACK) === 0 ? 0 : len > 0 ? Completeness.DATA : Completeness.ACK;
      if ((marks & seen) !== seen) w[i + Word.MARKS] = marks | seen;
    }
    this.#count(packet, flow, len);
    // A SYN takes the number before its data.
    if (len > 0) this.#data(flow, (flags & Flag.SYN) === 0 ? s.seq | 0 : (s.seq + 1) | 0, len);
    if ((flags & (Flag.SYN | Flag.RST)) === 0) this.#window(flow, s.windowSize, flags);
    this.#flight(flow, v);
    if (v.acksFrame !== 0) this.#roundTrip(s.reverseFlow, s.ack | 0, v);
    if ((v.bits & ANY_VERDICT) !== 0) this.#verdicts(flow, v, len);
  }

  /**
   * Takes the next segment by the short way: see `SegmentSink.onPlain`. It has no verdict.
   *
   * One function: each call would load the row's arrays again.
   */
  notePlain(
    packet: PacketRecord,
    flow: number,
    seq: number,
    ack: number,
    len: number,
    window: number,
    v: SegmentVerdicts,
  ): void {
    const { words: w, times: t } = this.#open;
    const i = flow * WORDS;
    const j = flow * TIMES;
    const marks = w[i + Word.MARKS]!;
    const now =
      (packet.sec - t[j + Time.START_SEC]!) * NS + (packet.nsec - t[j + Time.START_NSEC]!);
    this.#now = now;
    if (now > t[j + Time.LAST]!) t[j + Time.LAST] = now;
    w[i + Word.MARKS] = marks | (len > 0 ? Completeness.DATA : Completeness.ACK);
    w[i + Word.LAST_FRAME] = packet.frame;
    w[i + Word.SEGMENTS] = w[i + Word.SEGMENTS]! + 1;
    t[j + Time.WIRE_BYTES] = t[j + Time.WIRE_BYTES]! + packet.origLen;
    if (window > w[i + Word.MAX_WINDOW]!) w[i + Word.MAX_WINDOW] = window;
    if (window < w[i + Word.MIN_WINDOW]!) w[i + Word.MIN_WINDOW] = window;
    if (len > 0) {
      const segments = w[i + Word.DATA_SEGMENTS]!;
      const flight = v.bytesInFlight;
      t[j + Time.PAYLOAD_BYTES] = t[j + Time.PAYLOAD_BYTES]! + len;
      w[i + Word.DATA_SEGMENTS] = segments + 1;
      if (flight > w[i + Word.MAX_FLIGHT]!) w[i + Word.MAX_FLIGHT] = flight;
      const isNext = seq === w[i + Word.HIGH]! || (segments === 0 && !isBehindSyn(w, i, seq));
      if (isNext) w[i + Word.HIGH] = (seq + len) | 0;
      else this.#outOfLine(flow, seq, len);
    }
    if ((marks & (Mark.AWAITS_ACK | Mark.CLOSED)) !== 0) this.#afterPause(flow, window, marks);
    if (v.acksFrame !== 0) this.#roundTrip(flow ^ 1, ack, v);
  }

  /** The handshake's end, or an open window behind a closed one. */
  #afterPause(flow: number, window: number, marks: number): void {
    if ((marks & Mark.AWAITS_ACK) !== 0) this.#endHandshake(flow);
    if ((marks & Mark.CLOSED) !== 0) this.#window(flow, window, Flag.ACK);
  }

  /** Enters the time of the segment, in a field: a double is boxed when it is passed. */
  #setTime(packet: PacketRecord, flow: number): void {
    const { times: t } = this.#open;
    const j = flow * TIMES;
    this.#now =
      (packet.sec - t[j + Time.START_SEC]!) * NS + (packet.nsec - t[j + Time.START_NSEC]!);
    if (this.#now > t[j + Time.LAST]!) t[j + Time.LAST] = this.#now;
    this.#open.words[flow * WORDS + Word.LAST_FRAME] = packet.frame;
  }

  #count(packet: PacketRecord, flow: number, len: number): void {
    const { words: w, times: t } = this.#open;
    const i = flow * WORDS;
    const j = flow * TIMES;
    w[i + Word.SEGMENTS] = w[i + Word.SEGMENTS]! + 1;
    t[j + Time.WIRE_BYTES] = t[j + Time.WIRE_BYTES]! + packet.origLen;
    t[j + Time.PAYLOAD_BYTES] = t[j + Time.PAYLOAD_BYTES]! + len;
  }

  #flight(flow: number, { bytesInFlight }: SegmentVerdicts): void {
    const { words: w } = this.#open;
    const at = flow * WORDS + Word.MAX_FLIGHT;
    if (bytesInFlight > w[at]!) w[at] = bytesInFlight;
  }

  /**
   * There are no more segments: those still open are over, in the order of their streams.
   *
   * @param most Of them, in this call: what is not kept need not be there all at once.
   * @returns Whether some are left: take the rows, then call again.
   */
  end(most: number = Infinity): boolean {
    const left = (this.#left ??= this.#slotsInOrder());
    const last = Math.min(left.length, this.#leftAt + most);
    while (this.#leftAt < last) this.#finish(left[this.#leftAt++]!);
    return this.#leftAt < left.length;
  }

  /** Slots of open connections. */
  #slotsInOrder(): readonly number[] {
    const { connections, slots } = this.#open;
    const open: number[] = [];
    for (let slot = 0; slot < slots; slot++) {
      if (connections[this.#open.connectionAt(slot) + Conn.USED] === 1) open.push(slot);
    }
    const streamOf = (slot: number): number =>
      connections[this.#open.connectionAt(slot) + Conn.STREAM]!;
    return open.toSorted((a, b) => streamOf(a) - streamOf(b));
  }

  #begin(s: SegmentRecord): void {
    const slot = s.flow >>> 1;
    const open = this.#open;
    if (slot < open.slots && open.connections[open.connectionAt(slot) + Conn.USED] === 1) {
      this.#finish(slot);
    }
    beginConnection(open, slot, s);
  }

  #finish(slot: number): void {
    finishConnection(this.#open, slot, this.#pools, this.ended);
    this.#holes.forget(slot * 2);
    this.#holes.forget(slot * 2 + 1);
  }

  /** What opens and closes connections, and what only tells of a segment. */
  #special(s: SegmentRecord): void {
    const open = this.#open;
    const { words: w } = open;
    const { tcpFlags: flags } = s;
    const i = s.flow * WORDS;
    if (s.headerLen >= TCP_MIN_HEADER_LEN) {
      w[i + Word.MARKS] = w[i + Word.MARKS]! | completenessOf(flags, s.payloadLen);
    }
    if (!s.isLenKnown) return;
    if ((flags & CONTROL) !== 0) noteControl(open, s, this.#now);
    if ((flags & (Flag.SYN | Flag.RST | Flag.ACK)) !== Flag.ACK) return;
    if ((w[i + Word.MARKS]! & Mark.AWAITS_ACK) !== 0) this.#endHandshake(s.flow);
  }

  /** The first ACK of a SYN-ACK, from `flow`. */
  #endHandshake(flow: number): void {
    const { words: w, handshakes } = this.#open;
    w[flow * WORDS + Word.MARKS]! &= ~Mark.AWAITS_ACK;
    const at = this.#open.handshakeAt(flow >>> 1);
    handshakes[at + Shake.SYN_ACK_TO_ACK] = this.#now - handshakes[at + Shake.SYN_ACK]!;
  }

  #data(flow: number, seq: number, len: number): void {
    const { words: w } = this.#open;
    const i = flow * WORDS;
    const isFirst = w[i + Word.DATA_SEGMENTS] === 0 && !isBehindSyn(w, i, seq);
    w[i + Word.DATA_SEGMENTS] = w[i + Word.DATA_SEGMENTS]! + 1;
    if (isFirst || seq === w[i + Word.HIGH]!) w[i + Word.HIGH] = (seq + len) | 0;
    else this.#outOfLine(flow, seq, len);
  }

  /** Data that does not begin where the data before it ended. */
  #outOfLine(flow: number, seq: SeqNum, len: number): void {
    const { words: w, times: t } = this.#open;
    const i = flow * WORDS;
    const high = w[i + Word.HIGH]!;
    const end = seqAdd(seq, len);
    const beyond = seqDiff(end, high);
    if (seqDiff(seq, high) > 0) {
      this.#holes.add(flow, high >>> 0, seq >>> 0);
    } else {
      const filled = this.#holes.fill(flow, seq >>> 0, beyond > 0 ? high >>> 0 : end);
      const repeated = len - Math.max(0, beyond) - filled;
      t[flow * TIMES + Time.REPEATED_BYTES] = t[flow * TIMES + Time.REPEATED_BYTES]! + repeated;
    }
    if (beyond > 0) w[i + Word.HIGH] = end;
    // Karn: what may acknowledge this copy or another one measures nothing, nor does what
    // waited for it.
    w[i + Word.RECOVER] = w[i + Word.HIGH]!;
    w[i + Word.MARKS] = w[i + Word.MARKS]! | Mark.RECOVERING;
  }

  #window(flow: number, window: number, flags: number): void {
    const { words: w, times: t } = this.#open;
    const i = flow * WORDS;
    if (window > w[i + Word.MAX_WINDOW]!) w[i + Word.MAX_WINDOW] = window;
    if (window < w[i + Word.MIN_WINDOW]!) w[i + Word.MIN_WINDOW] = window;
    const isClosed = (w[i + Word.MARKS]! & Mark.CLOSED) !== 0;
    if ((window === 0) === isClosed) return;
    const j = flow * TIMES;
    if (isClosed) {
      t[j + Time.CLOSED_NS] =
        t[j + Time.CLOSED_NS]! + Math.max(0, this.#now - t[j + Time.CLOSED_SINCE]!);
    } else if ((flags & Flag.FIN) === 0) {
      t[j + Time.CLOSED_SINCE] = this.#now;
      w[i + Word.CLOSINGS] = w[i + Word.CLOSINGS]! + 1;
    } else return;
    w[i + Word.MARKS] = w[i + Word.MARKS]! ^ Mark.CLOSED;
  }

  /** `ack` ends at a segment of `flow`: its round-trip time is a sample, if it was sent only once. */
  #roundTrip(flow: number, ack: number, v: SegmentVerdicts): void {
    const { words: w, times: t } = this.#open;
    const ns = v.ackRttNs;
    const i = flow * WORDS;
    const j = flow * TIMES;
    // Neither a SYN nor a FIN: there the other program may be waited for.
    if (w[i + Word.DATA_SEGMENTS] === 0 || ((ack - w[i + Word.HIGH]!) | 0) > 0 || !(ns > 0)) return;
    const marks = w[i + Word.MARKS]!;
    if ((marks & Mark.RECOVERING) !== 0) {
      if (((ack - w[i + Word.RECOVER]!) | 0) <= 0) return;
      w[i + Word.MARKS] = marks & ~Mark.RECOVERING;
    }
    const count = w[i + Word.RTT_COUNT]!;
    w[i + Word.RTT_COUNT] = count + 1;
    if (count === 0 || ns < t[j + Time.RTT_MIN]!) t[j + Time.RTT_MIN] = ns;
    if (ns > t[j + Time.RTT_MAX]!) t[j + Time.RTT_MAX] = ns;
    if (count < RTT_EXACT) t[j + Time.RTT + count] = ns;
    else this.#addRoundTrip(i, j, v);
  }

  #addRoundTrip(i: number, j: number, { ackRttNs: ns }: SegmentVerdicts): void {
    const { words: w, times: t } = this.#open;
    const { histograms } = this.#pools;
    if (w[i + Word.HISTOGRAM] === 0) {
      const histogram = (w[i + Word.HISTOGRAM] = histograms.take());
      for (let n = 0; n < RTT_EXACT; n++) histograms.add(histogram, t[j + Time.RTT + n]!);
    }
    histograms.add(w[i + Word.HISTOGRAM]!, ns);
  }

  /** Counts what Wireshark shows. */
  #verdicts(flow: number, v: SegmentVerdicts, len: number): void {
    if (!v.isShown) return;
    const { words: w, times: t } = this.#open;
    const i = flow * WORDS;
    if (w[i + Word.VERDICTS] === 0) w[i + Word.VERDICTS] = this.#pools.verdicts.take();
    this.#pools.verdicts.add(w[i + Word.VERDICTS]!, v.bits & ANY_VERDICT);
    if ((v.bits & Verdict.RETRANSMISSION) !== 0) {
      const at = flow * TIMES + Time.RETRANSMITTED_BYTES;
      t[at] = t[at]! + len;
    }
  }
}

/** Nothing is so far from where the SYN began that it belongs to it. */
const FAR = 2 ** 30;

/** Whether a SYN was seen that `seq` counts from: then the highest number is known before any data. */
function isBehindSyn(w: Int32Array, i: number, seq: SeqNum): boolean {
  return w[i + Word.SYNS]! > 0 && Math.abs((seq - w[i + Word.HIGH]!) | 0) <= FAR;
}

/** What a segment adds to `tcp.completeness`, but for the SYN that a connection begins with. */
function completenessOf(flags: number, len: number): number {
  const hasAck = (flags & Flag.ACK) !== 0;
  let bits = 0;
  if (hasAck && (flags & Flag.SYN) !== 0) bits |= Completeness.SYN_ACK;
  else if (hasAck) bits |= len > 0 ? Completeness.DATA : Completeness.ACK;
  if (hasAck && (flags & Flag.FIN) !== 0) bits |= Completeness.FIN;
  if ((flags & Flag.RST) !== 0) bits |= Completeness.RST;
  return bits;
}
