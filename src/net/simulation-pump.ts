/**
 * Runs a simulation beside programs that await: an event at a time, and turns
 * of the event loop after each, in which the programs hear of it.
 *
 * ```ts ignore
 * const pump = new SimulationPump(sim);
 * const net = new StackNetwork({ host, clock: pump, nowNs: () => sim.nowNs, wake: () => pump.wake() });
 * ```
 *
 * Time goes on only when no program has anything left to do, so the same
 * programs give the same run, as long as they wait for nothing but the network
 * and this clock.
 *
 * @module
 */
import type { Clock } from "../base/clock.ts";
import type { Simulation } from "../stack/simulation.ts";

/** Turns of the event loop in which programs may go on before time does. */
const TURNS = 2;

/** How far a pump goes, and who hears of its end. */
export interface PumpOptions {
  /** Time does not go beyond; without end unless told. */
  readonly untilNs?: number | undefined;
  /** Nothing is left to do by then, unless a program calls again. */
  readonly onQuiet?: (() => void) | undefined;
  /** The simulation threw; nothing happens any more. */
  readonly onError?: ((error: unknown) => void) | undefined;
}

/** Steps a {@link Simulation} while it has something to do. It is the {@link Clock} of the programs beside it. */
export class SimulationPump implements Clock {
  readonly #sim: Simulation;
  readonly #options: PumpOptions;
  readonly #channel = new MessageChannel();
  #turns = 0;
  #isRunning = false;

  constructor(sim: Simulation, options: PumpOptions = {}) {
    this.#sim = sim;
    this.#options = options;
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
      this.#isRunning = this.#step();
    }
    if (this.#isRunning) this.#channel.port2.postMessage(null);
  }

  #step(): boolean {
    const { untilNs, onQuiet, onError } = this.#options;
    try {
      if (this.#sim.step(untilNs)) return true;
    } catch (error) {
      if (onError === undefined) throw error;
      onError(error);
      return false;
    }
    onQuiet?.();
    return false;
  }
}
