/**
 * Bytes that wait to be acknowledged: appended at the end, dropped from the
 * front, read from anywhere, again and again.
 *
 * Bytes lie in blocks that are only ever appended to, so what {@link ByteQueue.slice}
 * gives never changes, even after it was dropped: a segment may be kept by
 * the link for as long as it likes without a copy.
 *
 * @module
 */

/** Bytes of the first block; each following one doubles, up to {@link LAST_BLOCK}. */
const FIRST_BLOCK = 2048;
const LAST_BLOCK = 65_536;

/** A queue of bytes with random access. */
export class ByteQueue {
  /** Bytes in it. */
  length = 0;
  readonly #blocks: Uint8Array[] = [];
  /** Bytes of the first block that were dropped. */
  #start = 0;
  /** Bytes of the last block that are in use. */
  #end = 0;

  /** Copies `p[from, to)` to the end. */
  append(p: Uint8Array, from: number, to: number): void {
    let at = from;
    while (at < to) {
      const block = this.#room(to - at);
      const n = Math.min(block.length - this.#end, to - at);
      block.set(p.subarray(at, at + n), this.#end);
      this.#end += n;
      this.length += n;
      at += n;
    }
  }

  /** The block to append to, with at least one byte free. */
  #room(wanted: number): Uint8Array {
    const last = this.#blocks.at(-1);
    if (last !== undefined && this.#end < last.length) return last;
    const size = last === undefined ? FIRST_BLOCK : last.length * 2;
    const block = new Uint8Array(Math.min(LAST_BLOCK, Math.max(size, wanted)));
    this.#blocks.push(block);
    this.#end = 0;
    return block;
  }

  /** `len` bytes from `offset` on, which must be in the queue. A view where they lie together, else a copy. */
  slice(offset: number, len: number): Uint8Array {
    let at = this.#start + offset;
    let i = 0;
    while (i < this.#blocks.length - 1 && at >= this.#blocks[i]!.length)
      at -= this.#blocks[i++]!.length;
    const block = this.#blocks[i];
    if (block !== undefined && at + len <= block.length) return block.subarray(at, at + len);
    return this.#gather(i, at, len);
  }

  #gather(first: number, from: number, len: number): Uint8Array {
    const out = new Uint8Array(len);
    let at = from;
    let done = 0;
    for (let i = first; done < len; i++, at = 0) {
      const part = this.#blocks[i]!.subarray(at, at + len - done);
      out.set(part, done);
      done += part.length;
    }
    return out;
  }

  /** Forgets the first `n` bytes. */
  drop(n: number): void {
    this.length -= n;
    this.#start += n;
    if (this.length === 0) return this.clear();
    while (this.#start >= this.#blocks[0]!.length) this.#start -= this.#blocks.shift()!.length;
  }

  /** Empties it, and gives the memory back. */
  clear(): void {
    this.length = 0;
    this.#blocks.length = 0;
    this.#start = 0;
    this.#end = 0;
  }
}
