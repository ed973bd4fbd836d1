/**
 * Ranges of sequence numbers, apart from each other and in order: what was
 * reported as received, what was sent again. A few as a rule; bounded always.
 *
 * @module
 */
import { type SeqNum, seqLeq, seqLt } from "../../wire/seqnum.ts";
import { Room } from "./room.ts";

/** Ranges kept: with more, the newest are not noted. */
const MOST = 256;
/** Edges for which there is room at first. */
const FIRST_EDGES = 8;
const NO_EDGES = new Uint32Array(0);

/** See the module. All numbers in it must be less than 2^31 apart. */
export class Ranges {
  readonly #room: Room;
  #edges = NO_EDGES;
  #count = 0;
  #bytes = 0;

  /** `room` is for edges, and shared with others. */
  constructor(room: Room = new Room(2 * MOST)) {
    this.#room = room;
  }

  /** How many ranges. */
  get length(): number {
    return this.#count;
  }

  /** Bytes in all of them. */
  get bytes(): number {
    return this.#bytes;
  }

  from(i: number): SeqNum {
    return this.#edges[2 * i]!;
  }

  to(i: number): SeqNum {
    return this.#edges[2 * i + 1]!;
  }

  /** Whether `seq` is in one of them. */
  has(seq: SeqNum): boolean {
    const i = this.#firstEndingAfter(seq);
    return i < this.#count && seqLeq(this.from(i), seq);
  }

  /** Bytes in ranges from `seq` on. */
  bytesFrom(seq: SeqNum): number {
    let bytes = 0;
    for (let i = this.#firstEndingAfter(seq); i < this.#count; i++) {
      bytes += (this.to(i) - (seqLt(this.from(i), seq) ? seq : this.from(i))) >>> 0;
    }
    return bytes;
  }

  /** Adds `[from, to)`. @returns The bytes that were not there yet. */
  add(from: SeqNum, to: SeqNum): number {
    if (!seqLt(from, to)) return 0;
    const before = this.#bytes;
    let at = this.#firstEndingAfter(from);
    // One that ends where this begins is joined too.
    if (at > 0 && this.to(at - 1) === from) at--;
    let end = at;
    let [left, right] = [from, to];
    let joined = 0;
    for (; end < this.#count && seqLeq(this.from(end), to); end++) {
      if (seqLt(this.from(end), left)) left = this.from(end);
      if (seqLt(right, this.to(end))) right = this.to(end);
      joined += (this.to(end) - this.from(end)) >>> 0;
    }
    if (end === at && !this.#hasRoom()) return 0;
    this.#splice(at, end, left, right);
    this.#bytes += ((right - left) >>> 0) - joined;
    return this.#bytes - before;
  }

  /** Forgets all below `seq`. */
  dropBelow(seq: SeqNum): void {
    const first = this.#firstEndingAfter(seq);
    for (let i = 0; i < first; i++) this.#bytes -= (this.to(i) - this.from(i)) >>> 0;
    if (first > 0) {
      this.#edges.copyWithin(0, 2 * first, 2 * this.#count);
      this.#count -= first;
    }
    if (this.#count > 0 && seqLt(this.from(0), seq)) {
      this.#bytes -= (seq - this.from(0)) >>> 0;
      this.#edges[0] = seq;
    }
    if (this.#count === 0) this.#giveBack();
  }

  clear(): void {
    this.#count = this.#bytes = 0;
    this.#giveBack();
  }

  #giveBack(): void {
    if (this.#edges.length === 0) return;
    this.#room.give(this.#edges.length);
    this.#edges = NO_EDGES;
  }

  /** Whether one more can be kept; makes room for it. */
  #hasRoom(): boolean {
    const { length } = this.#edges;
    if (this.#count * 2 < length) return true;
    if (this.#count === MOST || !this.#room.take(Math.max(FIRST_EDGES, length))) return false;
    const grown = new Uint32Array(Math.max(FIRST_EDGES, length * 2));
    grown.set(this.#edges);
    this.#edges = grown;
    return true;
  }

  #firstEndingAfter(seq: SeqNum): number {
    let low = 0;
    let high = this.#count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (seqLt(seq, this.to(middle))) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** `[left, right)` in the place of the ranges `[at, end)`. */
  #splice(at: number, end: number, left: SeqNum, right: SeqNum): void {
    const count = this.#count + 1 - (end - at);
    this.#edges.copyWithin(2 * at + 2, 2 * end, 2 * this.#count);
    this.#edges[2 * at] = left;
    this.#edges[2 * at + 1] = right;
    this.#count = count;
  }
}
