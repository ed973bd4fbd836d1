/**
 * What a detector is given: the segment in hand with what is known of its
 * connection before it; and at a connection's end, both its sides.
 *
 * @module
 */
import type { Text } from "../../base/lang.ts";
import type { SegmentRecord } from "../../trace/segment.ts";
import type { SegmentVerdicts } from "../verdicts/result.ts";
import type { FindingId, Severity } from "./catalogue.ts";
import type { ConnectionFacts, SideFacts } from "./facts.ts";
import type { Certainty, FindingWords } from "./finding.ts";
import type { Layout, Row } from "./rows.ts";
import type { Sighting } from "./sightings.ts";

/** A segment, and the state before it. One object, reused. */
export interface Moment {
  readonly s: SegmentRecord;
  readonly v: SegmentVerdicts;
  /** Nanoseconds since the first packet of the capture. */
  readonly time: number;
  readonly frame: number;
  /** The segment's flags. */
  readonly flags: number;
  /** Bits of `Verdict` and `Note`. */
  readonly bits: number;
  readonly flow: number;
  readonly reverseFlow: number;
  /** What is kept of the sender, before this segment. */
  readonly fwd: Row;
  /** Of the receiver. */
  readonly rev: Row;
  readonly connection: Row;
  /** Number of the cause (`Cause`); 0: nothing to say, or not asked. */
  readonly cause: number;
  /** Sent again, by its verdict and its cause. */
  readonly isAgain: boolean;
  /** A pure acknowledgement: no data, no SYN, FIN or RST. */
  readonly isPureAck: boolean;
}

/** One side of a connection that has ended. */
export interface EndedSide {
  readonly flow: number;
  readonly row: Row;
  readonly other: Row;
  readonly otherFlow: number;
  /** 0: the client, 1: the server. */
  readonly end: 0 | 1;
  /** In the middle of a sentence. */
  readonly name: Text;
  readonly otherName: Text;
  /** At the start of a sentence. */
  readonly Name: Text;
  readonly OtherName: Text;
}

/** A connection that has ended, with the capture or because another one took its ports. */
export interface Ending {
  readonly connection: Row;
  /** The client's, then the server's. */
  readonly sides: readonly [EndedSide, EndedSide];
  /** Until when the capture goes on without a break. */
  readonly now: number;
  report(draft: Draft, words: () => FindingWords): void;
}

/** A finding without its words. */
export interface Draft {
  readonly id: FindingId;
  /** The catalogue's unless told. */
  readonly severity?: Severity;
  /** `"certain"` unless told. */
  readonly certainty?: Certainty;
  /** How bad it is among its kind: when too many are found, the heaviest are kept. */
  readonly weight?: number;
  readonly frames: readonly number[];
  readonly atNs?: number | null;
  readonly numbers?: Readonly<Record<string, number>>;
}

/** Looks for one thing, or for some that are close. */
export interface Detector {
  /** Bits of `Kind`: the segments that it is asked about; all without. */
  readonly wants?: number;
  /** A segment that is no copy of an earlier packet and no quotation. */
  onSegment?(m: Moment): void;
  /** A connection has ended: what was found, and its memory is given back. */
  onEnd?(ending: Ending): void;
}

/** What detectors are made with. */
export interface Workbench {
  /** Fields of each direction. */
  readonly side: Layout;
  /** Fields of each connection. */
  readonly connection: Layout;
  readonly facts: SideFacts;
  readonly connectionFacts: ConnectionFacts;
}

/** The frames of what was seen, for a draft. */
export function evidenceOf(...seen: readonly (Sighting | null)[]): {
  readonly frames: readonly number[];
  readonly atNs: number | null;
} {
  const only = seen.length === 1 ? seen[0]! : null;
  if (only !== null) return { frames: only.frames.toSorted(byNumber), atNs: only.times[0] ?? null };
  const frames = seen.flatMap((sighting) => sighting?.frames ?? []);
  const times = seen.flatMap((sighting) => sighting?.times ?? []);
  return {
    frames: [...new Set(frames)].toSorted(byNumber),
    atNs: times.length === 0 ? null : Math.min(...times),
  };
}

function byNumber(a: number, b: number): number {
  return a - b;
}
