/**
 * Random numbers that a seed repeats: xoshiro128** (Blackman and Vigna, 2018),
 * its state filled from the seed. Good for simulations; no secret may come from
 * it.
 *
 * ```ts
 * const prng = new Prng(7);
 * if (prng.chance(0.02)) drop();
 * ```
 *
 * @module
 */

const rotl = (x: number, n: number): number => (x << n) | (x >>> (32 - n));

/** One stream of random numbers. */
export class Prng {
  #a: number;
  #b: number;
  #c: number;
  #d: number;

  /** Streams of the same `seed` and different `stream` numbers have nothing to do with each other. */
  constructor(seed: number, stream: number = 0) {
    const high = Math.floor(seed / 2 ** 32);
    let x = mix((seed | 0) ^ mix(high + Math.imul(stream, 0x9e37_79b9)));
    const next = (): number => mix((x = (x + 0x9e37_79b9) | 0));
    this.#a = next();
    this.#b = next();
    this.#c = next();
    // Zeros alone would stay zeros.
    this.#d = next() | 1;
  }

  /** An integer from 0 to 2^32 - 1. */
  uint32(): number {
    const result = Math.imul(rotl(Math.imul(this.#b, 5), 7), 9);
    const t = this.#b << 9;
    this.#c ^= this.#a;
    this.#d ^= this.#b;
    this.#b ^= this.#c;
    this.#a ^= this.#d;
    this.#c ^= t;
    this.#d = rotl(this.#d, 11);
    return result >>> 0;
  }

  /** At least 0 and below 1, a multiple of 2^-32. */
  unit(): number {
    return this.uint32() / 2 ** 32;
  }

  /** An integer from 0 to `n - 1`; `n` is at most 2^32. */
  below(n: number): number {
    return Math.floor(this.unit() * n);
  }

  /** True with probability `p`. */
  chance(p: number): boolean {
    return this.unit() < p;
  }
}

/** The finalizer of MurmurHash3: every bit of `x` reaches every bit of the result. */
function mix(x: number): number {
  let z = x | 0;
  z = Math.imul(z ^ (z >>> 16), 0x85eb_ca6b);
  z = Math.imul(z ^ (z >>> 13), 0xc2b2_ae35);
  return z ^ (z >>> 16);
}
