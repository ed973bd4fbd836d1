/**
 * XXH32 (draft-josefsson-xxhash §3), the checksum of LZ4 frames, with seed 0, as bytes come.
 *
 * @module
 */
import { Stripes } from "./xxhash-stripes.ts";

const P1 = 0x9e3779b1;
const P2 = 0x85ebca77;
const P3 = 0xc2b2ae3d;
const P4 = 0x27d4eb2f;
const P5 = 0x165667b1;

/** The hash of all the bytes at once. */
export function xxHash32(bytes: Uint8Array): number {
  const hash = new XxHash32();
  hash.add(bytes);
  return hash.value();
}

/** The hash of bytes that come in pieces. */
export class XxHash32 {
  readonly #stripes = new Stripes(16, (v, at, end) => this.#take(v, at, end));
  #a = 0;
  #b = 0;
  #c = 0;
  #d = 0;

  constructor() {
    this.reset();
  }

  /** Begins anew. */
  reset(): void {
    this.#stripes.reset();
    this.#a = (P1 + P2) | 0;
    this.#b = P2 | 0;
    this.#c = 0;
    this.#d = -P1 | 0;
  }

  add(bytes: Uint8Array): void {
    this.#stripes.add(bytes);
  }

  /** Of everything added since the last {@link reset}, 32 bits without sign. */
  value(): number {
    const { total, rest } = this.#stripes;
    const lanes = rotl(this.#a, 1) + rotl(this.#b, 7) + rotl(this.#c, 12) + rotl(this.#d, 18);
    let h = ((total < 16 ? P5 : lanes) + total) | 0;
    let at = 0;
    for (; at + 4 <= rest.byteLength; at += 4) {
      h = Math.imul(rotl(h + Math.imul(rest.getUint32(at, true), P3), 17), P4);
    }
    for (; at < rest.byteLength; at++) {
      h = Math.imul(rotl(h + Math.imul(rest.getUint8(at), P5), 11), P1);
    }
    h = Math.imul(h ^ (h >>> 15), P2);
    h = Math.imul(h ^ (h >>> 13), P3);
    return (h ^ (h >>> 16)) >>> 0;
  }

  #take(v: DataView, from: number, end: number): void {
    let a = this.#a;
    let b = this.#b;
    let c = this.#c;
    let d = this.#d;
    for (let at = from; at < end; at += 16) {
      a = round(a, v.getInt32(at, true));
      b = round(b, v.getInt32(at + 4, true));
      c = round(c, v.getInt32(at + 8, true));
      d = round(d, v.getInt32(at + 12, true));
    }
    this.#a = a;
    this.#b = b;
    this.#c = c;
    this.#d = d;
  }
}

const rotl = (n: number, by: number): number => (n << by) | (n >>> (32 - by));

const round = (lane: number, n: number): number =>
  Math.imul(rotl((lane + Math.imul(n, P2)) | 0, 13), P1);
