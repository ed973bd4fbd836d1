/**
 * Retransmissions that turn out to have been needless, and what proves it.
 * The proof comes with a later acknowledgement.
 *
 * @module
 */
import { type SeqNum, seqLeq, seqLt } from "../../wire/seqnum.ts";
import { Cause, Proof } from "./cause.ts";
import type { Passing } from "./passing.ts";
import type { Trouble } from "./trouble.ts";

/** Part of the shortest round trip within which nothing sent can have been answered. */
const TOO_SOON = 0.5;

/** The receiver got `[from, to)` twice: its last retransmission was one too many (RFC 3708 §2). */
export function proveByDsack(p: Passing, trouble: Trouble, from: SeqNum, to: SeqNum): void {
  const earliest = p.time - TOO_SOON * p.rev.minRtt;
  const one = p.resent.needless(trouble, from, to, earliest);
  if (one !== -1) prove(p, trouble, one, Proof.DSACK);
  trouble.isProbed = false;
}

/** A new acknowledgement, of all from `before` on. */
export function proveByNewAck(p: Passing, trouble: Trouble, before: SeqNum): void {
  trouble.acksSinceRto++;
  if (trouble.resentWaiting > 0) {
    p.resent.acknowledge(trouble, p.ack, (one) => {
      const proof = proofOf(p, one, before);
      if (proof !== Proof.NONE) prove(p, trouble, one, proof);
    });
  }
  proveByFRto(p, trouble);
}

function proofOf(p: Passing, one: number, before: SeqNum): number {
  const { resent } = p;
  // Only what fills the first hole is echoed (RFC 7323 §4.3).
  const isFirst = seqLeq(resent.from[one]!, before) && seqLt(before, resent.to[one]!);
  const isStamped = isFirst && p.hasTs && resent.hasTs(one);
  if (isStamped && seqLt(p.tsEcr, resent.tsVal[one]!)) return Proof.TIMESTAMPS;
  const { minRtt } = p.rev;
  return minRtt > 0 && p.time - resent.time[one]! < TOO_SOON * minRtt ? Proof.TOO_SOON : Proof.NONE;
}

/**
 * RFC 5682 §2.1 step 3: with nothing sent again but the first segment, a second new
 * acknowledgement is of data that was sent once, before the timeout.
 */
function proveByFRto(p: Passing, trouble: Trouble): void {
  if (trouble.recovery !== "timeout" || trouble.isRtoSpurious) return;
  if (trouble.acksSinceRto !== 2 || trouble.againSinceRto !== 1 || trouble.sacked.length > 0)
    return;
  if (seqLt(trouble.recoveryEnd, p.ack)) return;
  const one = p.resent.inFrame(trouble, trouble.rtoFrame);
  if (one !== -1 && !p.resent.isNeedless(one)) prove(p, trouble, one, Proof.F_RTO);
}

function prove(p: Passing, trouble: Trouble, one: number, proof: number): void {
  const { result, resent } = p;
  resent.markNeedless(one);
  trouble.spurious++;
  // When the rest was needless, then because the first transmissions arrive after all.
  if (resent.frame[one] === trouble.rtoFrame || resent.cause[one] === Cause.RTO_RECOVERY) {
    trouble.isRtoSpurious = true;
  }
  result.spurious = proof;
  result.spuriousFrame = resent.frame[one]!;
  result.spuriousCause = resent.cause[one]!;
}
