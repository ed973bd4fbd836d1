/**
 * When each timer of a connection fires. Nothing here runs: `poll` asks.
 *
 * @module
 */
import type { TimerName } from "../types.ts";

/** The timers by number, in the order in which those due at one instant fire. */
export const TIMER = {
  timeWait: 0,
  finWait2: 1,
  userTimeout: 2,
  retransmit: 3,
  persist: 4,
  keepAlive: 5,
  delayedAck: 6,
} as const;

/** A value of {@link TIMER}. */
export type Timer = (typeof TIMER)[keyof typeof TIMER];

const NAMES: readonly TimerName[] = [
  "time-wait",
  "fin-wait-2",
  "user-timeout",
  "retransmit",
  "persist",
  "keep-alive",
  "delayed-ack",
];

/** When none runs, so that an idle connection has none: never changed. */
const NONE: number[] = NAMES.map(() => Infinity);

/** The deadlines of one connection, in nanoseconds; `Infinity`: not running. */
export class Timers {
  #at = NONE;
  /** The earliest deadline. */
  next: number = Infinity;

  set(timer: Timer, atNs: number): void {
    const before = this.#at[timer]!;
    if (this.#at === NONE) this.#at = [...NONE];
    this.#at[timer] = atNs;
    if (atNs < this.next) this.next = atNs;
    else if (before === this.next) this.#settle();
  }

  clear(timer: Timer): void {
    const before = this.#at[timer]!;
    if (before === Infinity) return;
    this.#at[timer] = Infinity;
    if (before === this.next) this.#settle();
  }

  clearAll(): void {
    this.#at = NONE;
    this.next = Infinity;
  }

  isRunning(timer: Timer): boolean {
    return this.#at[timer] !== Infinity;
  }

  /** Stops the first timer that is due and gives its name, or `null`. */
  takeDue(nowNs: number): TimerName | null {
    if (this.next > nowNs) return null;
    const at = this.#at;
    for (let timer = 0; timer < at.length; timer++) {
      if (at[timer]! > nowNs) continue;
      at[timer] = Infinity;
      this.#settle();
      return NAMES[timer]!;
    }
    return null;
  }

  #settle(): void {
    const at = this.#at;
    let next = Infinity;
    for (let timer = 0; timer < at.length; timer++) if (at[timer]! < next) next = at[timer]!;
    this.next = next;
    if (next === Infinity) this.#at = NONE;
  }
}
