/**
 * What a segment leaves behind for those after it.
 *
 * @module
 */
import { seqLt } from "../../../wire/seqnum.ts";
import type { Arrival } from "../arrival.ts";
import { Verdict } from "../verdict.ts";
import { plus } from "../word.ts";

/** Enters the segment as sent; a probe of a closed window moves nothing, since its byte is seldom taken. */
export function rememberSent(a: Arrival): void {
  const { fwd } = a;
  const end = a.isEmpty ? a.end : enterUnacked(a);
  if (!a.has(Verdict.ZERO_WINDOW_PROBE)) {
    if (fwd.next === 0 || seqLt(fwd.next, end)) {
      fwd.next = end;
      fwd.nextFrame = a.frame;
      fwd.nextTime = a.time;
    }
    if (fwd.edge === 0 || a.seq === fwd.edge) fwd.edge = fwd.next;
  }
  fwd.lastWindow = a.window;
  fwd.lastAck = a.ack;
  fwd.lastFrame = a.frame;
  fwd.lastTime = a.time;
  fwd.lastVerdicts = a.result.bits;
  fwd.mpOperations = a.mpOperations;
}

/** The end of the segment, with the number of a SYN or FIN while the list has room. */
function enterUnacked(a: Arrival): number {
  const end = a.takesOne ? plus(a.end, 1) : a.end;
  const { unacked } = a.fwd;
  unacked.now = a.time;
  return unacked.push(a.frame, a.seq, end) ? end : a.end;
}

/**
 * Strikes off what the segment acknowledges. The round-trip time is measured
 * from the first copy, if one ends right there: no Karn's rule (RFC 6298 §3).
 */
export function acknowledge(a: Arrival): void {
  const { result } = a;
  const { unacked } = a.rev;
  unacked.acknowledge(a.ack);
  const { found } = unacked;
  if (found.frame === 0) return;
  result.acksFrame = found.frame;
  result.ackRttNs = a.time - found.time;
}
