/**
 * Long work in steps: between two of them it pauses, so that others have their turn. Who asks for the same
 * meanwhile helps it on; what nobody asks for any more stands still.
 *
 * @module
 */

/** Work that yields where it may pause. */
export type Steps<T> = Generator<undefined, T, undefined>;

/** Rounds of a loop between two places where it may pause: some milliseconds. A power of 2. */
export const STEP = 2 ** 15;

/** Work that was begun, and its result once it is there. */
export class Work<T> {
  readonly key: string;
  readonly #steps: Steps<T>;
  #result: { readonly value: T } | null = null;
  #failure: { readonly error: unknown } | null = null;

  constructor(key: string, steps: Steps<T>) {
    this.key = key;
    this.#steps = steps;
  }

  /** Whether it threw, and so will again. */
  get hasFailed(): boolean {
    return this.#failure !== null;
  }

  /** The result. @throws What the work throws, and what `pause` throws: the work can still be gone on with. */
  async finish(pause: () => Promise<void>): Promise<T> {
    for (;;) {
      const result = this.#advance();
      if (result !== null) return result.value;
      await pause();
    }
  }

  #advance(): { readonly value: T } | null {
    if (this.#failure !== null) throw this.#failure.error;
    if (this.#result !== null) return this.#result;
    try {
      const step = this.#steps.next();
      if (step.done === true) this.#result = { value: step.value };
    } catch (error) {
      this.#failure = { error };
      throw error;
    }
    return this.#result;
  }
}
