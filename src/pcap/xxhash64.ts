/**
 * XXH64 (draft-josefsson-xxhash §4), the checksum of Zstandard frames, with
 * seed 0, as bytes come.
 *
 * Stripes are taken in halves of 32 bits: with big integers they would take a hundred times
 * longer. What is done once in the end is done with big integers.
 *
 * @module
 */
import { Stripes } from "./xxhash-stripes.ts";

const P1 = 0x9e3779b185ebca87n;
const P2 = 0xc2b2ae3d27d4eb4fn;
const P3 = 0x165667b19e3779f9n;
const P4 = 0x85ebca77c2b2ae63n;
const P5 = 0x27d4eb2f165667c5n;

/** Their halves. */
const P1_HIGH = 0x9e3779b1;
const P1_LOW = 0x85ebca87;
const P2_HIGH = 0xc2b2ae3d;
const P2_LOW = 0x27d4eb4f;

/** The hash of bytes that come in pieces. */
export class XxHash64 {
  readonly #stripes = new Stripes(32, (v, at, end) => this.#take(v, at, end));
  /** The four lanes, lower half first. */
  readonly #lanes = new Int32Array(8);

  constructor() {
    this.reset();
  }

  /** Begins anew. */
  reset(): void {
    this.#stripes.reset();
    const starts = [P1 + P2, P2, 0n, -P1];
    for (const [i, start] of starts.entries()) {
      this.#lanes[2 * i] = Number(BigInt.asIntN(32, start));
      this.#lanes[2 * i + 1] = Number(BigInt.asIntN(32, start >> 32n));
    }
  }

  add(bytes: Uint8Array): void {
    this.#stripes.add(bytes);
  }

  /** Of everything added since the last {@link reset}. */
  value(): bigint {
    const { total, rest } = this.#stripes;
    let h = u64((total < 32 ? P5 : this.#converged()) + BigInt(total));
    let at = 0;
    for (; at + 8 <= rest.byteLength; at += 8) {
      h = u64(rotl(h ^ round(0n, rest.getBigUint64(at, true)), 27n) * P1 + P4);
    }
    if (at + 4 <= rest.byteLength) {
      h = u64(rotl(h ^ u64(BigInt(rest.getUint32(at, true)) * P1), 23n) * P2 + P3);
      at += 4;
    }
    for (; at < rest.byteLength; at++) {
      h = u64(rotl(h ^ u64(BigInt(rest.getUint8(at)) * P5), 11n) * P1);
    }
    h = u64((h ^ (h >> 33n)) * P2);
    h = u64((h ^ (h >> 29n)) * P3);
    return h ^ (h >> 32n);
  }

  #converged(): bigint {
    const lanes = [0, 1, 2, 3].map((i) => this.#lane(i));
    const by = [1n, 7n, 12n, 18n];
    let h = u64(lanes.reduce((sum, lane, i) => sum + rotl(lane, by[i]!), 0n));
    for (const lane of lanes) h = u64((h ^ round(0n, lane)) * P1 + P4);
    return h;
  }

  #lane(i: number): bigint {
    const low = BigInt.asUintN(32, BigInt(this.#lanes[2 * i]!));
    return (BigInt.asUintN(32, BigInt(this.#lanes[2 * i + 1]!)) << 32n) | low;
  }

  #take(v: DataView, from: number, end: number): void {
    for (let i = 0; i < 4; i++) this.#takeLane(i, v, from + 8 * i, end);
  }

  /** Every fourth eight bytes: `lane = rotl(lane + n * P2, 31) * P1`. */
  #takeLane(lane: number, v: DataView, from: number, end: number): void {
    let low = this.#lanes[2 * lane]!;
    let high = this.#lanes[2 * lane + 1]!;
    for (let at = from; at < end; at += 32) {
      const n = v.getInt32(at, true);
      const nHigh = v.getInt32(at + 4, true);
      const product = Math.imul(n, P2_LOW);
      const sum = (low >>> 0) + (product >>> 0);
      high =
        (high +
          upperOf(n, P2_LOW) +
          Math.imul(n, P2_HIGH) +
          Math.imul(nHigh, P2_LOW) +
          (sum > 0xffff_ffff ? 1 : 0)) |
        0;
      low = sum | 0;
      const turned = (low << 31) | (high >>> 1);
      const turnedHigh = (high << 31) | (low >>> 1);
      low = Math.imul(turned, P1_LOW);
      high =
        (upperOf(turned, P1_LOW) + Math.imul(turned, P1_HIGH) + Math.imul(turnedHigh, P1_LOW)) | 0;
    }
    this.#lanes[2 * lane] = low;
    this.#lanes[2 * lane + 1] = high;
  }
}

/** The upper 32 of the 64 bits of a product without sign. */
function upperOf(a: number, b: number): number {
  const a0 = a & 0xffff;
  const a1 = a >>> 16;
  const b0 = b & 0xffff;
  const b1 = b >>> 16;
  const p01 = Math.imul(a0, b1);
  const p10 = Math.imul(a1, b0);
  const middle = (Math.imul(a0, b0) >>> 16) + (p01 & 0xffff) + (p10 & 0xffff);
  return (Math.imul(a1, b1) + (p01 >>> 16) + (p10 >>> 16) + (middle >>> 16)) | 0;
}

const u64 = (n: bigint): bigint => BigInt.asUintN(64, n);

const rotl = (n: bigint, by: bigint): bigint => u64((n << by) | (n >> (64n - by)));

const round = (lane: bigint, n: bigint): bigint => u64(rotl(u64(lane + n * P2), 31n) * P1);
