/**
 * A {@link Clock} that moves when a test says so.
 *
 * @module
 */
import type { Clock } from "../base/clock.ts";

interface Timer {
  readonly at: number;
  readonly fire: () => void;
}

/** Time stands still between calls of {@link advance}. */
export class VirtualClock implements Clock {
  #now = 0;
  readonly #timers = new Set<Timer>();

  now(): number {
    return this.#now;
  }

  /** @throws {RangeError} when a real timer would fire at once, because it does not know so long a time. */
  after(ms: number, fire: () => void): () => void {
    if (!(ms <= 2 ** 31 - 1))
      throw new RangeError(`Cannot set a timer of ${ms} ms: it is too long`);
    const timer: Timer = { at: this.#now + Math.max(0, ms), fire };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  }

  /** Timers that have not fired. */
  get pending(): number {
    return this.#timers.size;
  }

  /** Fires what is due in the next `ms`, in the order of time, new timers included. */
  advance(ms: number): void {
    const until = this.#now + ms;
    for (;;) {
      const [next] = [...this.#timers].toSorted((a, b) => a.at - b.at);
      if (next === undefined || next.at > until) break;
      this.#now = next.at;
      this.#timers.delete(next);
      next.fire();
    }
    this.#now = until;
  }
}
