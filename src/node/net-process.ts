/**
 * What all kernel sockets of the process have in common: the numbers of their
 * connections and calls, and the clock of their deadlines.
 *
 * @module
 */
import type { Clock } from "../base/clock.ts";
import { Calls } from "../net/calls.ts";
import { publishCalls } from "./diagnostics.ts";

/** One numbering for the whole process. */
export const PROCESS_CALLS: Calls = new Calls(publishCalls);

/** Its timers keep no process alive: the socket that they limit does. */
export const PROCESS_CLOCK: Clock = {
  now: () => performance.now(),
  after(ms, fire) {
    const timer = setTimeout(fire, ms).unref();
    return () => clearTimeout(timer);
  },
};
