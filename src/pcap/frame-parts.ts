/**
 * Cuts a compressed stream into the parts of its frames as it streams by: each
 * part has a name and a length that is known when it begins.
 *
 * @module
 */
import { viewOf } from "../base/bytes.ts";

/** Takes the bytes of a part that is not gathered, as they come. */
export type PassOn = (bytes: Uint8Array) => void;

/** Parts of a format, by their names `P`. */
export class FrameParts<P extends string> {
  /** The part that is being read, or was read last. */
  part: P;
  /** Where it begins among the compressed bytes. */
  start = 0;
  readonly #take: () => void;
  readonly #isOver: () => boolean;
  #need: number;
  #have = new Uint8Array(64);
  #haveLen = 0;
  #passOn: PassOn | null = null;

  /** `take` is called for each part when it is there, and says what comes next; until `isOver`. */
  constructor(part: P, need: number, take: () => void, isOver: () => boolean) {
    this.part = part;
    this.#need = need;
    this.#take = take;
    this.#isOver = isOver;
  }

  /** The bytes of the part, where they are gathered; valid until the next. */
  get bytes(): Uint8Array {
    return this.#have.subarray(0, this.#passOn === null ? this.#haveLen : 0);
  }

  get view(): DataView {
    return viewOf(this.bytes);
  }

  /** Nothing of the part has come yet. */
  get isEmpty(): boolean {
    return this.#haveLen === 0;
  }

  /** Compressed bytes so far. */
  get offset(): number {
    return this.start + this.#haveLen;
  }

  /** The next part is of `need` bytes, which are gathered, or passed on and not kept. */
  expect(part: P, need: number, passOn: PassOn | null = null): void {
    this.start += this.#haveLen;
    this.part = part;
    this.#need = need;
    this.#haveLen = 0;
    this.#passOn = passOn;
  }

  /** The part turns out to have `need` bytes; those that are there stay. */
  growTo(need: number): void {
    this.#need = need;
  }

  push(chunk: Uint8Array): void {
    let at = 0;
    while (at < chunk.length && !this.#isOver()) {
      const n = Math.min(this.#need - this.#haveLen, chunk.length - at);
      const bytes = chunk.subarray(at, at + n);
      if (this.#passOn === null) this.#keep(bytes);
      else this.#passOn(bytes);
      this.#haveLen += n;
      at += n;
      while (this.#haveLen === this.#need && !this.#isOver()) this.#take();
    }
  }

  /** Memory grows with the bytes that came, never with those that a part claims. */
  #keep(bytes: Uint8Array): void {
    const len = this.#haveLen + bytes.length;
    if (len > this.#have.length) {
      const grown = new Uint8Array(Math.max(len, Math.min(this.#need, this.#have.length * 2)));
      grown.set(this.#have.subarray(0, this.#haveLen));
      this.#have = grown;
    }
    this.#have.set(bytes, this.#haveLen);
  }
}
