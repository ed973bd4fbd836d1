/**
 * A pool of buffers that spoils what comes back, so that who still reads it is found out.
 *
 * @module
 */
import { RingPool, type RingBlock } from "../stack/tcp/ring-pool.ts";

/** What stands in a buffer that nobody should read. */
const SPOILT = 0xee;

/** It throws when a block comes back twice, or was never out. */
export function spoilingPool(): RingPool {
  const inner = new RingPool();
  const pool = new RingPool();
  const out = new Set<RingBlock>();
  pool.take = (size) => {
    const block = inner.take(size);
    out.add(block);
    return block;
  };
  pool.give = (block) => {
    if (!out.delete(block)) throw new Error("Cannot take a block back: it is not out");
    block.bytes.fill(SPOILT);
    inner.give(block);
  };
  return pool;
}
