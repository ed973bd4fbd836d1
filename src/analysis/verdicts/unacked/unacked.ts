/**
 * The segments of each direction that nobody has acknowledged yet: up to four
 * in place ({@link ShortLists}), more in a {@link LongList} that is handed back
 * when it is empty.
 *
 * @module
 */
import type { SeqNum } from "../../../wire/seqnum.ts";
import type { Found } from "./entry.ts";
import { LongList } from "./long.ts";
import { SHORT, ShortLists } from "./short.ts";

/** See the module. Every method that takes a flow means the list of that direction. */
export class UnackedTable {
  readonly #short = new ShortLists();
  readonly #long: LongList[] = [];
  readonly #idle: number[] = [];
  /** What the last {@link acknowledge}, {@link oldest} or {@link senderOf} found. */
  readonly found: Found = { frame: 0, time: 0.5, end: 0 };

  length(flow: number): number {
    this.#short.seat(flow);
    const { long } = this.#short;
    return long === -1 ? this.#short.length : this.#long[long]!.length;
  }

  /** Enters the bytes `[start, end)` of `frame`; false when the list is full. */
  push(flow: number, frame: number, start: SeqNum, end: SeqNum, time: number): boolean {
    const short = this.#short;
    short.seat(flow);
    if (short.long !== -1) return this.#long[short.long]!.push(frame, start, end, time);
    if (short.length < SHORT) {
      short.push(frame, start, end, time);
      return true;
    }
    const number = this.#idle.pop() ?? this.#long.push(new LongList()) - 1;
    const list = this.#long[number]!;
    short.moveTo(list);
    short.long = number;
    return list.push(frame, start, end, time);
  }

  /**
   * Removes every entry that ends at `ack` or before it; what begins before it
   * begins there now. Finds the oldest entry that ended right there.
   */
  acknowledge(flow: number, ack: SeqNum): void {
    const short = this.#short;
    this.found.frame = 0;
    short.seat(flow);
    const { long } = short;
    if (long === -1) return short.acknowledge(ack, this.found);
    const list = this.#long[long]!;
    list.acknowledge(ack, this.found);
    if (list.length > 0) return;
    short.long = -1;
    this.#idle.push(long);
  }

  /** Finds the entry that was sent first. */
  oldest(flow: number): void {
    this.#list(flow).oldest(this.found);
  }

  /** Finds the oldest entry with the byte `seq`. */
  senderOf(flow: number, seq: SeqNum): void {
    this.#list(flow).senderOf(seq, this.found);
  }

  /** Bytes from the lowest start to the highest end, positions counted from `base`; -1 without entries. */
  span(flow: number, base: SeqNum): number {
    return this.#list(flow).span(base);
  }

  #list(flow: number): ShortLists | LongList {
    this.found.frame = 0;
    this.#short.seat(flow);
    const { long } = this.#short;
    return long === -1 ? this.#short : this.#long[long]!;
  }
}
