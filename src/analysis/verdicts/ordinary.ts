/**
 * The short way for ordinary segments: the next data, or a new
 * acknowledgement, of which no rule has anything to say.
 *
 * This is what `analyzeSequence` and the rest leave behind for such a segment,
 * in one pass over the row's numbers: 97 of 100 segments of a real capture, in
 * a quarter of the time. Whatever is in question goes the long way, before anything has been
 * changed; a test holds the two ways against each other.
 *
 * @module
 */
import type { PacketRecord } from "../../pcap/sink.ts";
import { BASE, SCALE, SLOT } from "../../trace/flows.ts";
import { SCALE_UNKNOWN, SCALE_UNUSED } from "../../trace/segment.ts";
import { seqLeq, seqLt } from "../../wire/seqnum.ts";
import { Flag } from "../../wire/tcp.ts";
import { HAS_SYN_TIME, Whole, WholeTime } from "./connection.ts";
import { End, EndTime, Mark, sackedBytes } from "./endpoint.ts";
import { Completeness, type MutableVerdicts } from "./result.ts";
import type { Rows } from "./rows.ts";
import { MOST_FLIGHT } from "./rules/flight.ts";
import type { Unacked } from "./unacked/unacked.ts";
import { plus, type Word } from "./word.ts";

const NS = 1_000_000_000;

/** Whether a plain segment of the connection at `rows` is ordinary. */
export function isOrdinary(
  rows: Rows,
  flow: number,
  seq: Word,
  ack: Word,
  len: number,
  window: number,
  slots: Int32Array,
): boolean {
  const { words, fwd, rev } = rows;
  if (seq !== words[fwd + End.NEXT] || seq === 0 || window === 0) return false;
  if (len <= 1 && (len === 1 || ack === words[fwd + End.LAST_ACK])) return false;
  const edge = words[rev + End.EDGE]!;
  if (edge !== 0 && seqLt(edge, ack)) return false;
  if (words[rows.at + Whole.MPTCP] !== 0) return false;
  return len === 0 || !isDataInQuestion(words, rev, plus(seq, len), reverseScaleOf(slots, flow));
}

/** Of the receiver's windows. */
function reverseScaleOf(slots: Int32Array, flow: number): number {
  return slots[(flow >>> 1) * SLOT + SCALE + ((flow & 1) ^ 1)]!;
}

/** What is acknowledged already, and what fills the window. */
function isDataInQuestion(words: Int32Array, rev: number, end: Word, scale: number): boolean {
  const lastAck = words[rev + End.LAST_ACK]!;
  if (lastAck !== 0 && seqLeq(end, lastAck)) return true;
  if (scale === SCALE_UNKNOWN) return false;
  const isSyn = (words[rev + End.MARKS]! & Mark.SYN_UNANSWERED) !== 0;
  const shift = isSyn || scale === SCALE_UNUSED ? 0 : scale;
  return end === plus(lastAck, (words[rev + End.LAST_WINDOW]! - 1) << shift);
}

/** Sets the time of the segment in `p`, nanoseconds of the connection at `rows`. */
export function setTime(rows: Rows, p: PacketRecord): void {
  rows.now = (p.sec - rows.times[rows.timeAt + WholeTime.EPOCH]!) * NS + p.nsec;
}

// A number that is no small integer would be boxed whenever it is passed or returned: `now` is a field.

/** What the ordinary segment leaves behind in the row. */
export function rememberOrdinary(
  rows: Rows,
  frame: number,
  seq: Word,
  ack: Word,
  len: number,
  window: number,
): void {
  const { words, times, fwd, rev, fwdTime, now } = rows;
  const end = plus(seq, len);
  words[rows.at + Whole.LAST_FRAME] = frame;
  words[rev + End.MARKS] = words[rev + End.MARKS]! & ~Mark.FLIGHT_UNSURE;
  if (ack !== words[fwd + End.LAST_ACK]) {
    words[fwd + End.LAST_ACK] = ack;
    words[fwd + End.DUP_BASE] = frame;
    words[fwd + End.DUP_COUNT] = 0;
  }
  words[fwd + End.LAST_WINDOW] = window + 1;
  words[fwd + End.LAST_FRAME] = frame;
  words[fwd + End.LAST_VERDICTS] = 0;
  words[fwd + End.MP_OPERATIONS] = 0;
  words[fwd + End.SACK_COUNT] = 0;
  words[fwd + End.MARKS] = words[fwd + End.MARKS]! & ~Mark.SYN_UNANSWERED;
  times[fwdTime + EndTime.LAST] = now;
  if (len > 0) {
    words[fwd + End.NEXT] = end;
    words[fwd + End.NEXT_FRAME] = frame;
    times[fwdTime + EndTime.NEXT] = now;
  }
  const edge = words[fwd + End.EDGE]!;
  if (edge === 0 || edge === seq) words[fwd + End.EDGE] = end;
}

/** What `acknowledge` of `rules/remember.ts` does. */
export function acknowledgeOrdinary(
  result: MutableVerdicts,
  unacked: Unacked,
  rows: Rows,
  ack: Word,
): void {
  const at = rows.rev + End.UNACKED;
  if (rows.words[at] === 0 && rows.words[at + 1] === 0) return;
  unacked.seat(rows.words, at, rows.times, rows.revTime + EndTime.UNACKED);
  unacked.acknowledge(ack);
  const { found } = unacked;
  if (found.frame === 0) return;
  result.hasRecord = true;
  result.acksFrame = found.frame;
  result.ackRttNs = rows.now - found.time;
}

/** Completeness, and the handshake's round-trip time. */
export function noteWhole(result: MutableVerdicts, rows: Rows, len: number): void {
  const { words, times, at, timeAt } = rows;
  const completeness = words[at + Whole.COMPLETENESS]!;
  result.completeness = completeness;
  words[at + Whole.COMPLETENESS] = completeness | (len > 0 ? Completeness.DATA : Completeness.ACK);
  const rtt = times[timeAt + WholeTime.INITIAL_RTT]!;
  if (rtt === 0 && (words[at + Whole.MARKS]! & HAS_SYN_TIME) !== 0) {
    times[timeAt + WholeTime.INITIAL_RTT] = rows.now - times[timeAt + WholeTime.SYN]!;
  }
  result.initialRttNs = times[timeAt + WholeTime.INITIAL_RTT]!;
}

/** Enters the data as sent, and counts what is in flight as `countFlight` does. */
export function sendOrdinary(
  result: MutableVerdicts,
  unacked: Unacked,
  rows: Rows,
  frame: number,
  seq: Word,
  len: number,
  flags: number,
  base: Word,
): void {
  const { words, fwd, rev } = rows;
  unacked.seat(words, fwd + End.UNACKED, rows.times, rows.fwdTime + EndTime.UNACKED);
  unacked.now = rows.now;
  unacked.push(frame, seq, plus(seq, len));
  const marks = words[fwd + End.MARKS]!;
  if ((marks & Mark.FLIGHT_UNSURE) !== 0) return;
  const span = unacked.span(base);
  const before = (marks & Mark.PUSH_SEEN) !== 0 ? 0 : words[fwd + End.PUSH_BYTES]!;
  words[fwd + End.PUSH_BYTES] = before + len;
  const isPush = (flags & Flag.PSH) !== 0;
  words[fwd + End.MARKS] = isPush ? marks | Mark.PUSH_SEEN : marks & ~Mark.PUSH_SEEN;
  result.pushBytes = (before + len) >>> 0;
  result.hasRecord = true;
  const isSacked = words[rev + End.SACK_COUNT] !== 0;
  const bytes = isSacked ? (span - sackedBytes(words, rev)) >>> 0 : span;
  if (bytes < MOST_FLIGHT) result.bytesInFlight = bytes;
}

/** The sender's number that is shown as 0. */
export function baseOf(slots: Int32Array, flow: number): Word {
  return slots[(flow >>> 1) * SLOT + BASE + (flow & 1)]!;
}
