/**
 * Bytes that wait to be acknowledged: appended at the end, dropped from the
 * front, read from anywhere, again and again.
 *
 * They lie in a ring whose size is a multiple of the segment size, so that
 * segments of a steady stream begin at the same places in every turn: the
 * views of them are made once.
 *
 * @module
 */
import { FIRST_BLOCK, type RingBlock, type RingPool } from "./ring-pool.ts";

const NO_BYTES = new Uint8Array(0);

/** A queue of bytes with random access. */
export class ByteQueue {
  /** Bytes in it. */
  length = 0;
  readonly #pool: RingPool;
  #block: RingBlock | null = null;
  /** Bytes of the block that the ring uses. */
  #size = 0;
  /** Where the first byte lies. */
  #start = 0;
  /** Size to begin with when there is something to hold again. */
  #wanted = FIRST_BLOCK;
  /** The most bytes that this block held. */
  #peak = 0;

  constructor(pool: RingPool) {
    this.#pool = pool;
  }

  /** Copies the first `n` bytes of `p` to the end. `unit`: bytes that most calls of {@link slice} will ask for. */
  append(p: Uint8Array, n: number, unit: number): void {
    if (n === 0) return;
    if (this.#block === null || this.length + n > this.#size) this.#grow(this.length + n, unit);
    const { bytes } = this.#block!;
    let at = this.#start + this.length;
    if (at >= this.#size) at -= this.#size;
    const first = Math.min(n, this.#size - at);
    bytes.set(first === p.length ? p : p.subarray(0, first), at);
    if (first < n) bytes.set(p.subarray(first, n), 0);
    this.length += n;
    if (this.length > this.#peak) this.#peak = this.length;
  }

  /** What was there is copied; the old block is not given back, because segments that are on their way lie in it. */
  #grow(needed: number, unit: number): void {
    const whole = Math.ceil(needed / unit) * unit;
    const block = this.#pool.take(Math.max(this.#wanted, whole));
    const size = Math.floor(block.bytes.length / unit) * unit;
    if (block.viewLen !== unit) {
      block.views.length = 0;
      block.viewLen = unit;
    }
    let at = 0;
    for (let left = this.length; left > 0; left = this.length - at) {
      const part = this.slice(at, Math.min(left, this.#size - this.#start));
      block.bytes.set(part, at);
      at += part.length;
    }
    this.#block = block;
    this.#size = size;
    this.#start = 0;
  }

  /**
   * `len` bytes from `offset` on, which must be in the queue: a view that stays as it is until
   * they are dropped, or a copy where they lie apart.
   */
  slice(offset: number, len: number): Uint8Array {
    const block = this.#block;
    if (len === 0 || block === null) return NO_BYTES;
    let at = this.#start + offset;
    if (at >= this.#size) at -= this.#size;
    if (at + len > this.#size) return this.#gather(block.bytes, at, len);
    if (len !== block.viewLen || at % len !== 0) return block.bytes.subarray(at, at + len);
    return (block.views[at / len] ??= block.bytes.subarray(at, at + len));
  }

  #gather(bytes: Uint8Array, at: number, len: number): Uint8Array {
    const out = new Uint8Array(len);
    out.set(bytes.subarray(at, this.#size));
    out.set(bytes.subarray(0, at + len - this.#size), this.#size - at);
    return out;
  }

  /** Forgets the first `n` bytes. */
  drop(n: number): void {
    this.length -= n;
    this.#start += n;
    if (this.#start >= this.#size) this.#start -= this.#size;
    if (this.length > 0 || this.#block === null) return;
    const half = this.#block.bytes.length / 2;
    this.#wanted = Math.max(FIRST_BLOCK, this.#peak > half ? 2 * half : half);
    this.#pool.give(this.#block);
    this.clear();
  }

  /** Empties it. What {@link slice} gave is left alone. */
  clear(): void {
    this.length = 0;
    this.#block = null;
    this.#size = 0;
    this.#start = 0;
    this.#peak = 0;
  }
}
