/**
 * What belongs to one segment of a ladder. A ladder keeps how far it is to the acknowledgement and back to the original;
 * the other way is looked for when somebody asks: a millisecond where there are a million segments.
 *
 * @module
 */
import type { Ladder } from "./ladder.ts";

/** Indices of segments; -1: none. */
export interface LinksOfSegment {
  /** The first of the other end that acknowledges all of it. */
  readonly ackedBy: number;
  /** The last that it is the first to acknowledge. */
  readonly acks: number;
  /** The one that first carried what it carries again. */
  readonly original: number;
  /** The first that carries the same again. */
  readonly resentAs: number;
}

/** The links of segment `index`. */
export function linksOf(ladder: Ladder, index: number): LinksOfSegment {
  return {
    ackedBy: ackedByOf(ladder, index),
    acks: acksOf(ladder, index),
    original: originalOf(ladder, index),
    resentAs: resentAsOf(ladder, index),
  };
}

/** {@link LinksOfSegment.ackedBy} alone. */
export function ackedByOf({ ackedAfter }: Ladder, index: number): number {
  const after = ackedAfter[index] ?? 0;
  return after === 0 ? -1 : index + after;
}

function originalOf({ originalBefore }: Ladder, index: number): number {
  const before = originalBefore[index] ?? 0;
  return before === 0 ? -1 : index - before;
}

function acksOf({ ackedAfter }: Ladder, index: number): number {
  for (let i = index - 1; i >= 0; i--) if (ackedAfter[i] === index - i) return i;
  return -1;
}

function resentAsOf({ originalBefore }: Ladder, index: number): number {
  for (let i = index + 1; i < originalBefore.length; i++) {
    if (originalBefore[i] === i - index) return i;
  }
  return -1;
}
