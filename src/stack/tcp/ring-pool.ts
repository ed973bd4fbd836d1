/**
 * Memory of send and receive buffers that connections hand to each other: a
 * connection that is idle holds none, and one that is busy need not ask for
 * new memory each time its buffer was empty. To have 64 KiB made and zeroed
 * for every window took a quarter of the time of a bulk transfer.
 *
 * @module
 */

/** Bytes of the smallest block; the others are powers of two. */
export const FIRST_BLOCK = 2048;

/** Bytes that a pool keeps for later, unless told. */
const KEPT = 4 * 1024 * 1024;

/** A piece of memory, and views of it that were asked for before. */
export interface RingBlock {
  readonly bytes: Uint8Array;
  /** Views of {@link viewLen} bytes each, by their place; `undefined`: not made yet. */
  readonly views: (Uint8Array | undefined)[];
  viewLen: number;
}

/** Blocks that nobody uses at the moment. What they hold is not cleared. */
export class RingPool {
  /** Bytes of all blocks in it. */
  kept = 0;
  readonly #limit: number;
  /** By the logarithm of their size. */
  readonly #free: RingBlock[][] = [];

  /** `limit`: bytes that it keeps at most. */
  constructor(limit: number = KEPT) {
    this.#limit = limit;
  }

  /** A block of at least `size` bytes. */
  take(size: number): RingBlock {
    let length = FIRST_BLOCK;
    while (length < size) length *= 2;
    const block = this.#free[31 - Math.clz32(length)]?.pop();
    if (block === undefined) return { bytes: new Uint8Array(length), views: [], viewLen: 0 };
    this.kept -= length;
    return block;
  }

  /** Nobody reads `block` any more. */
  give(block: RingBlock): void {
    const { length } = block.bytes;
    if (this.kept + length > this.#limit) return;
    this.kept += length;
    (this.#free[31 - Math.clz32(length)] ??= []).push(block);
  }
}
