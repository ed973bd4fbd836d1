/**
 * Bytes that came, at their place in the stream: those in order wait for the
 * user, those behind a hole for the hole to fill.
 *
 * ```
 *        read           length               written ahead of holes
 *   |.....|################|.......|#####|.......|##|.......|    ring
 * ```
 *
 * Bytes that were lent follow those of the ring. They are copied to it when their time is over, or
 * when others come behind them; a reader who is quicker spares the copy.
 *
 * @module
 */
import { LentBytes } from "./lent-bytes.ts";
import { FIRST_BLOCK, type RingBlock, type RingPool } from "./ring-pool.ts";

const NO_BYTES = new Uint8Array(0);

/** A ring that grows. */
export class ReceiveBuffer {
  /** Bytes in order, ready for {@link take}, those that were lent included. */
  length = 0;
  #lent: LentBytes | null = null;
  readonly #pool: RingPool;
  #block: RingBlock | null = null;
  #ring: Uint8Array = NO_BYTES;
  #read = 0;
  /** One past the farthest byte written, counted from the first unread one. */
  #reach = 0;
  /** Size to begin with when there is something to hold again. */
  #wanted = FIRST_BLOCK;
  /** The largest reach in this block. */
  #peak = 0;

  constructor(pool: RingPool) {
    this.#pool = pool;
  }

  /** Bytes of memory held. */
  get capacity(): number {
    return this.#ring.length;
  }

  /** Takes `p` as the next in order, with nothing behind it, and leaves it where it is until {@link settle}. */
  lend(p: Uint8Array): void {
    (this.#lent ??= new LentBytes()).add(p);
    this.length += p.length;
  }

  /** Copies what was lent: from now on its memory may change. */
  settle(): void {
    const lent = this.#lent;
    if (lent === null) return;
    this.#lent = null;
    this.length -= lent.length;
    for (const p of lent.views()) {
      this.write(0, p, 0, p.length);
      this.advance(p.length);
    }
  }

  /** Writes `p[from, to)` so that it begins `offset` bytes behind those in order. */
  write(offset: number, p: Uint8Array, from: number, to: number): void {
    this.settle();
    const at = this.length + offset;
    const end = at + to - from;
    if (end > this.#ring.length) this.#grow(end);
    if (end > this.#reach) this.#reach = end;
    if (end > this.#peak) this.#peak = end;
    const size = this.#ring.length;
    let start = this.#read + at;
    if (start >= size) start -= size;
    const len = to - from;
    const first = Math.min(len, size - start);
    this.#ring.set(first === p.length ? p : p.subarray(from, from + first), start);
    if (first < len) this.#ring.set(p.subarray(from + first, to), 0);
  }

  /** How many bytes of `p[from, to)` differ from those written where `p` would begin `offset` behind those in order. */
  differing(offset: number, p: Uint8Array, from: number, to: number): number {
    this.settle();
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
    const lent = this.#lent;
    if (lent === null) return this.#takeOwn(into, this.length);
    const own = this.#takeOwn(into, this.length - lent.length);
    const n = lent.take(into, own);
    this.length -= n;
    if (lent.length === 0) this.#lent = null;
    return own + n;
  }

  /** Of the ring, which has `ready` bytes in order. */
  #takeOwn(into: Uint8Array, ready: number): number {
    const n = Math.min(ready, into.length);
    if (n === 0) return 0;
    const size = this.#ring.length;
    const first = Math.min(n, size - this.#read);
    into.set(this.#ring.subarray(this.#read, this.#read + first), 0);
    if (first < n) into.set(this.#ring.subarray(0, n - first), first);
    this.#read += n;
    if (this.#read >= size) this.#read -= size;
    this.length -= n;
    this.#reach -= n;
    if (this.#reach === 0) this.#release();
    return n;
  }

  #grow(needed: number): void {
    const block = this.#pool.take(Math.max(needed, this.#wanted));
    const ring = block.bytes;
    const first = Math.min(this.#reach, this.#ring.length - this.#read);
    ring.set(this.#ring.subarray(this.#read, this.#read + first), 0);
    ring.set(this.#ring.subarray(0, this.#reach - first), first);
    if (this.#block !== null) this.#pool.give(this.#block);
    this.#block = block;
    this.#ring = ring;
    this.#read = 0;
  }

  /** Empties it, and gives the memory back. */
  clear(): void {
    this.#release();
    this.#lent = null;
    this.length = 0;
  }

  /** The ring is empty. */
  #release(): void {
    if (this.#block !== null) {
      const half = this.#ring.length / 2;
      this.#wanted = Math.max(FIRST_BLOCK, this.#peak > half ? 2 * half : half);
      this.#pool.give(this.#block);
    }
    this.#block = null;
    this.#ring = NO_BYTES;
    this.#reach = 0;
    this.#read = 0;
    this.#peak = 0;
  }
}
