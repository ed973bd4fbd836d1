/**
 * What was counted of one direction of a connection.
 *
 * @module
 */
import { CAUSES, type CauseName, isRetransmission } from "./cause.ts";
import type { Trouble } from "./trouble.ts";

/** See the module. */
export interface DirectionCauses {
  /** Segments sent again. */
  readonly retransmissions: number;
  /** Of them, those proven needless. */
  readonly spurious: number;
  /** Segments seen to be overtaken by later ones. */
  readonly reordered: number;
  /** Segments of each cause that occurred. */
  readonly causes: ReadonlyMap<CauseName, number>;
}

/** `null` when nothing happened. */
export function totalsOf(trouble: Trouble | null): DirectionCauses | null {
  if (trouble === null) return null;
  const causes = new Map<CauseName, number>();
  let retransmissions = 0;
  for (const [cause, count] of trouble.counts.entries()) {
    if (count === 0) continue;
    causes.set(CAUSES[cause]!, count);
    if (isRetransmission(cause)) retransmissions += count;
  }
  const { spurious, reordered } = trouble;
  return { retransmissions, spurious, reordered, causes };
}
