/**
 * Runs a simulation beside programs that await: an event at a time, and turns
 * of the event loop after each, in which the programs hear of it.
 *
 * @module
 */
import type { Clock } from "../base/clock.ts";
import type { Simulation } from "../stack/simulation.ts";

/** Turns of the event loop in which programs may go on before time does. */
const TURNS = 2;

/** Steps a {@link Simulation} while it has something to do. It is the {@link Clock} of the programs beside it. */
export class SimulationPump implements Clock {
  readonly #sim: Simulation;
  readonly #channel = new MessageChannel();
  #turns = 0;
  #isRunning = false;

  constructor(sim: Simulation) {
    this.#sim = sim;
    this.#channel.port1.addEventListener("message", () => this.#turn());
    this.#channel.port1.start();
  }

  /** There may be something to do. */
  wake(): void {
    this.#turns = 0;
    if (this.#isRunning) return;
    this.#isRunning = true;
    this.#channel.port2.postMessage(null);
  }

  now(): number {
    return this.#sim.now();
  }

  after(ms: number, fire: () => void): () => void {
    this.wake();
    return this.#sim.after(ms, fire);
  }

  /** Stops for good. */
  stop(): void {
    this.#channel.port1.close();
  }

  #turn(): void {
    const isDue = this.#sim.nextNs <= this.#sim.nowNs;
    if (isDue || this.#turns++ >= TURNS) {
      this.#turns = 0;
      this.#isRunning = this.#sim.step();
    }
    if (this.#isRunning) this.#channel.port2.postMessage(null);
  }
}
