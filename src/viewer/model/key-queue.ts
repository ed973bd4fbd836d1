/**
 * What keys ask of the worker, one after the other: each goes on from where the one before it led.
 *
 * @module
 */

/** See the module. */
export class KeyQueue {
  #last: Promise<void> = Promise.resolve();
  /** Rises with each {@link KeyQueue.forget}. */
  #round = 0;

  /** Does it when all that came before is done, well or not. Rejects as `step` does. */
  take(step: () => Promise<void>): Promise<void> {
    const round = this.#round;
    const next = (): Promise<void> | undefined => (round === this.#round ? step() : undefined);
    this.#last = this.#last.then(next, next);
    return this.#last;
  }

  /** What has not begun never will; what is at work is waited for by nobody. */
  forget(): void {
    this.#round++;
    this.#last = Promise.resolve();
  }
}
