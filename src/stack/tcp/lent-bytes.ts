/**
 * Bytes that came and still lie where their sender has them, in the order of the stream.
 *
 * @module
 */

/** First in, first out. */
export class LentBytes {
  /** Bytes in it. */
  length = 0;
  /** From {@link #first} on; of that, the first {@link #skip} bytes are taken. */
  readonly #pieces: Uint8Array[] = [];
  #first = 0;
  #skip = 0;

  add(p: Uint8Array): void {
    this.#pieces.push(p);
    this.length += p.length;
  }

  /** Moves bytes to `into[at, …)`, as many as fit: how many. */
  take(into: Uint8Array, at: number): number {
    const end = Math.min(into.length, at + this.length);
    let to = at;
    while (to < end) {
      const whole = this.#pieces[this.#first]!;
      const n = Math.min(whole.length - this.#skip, end - to);
      into.set(n === whole.length ? whole : whole.subarray(this.#skip, this.#skip + n), to);
      to += n;
      this.#skip += n;
      if (this.#skip < whole.length) break;
      this.#first++;
      this.#skip = 0;
    }
    this.length -= to - at;
    return to - at;
  }

  /** Views of all of them. */
  views(): Uint8Array[] {
    const [first, ...others] = this.#pieces.slice(this.#first);
    return first === undefined ? [] : [first.subarray(this.#skip), ...others];
  }
}
