/**
 * What an acknowledgement tells of the other direction: that bytes arrived,
 * that some are missing, that some were sent in vain or were overtaken.
 *
 * @module
 */
import { type SeqNum, seqAdd, seqDiff, seqLeq, seqLt } from "../../wire/seqnum.ts";
import { Flag } from "../../wire/tcp.ts";
import { Mark, Time } from "./direction.ts";
import { FARTHEST } from "./farthest.ts";
import type { Passing } from "./passing.ts";
import { addSample } from "./rtt.ts";
import { proveByDsack, proveByNewAck } from "./spurious.ts";
import type { Trouble } from "./trouble.ts";
import { segmentSize } from "./wire-segments.ts";

/** Segments behind a hole that show it to be a loss (RFC 5681 §3.2, RFC 6675 §2). */
const DUP_THRESHOLD = 3;

/** Bytes that can be out before the SYN is answered: windows are not scaled yet (RFC 7323 §2.2). */
const FIRST_FLIGHT = 65_535;

/** Everything that the acknowledgement in `p` says; `window` is its window, scaled. */
export function onAcknowledgement(p: Passing, window: number): void {
  const { rev } = p;
  if (!rev.has(Mark.ACKED)) {
    if (isOfBefore(p)) return;
    rev.mark(Mark.ACKED);
    rev.una = p.ack;
    if (!rev.has(Mark.SENT)) {
      rev.mark(Mark.SENT);
      rev.sndMax = p.ack;
    }
    advance(p);
  }
  const ahead = seqDiff(p.ack, rev.una);
  if (ahead > FARTHEST) return;
  if (ahead > 0) advance(p);
  else if (ahead === 0) repeat(p, window);
  if (p.sackCount > 0) onSack(p);
  if (ahead < 0) return;
  rev.window = window;
  rev.ackTime = p.time;
  rev.ackFrame = p.frame;
}

/** Its SYN is answered with a number of the connection before on these ports (RFC 9293 §3.10.7.3, RFC 5961 §4). */
function isOfBefore({ fwd, rev, ack }: Passing): boolean {
  if (!rev.has(Mark.SYN) || fwd.has(Mark.SYN)) return false;
  return Math.abs(seqDiff(ack, rev.sndMax)) > FIRST_FLIGHT;
}

/** Something new is acknowledged. */
function advance(p: Passing): void {
  const { rev, log } = p;
  const trouble = p.troubleOf(rev);
  if (trouble !== null) noteOvertaken(p, trouble);
  const row = log.acknowledge(rev.words, rev.logAt, p.ack);
  const isClean = trouble === null || (trouble.sacked.length === 0 && trouble.recovery === "none");
  // Karn's rule (RFC 6298 §3); bytes that waited behind a hole are no measure either.
  if (row !== 0 && isClean && log.tries[row] === 0) {
    rev.times[rev.timesAt + Time.SAMPLE] = p.time - log.time[row]!;
    addSample(rev.times, rev.timesAt);
  }
  if (seqLt(rev.sndMax, p.ack)) rev.sndMax = p.ack;
  const before = rev.una;
  rev.una = p.ack;
  rev.dupAcks = 0;
  rev.timerTime = p.time;
  if (trouble === null) return;
  proveByNewAck(p, trouble, before);
  trouble.onNewAck(p.ack, p.time);
  if (trouble.isOver) rev.unmark(Mark.TROUBLED);
}

/** The same acknowledgement again (RFC 5681 §2). */
function repeat(p: Passing, window: number): void {
  const { rev } = p;
  // With SACK it is what is reported that counts.
  if (p.payloadLen > 0 || p.hasFlag(Flag.SYN | Flag.FIN) || p.sackCount > 0) return;
  // Both copies arrived (RFC 8985 §7.4.2).
  const known = p.troubleOf(rev);
  if (known !== null && p.ack === known.probeEnd) known.isProbed = false;
  if (rev.una === rev.sndMax || window !== rev.window || window === 0) return;
  rev.dupAcks++;
  hint(p, p.reverseTrouble, rev.dupAcks >= DUP_THRESHOLD);
}

/** A hole is told of; `isEnough`: three segments are behind it. */
function hint(p: Passing, trouble: Trouble, isEnough: boolean): void {
  trouble.hintTime = p.time;
  trouble.hintFrame = p.frame;
  if (trouble.firstHintTime === -Infinity) trouble.firstHintTime = p.time;
  if (!isEnough || trouble.thresholdTime !== -Infinity) return;
  trouble.thresholdTime = p.time;
  trouble.thresholdFrame = p.frame;
}

/** RFC 2018 §4: the first block is what has just arrived, unless it is a duplicate (RFC 2883 §4). */
function onSack(p: Passing): void {
  const { rev, sack } = p;
  const trouble = p.reverseTrouble;
  rev.mark(Mark.SACK);
  const isDuplicate = isDsack(p);
  if (isDuplicate) proveByDsack(p, trouble, sack[0]!, sack[1]!);
  let added = 0;
  for (let i = isDuplicate ? 1 : 0; i < p.sackCount; i++) {
    const from = sack[2 * i]!;
    const to = sack[2 * i + 1]!;
    if (!seqLt(rev.una, to) || !seqLeq(to, rev.sndMax)) continue;
    if (i === 0) noteLateBlock(p, trouble, from, to);
    added += trouble.sacked.add(seqLt(from, rev.una) ? rev.una : from, to);
  }
  if (added === 0) return;
  if (p.ack === rev.una) rev.dupAcks++;
  const isEnough = trouble.sacked.bytes > (DUP_THRESHOLD - 1) * segmentSize(rev, p.fwd);
  hint(p, trouble, isEnough || rev.dupAcks >= DUP_THRESHOLD);
}

/** The first block lies below the acknowledgement, or in the second block. */
function isDsack({ sack, ack, sackCount }: Passing): boolean {
  if (seqLeq(sack[1]!, ack)) return true;
  return sackCount > 1 && seqLeq(sack[2]!, sack[0]!) && seqLeq(sack[1]!, sack[3]!);
}

/** Bytes arrive behind later ones although they were sent once: overtaken. */
function noteLateBlock(p: Passing, trouble: Trouble, from: SeqNum, to: SeqNum): void {
  const { sacked } = trouble;
  if (sacked.length === 0) return;
  const at = sacked.has(from) ? seqAdd(to, -1) : from;
  if (sacked.has(at) || !seqLt(at, sacked.to(sacked.length - 1))) return;
  reorderedAt(p, trouble, at);
}

/** A hole that was reported is filled, although its bytes were sent once. */
function noteOvertaken(p: Passing, trouble: Trouble): void {
  const { rev } = p;
  const { sacked } = trouble;
  if (sacked.length > 0 && seqLt(rev.una, sacked.from(0))) reorderedAt(p, trouble, rev.una);
}

function reorderedAt(p: Passing, trouble: Trouble, seq: SeqNum): void {
  const row = p.log.find(p.rev.words, p.rev.logAt, seq);
  if (row === 0 || p.log.tries[row] !== 0) return;
  trouble.reordered++;
  p.result.reorderedFrame = p.log.frame[row]!;
}
