/**
 * Which stream a segment belongs to: a hash table over typed arrays.
 *
 * A stream is one connection between two endpoints; its number is the order
 * of first appearance. There is no object and no string per stream: some 70 bytes
 * each, of which 32 are the addresses; twice that while the arrays grow.
 *
 * The hash is multilinear over 16-bit halves with random multipliers of this
 * run, so that nobody can prepare a capture whose streams fall into one
 * bucket: two streams meet with a probability of 2^-32 whatever they are
 * (Carter and Wegman). What is found does not depend on the multipliers.
 *
 * @module
 */
import { SCALE_UNKNOWN } from "./segment.ts";

/** 16-bit halves of a key: two addresses of 128 bits, two ports, one version. */
const HALVES = 19;
const WORDS = 8;

/** The streams seen, and the state of each of their two sides. */
export class FlowTable {
  /** Streams so far; the arrays may be longer. */
  length = 0;

  // Per stream.
  /** 8 words a stream: the smaller address, then the other; IPv4 in the first word of each. */
  addr = new Uint32Array(0);
  /** Port of the smaller address in the high half, of the other in the low half. */
  ports = new Uint32Array(0);
  /** 4 or 6. */
  version = new Uint8Array(0);
  /** Which side dialed; {@link SIDE_UNKNOWN} until the first segment is judged. */
  client = new Uint8Array(0);
  segments = new Uint32Array(0);
  #hash = new Uint32Array(0);
  #next = new Int32Array(0);

  // Per flow: stream * 2 + side.
  /** Sequence number shown as relative 0. */
  base = new Uint32Array(0);
  baseKnown = new Uint8Array(0);
  scale = new Int8Array(0);

  #buckets = new Int32Array(1024).fill(-1);
  readonly #key = new Uint32Array(WORDS + 1);
  #keyVersion = 0;
  #keyHash = 0;
  readonly #multipliers = Uint32Array.from({ length: 2 * (HALVES + 1) }, random32);

  /** Whether the last {@link find} had the sender as the greater endpoint. */
  isSwapped = false;
  /** Whether both endpoints of the last {@link find} were the same. */
  isSelf = false;

  /**
   * The newest stream between the endpoints of the segment whose IP header is
   * at `ipAt`, whose destination's address is at `dstAt`, and whose TCP header is at
   * `tcpAt` of `v`; -1 when there is none.
   */
  find(v: DataView, version: 4 | 6, ipAt: number, dstAt: number, tcpAt: number): number {
    this.#readKey(v, version, ipAt, dstAt, tcpAt);
    const hash = (this.#keyHash = this.#hashKey());
    for (let s = this.#buckets[hash & (this.#buckets.length - 1)]!; s !== -1; s = this.#next[s]!) {
      if (this.#hash[s] === hash && this.#isKeyOf(s)) return s;
    }
    return -1;
  }

  /** Adds a stream with the key of the last {@link find}; it replaces `old` (-1: none) in later finds. */
  add(old: number): number {
    const stream = this.length++;
    if (stream >= this.ports.length) this.#grow(Math.max(64, stream * 2));
    this.addr.set(this.#key.subarray(0, WORDS), stream * WORDS);
    this.ports[stream] = this.#key[WORDS]!;
    this.version[stream] = this.#keyVersion;
    this.client[stream] = SIDE_UNKNOWN;
    this.#hash[stream] = this.#keyHash;
    this.scale[stream * 2] = this.scale[stream * 2 + 1] = SCALE_UNKNOWN;
    if (old === -1) this.#link(stream);
    else this.#replace(old, stream);
    if (old === -1 && stream >= this.#buckets.length) this.#rehash();
    return stream;
  }

  #readKey(v: DataView, version: 4 | 6, ipAt: number, dstAt: number, tcpAt: number): void {
    const key = this.#key;
    const words = version === 4 ? 1 : 4;
    const srcAt = ipAt + (version === 4 ? 12 : 8);
    let order = 0;
    for (let i = 0; i < words && order === 0; i++) {
      order = v.getUint32(srcAt + i * 4) - v.getUint32(dstAt + i * 4);
    }
    const srcPort = v.getUint16(tcpAt);
    const dstPort = v.getUint16(tcpAt + 2);
    if (order === 0) order = srcPort - dstPort;
    this.isSwapped = order > 0;
    this.isSelf = order === 0;
    const lowAt = order > 0 ? dstAt : srcAt;
    const highAt = order > 0 ? srcAt : dstAt;
    for (let i = 0; i < 4; i++) {
      key[i] = i < words ? v.getUint32(lowAt + i * 4) : 0;
      key[4 + i] = i < words ? v.getUint32(highAt + i * 4) : 0;
    }
    key[WORDS] = order > 0 ? (dstPort << 16) | srcPort : (srcPort << 16) | dstPort;
    this.#keyVersion = version;
  }

  #hashKey(): number {
    const m = this.#multipliers;
    let a = m[0]! + Math.imul(m[2]!, this.#keyVersion);
    let b = m[1]! + Math.imul(m[3]!, this.#keyVersion);
    let i = 4;
    for (let w = 0; w <= WORDS; w++) {
      const word = this.#key[w]!;
      if (word !== 0) {
        const low = word & 0xffff;
        const high = word >>> 16;
        a = (a + Math.imul(m[i]!, low) + Math.imul(m[i + 2]!, high)) | 0;
        b = (b + Math.imul(m[i + 1]!, low) + Math.imul(m[i + 3]!, high)) | 0;
      }
      i += 4;
    }
    // The upper half of each sum is the universal part.
    return ((a >>> 16) | (b & 0xffff0000)) >>> 0;
  }

  #isKeyOf(stream: number): boolean {
    const key = this.#key;
    if (this.ports[stream] !== key[WORDS] || this.version[stream] !== this.#keyVersion) {
      return false;
    }
    const at = stream * WORDS;
    for (let i = 0; i < WORDS; i++) if (this.addr[at + i] !== key[i]) return false;
    return true;
  }

  #link(stream: number): void {
    const bucket = this.#hash[stream]! & (this.#buckets.length - 1);
    this.#next[stream] = this.#buckets[bucket]!;
    this.#buckets[bucket] = stream;
  }

  /** In place, so that a thousand connections on the same ports stay one entry. */
  #replace(old: number, stream: number): void {
    const bucket = this.#hash[stream]! & (this.#buckets.length - 1);
    this.#next[stream] = this.#next[old]!;
    if (this.#buckets[bucket] === old) {
      this.#buckets[bucket] = stream;
      this.#next[old] = REPLACED;
      return;
    }
    let s = this.#buckets[bucket]!;
    while (this.#next[s] !== old) s = this.#next[s]!;
    this.#next[s] = stream;
    this.#next[old] = REPLACED;
  }

  #rehash(): void {
    this.#buckets = new Int32Array(this.#buckets.length * 4).fill(-1);
    for (let s = 0; s < this.length; s++) if (this.#next[s] !== REPLACED) this.#link(s);
  }

  #grow(capacity: number): void {
    this.addr = grown(this.addr, new Uint32Array(capacity * WORDS));
    this.ports = grown(this.ports, new Uint32Array(capacity));
    this.version = grown(this.version, new Uint8Array(capacity));
    this.client = grown(this.client, new Uint8Array(capacity));
    this.segments = grown(this.segments, new Uint32Array(capacity));
    this.#hash = grown(this.#hash, new Uint32Array(capacity));
    this.#next = grown(this.#next, new Int32Array(capacity));
    this.base = grown(this.base, new Uint32Array(capacity * 2));
    this.baseKnown = grown(this.baseKnown, new Uint8Array(capacity * 2));
    this.scale = grown(this.scale, new Int8Array(capacity * 2));
  }
}

/** Not decided yet which side is the client. */
export const SIDE_UNKNOWN = 2;

/** Mark in the chain of a stream that a newer one has replaced. */
const REPLACED = -2;

function random32(): number {
  return Math.floor(Math.random() * 2 ** 32) | 1;
}

function grown<A extends { set(old: A): void }>(old: A, array: A): A {
  array.set(old);
  return array;
}
