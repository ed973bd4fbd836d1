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
import type { Arrival } from "./arrival.ts";
import { HAS_SYN_TIME, Whole, WholeTime } from "./connection.ts";
import { End, EndTime, Mark, sackedBytes } from "./endpoint.ts";
import { clearVerdicts, Completeness } from "./result.ts";
import type { Rows } from "./rows.ts";
import { MOST_FLIGHT } from "./rules/flight.ts";
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
  const edge = words[rev + End.EDGE]!;
  if (edge !== 0 && seqLt(edge, ack)) return false;
  if (words[rows.at + Whole.MPTCP] !== 0) return false;
  if (len <= 1) return len === 0 && ack !== words[fwd + End.LAST_ACK];
  // Data: not acknowledged already, and not up to the end of the window.
  const lastAck = words[rev + End.LAST_ACK]!;
  const end = plus(seq, len);
  if (lastAck !== 0 && seqLeq(end, lastAck)) return false;
  const scale = slots[(flow >>> 1) * SLOT + SCALE + ((flow & 1) ^ 1)]!;
  if (scale === SCALE_UNKNOWN) return true;
  const isSyn = (words[rev + End.MARKS]! & Mark.SYN_UNANSWERED) !== 0;
  const shift = isSyn || scale === SCALE_UNUSED ? 0 : scale;
  return end !== plus(lastAck, (words[rev + End.LAST_WINDOW]! - 1) << shift);
}

/**
 * What the ordinary segment `packet` leaves behind in its row, and its result: the time, what is
 * acknowledged, completeness, and for data what is sent and in flight.
 *
 * One function: each call would load the row's arrays again, 50 ns a segment in all.
 */
export function passOrdinary(
  { result, fwd: sender, rev: receiver }: Arrival,
  rows: Rows,
  packet: PacketRecord,
  seq: Word,
  ack: Word,
  len: number,
  window: number,
  flags: number,
  base: Word,
): void {
  const { words, times, at, timeAt, fwd, rev, fwdTime } = rows;
  const { frame } = packet;
  const end = (seq + len) | 0;
  const now = (packet.sec - times[timeAt + WholeTime.EPOCH]!) * NS + packet.nsec;

  // The connection as a whole.
  const completeness = words[at + Whole.COMPLETENESS]!;
  words[at + Whole.COMPLETENESS] = completeness | (len > 0 ? Completeness.DATA : Completeness.ACK);
  words[at + Whole.LAST_FRAME] = frame;
  let rtt = times[timeAt + WholeTime.INITIAL_RTT]!;
  if (rtt === 0 && (words[at + Whole.MARKS]! & HAS_SYN_TIME) !== 0) {
    rtt = now - times[timeAt + WholeTime.SYN]!;
    times[timeAt + WholeTime.INITIAL_RTT] = rtt;
  }
  clearVerdicts(result);
  result.isShown = true;
  result.completeness = completeness;
  result.initialRttNs = rtt;

  // Its sender: rules/remember.ts.
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
  times[fwdTime + EndTime.LAST] = now;
  const edge = words[fwd + End.EDGE]!;
  if (edge === 0 || edge === seq) words[fwd + End.EDGE] = end;
  const marks = words[fwd + End.MARKS]! & ~Mark.SYN_UNANSWERED;
  words[fwd + End.MARKS] = marks;

  // What it acknowledges.
  words[rev + End.MARKS] = words[rev + End.MARKS]! & ~Mark.FLIGHT_UNSURE;
  const acked = rev + End.UNACKED;
  if (words[acked] !== 0 || words[acked + 1] !== 0) {
    const { unacked } = receiver;
    unacked.seat(words, acked, times, rows.revTime + EndTime.UNACKED);
    unacked.acknowledge(ack);
    const { found } = unacked;
    if (found.frame !== 0) {
      result.hasRecord = true;
      result.acksFrame = found.frame;
      result.ackRttNs = now - found.time;
    }
  }
  if (len === 0) return;

  // What it sends, and what is in flight with it: rules/flight.ts.
  words[fwd + End.NEXT] = end;
  words[fwd + End.NEXT_FRAME] = frame;
  times[fwdTime + EndTime.NEXT] = now;
  const { unacked } = sender;
  unacked.seat(words, fwd + End.UNACKED, times, fwdTime + EndTime.UNACKED);
  unacked.now = now;
  const span = unacked.pushAndSpan(frame, seq, end, base);
  if ((marks & Mark.FLIGHT_UNSURE) !== 0) return;
  const before = (marks & Mark.PUSH_SEEN) !== 0 ? 0 : words[fwd + End.PUSH_BYTES]!;
  words[fwd + End.PUSH_BYTES] = before + len;
  const isPush = (flags & Flag.PSH) !== 0;
  words[fwd + End.MARKS] = isPush ? marks | Mark.PUSH_SEEN : marks & ~Mark.PUSH_SEEN;
  result.pushBytes = (before + len) >>> 0;
  result.hasRecord = true;
  const bytes = words[rev + End.SACK_COUNT] === 0 ? span : (span - sackedBytes(words, rev)) >>> 0;
  if (bytes < MOST_FLIGHT) result.bytesInFlight = bytes;
}

/** The sender's number that is shown as 0. */
export function baseOf(slots: Int32Array, flow: number): Word {
  return slots[(flow >>> 1) * SLOT + BASE + (flow & 1)]!;
}
