/**
 * Where something was seen: how often, and in which frames the first times.
 *
 * Kept only for directions in which it was seen at all: most see no trouble.
 *
 * @module
 */

/** Frames that are kept. */
const KEPT = 8;

/** What was seen in one direction. */
export interface Sighting {
  count: number;
  /** The first ones, rising. */
  readonly frames: number[];
  /** Times of the first ones. */
  readonly times: number[];
}

/** See the module; one for each thing that is looked for. */
export class Sightings {
  readonly #of = new Map<number, Sighting>();

  /** Something was seen in direction `flow`, in `frames`, at `time`. */
  add(flow: number, time: number, ...frames: readonly number[]): Sighting {
    let seen = this.#of.get(flow);
    if (seen === undefined) this.#of.set(flow, (seen = { count: 0, frames: [], times: [] }));
    seen.count++;
    if (seen.times.length >= KEPT) return seen;
    seen.times.push(time);
    for (const frame of frames) {
      if (frame > 0 && !seen.frames.includes(frame)) seen.frames.push(frame);
    }
    return seen;
  }

  /** What was seen in direction `flow`, `null` for nothing. */
  of(flow: number): Sighting | null {
    return this.#of.size === 0 ? null : (this.#of.get(flow) ?? null);
  }

  /** The same, and forgets it: the connection has ended. */
  take(flow: number): Sighting | null {
    const seen = this.of(flow);
    if (seen !== null) this.#of.delete(flow);
    return seen;
  }
}
