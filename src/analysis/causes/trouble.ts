/**
 * What is remembered of a direction in which something went wrong: bytes
 * that were reported as received behind a hole, bytes sent again, bytes never
 * seen, the recovery that goes on. Most directions have none of it.
 *
 * @module
 */
import { type SeqNum, seqLeq, seqLt } from "../../wire/seqnum.ts";
import { CAUSES } from "./cause.ts";
import { Holes } from "./holes.ts";
import { Ranges } from "./ranges.ts";
import type { ResentChain } from "./resent.ts";
import { Room } from "./room.ts";

/** How a sender recovers. */
export type Recovery = "none" | "fast" | "timeout";

/** Edges of ranges, and holes, of all directions together: 2 MB, 10 MB. */
const MOST_EDGES = 2 ** 19;
const MOST_HOLES = 2 ** 16;

/** What all troubles share. */
export class TroubleRoom {
  readonly edges: Room = new Room(MOST_EDGES);
  readonly holes: Room = new Room(MOST_HOLES);
}

/** See the module. Times are nanoseconds of the capture, frames 0 for none. */
export class Trouble implements ResentChain {
  /** Reported as received, above `una`. */
  readonly sacked: Ranges;
  /** Sent again since this recovery began, above `una`. */
  readonly again: Ranges;
  /** Skipped by what was captured: lost before, or still to come. */
  readonly holes: Holes;
  /** The last retransmissions. */
  resentLast = 0;
  resentWaiting = 0;
  /** Segments of each cause. */
  readonly counts: Uint32Array = new Uint32Array(CAUSES.length);
  /** Retransmissions proven needless. */
  spurious = 0;
  /** Segments seen to be overtaken. */
  reordered = 0;

  recovery: Recovery = "none";
  /** What was outstanding when the recovery began ends here. */
  recoveryEnd: SeqNum = 0;
  /** The cause that began it. */
  recoveryCause = 0;
  /** When it was over; what the sender sent before it knew counts still. */
  overTime = -Infinity;
  wasRecovery: Recovery = "none";

  /** Timeouts without new acknowledgement in between. */
  attempts = 0;
  /** Frame of the last timeout's retransmission. */
  rtoFrame = 0;
  /** The last timeout has been proven needless. */
  isRtoSpurious = false;
  /** New acknowledgements since the last timeout's retransmission. */
  acksSinceRto = 0;
  /** Retransmissions since then. */
  againSinceRto = 0;
  /** A probe for the tail is out, and it is not known what became of it (RFC 8985 §7.4). */
  isProbed = false;
  /** What was outstanding at that probe ends here. */
  probeEnd: SeqNum = 0;
  /** How long the timer had run at that probe, when it was all that was outstanding; else 0. */
  probeTimerNs = 0.5;

  /** The acknowledgement with which three segments were missing. */
  thresholdTime = -Infinity;
  thresholdFrame = 0;
  /** The last acknowledgement that told of a hole. */
  hintTime = -Infinity;
  hintFrame = 0;
  /** The first such acknowledgement for this hole. */
  firstHintTime = -Infinity;

  constructor(room: TroubleRoom) {
    this.sacked = new Ranges(room.edges);
    this.again = new Ranges(room.edges);
    this.holes = new Holes(room.holes);
  }

  /** Whether nothing is left of it that the next data, or a new acknowledgement, could change. */
  get isOver(): boolean {
    if (this.recovery !== "none" || this.isProbed || this.resentWaiting > 0) return false;
    if (this.attempts > 0 || this.hintTime !== -Infinity || this.probeTimerNs > 0) return false;
    return this.sacked.length + this.again.length + this.holes.length === 0;
  }

  /** Gives its room back. */
  release(): void {
    this.sacked.clear();
    this.again.clear();
    this.holes.clear();
  }

  /** The recovery that goes on for a segment sent at `time`, whose sender is `near` away and back. */
  recoveryAt(time: number, reaction: number, seq: SeqNum): Recovery {
    if (this.recovery !== "none") return seqLt(seq, this.recoveryEnd) ? this.recovery : "none";
    const isLate = time - this.overTime <= reaction && seqLt(seq, this.recoveryEnd);
    return isLate ? this.wasRecovery : "none";
  }

  /** A recovery of all below `end` begins. */
  enter(recovery: Recovery, end: SeqNum, cause: number): void {
    this.recovery = recovery;
    this.recoveryEnd = end;
    this.recoveryCause = cause;
    this.again.clear();
  }

  /** New data is acknowledged up to `ack`. */
  onNewAck(ack: SeqNum, time: number): void {
    this.sacked.dropBelow(ack);
    this.again.dropBelow(ack);
    this.holes.dropBelow(ack);
    this.attempts = 0;
    if (seqLt(this.probeEnd, ack)) this.isProbed = false;
    this.probeTimerNs = 0;
    this.thresholdTime = this.hintTime = this.firstHintTime = -Infinity;
    if (this.recovery === "none" || !seqLeq(this.recoveryEnd, ack)) return;
    this.wasRecovery = this.recovery;
    this.recovery = "none";
    this.overTime = time;
  }
}
