/**
 * What was sent and is not acknowledged, of all directions: for each segment
 * its end, when and in which frame it was sent last, its time stamp and
 * its IP identification.
 *
 * Segments of a direction stand in order, in blocks of {@link BLOCK} that are
 * taken from one pool and given back: memory follows what is in flight. A
 * direction is a {@link LogSpan} of its own state.
 *
 * @module
 */
import { type SeqNum, seqLeq, seqLt } from "../../wire/seqnum.ts";

/** Segments of a block. */
const BLOCK = 16;
/** Segments kept of a direction. */
const MOST_OF_ONE = 32_768;
/** Blocks of all directions together: 25 MB. */
const MOST_BLOCKS = 2 ** 16;

/** Where a direction's segments are: the first one, and behind the last one, as row numbers. */
export interface LogSpan {
  logHead: number;
  logTail: number;
  logCount: number;
}

/** See the module. Row 0 is never used, so that 0 can stand for none. */
export class SentLog {
  #rows = 64 * BLOCK;
  end: Uint32Array = new Uint32Array(this.#rows);
  frame: Uint32Array = new Uint32Array(this.#rows);
  tsVal: Uint32Array = new Uint32Array(this.#rows);
  ipId: Uint16Array = new Uint16Array(this.#rows);
  /** How often it was sent again. */
  tries: Uint8Array = new Uint8Array(this.#rows);
  time: Float64Array = new Float64Array(this.#rows);
  /** By block: the next of the same direction, or of the pool. */
  #next: Uint32Array = new Uint32Array(64);
  #free = 0;
  /** Blocks used at least once; block 0 is not. */
  #used = 1;

  /** A segment behind all others of `span`. */
  push(span: LogSpan, end: SeqNum, frame: number, time: number, tsVal: number, ipId: number): void {
    let row = span.logTail;
    if (span.logCount === 0) {
      const block = this.#take();
      if (block === 0) return;
      row = span.logHead = block * BLOCK;
    } else if (row % BLOCK === 0) {
      // The tail stands behind the last row of the last block.
      if (span.logCount >= MOST_OF_ONE) return;
      const block = this.#take();
      if (block === 0) return;
      this.#next[row / BLOCK - 1] = block;
      row = block * BLOCK;
    }
    this.end[row] = end;
    this.frame[row] = frame;
    this.time[row] = time;
    this.tsVal[row] = tsVal;
    this.ipId[row] = ipId;
    this.tries[row] = 0;
    span.logTail = row + 1;
    span.logCount++;
  }

  /** Strikes off what ends at or before `ack`. @returns The last row struck off, still readable; 0: none. */
  acknowledge(span: LogSpan, ack: SeqNum): number {
    let last = 0;
    let row = span.logHead;
    let count = span.logCount;
    while (count > 0 && seqLeq(this.end[row]!, ack)) {
      last = row;
      count--;
      row++;
      if (row % BLOCK === 0 || count === 0) row = this.#giveBack(last, count > 0);
    }
    span.logHead = row;
    span.logCount = count;
    return last;
  }

  /** Forgets all of `span`. */
  clear(span: LogSpan): void {
    let row = span.logHead;
    for (let left = span.logCount; left > 0;) {
      left -= BLOCK - (row % BLOCK);
      row = this.#giveBack(row, true);
    }
    span.logCount = 0;
  }

  /** The row that holds the byte `seq`, or 0. */
  find(span: LogSpan, seq: SeqNum): number {
    let row = span.logHead;
    for (let left = span.logCount; left > 0;) {
      const inBlock = Math.min(left, BLOCK - (row % BLOCK));
      if (seqLt(seq, this.end[row + inBlock - 1]!)) {
        while (!seqLt(seq, this.end[row]!)) row++;
        return row;
      }
      left -= inBlock;
      row = this.#next[Math.floor(row / BLOCK)]! * BLOCK;
    }
    return 0;
  }

  /** The row behind `row` in `span`, or 0. */
  after(span: LogSpan, row: number): number {
    if (row + 1 === span.logTail) return 0;
    return (row + 1) % BLOCK === 0 ? this.#next[Math.floor(row / BLOCK)]! * BLOCK : row + 1;
  }

  /** Gives the block of `row` back; the first row of the next one when there is. */
  #giveBack(row: number, hasNext: boolean): number {
    const block = Math.floor(row / BLOCK);
    const next = this.#next[block]!;
    this.#release(block);
    return hasNext ? next * BLOCK : 0;
  }

  #release(block: number): void {
    this.#next[block] = this.#free;
    this.#free = block;
  }

  #take(): number {
    if (this.#free !== 0) {
      const block = this.#free;
      this.#free = this.#next[block]!;
      return block;
    }
    if (this.#used === MOST_BLOCKS) return 0;
    if (this.#used * BLOCK === this.#rows) this.#grow();
    return this.#used++;
  }

  #grow(): void {
    this.#rows *= 2;
    this.end = grown(this.end, new Uint32Array(this.#rows));
    this.frame = grown(this.frame, new Uint32Array(this.#rows));
    this.tsVal = grown(this.tsVal, new Uint32Array(this.#rows));
    this.ipId = grown(this.ipId, new Uint16Array(this.#rows));
    this.tries = grown(this.tries, new Uint8Array(this.#rows));
    this.time = grown(this.time, new Float64Array(this.#rows));
    this.#next = grown(this.#next, new Uint32Array(this.#rows / BLOCK));
  }
}

function grown<T extends { set(from: T): void }>(from: T, to: T): T {
  to.set(from);
  return to;
}
