/**
 * Whether bytes were sent again, by the verdict and the cause together: the
 * rule that the findings and the story count by (docs/decisions/0006).
 *
 * @module
 */
import { Verdict } from "../verdicts/verdict.ts";
import { Cause, isRetransmission } from "./cause.ts";

/**
 * By the verdict in `bits`, unless the cause shows that nothing was sent again; by the cause where
 * the verdict takes the segment for overtaken.
 */
export function isSentAgain(bits: number, cause: number): boolean {
  if ((bits & Verdict.OUT_OF_ORDER) !== 0) return isRetransmission(cause);
  const isOther = cause > Cause.UNKNOWN && cause !== Cause.UNDECIDED;
  return (bits & Verdict.RETRANSMISSION) !== 0 && !isOther;
}
