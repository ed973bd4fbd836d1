/**
 * A moment after which calls fail, as Go's `SetDeadline` has it.
 *
 * @module
 */
import type { Clock } from "../base/clock.ts";

/** Longest wait that timers everywhere can be asked for: 2^31 - 1 ms, 25 days. */
export const TIMER_MAX_MS = 2 ** 31 - 1;

/** What a {@link Deadline} asks of the calls that it is for. */
export interface Bounded {
  /** Whether a call waits: without one no timer is needed. */
  isWaiting(): boolean;
  /** The moment has come: the waiting calls fail. */
  onPast(): void;
}

/**
 * The deadline of one direction of a connection.
 *
 * A server sets one before every read, so setting is cheap: the timer of an
 * earlier, sooner deadline is left to fire and then waits for the rest.
 */
export class Deadline {
  readonly #clock: Clock;
  readonly #calls: Bounded;
  /** When calls fail, on the clock; `Infinity`: never. */
  #at = Number.POSITIVE_INFINITY;
  /** When the timer fires; `Infinity`: there is none. */
  #timerAt = Number.POSITIVE_INFINITY;
  #stopTimer: () => void = nothing;

  constructor(clock: Clock, calls: Bounded) {
    this.#clock = clock;
    this.#calls = calls;
  }

  /** In `ms` from now; past when <= 0; `null`: none. @throws {RangeError} when it is not a number. */
  set(ms: number | null): void {
    if (Number.isNaN(ms)) throw new RangeError("Cannot set a deadline: NaN is not a time");
    if (ms !== null && ms <= 0) {
      this.#at = Number.NEGATIVE_INFINITY;
      this.stop();
      this.#calls.onPast();
      return;
    }
    this.#at = ms === null ? Number.POSITIVE_INFINITY : this.#clock.now() + ms;
    if (this.#at === Number.POSITIVE_INFINITY) this.stop();
    else if (this.#calls.isWaiting()) this.arm();
  }

  /** Whether calls fail now. */
  isPast(): boolean {
    return this.#at !== Number.POSITIVE_INFINITY && this.#clock.now() >= this.#at;
  }

  /** A call waits. */
  arm(): void {
    if (this.#at >= this.#timerAt || this.#at === Number.POSITIVE_INFINITY) return;
    this.stop();
    const now = this.#clock.now();
    const ms = Math.min(Math.max(this.#at - now, 0), TIMER_MAX_MS);
    this.#timerAt = now + ms;
    this.#stopTimer = this.#clock.after(ms, this.#onTimer);
  }

  readonly #onTimer = (): void => {
    this.#timerAt = Number.POSITIVE_INFINITY;
    if (!this.#calls.isWaiting()) return;
    if (this.isPast()) this.#calls.onPast();
    else this.arm();
  };

  /** No timer is left until a call waits again. */
  stop(): void {
    this.#timerAt = Number.POSITIVE_INFINITY;
    this.#stopTimer();
    this.#stopTimer = nothing;
  }
}

function nothing(): void {
  // There is no timer to stop.
}
