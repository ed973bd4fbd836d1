/**
 * Hosts under a virtual clock: time jumps from one event to the next, and
 * never runs by itself. The same hosts, links, seeds and programs give the
 * same run.
 *
 * ```ts
 * const sim = new Simulation();
 * sim.add(client);
 * sim.add(server);
 * sim.run(60e9); // until nothing is left to do, a minute at most
 * ```
 *
 * @module
 */
import type { Clock } from "../base/clock.ts";
import { DueHeap, type Due } from "./host/due-heap.ts";

/** What a simulation drives: a `Host`, or anything that works like one. */
export interface Driven {
  poll(nowNs: number): void;
  /** In the past: now. `Infinity`: not before something happens. */
  pollAt(): number;
}

interface Timer extends Due {
  readonly fire: () => void;
}

const MS = 1e6;

/** Rounds in which hosts find something to do without time going on: more are a mistake. */
const MAX_ROUNDS = 100_000;

/** A virtual clock, and what lives by it. It is a {@link Clock} itself. */
export class Simulation implements Clock {
  /** Nanoseconds from the start. */
  nowNs: number = 0;
  readonly #driven: Driven[] = [];
  readonly #timers = new DueHeap<Timer>();

  /** Drives `driven` from now on; gives it back. */
  add<T extends Driven>(driven: T): T {
    this.#driven.push(driven);
    return driven;
  }

  /** Milliseconds from the start. */
  now(): number {
    return this.nowNs / MS;
  }

  /** Calls `fire` once, `ms` from now; the returned function calls it off. */
  after(ms: number, fire: () => void): () => void {
    const timer: Timer = { fire, dueNs: Infinity, dueSerial: 0, dueIndex: -1 };
    this.#timers.set(timer, this.nowNs + Math.max(0, ms) * MS);
    return () => this.#timers.delete(timer);
  }

  /** When something happens next; in the past: now. `Infinity`: nothing is left to do. */
  get nextNs(): number {
    let nextNs = this.#timers.firstNs;
    for (const driven of this.#driven) nextNs = Math.min(nextNs, driven.pollAt());
    return nextNs;
  }

  /**
   * Goes to the next event and does all that is due then; false when there is
   * none by `untilNs`, and then it is `untilNs`, if that is a time.
   *
   * @throws {RangeError} when there is always something more to do at the same time.
   */
  step(untilNs: number = Infinity): boolean {
    const { nextNs } = this;
    if (nextNs > untilNs || nextNs === Infinity) {
      if (untilNs < Infinity) this.nowNs = Math.max(this.nowNs, untilNs);
      return false;
    }
    this.nowNs = Math.max(this.nowNs, nextNs);
    for (let round = 0; this.nextNs <= this.nowNs; round++) {
      if (round === MAX_ROUNDS)
        throw new RangeError(`Cannot go on after ${this.nowNs} ns: there is no end of work`);
      this.#settle();
    }
    return true;
  }

  /** {@link step} until nothing is left to do, or `untilNs` is reached. */
  run(untilNs: number = Infinity): "quiet" | "deadline" {
    while (this.step(untilNs));
    return this.nextNs === Infinity ? "quiet" : "deadline";
  }

  /** One round: each host that has something to do, then the timers. */
  #settle(): void {
    for (const driven of this.#driven) if (driven.pollAt() <= this.nowNs) driven.poll(this.nowNs);
    for (let t = this.#timers.take(this.nowNs); t !== null; t = this.#timers.take(this.nowNs))
      t.fire();
  }
}
