/**
 * When each timer of a connection fires. Nothing here runs: `poll` asks.
 *
 * @module
 */
import type { TimerName } from "../types.ts";

/** In the order in which timers due at one instant fire. */
const TIMERS: readonly TimerName[] = [
  "time-wait",
  "fin-wait-2",
  "user-timeout",
  "retransmit",
  "persist",
  "keep-alive",
  "delayed-ack",
];

/** The deadlines of one connection, in nanoseconds; `Infinity`: not running. */
export class Timers {
  readonly #at: Record<TimerName, number> = {
    "time-wait": Infinity,
    "fin-wait-2": Infinity,
    "user-timeout": Infinity,
    retransmit: Infinity,
    persist: Infinity,
    "keep-alive": Infinity,
    "delayed-ack": Infinity,
  };
  /** The earliest deadline. */
  next = Infinity;

  set(timer: TimerName, atNs: number): void {
    this.#at[timer] = atNs;
    this.#settle();
  }

  clear(timer: TimerName): void {
    if (this.#at[timer] === Infinity) return;
    this.#at[timer] = Infinity;
    this.#settle();
  }

  clearAll(): void {
    for (const timer of TIMERS) this.#at[timer] = Infinity;
    this.next = Infinity;
  }

  isRunning(timer: TimerName): boolean {
    return this.#at[timer] !== Infinity;
  }

  /** Stops the first timer that is due and gives its name, or `null`. */
  takeDue(nowNs: number): TimerName | null {
    if (this.next > nowNs) return null;
    for (const timer of TIMERS) {
      if (this.#at[timer] > nowNs) continue;
      this.clear(timer);
      return timer;
    }
    return null;
  }

  #settle(): void {
    const at = this.#at;
    this.next = Math.min(
      at["time-wait"],
      at["fin-wait-2"],
      at["user-timeout"],
      at.retransmit,
      at.persist,
      at["keep-alive"],
      at["delayed-ack"],
    );
  }
}
