/**
 * A {@link Clock} of this machine, in Node and in a page.
 *
 * @module
 */
import type { Clock } from "../base/clock.ts";

/** Milliseconds of `performance.now`, timers of `setTimeout`. */
export const REAL_CLOCK: Clock = {
  now: () => performance.now(),
  after(ms, fire) {
    const timer = setTimeout(fire, ms);
    return () => clearTimeout(timer);
  },
};
