/**
 * How often something may be done: a bucket of tokens that fills with time.
 * For ICMP errors, which must not flood anybody (RFC 4443 §2.4 f, RFC 1812 §4.3.2.8).
 *
 * @module
 */

/** ICMP errors at once, and how far apart afterwards. */
const ICMP_BURST = 50;
const ICMP_EVERY_NS = 1e6;

/** A bucket of tokens. */
export class RateLimit {
  readonly #burst: number;
  readonly #everyNs: number;
  /** When the bucket is full again. */
  #fullNs = -Infinity;

  /** `burst` at once, and one more each `everyNs`. */
  constructor(burst: number, everyNs: number) {
    this.#burst = burst;
    this.#everyNs = everyNs;
  }

  /** For a host's ICMP errors. */
  static forIcmp(): RateLimit {
    return new RateLimit(ICMP_BURST, ICMP_EVERY_NS);
  }

  /** Takes a token; false when there is none. */
  take(nowNs: number): boolean {
    const fullNs = Math.max(this.#fullNs, nowNs) + this.#everyNs;
    if (fullNs - nowNs > this.#burst * this.#everyNs) return false;
    this.#fullNs = fullNs;
    return true;
  }
}
