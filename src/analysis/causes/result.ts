/**
 * What the analysis of causes says of one segment, with its evidence.
 *
 * @module
 */

/** One object, reused: valid until the next segment. Frames are 0 where there is none to name. */
export interface SegmentCauses {
  /** Number of the cause in `CAUSES`; 0: nothing to say. */
  readonly cause: number;
  /** What told reordering from retransmission, in `DECISIONS`. */
  readonly decidedBy: number;
  /** The frame that carried the same bytes last before. */
  readonly sentFrame: number;
  /** Nanoseconds since that frame. */
  readonly sentNs: number;
  /** The acknowledgement (or SYN) that set the retransmission off. */
  readonly triggerFrame: number;
  /** Nanoseconds since that frame. */
  readonly triggerNs: number;
  /** Of timers: 1 for the first time, 2 for the second without an answer … */
  readonly attempt: number;
  /** Nanoseconds that the sender's timer had been running as seen here; 0: it was not the timer. */
  readonly timerNs: number;
  /** RTO as RFC 6298 computes it here, without a minimum and with backoff; 0: no round trip was measured. */
  readonly rtoNs: number;
  /** Smoothed round-trip time seen here; 0: not measured. */
  readonly srttNs: number;
  /** Duplicate acknowledgements before this segment. */
  readonly dupAcks: number;
  /** Bytes behind this segment that the receiver had reported as received. */
  readonly sackedBytes: number;
  /** What this segment proves about an earlier one, in `PROOFS`; 0: nothing. */
  readonly spurious: number;
  /** The frame that was needless. */
  readonly spuriousFrame: number;
  /** The cause of that frame. */
  readonly spuriousCause: number;
  /** A frame that this acknowledgement shows to have been overtaken by later ones; 0: none. */
  readonly reorderedFrame: number;
  /** Segments on the wire that this one stands for; 0 without data. */
  readonly wireSegments: number;
  /** State of each end after this segment: indices of `STATES`. */
  readonly clientState: number;
  readonly serverState: number;
}

/** The result under construction. */
export type MutableCauses = { -readonly [K in keyof SegmentCauses]: SegmentCauses[K] };

/** A result to reuse for every segment. */
export function newCauses(): MutableCauses {
  return {
    cause: 0,
    decidedBy: 0,
    sentFrame: 0,
    // Not whole numbers: fields that hold doubles from the beginning stay as they are.
    sentNs: 0.5,
    triggerFrame: 0,
    triggerNs: 0.5,
    attempt: 0,
    timerNs: 0.5,
    rtoNs: 0.5,
    srttNs: 0.5,
    dupAcks: 0,
    sackedBytes: 0,
    spurious: 0,
    spuriousFrame: 0,
    spuriousCause: 0,
    reorderedFrame: 0,
    wireSegments: 0,
    clientState: 0,
    serverState: 0,
  };
}

/** Forgets the segment before; the states stay until they are set. */
export function clearCauses(c: MutableCauses): void {
  c.cause = c.decidedBy = 0;
  c.sentFrame = c.sentNs = 0;
  c.triggerFrame = c.triggerNs = 0;
  c.attempt = c.timerNs = c.rtoNs = c.srttNs = 0;
  c.dupAcks = c.sackedBytes = 0;
  c.spurious = c.spuriousFrame = c.spuriousCause = 0;
  c.reorderedFrame = 0;
}
