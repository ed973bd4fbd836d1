/**
 * Acknowledgements: whether this one is new, and whether it is of something
 * that was never seen.
 *
 * @module
 */
import { seqLt } from "../../../wire/seqnum.ts";
import type { Arrival } from "../arrival.ts";
import { MUTED } from "../endpoint.ts";
import { Verdict } from "../verdict.ts";

/** Another number: duplicates are counted from here. */
export function countFromNewAck(a: Arrival): void {
  const { fwd } = a;
  if (a.ack === fwd.lastAck) return;
  fwd.dupBase = a.frame;
  fwd.dupCount = 0;
}

/**
 * Acknowledges beyond what was seen without a gap. What was seen behind the
 * gap counts from then on; without any, the repetitions that follow are muted:
 * in the other side's count of duplicates, where the mark is also beyond the
 * threshold of a fast retransmission.
 */
export function judgeAckLostSegment(a: Arrival): void {
  const { rev } = a;
  const { edge } = rev;
  if (!a.hasAck || edge === 0 || !seqLt(edge, a.ack)) return;
  a.result.hasRecord = true;
  if (seqLt(edge, rev.next)) {
    // Behind a gap, of which nobody knows whether it was filled.
    rev.edge = rev.next;
    return a.give(Verdict.ACK_LOST_SEGMENT, 0, 0, edge, a.ack);
  }
  const isMuted = rev.dupCount !== 0;
  rev.dupCount = MUTED;
  if (!isMuted) a.give(Verdict.ACK_LOST_SEGMENT, rev.nextFrame, rev.nextTime, edge, a.ack);
}
