/**
 * What a retransmission leaves behind: the recovery that it begins, and the
 * bytes as sent again.
 *
 * @module
 */
import { seqLeq, seqLt } from "../../wire/seqnum.ts";
import { Flag } from "../../wire/tcp.ts";
import { Cause } from "./cause.ts";
import { Mark } from "./direction.ts";
import type { Passing } from "./passing.ts";
import type { Trouble } from "./trouble.ts";

/** Part of the RTO that must have been silent for a missing tail-loss probe to be told. */
const SILENT = 0.9;
/** Times that are counted of one segment. */
const MOST_TRIES = 250;

/** Remembers the segment in `p`, sent again for `cause`. */
export function enterResent(p: Passing, trouble: Trouble, cause: number): void {
  const { fwd, result } = p;
  result.dupAcks = fwd.dupAcks;
  result.sackedBytes = trouble.sacked.bytesFrom(p.end);
  result.srttNs = p.path.srtt;
  if (cause === Cause.RTO || cause === Cause.FIN_TIMER) enterTimeout(p, trouble, cause);
  else enterOther(p, trouble, cause);
  trouble.againSinceRto++;
  trouble.again.add(p.seq, p.end);
  trouble.holes.fill(p.seq, p.end);
  p.resent.add(trouble, p, cause);
  markLog(p);
  if (p.hasFlag(Flag.SYN)) fwd.synTime = p.time;
  // The timer starts again with the first outstanding byte (RFC 6298 §5.5).
  if (seqLeq(p.seq, fwd.una) || cause === Cause.TLP) fwd.timerTime = p.time;
  if (seqLt(fwd.sndMax, p.end)) {
    // More than before: new data, or the FIN, went with it.
    p.noteSent();
    fwd.sndMax = p.end;
  }
}

function enterTimeout(p: Passing, trouble: Trouble, cause: number): void {
  const { fwd } = p;
  learnProbes(p, trouble);
  trouble.attempts++;
  trouble.enter("timeout", fwd.sndMax, cause);
  trouble.rtoFrame = p.frame;
  trouble.isRtoSpurious = false;
  trouble.acksSinceRto = trouble.againSinceRto = 0;
}

function enterOther(p: Passing, trouble: Trouble, cause: number): void {
  if (cause === Cause.TLP) {
    trouble.isProbed = true;
    trouble.probeEnd = p.fwd.sndMax;
    return;
  }
  const begins = cause === Cause.FAST_DUP_ACK || cause === Cause.FAST_SACK || cause === Cause.RACK;
  const { prompt } = p.path;
  if (begins && trouble.recoveryAt(p.time, prompt, p.seq) === "none") {
    trouble.enter("fast", p.fwd.sndMax, cause);
  }
}

/** A timeout of the head of several segments, with no probe of their tail before: this sender does not probe. */
function learnProbes(p: Passing, trouble: Trouble): void {
  const { fwd, path } = p;
  if (trouble.recovery !== "none" || trouble.isProbed || trouble.sacked.length > 0) return;
  if (p.end === fwd.sndMax || path.rto === 0 || fwd.dupAcks > 0) return;
  if (p.time - fwd.sendTime >= SILENT * path.rto) fwd.mark(Mark.NO_PROBES);
}

/** The last transmission counts. */
function markLog(p: Passing): void {
  const { fwd, log } = p;
  const { words, logAt } = fwd;
  let row = log.find(words, logAt, p.seq);
  for (; row !== 0; row = log.after(words, logAt, row)) {
    log.frame[row] = p.frame;
    log.time[row] = p.time;
    log.tsVal[row] = p.tsVal;
    log.ipId[row] = p.ipId;
    log.tries[row] = Math.min(MOST_TRIES, log.tries[row]! + 1);
    if (seqLeq(p.end, log.end[row]!)) return;
  }
}
