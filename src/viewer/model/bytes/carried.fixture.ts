/**
 * What tests of byte streams begin with.
 *
 * @module
 */
import { type Carried, type CarriedColumns, layPieces, type Pieces } from "./pieces.ts";
import type { Steps } from "./steps.ts";

/** Work without its pauses. */
export function finished<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** Pieces of segments that are listed one by one. */
export function piecesOf(
  carried: readonly Carried[],
  start: number | null,
  end: number | null,
): Pieces {
  return finished(layPieces(columnsOf(carried), start, end));
}

function columnsOf(carried: readonly Carried[]): CarriedColumns {
  return {
    length: carried.length,
    owner: Uint32Array.from(carried, ({ owner }) => owner),
    from: Float64Array.from(carried, ({ from }) => from),
    len: Uint32Array.from(carried, ({ from, to }) => to - from),
    captured: Uint32Array.from(carried, ({ from, capturedTo }) => capturedTo - from),
  };
}
