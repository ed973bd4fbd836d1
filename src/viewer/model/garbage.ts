/**
 * Large blocks of memory that nobody holds any more: the engine lets some hundred megabytes of them gather
 * before it looks for them by itself.
 *
 * @module
 */

/** Told to V8 as taken; as nothing is written there, it is not. */
const PRESSURE = 2 ** 28;

/** Bytes of blocks that may gather unless told. */
const MOST = 16 * 2 ** 20;

/** Times that the engine has to be told until it is through: it takes some milliseconds of each. */
const STEPS = 4;

/** Makes the engine begin to look for garbage: beside what goes on, and soon. */
export function collectGarbage(): void {
  try {
    void new ArrayBuffer(PRESSURE);
  } catch (e) {
    // Without room for it the engine has looked all the more.
    if (!(e instanceof RangeError)) throw e;
  }
}

/**
 * The same, and it is through as a rule when this returns, after some 10 ms: blocks that nobody holds are
 * there again for who needs as much next.
 */
export function collectGarbageNow(): void {
  for (let step = 0; step < STEPS; step++) collectGarbage();
}

/** Counts blocks that are soon given up. */
export class Litter {
  readonly #most: number;
  #bytes = 0;

  /** @param most Bytes of blocks that may gather. */
  constructor(most: number = MOST) {
    this.#most = most;
  }

  /** There is one more. */
  add(bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes < this.#most) return;
    this.#bytes = 0;
    collectGarbage();
  }
}
