/**
 * Retransmissions that turn out to have been needless, and what proves it.
 * The proof comes with a later acknowledgement.
 *
 * @module
 */
import { type SeqNum, seqLeq, seqLt } from "../../wire/seqnum.ts";
import { Cause, Proof } from "./cause.ts";
import type { Passing } from "./passing.ts";
import type { Retransmission } from "./resent.ts";
import type { Trouble } from "./trouble.ts";

/** Part of the shortest round trip within which nothing sent can have been answered. */
const TOO_SOON = 0.5;

/** The receiver got `[from, to)` twice: its last retransmission was one too many (RFC 3708 §2). */
export function proveByDsack(p: Passing, trouble: Trouble, from: SeqNum, to: SeqNum): void {
  const earliest = p.time - TOO_SOON * p.rev.minRtt;
  const one = trouble.resent.needless(from, to, earliest);
  if (one !== null) prove(p, trouble, one, Proof.DSACK);
  trouble.isProbed = false;
}

/** A new acknowledgement, of all from `before` on. */
export function proveByNewAck(p: Passing, trouble: Trouble, before: SeqNum): void {
  trouble.acksSinceRto++;
  if (trouble.resent.isWaiting) {
    trouble.resent.acknowledge(p.ack, (one) => {
      const proof = proofOf(p, one, before);
      if (proof !== Proof.NONE) prove(p, trouble, one, proof);
    });
  }
  proveByFRto(p, trouble);
}

function proofOf(p: Passing, one: Retransmission, before: SeqNum): number {
  // Only what fills the first hole is echoed (RFC 7323 §4.3).
  const isFirst = seqLeq(one.from, before) && seqLt(before, one.to);
  if (isFirst && p.hasTs && one.tsVal !== null && seqLt(p.tsEcr, one.tsVal))
    return Proof.TIMESTAMPS;
  const { minRtt } = p.rev;
  return minRtt > 0 && p.time - one.time < TOO_SOON * minRtt ? Proof.TOO_SOON : Proof.NONE;
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
  const one = trouble.resent.inFrame(trouble.rtoFrame);
  if (one !== null && !one.isNeedless) prove(p, trouble, one, Proof.F_RTO);
}

function prove(p: Passing, trouble: Trouble, one: Retransmission, proof: number): void {
  one.isNeedless = true;
  trouble.spurious++;
  // When the rest was needless, then because the first transmissions arrive after all.
  if (one.frame === trouble.rtoFrame || one.cause === Cause.RTO_RECOVERY) {
    trouble.isRtoSpurious = true;
  }
  const { result } = p;
  result.spurious = proof;
  result.spuriousFrame = one.frame;
  result.spuriousCause = one.cause;
}
