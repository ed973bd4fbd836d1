/**
 * Time stamps of pcapng: 64-bit counts of `if_tsresol` units (§4.2, §4.3),
 * turned into seconds and nanoseconds exactly.
 *
 * @module
 */

const TWO_32 = 0x1_0000_0000;
/** From 2^94 ticks a second on, no 64-bit count reaches a nanosecond. */
const MAX_USEFUL = 1n << 94n;

/** Ticks in a second for an `if_tsresol` byte: a power of ten, or of two with the high bit set. */
export function ticksPerSecond(resol: number): bigint {
  return (resol & 0x80) === 0 ? 10n ** BigInt(resol) : 1n << BigInt(resol & 0x7f);
}

/**
 * Converts counts, one at a time. The results stand in {@link sec} and
 * {@link nsec}, so that a packet costs no allocation: counts of the same upper
 * half (4.3 s of nanoseconds) share one division of big integers.
 */
export class TickClock {
  /** Whole seconds; may be beyond 2^53 (then no longer exact). */
  sec = 0;
  /** 0 to 999,999,999. */
  nsec = 0;
  #resol = -1;
  #high = -1;
  #ticks = 1n;
  /** The same as a number where doubles give exact nanoseconds (`rest * mul / div`); else 0. */
  #small = 0;
  #mul = 1;
  #div = 1;
  #baseSec = 0;
  #baseTicks = 0;

  /**
   * Reads the count at `at`, upper half first. (Given as two numbers instead, halves above 2^31
   * would be boxed: 20 ns a packet.)
   */
  read(resol: number, view: DataView, at: number, littleEndian: boolean): void {
    const high = view.getUint32(at, littleEndian);
    const low = view.getUint32(at + 4, littleEndian);
    if (resol !== this.#resol || high !== this.#high) this.#rebase(resol, high);
    const small = this.#small;
    if (small === 0) {
      this.#setSlowly(high, low);
      return;
    }
    const ticks = this.#baseTicks + low;
    const whole = Math.floor(ticks / small);
    this.sec = this.#baseSec + whole;
    const nsec = (ticks - whole * small) * this.#mul;
    this.nsec = this.#div === 1 ? nsec : Math.floor(nsec / this.#div);
  }

  #rebase(resol: number, high: number): void {
    if (resol !== this.#resol) {
      this.#resol = resol;
      this.#ticks = ticksPerSecond(resol);
      const binary = (resol & 0x80) !== 0;
      this.#small = (binary ? resol <= 0x80 + 23 : resol <= 9) ? Number(this.#ticks) : 0;
      this.#mul = binary ? 1e9 : 10 ** (9 - resol);
      this.#div = binary ? this.#small : 1;
    }
    this.#high = high;
    if (this.#small === 0) return;
    const count = BigInt(high) << 32n;
    this.#baseSec = Number(count / this.#ticks);
    this.#baseTicks = Number(count % this.#ticks);
  }

  #setSlowly(high: number, low: number): void {
    this.sec = 0;
    this.nsec = 0;
    if (this.#ticks >= MAX_USEFUL) return;
    const count = BigInt(high) * BigInt(TWO_32) + BigInt(low);
    this.sec = Number(count / this.#ticks);
    this.nsec = Number(((count % this.#ticks) * 1_000_000_000n) / this.#ticks);
  }
}
