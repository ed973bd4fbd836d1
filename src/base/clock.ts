/**
 * Time as an argument: what portable code asks of its owner instead of
 * reading a clock or setting a timer itself.
 *
 * @module
 */

/** A clock with one-shot timers; real in Node and in a page, virtual in tests. */
export interface Clock {
  /** Milliseconds; only differences mean something. */
  now(): number;
  /** Calls `fire` once, `ms` from now; the returned function calls it off. */
  after(ms: number, fire: () => void): () => void;
}
