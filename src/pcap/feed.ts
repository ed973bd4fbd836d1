/**
 * Cuts a stream of chunks into whole records.
 *
 * A parser works on one `DataView` over the chunk as it came. Only a record
 * that spans chunks is copied, into a carry buffer that grows with the bytes
 * that have arrived, never with the bytes that a record claims.
 *
 * @module
 */
import type { Handover } from "./handover.ts";

/** Takes whole records from bytes. */
export interface RecordParser {
  /** Bytes that must be there before {@link parse} can get on. */
  readonly need: number;
  /**
   * Takes the whole records in `[at, end)`.
   *
   * @param base File offset of byte 0 of `view`.
   * @returns Where the next record begins; past `end` to skip bytes yet to come.
   */
  parse(view: DataView, at: number, end: number, base: number): number;
  /** The input is over at file offset `offset`; the last `have` bytes before it were not taken. */
  end(offset: number, have: number): void;
}

/** Takes the records of one file. */
export interface FileParser extends RecordParser {
  /** The bytes that {@link parse} stopped at are the header of another file. */
  readonly isOver: boolean;
}

/** Feeds one parser from chunks of any size. */
export class Feed {
  readonly #parser: RecordParser;
  readonly #handover: Handover;
  /** File offset of the next chunk. */
  #offset = 0;
  /** Bytes to pass over before the parser is asked again. */
  #skip = 0;
  #carry = new Uint8Array(0);
  #carryView = new DataView(this.#carry.buffer);
  #carryLen = 0;

  constructor(parser: RecordParser, handover: Handover) {
    this.#parser = parser;
    this.#handover = handover;
  }

  push(chunk: Uint8Array): void {
    let at = this.#passSkipped(0, chunk.length);
    while (this.#carryLen > 0 && at < chunk.length && !this.#handover.done) {
      at = this.#parseCarry(chunk, at);
      at = this.#passSkipped(at, chunk.length);
    }
    if (at < chunk.length && !this.#handover.done) this.#parseChunk(chunk, at);
    this.#offset += chunk.length;
  }

  end(): void {
    if (!this.#handover.done) this.#parser.end(this.#offset, this.#carryLen);
    this.#carryLen = 0;
  }

  #passSkipped(at: number, end: number): number {
    if (this.#skip === 0) return at;
    const n = Math.min(this.#skip, end - at);
    this.#skip -= n;
    return at + n;
  }

  /** Completes the record in the carry buffer as far as the chunk allows. */
  #parseCarry(chunk: Uint8Array, at: number): number {
    const n = Math.min(this.#parser.need - this.#carryLen, chunk.length - at);
    this.#keep(chunk.subarray(at, at + n));
    if (this.#carryLen < this.#parser.need) return at + n;
    const base = this.#offset + at + n - this.#carryLen;
    const next = this.#parser.parse(this.#carryView, 0, this.#carryLen, base);
    if (next >= this.#carryLen) {
      this.#skip = next - this.#carryLen;
      this.#carryLen = 0;
    } else if (next > 0) {
      this.#carry.copyWithin(0, next, this.#carryLen);
      this.#carryLen -= next;
    }
    return at + n;
  }

  #parseChunk(chunk: Uint8Array, at: number): void {
    const view = new DataView(chunk.buffer, chunk.byteOffset, chunk.length);
    const next = this.#parser.parse(view, at, chunk.length, this.#offset);
    if (next >= chunk.length) this.#skip = next - chunk.length;
    else if (!this.#handover.done) this.#keep(chunk.subarray(next));
  }

  #keep(bytes: Uint8Array): void {
    const len = this.#carryLen + bytes.length;
    if (len > this.#carry.length) {
      const grown = new Uint8Array(Math.max(len, this.#carry.length * 2, 4096));
      grown.set(this.#carry.subarray(0, this.#carryLen));
      this.#carry = grown;
      this.#carryView = new DataView(grown.buffer);
    }
    this.#carry.set(bytes, this.#carryLen);
    this.#carryLen = len;
  }
}
