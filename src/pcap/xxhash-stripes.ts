/**
 * Cuts the bytes of a hash into whole stripes.
 *
 * @module
 */
import { viewOf } from "../base/bytes.ts";

/** Gathers what is less than a stripe until the rest of it comes. */
export class Stripes {
  /** Bytes added. */
  total = 0;
  readonly #len: number;
  readonly #take: (view: DataView, at: number, end: number) => void;
  readonly #carry: Uint8Array;
  readonly #carryView: DataView;
  #carryLen = 0;

  /** `take` gets whole stripes of `len` bytes in `[at, end)`. */
  constructor(len: number, take: (view: DataView, at: number, end: number) => void) {
    this.#len = len;
    this.#take = take;
    this.#carry = new Uint8Array(len);
    this.#carryView = viewOf(this.#carry);
  }

  /** The bytes behind the last whole stripe. */
  get rest(): DataView {
    return new DataView(this.#carry.buffer, 0, this.#carryLen);
  }

  reset(): void {
    this.total = this.#carryLen = 0;
  }

  add(bytes: Uint8Array): void {
    const len = this.#len;
    this.total += bytes.length;
    let at = 0;
    if (this.#carryLen > 0) {
      at = Math.min(len - this.#carryLen, bytes.length);
      this.#keep(bytes.subarray(0, at));
      if (this.#carryLen < len) return;
      this.#take(this.#carryView, 0, len);
      this.#carryLen = 0;
    }
    const end = bytes.length - ((bytes.length - at) % len);
    if (end > at) this.#take(viewOf(bytes), at, end);
    this.#keep(bytes.subarray(end));
  }

  #keep(bytes: Uint8Array): void {
    this.#carry.set(bytes, this.#carryLen);
    this.#carryLen += bytes.length;
  }
}
