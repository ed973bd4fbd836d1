/**
 * What was sent and is not acknowledged, of all directions: for each segment
 * its end, when and in which frame it was sent last, its time stamp and
 * its IP identification.
 *
 * Segments of a direction stand in order, in blocks of {@link BLOCK} that are
 * taken from one pool and given back: memory follows what is in flight. Each
 * {@link STRIDE}-th block of a direction is a stone that knows the next one,
 * so that no search takes more than some hundred steps.
 *
 *     stone ─────────────────────────▶ stone ─────────────▶ …
 *       └▶ block ▶ block ▶ … ▶ block ▶─┘  └▶ block ▶ …
 *
 * A direction is a span of three of its words: the first row, behind the
 * last row, how many.
 *
 * @module
 */
import { type SeqNum, seqLeq, seqLt } from "../../wire/seqnum.ts";

/** Segments of a block. */
const BLOCK_BITS = 4;
const BLOCK = 1 << BLOCK_BITS;
const IN_BLOCK = BLOCK - 1;
/** From stone to stone, in blocks. */
const STRIDE = 32;
/** Segments kept of a direction. */
const MOST_OF_ONE = 32_768;
/** Blocks of all directions together: 25 MB. */
const MOST_BLOCKS = 2 ** 16;

// Words of a span.
const HEAD = 0;
const TAIL = 1;
const COUNT = 2;

/** Words of a span. */
export const SPAN_WORDS = 3;

/** See the module. Row 0 is never used, so that 0 can stand for none. */
export class SentLog {
  #rows = 64 * BLOCK;
  end: Int32Array = new Int32Array(this.#rows);
  frame: Int32Array = new Int32Array(this.#rows);
  tsVal: Uint32Array = new Uint32Array(this.#rows);
  ipId: Uint16Array = new Uint16Array(this.#rows);
  /** How often it was sent again. */
  tries: Uint8Array = new Uint8Array(this.#rows);
  time: Float64Array = new Float64Array(this.#rows);
  /** When the next segment is sent: a field, for a double that is handed over is boxed. */
  now = 0.5;
  /** By block: the next of the same direction, or of the pool. */
  #next = new Int32Array(64);
  /** By block: its number in its direction, from 0. */
  #number = new Int32Array(64);
  /** By block: the stone at or before it. */
  #stone = new Int32Array(64);
  /** By stone: the next one. */
  #nextStone = new Int32Array(64);
  #free = 0;
  /** Blocks used at least once; block 0 is not. */
  #used = 1;

  /** A segment behind all others of the span at `at`, sent at {@link now}. @returns Its row; 0: no room. */
  push(
    words: Int32Array,
    at: number,
    end: number,
    frame: number,
    tsVal: number,
    ipId: number,
  ): number {
    let row = words[at + TAIL]!;
    const count = words[at + COUNT]!;
    if (count === 0 || (row & IN_BLOCK) === 0) {
      row = this.#extend(words, at, count, row);
      if (row === 0) return 0;
    }
    this.end[row] = end;
    this.frame[row] = frame;
    this.time[row] = this.now;
    this.tsVal[row] = tsVal;
    this.ipId[row] = ipId;
    this.tries[row] = 0;
    words[at + TAIL] = row + 1;
    words[at + COUNT] = count + 1;
    return row;
  }

  /** Strikes off what ends at or before `ack`. @returns The last row struck off, still readable; 0: none. */
  acknowledge(words: Int32Array, at: number, ack: number): number {
    const { end } = this;
    let count = words[at + COUNT]!;
    let row = words[at + HEAD]!;
    let last = 0;
    while (count > 0 && seqLeq(end[row]!, ack)) {
      last = row++;
      count--;
      if ((row & IN_BLOCK) === 0 || count === 0) {
        const block = last >>> BLOCK_BITS;
        row = count > 0 ? this.#next[block]! << BLOCK_BITS : 0;
        this.#release(block);
      }
    }
    words[at + HEAD] = row;
    words[at + COUNT] = count;
    return last;
  }

  /** Forgets all of the span. */
  clear(words: Int32Array, at: number): void {
    let row = words[at + HEAD]!;
    for (let left = words[at + COUNT]!; left > 0;) {
      left -= BLOCK - (row & IN_BLOCK);
      const block = row >>> BLOCK_BITS;
      row = this.#next[block]! << BLOCK_BITS;
      this.#release(block);
    }
    words[at + COUNT] = 0;
  }

  /** The row that holds the byte `seq`, or 0. */
  find(words: Int32Array, at: number, seq: SeqNum): number {
    const { end } = this;
    let left = words[at + COUNT]!;
    if (left === 0 || !seqLt(seq, end[words[at + TAIL]! - 1]!)) return 0;
    let row = this.#stoneBefore(words, at, seq);
    left -= this.#countBefore(words, at, row);
    for (;;) {
      const inBlock = Math.min(left, BLOCK - (row & IN_BLOCK));
      if (seqLt(seq, end[row + inBlock - 1]!)) break;
      left -= inBlock;
      row = this.#next[row >>> BLOCK_BITS]! << BLOCK_BITS;
    }
    while (!seqLt(seq, end[row]!)) row++;
    return row;
  }

  /** The row behind `row` in the span, or 0. */
  after(words: Int32Array, at: number, row: number): number {
    if (row + 1 === words[at + TAIL]) return 0;
    return ((row + 1) & IN_BLOCK) === 0 ? this.#next[row >>> BLOCK_BITS]! << BLOCK_BITS : row + 1;
  }

  /** The first row, or that of the last stone whose first segment ends at or before `seq`. */
  #stoneBefore(words: Int32Array, at: number, seq: SeqNum): number {
    let row = words[at + HEAD]!;
    let block = row >>> BLOCK_BITS;
    const tail = (words[at + TAIL]! - 1) >>> BLOCK_BITS;
    // The stone of the last block may have been given back.
    if (stoneNumber(this.#number[tail]!) <= this.#number[block]!) return row;
    const last = this.#stone[tail]!;
    if (isStone(this.#number[block]!)) block = this.#nextStone[block]!;
    else while (!isStone(this.#number[block]!)) block = this.#next[block]!;
    while (!seqLt(seq, this.end[block << BLOCK_BITS]!)) {
      row = block << BLOCK_BITS;
      if (block === last) break;
      block = this.#nextStone[block]!;
    }
    return row;
  }

  /** Segments of the span before `row`, the first of a block or of the span. */
  #countBefore(words: Int32Array, at: number, row: number): number {
    const head = words[at + HEAD]!;
    if (row === head) return 0;
    const blocks = this.#number[row >>> BLOCK_BITS]! - this.#number[head >>> BLOCK_BITS]!;
    return (blocks << BLOCK_BITS) - (head & IN_BLOCK);
  }

  /** The first row of one more block of the span, whose tail is `tail`; 0: no room. */
  #extend(words: Int32Array, at: number, count: number, tail: number): number {
    if (count >= MOST_OF_ONE) return 0;
    const block = this.#take();
    if (block === 0) return 0;
    const row = block << BLOCK_BITS;
    if (count === 0) {
      words[at + HEAD] = row;
      this.#number[block] = 0;
      this.#stone[block] = block;
      return row;
    }
    // The tail stands behind the last row of the last block.
    const before = (tail >>> BLOCK_BITS) - 1;
    const number = this.#number[before]! + 1;
    this.#next[before] = block;
    this.#number[block] = number;
    const stone = this.#stone[before]!;
    this.#stone[block] = isStone(number) ? block : stone;
    // The stone before it may have been given back.
    const first = this.#number[words[at + HEAD]! >>> BLOCK_BITS]!;
    if (isStone(number) && first <= number - STRIDE) this.#nextStone[stone] = block;
    return row;
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
    const blocks = this.#rows / BLOCK;
    this.end = grown(this.end, new Int32Array(this.#rows));
    this.frame = grown(this.frame, new Int32Array(this.#rows));
    this.tsVal = grown(this.tsVal, new Uint32Array(this.#rows));
    this.ipId = grown(this.ipId, new Uint16Array(this.#rows));
    this.tries = grown(this.tries, new Uint8Array(this.#rows));
    this.time = grown(this.time, new Float64Array(this.#rows));
    this.#next = grown(this.#next, new Int32Array(blocks));
    this.#number = grown(this.#number, new Int32Array(blocks));
    this.#stone = grown(this.#stone, new Int32Array(blocks));
    this.#nextStone = grown(this.#nextStone, new Int32Array(blocks));
  }
}

/** By the number of a block in its direction. */
const isStone = (number: number): boolean => (number & (STRIDE - 1)) === 0;

/** The number of the stone at or before a block. */
const stoneNumber = (number: number): number => number & -STRIDE;

function grown<T extends { set(from: T): void }>(from: T, to: T): T {
  to.set(from);
  return to;
}
