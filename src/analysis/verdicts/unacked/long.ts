/**
 * A list of many unacknowledged segments, at most {@link MAX_UNACKED}.
 *
 * Wireshark walks its list for every segment, which is quadratic while
 * nothing is acknowledged. Here entries are kept in the order of their ends on
 * the circle of sequence numbers: an acknowledgement removes one arc of it, and
 * the highest end is next to the base. Lowest starts are near the lowest
 * ends: no further off than the longest entry. What is found is the same,
 * entry by entry.
 *
 * @module
 */
import { type SeqNum, seqLeq, seqLt } from "../../../wire/seqnum.ts";
import { type Found, MAX_UNACKED } from "./entry.ts";
import { EndOrder } from "./order.ts";

const NONE = 0xffff;
const FIRST_CAPACITY = 16;
/** Acknowledgements reach half the circle back. */
const HALF = 0x8000_0000;
/** Overlapping entries looked at to find who sent a byte. */
const MAX_OVERLAP = 64;

/** See the module. */
export class LongList {
  #capacity = FIRST_CAPACITY;
  #frame = new Uint32Array(FIRST_CAPACITY);
  #start = new Uint32Array(FIRST_CAPACITY);
  #end = new Uint32Array(FIRST_CAPACITY);
  #time = new Float64Array(FIRST_CAPACITY);
  // The order of sending: neighbours of each entry. `newer` chains free entries, too.
  #older = new Uint16Array(FIRST_CAPACITY);
  #newer = new Uint16Array(FIRST_CAPACITY);
  #oldest = NONE;
  #newest = NONE;
  #free = NONE;
  #used = 0;
  readonly #order = new EndOrder(FIRST_CAPACITY);
  /** Of the longest entry since the list was empty. */
  #maxLen = 0;

  get length(): number {
    return this.#order.length;
  }

  /** False, and nothing entered, when the list is full. */
  push(frame: number, start: SeqNum, end: SeqNum, time: number): boolean {
    if (this.#order.length === MAX_UNACKED) return false;
    const entry = this.#allocate();
    this.#frame[entry] = frame;
    this.#start[entry] = start;
    this.#end[entry] = end;
    this.#time[entry] = time;
    this.#older[entry] = this.#newest;
    this.#newer[entry] = NONE;
    if (this.#newest === NONE) this.#oldest = entry;
    else this.#newer[this.#newest] = entry;
    this.#newest = entry;
    this.#maxLen = Math.max(this.#maxLen, (end - start) >>> 0);
    this.#order.insert(this.#end, entry);
    return true;
  }

  /** See `UnackedTable`. */
  acknowledge(ack: SeqNum, found: Found): void {
    const order = this.#order;
    const first = order.lowerBound(this.#end, ack);
    if (first < order.length && this.#end[order.at(first)] === ack) {
      this.#find(order.at(first), found);
    }
    const lowest = (ack - HALF + 1) >>> 0;
    if (lowest > ack) {
      // The arc goes over the top. What is removed there stands behind the rest.
      this.#remove(order.lowerBound(this.#end, lowest), order.length);
      this.#remove(0, this.#endOfEqual(first, ack));
    } else this.#remove(order.lowerBound(this.#end, lowest), this.#endOfEqual(first, ack));
    if (this.length === 0) this.clear();
    else this.#trim(ack);
  }

  oldest(found: Found): void {
    if (this.#oldest !== NONE) this.#find(this.#oldest, found);
  }

  senderOf(seq: SeqNum, found: Found): void {
    const n = Math.min(this.length, MAX_OVERLAP);
    let position = this.#order.upperBound(this.#end, seq);
    for (let i = 0; i < n; i++, position++) {
      const entry = this.#order.at(position < this.length ? position : position - this.length);
      if ((this.#end[entry]! - seq) >>> 0 > this.#maxLen) return;
      const isIn = seqLeq(this.#start[entry]!, seq) && seqLt(seq, this.#end[entry]!);
      if (isIn && (found.frame === 0 || this.#frame[entry]! < found.frame)) {
        this.#find(entry, found);
      }
    }
  }

  span(base: SeqNum): number {
    const { length } = this;
    if (length === 0) return -1;
    const from = this.#order.lowerBound(this.#end, base);
    const last = this.#order.at((from === 0 ? length : from) - 1);
    const highest = (this.#end[last]! - base) >>> 0;
    let lowest = 0xffff_ffff;
    for (let i = 0; i < length; i++) {
      const entry = this.#order.at(from + i < length ? from + i : from + i - length);
      if (((this.#end[entry]! - base) >>> 0) - this.#maxLen >= lowest) break;
      lowest = Math.min(lowest, (this.#start[entry]! - base) >>> 0);
    }
    return (highest - lowest) >>> 0;
  }

  /** Entries that begin before `ack` begin there now: they end less than the longest behind it. */
  #trim(ack: SeqNum): void {
    const { length } = this;
    let position = this.#order.upperBound(this.#end, ack);
    for (let i = 0; i < length; i++, position++) {
      const entry = this.#order.at(position < length ? position : position - length);
      if ((this.#end[entry]! - ack) >>> 0 >= this.#maxLen) return;
      if (seqLt(this.#start[entry]!, ack)) this.#start[entry] = ack;
    }
  }

  /** The first position at or behind `position` whose end is not `end`. */
  #endOfEqual(position: number, end: SeqNum): number {
    let p = position;
    while (p < this.#order.length && this.#end[this.#order.at(p)] === end) p++;
    return p;
  }

  #remove(from: number, to: number): void {
    for (let i = from; i < to; i++) this.#unlink(this.#order.at(i));
    if (from < to) this.#order.remove(from, to);
  }

  #unlink(entry: number): void {
    const older = this.#older[entry]!;
    const newer = this.#newer[entry]!;
    if (older === NONE) this.#oldest = newer;
    else this.#newer[older] = newer;
    if (newer === NONE) this.#newest = older;
    else this.#older[newer] = older;
    this.#newer[entry] = this.#free;
    this.#free = entry;
  }

  #find(entry: number, found: Found): void {
    found.frame = this.#frame[entry]!;
    found.time = this.#time[entry]!;
    found.end = this.#end[entry]! | 0;
  }

  #allocate(): number {
    const entry = this.#free;
    if (entry !== NONE) {
      this.#free = this.#newer[entry]!;
      return entry;
    }
    if (this.#used === this.#capacity) this.#grow(Math.min(2 * this.#capacity, MAX_UNACKED));
    return this.#used++;
  }

  clear(): void {
    this.#oldest = this.#newest = this.#free = NONE;
    this.#used = this.#maxLen = 0;
    this.#order.clear();
  }

  #grow(capacity: number): void {
    this.#capacity = capacity;
    this.#frame = grown(this.#frame, new Uint32Array(capacity));
    this.#start = grown(this.#start, new Uint32Array(capacity));
    this.#end = grown(this.#end, new Uint32Array(capacity));
    this.#time = grown(this.#time, new Float64Array(capacity));
    this.#older = grown(this.#older, new Uint16Array(capacity));
    this.#newer = grown(this.#newer, new Uint16Array(capacity));
    this.#order.grow(capacity);
  }
}

function grown<A extends { set(old: A): void }>(old: A, array: A): A {
  array.set(old);
  return array;
}
