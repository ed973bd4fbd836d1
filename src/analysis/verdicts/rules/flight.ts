/**
 * Bytes in flight, and bytes since the last push.
 *
 * @module
 */
import type { SegmentRecord } from "../../../trace/segment.ts";
import { Flag } from "../../../wire/tcp.ts";
import type { Arrival } from "../arrival.ts";
import { plus } from "../word.ts";

/** More than this is no number of bytes but a jump of the sequence numbers. */
export const MOST_FLIGHT = 2_000_000_000;

/** Counts both, for a segment with data while nothing is missing before it. */
export function countFlight(a: Arrival, s: SegmentRecord): void {
  const { fwd, result } = a;
  if (a.len === 0 || fwd.isFlightUnsure) return;
  const span = fwd.unacked.span(plus(a.seq, -s.relSeq));
  if (span === -1) return;
  result.hasRecord = true;
  countPush(a);
  // Holes count as in flight; what the receiver reported as arrived does not (RFC 2018).
  const bytes = (span - a.rev.sackedBytes) >>> 0;
  if (bytes === 0 || bytes >= MOST_FLIGHT) return;
  result.bytesInFlight = a.takesOne ? bytes - 1 : bytes;
}

function countPush(a: Arrival): void {
  const { fwd } = a;
  const isPush = (a.flags & Flag.PSH) !== 0;
  fwd.pushBytes = fwd.isPushSeen ? a.len : fwd.pushBytes + a.len;
  fwd.isPushSeen = isPush;
  a.result.pushBytes = fwd.pushBytes;
}
