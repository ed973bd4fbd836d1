/**
 * Bytes that came, at their place in the stream: those in order wait for the
 * user, those behind a hole for the hole to fill.
 *
 * ```
 *        read           length               written ahead of holes
 *   |.....|################|.......|#####|.......|##|.......|    ring
 * ```
 *
 * @module
 */

/** Bytes of the first ring; it doubles when more is needed. */
const FIRST_RING = 2048;
/** An empty ring larger than this is given back. */
const KEEP_RING = 65_536;

/** A ring that grows. */
export class ReceiveBuffer {
  /** Bytes in order, ready for {@link take}. */
  length = 0;
  #ring = new Uint8Array(0);
  #read = 0;
  /** One past the farthest byte written, counted from the first unread one. */
  #reach = 0;

  /** Bytes of memory held. */
  get capacity(): number {
    return this.#ring.length;
  }

  /** Writes `p[from, to)` so that it begins `offset` bytes behind those in order. */
  write(offset: number, p: Uint8Array, from: number, to: number): void {
    const at = this.length + offset;
    const end = at + to - from;
    if (end > this.#ring.length) this.#grow(end);
    if (end > this.#reach) this.#reach = end;
    const size = this.#ring.length;
    const start = (this.#read + at) % size;
    const first = Math.min(to - from, size - start);
    this.#ring.set(p.subarray(from, from + first), start);
    if (from + first < to) this.#ring.set(p.subarray(from + first, to), 0);
  }

  /** How many bytes of `p[from, to)` differ from those written where `p` would begin `offset` behind those in order. */
  differing(offset: number, p: Uint8Array, from: number, to: number): number {
    const at = this.#read + this.length + offset;
    let count = 0;
    for (let i = from; i < to; i++) if (p[i] !== this.#ring[(at + i) % this.#ring.length]) count++;
    return count;
  }

  /** The next `n` bytes behind those in order are complete. */
  advance(n: number): void {
    this.length += n;
    if (this.length > this.#reach) this.#reach = this.length;
  }

  /** Moves bytes in order into `into`: how many. */
  take(into: Uint8Array): number {
    const n = Math.min(this.length, into.length);
    if (n === 0) return 0;
    const first = Math.min(n, this.#ring.length - this.#read);
    into.set(this.#ring.subarray(this.#read, this.#read + first), 0);
    if (first < n) into.set(this.#ring.subarray(0, n - first), first);
    this.#read = (this.#read + n) % this.#ring.length;
    this.length -= n;
    this.#reach -= n;
    if (this.#reach === 0 && this.#ring.length > KEEP_RING) this.clear();
    return n;
  }

  #grow(needed: number): void {
    let size = Math.max(FIRST_RING, this.#ring.length);
    while (size < needed) size *= 2;
    const ring = new Uint8Array(size);
    const first = Math.min(this.#reach, this.#ring.length - this.#read);
    ring.set(this.#ring.subarray(this.#read, this.#read + first), 0);
    ring.set(this.#ring.subarray(0, this.#reach - first), first);
    this.#ring = ring;
    this.#read = 0;
  }

  /** Empties it, and gives the memory back. */
  clear(): void {
    this.length = 0;
    this.#reach = 0;
    this.#read = 0;
    this.#ring = new Uint8Array(0);
  }
}
