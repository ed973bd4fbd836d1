/** Random numbers that are the same in every run: xorshift32. */

/** See the module; the same `seed` gives the same numbers. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = Math.imul(seed + 1, 0x9e37_79b1) | 1;
    for (let i = 0; i < 8; i++) this.word();
  }

  /** 32 bits, never 0. */
  word(): number {
    let x = this.#state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#state = x;
    return x >>> 0;
  }

  /** 0 to `n - 1`. */
  below(n: number): number {
    return Math.floor((this.word() / 2 ** 32) * n);
  }

  /** True once in so many times, on average. */
  oneIn(n: number): boolean {
    return this.below(n) === 0;
  }

  /** One of the values. */
  of<T>(values: readonly T[]): T {
    return values[this.below(values.length)]!;
  }
}
