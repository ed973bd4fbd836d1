/**
 * The segments of one direction that nobody has acknowledged yet: up to four
 * in its row ({@link ShortList}), more in a {@link SendQueue} while they come in
 * order, in a {@link LongList} when they do not. Queues and lists are handed back
 * when they are empty.
 *
 * @module
 */
import type { Word } from "../word.ts";
import type { Found } from "./entry.ts";
import { LongList } from "./long.ts";
import { SendQueue } from "./queue.ts";
import { SHORT, ShortList } from "./short.ts";

/** Queues and lists of all directions: queues are numbered 1, 2, 3 …, long lists -1, -2, -3 …. */
export class UnackedPool {
  readonly #queues: SendQueue[] = [];
  readonly #idleQueues: number[] = [];
  readonly #lists: LongList[] = [];
  readonly #idleLists: number[] = [];

  queue(number: number): SendQueue {
    return this.#queues[number - 1]!;
  }

  list(number: number): LongList {
    return this.#lists[-number - 1]!;
  }

  /** The number of an empty queue. */
  takeQueue(): number {
    return this.#idleQueues.pop() ?? this.#queues.push(new SendQueue());
  }

  /** The number of an empty list. */
  takeList(): number {
    return this.#idleLists.pop() ?? -this.#lists.push(new LongList());
  }

  /** Empties it, for others. */
  giveBack(number: number): void {
    if (number > 0) {
      this.queue(number).clear();
      this.#idleQueues.push(number);
    } else {
      this.list(number).clear();
      this.#idleLists.push(number);
    }
  }
}

/** See the module. A cursor: moved to one direction. */
export class Unacked {
  /** What the last {@link acknowledge}, {@link oldest} or {@link senderOf} found. */
  readonly found: Found = { frame: 0, time: 0.5, end: 0 };
  /** Time of what is pushed, nanoseconds of the connection: a field, since a double is boxed when it is passed. */
  now = 0.5;
  readonly #pool: UnackedPool;
  readonly #short = new ShortList();

  constructor(pool: UnackedPool) {
    this.#pool = pool;
  }

  /** Called by the row's cursor. */
  seat(words: Int32Array, at: number, times: Float64Array, timeAt: number): void {
    this.#short.seat(words, at, times, timeAt);
  }

  get isEmpty(): boolean {
    return this.#short.length === 0 && this.#short.list === 0;
  }

  get length(): number {
    const { list } = this.#short;
    if (list === 0) return this.#short.length;
    return list > 0 ? this.#pool.queue(list).length : this.#pool.list(list).length;
  }

  /** Enters the bytes `[start, end)` of `frame`, sent {@link now}; false when the list is full. */
  push(frame: number, start: Word, end: Word): boolean {
    const short = this.#short;
    if (short.list === 0) {
      if (short.length < SHORT) {
        short.push(frame, start, end, this.now);
        return true;
      }
      this.#leaveShort();
    }
    if (short.list > 0) {
      const queue = this.#pool.queue(short.list);
      queue.now = this.now;
      if (queue.push(frame, start, end)) return !queue.isFull;
      this.#leaveQueue();
    }
    return this.#pool.list(short.list).push(frame, start, end, this.now);
  }

  /** {@link push}, then {@link span}; in one, since nearly all data passes here. */
  pushAndSpan(frame: number, start: Word, end: Word, base: Word): number {
    const { list } = this.#short;
    if (list > 0) {
      const queue = this.#pool.queue(list);
      queue.now = this.now;
      if (queue.push(frame, start, end)) {
        const span = queue.span(base);
        return span === -1 ? this.span(base) : span;
      }
    }
    this.push(frame, start, end);
    return this.span(base);
  }

  /**
   * Removes every entry that ends at `ack` or before it; what begins before it
   * begins there now. Finds the oldest entry that ended right there.
   */
  acknowledge(ack: Word): void {
    const { found } = this;
    const short = this.#short;
    found.frame = 0;
    if (short.list === 0) {
      if (short.length > 0) short.acknowledge(ack, found);
      return;
    }
    if (short.list > 0) {
      const queue = this.#pool.queue(short.list);
      if (queue.acknowledge(ack, found)) {
        if (queue.length === 0) this.clear();
        return;
      }
      this.#leaveQueue();
    }
    const list = this.#pool.list(short.list);
    list.acknowledge(ack >>> 0, found);
    if (list.length === 0) this.clear();
  }

  /** Finds the entry that was sent first. */
  oldest(): void {
    const { list } = this.#short;
    this.found.frame = 0;
    if (list === 0) this.#short.oldest(this.found);
    else if (list > 0) this.#pool.queue(list).oldest(this.found);
    else this.#pool.list(list).oldest(this.found);
  }

  /** Finds the oldest entry with the byte `seq`. */
  senderOf(seq: Word): void {
    const { list } = this.#short;
    this.found.frame = 0;
    if (list === 0) this.#short.senderOf(seq, this.found);
    else if (list > 0) this.#pool.queue(list).senderOf(seq, this.found);
    else this.#pool.list(list).senderOf(seq >>> 0, this.found);
  }

  /** Bytes from the lowest start to the highest end, positions counted from `base`; -1 without entries. */
  span(base: Word): number {
    const short = this.#short;
    if (short.list === 0) return short.span(base);
    if (short.list > 0) {
      const span = this.#pool.queue(short.list).span(base);
      if (span !== -1) return span;
      this.#leaveQueue();
    }
    return this.#pool.list(short.list).span(base >>> 0);
  }

  /** Forgets all of them. */
  clear(): void {
    const short = this.#short;
    if (short.list === 0) return;
    this.#pool.giveBack(short.list);
    short.list = 0;
  }

  #leaveShort(): void {
    const short = this.#short;
    short.list = short.isInOrder ? this.#pool.takeQueue() : this.#pool.takeList();
    if (short.list < 0) return short.moveTo(this.#pool.list(short.list));
    const queue = this.#pool.queue(short.list);
    short.moveTo({
      push(frame, start, end, time) {
        queue.now = time;
        return queue.push(frame, start, end);
      },
    });
  }

  #leaveQueue(): void {
    const queue = this.#short.list;
    const list = this.#pool.takeList();
    this.#pool.queue(queue).moveTo(this.#pool.list(list));
    this.#pool.giveBack(queue);
    this.#short.list = list;
  }
}
