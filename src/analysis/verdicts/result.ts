/**
 * What the analysis says of one segment.
 *
 * @module
 */
import { NOTES, VERDICTS } from "./verdict.ts";

/** Bits of `tcp.completeness`: what of a connection has been seen. */
export const Completeness = {
  SYN: 1,
  SYN_ACK: 2,
  ACK: 4,
  DATA: 8,
  FIN: 16,
  RST: 32,
} as const;

/** Verdicts and numbers of a segment. One object, reused: valid until the next segment. */
export interface SegmentVerdicts {
  /** Bits of `Verdict` and `Note`, whether Wireshark shows them or not. */
  readonly bits: number;
  /**
   * False where Wireshark shows no verdict and no number: the header ends early, states an
   * impossible length, or has an option that does. Notes are shown all the same.
   */
  readonly isShown: boolean;
  /** Whether anything at all was found: `tcp.analysis`. */
  readonly hasRecord: boolean;
  /** 1 for the first copy of an acknowledgement; 0 without `duplicate_ack`. */
  readonly duplicateAckNum: number;
  /** The frame that it is a copy of. */
  readonly duplicateAckFrame: number;
  /** The frame whose end is acknowledged; 0: none. */
  readonly acksFrame: number;
  /** Nanoseconds since that frame; 0: not known. */
  readonly ackRttNs: number;
  /** Nanoseconds from the SYN to the ACK of the SYN-ACK, on every segment from there on; 0: not known. */
  readonly initialRttNs: number;
  /** Bytes sent and not acknowledged, with this segment; 0: not known. */
  readonly bytesInFlight: number;
  /** Bytes since the last push; shown beside the bytes in flight. */
  readonly pushBytes: number;
  /** Nanoseconds since the segment that the retransmission timer ran for; 0: not known. */
  readonly rtoNs: number;
  readonly rtoFrame: number;
  /** Bits of {@link Completeness}: of all segments before this one. */
  readonly completeness: number;
  /** Why each verdict was given. */
  readonly evidence: Evidence;
}

/**
 * What each verdict rests on, by the number of its bit; meaningful where the bit is set. The bytes are
 * the segment's own, but of a retransmission those that the frame carried too; of lost segments the missing ones;
 * of an overtaken segment all up to the highest end; of a full window the whole window; of a D-SACK its block.
 */
export interface Evidence {
  /** The frame that was compared; 0 when there is none to name. */
  readonly frame: Uint32Array;
  /** Nanoseconds since that frame. */
  readonly sinceNs: Float64Array;
  /** The bytes in question, `[from, to)`, on the wire's count. */
  readonly from: Uint32Array;
  readonly to: Uint32Array;
}

/** The result under construction. */
export type MutableVerdicts = { -readonly [K in keyof SegmentVerdicts]: SegmentVerdicts[K] };

/** A result to reuse for every segment. */
export function newVerdicts(): MutableVerdicts {
  const kinds = VERDICTS.length + NOTES.length;
  return {
    bits: 0,
    isShown: false,
    hasRecord: false,
    duplicateAckNum: 0,
    duplicateAckFrame: 0,
    acksFrame: 0,
    // Not whole numbers: fields that hold doubles from the beginning stay as they are.
    ackRttNs: 0.5,
    initialRttNs: 0.5,
    bytesInFlight: 0,
    pushBytes: 0,
    rtoNs: 0.5,
    rtoFrame: 0,
    completeness: 0,
    evidence: {
      frame: new Uint32Array(kinds),
      sinceNs: new Float64Array(kinds),
      from: new Uint32Array(kinds),
      to: new Uint32Array(kinds),
    },
  };
}

/** Forgets the segment before. */
export function clearVerdicts(v: MutableVerdicts): void {
  v.bits = 0;
  v.isShown = v.hasRecord = false;
  v.duplicateAckNum = v.duplicateAckFrame = v.acksFrame = 0;
  v.ackRttNs = v.initialRttNs = v.rtoNs = 0;
  v.bytesInFlight = v.pushBytes = v.rtoFrame = v.completeness = 0;
}
