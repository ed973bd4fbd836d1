/**
 * A bounded buffer of bytes, first in, first out.
 *
 * ```
 *         start        start + length        (modulo capacity)
 *   |.......|############|................|
 * ```
 *
 * @module
 */

/** Bytes on their way from one end of a pipe to the other. */
export class ByteRing {
  /** The most bytes it holds. */
  readonly capacity: number;
  /** Bytes in it. */
  length = 0;
  /** Made when the first byte comes: most connections of a test never fill theirs. */
  #bytes: Uint8Array | null = null;
  #start = 0;

  constructor(capacity: number) {
    if (!Number.isInteger(capacity) || capacity < 1) {
      throw new RangeError(`Cannot make a buffer of ${capacity} bytes: it must be an integer >= 1`);
    }
    this.capacity = capacity;
  }

  /** Copies bytes of `p` from `at` on into it: how many fitted. */
  put(p: Uint8Array, at: number): number {
    const n = Math.min(this.capacity - this.length, p.length - at);
    if (n <= 0) return 0;
    const bytes = (this.#bytes ??= new Uint8Array(this.capacity));
    const end = (this.#start + this.length) % this.capacity;
    const first = Math.min(n, this.capacity - end);
    bytes.set(p.subarray(at, at + first), end);
    bytes.set(p.subarray(at + first, at + n), 0);
    this.length += n;
    return n;
  }

  /** Moves bytes out of it into `p`: how many. */
  take(p: Uint8Array): number {
    const n = Math.min(this.length, p.length);
    const bytes = this.#bytes;
    if (n === 0 || bytes === null) return 0;
    const first = Math.min(n, this.capacity - this.#start);
    p.set(bytes.subarray(this.#start, this.#start + first), 0);
    p.set(bytes.subarray(0, n - first), first);
    this.#start = (this.#start + n) % this.capacity;
    this.length -= n;
    return n;
  }

  /** Empties it, and gives the memory back. */
  clear(): void {
    this.length = 0;
    this.#start = 0;
    this.#bytes = null;
  }
}
