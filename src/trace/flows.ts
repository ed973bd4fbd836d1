/**
 * Which connection a segment belongs to: a hash table over one array of
 * numbers.
 *
 * Each pair of endpoints has a *slot*, 64 bytes that hold its key and what the
 * tracker knows of its newest connection. A connection that takes the ports
 * of an old one over takes its slot too, so the table grows with the endpoints that are
 * talked about, not with the length of the capture; from {@link FORGET_FROM} slots on it
 * forgets closed connections before it grows ({@link FlowTable.isClosed}).
 *
 * The hash is multilinear over 16-bit halves with random multipliers of this
 * run, so that nobody can prepare a capture whose connections fall into one
 * bucket: two of them meet with a probability of 2^-32 whatever they are
 * (Carter and Wegman). What is found does not depend on the multipliers.
 *
 * @module
 */
import { SCALE_UNKNOWN } from "./segment.ts";

/** Slots up to which nothing is forgotten: 4 MB here, some 100 with all that the analysis keeps. */
export const FORGET_FROM = 2 ** 16;

/** Words of a slot: one line of the processor's cache. */
export const SLOT = 16;
// IPv4: the address; IPv6: its last word, the rest stands in `wide`.
const LOW = 0;
const HIGH = 1;
/** Port of the smaller endpoint in the high half, of the other in the low half. */
const PORTS = 2;
const HASH = 3;
const NEXT = 4;
/** Number of the connection, in the order of first appearance. */
export const STREAM = 5;
/** Segments of the connection so far. */
export const SEGMENTS = 6;
/** Sequence number shown as relative 0, of the smaller endpoint and of the other. */
export const BASE = 7;
/** Window shift of either. */
export const SCALE = 9;
/** Bits of {@link State}. */
export const STATE = 11;
/** Where in `wide` the addresses are; -1 for IPv4. */
const WIDE = 12;
/** Frame of the last segment. */
export const LAST_FRAME = 13;

/** Bits of the word {@link STATE}; of the first two, those of the greater endpoint are one higher. */
export const State = {
  /** `base` is known. */
  BASE_KNOWN: 0x1,
  BOTH_BASES: 0x3,
  /** Has sent a FIN. */
  FIN: 0x4,
  RST: 0x10,
  /** The greater endpoint dialed. */
  CLIENT_GREATER: 0x20,
} as const;

const BOTH_FINS = State.FIN | (State.FIN << 1);
const FREE = -2;
const RECENT = 256;
/** Words of two IPv6 addresses. */
const WIDE_WORDS = 8;

/** See the module. */
export class FlowTable {
  /** Slots in use or used before; `words` may be longer. */
  length = 0;
  /** {@link SLOT} words a slot. Replaced when the table grows. */
  words: Int32Array = new Int32Array(64 * SLOT);
  /** Connections numbered so far. */
  streams = 0;
  /** Whether the last {@link find} had the sender as the greater endpoint. */
  isSwapped = false;
  /** Whether both endpoints of the last {@link find} were the same. */
  isSelf = false;

  #wide = new Int32Array(0);
  #wideLength = 0;
  readonly #wideFree: number[] = [];
  #buckets = new Int32Array(1024).fill(-1);
  #free = -1;
  #used = 0;
  /** Slots of recent answers, by the last bits of their ports: the first place to look. */
  readonly #recent = new Int32Array(RECENT);
  /** Frame at the last {@link #forget}. */
  #forgotAt = 0;
  readonly #forgetFrom: number;
  readonly #multipliers = Int32Array.from({ length: 2 + 4 * 10 }, random32);

  // The key of the last `find`.
  #low = 0;
  #high = 0;
  #ports = 0;
  #hash = 0;
  #isWide = false;
  readonly #addresses = new Int32Array(WIDE_WORDS);

  constructor(forgetFrom: number = FORGET_FROM) {
    this.#forgetFrom = forgetFrom;
  }

  /** Slots that hold a connection. */
  get used(): number {
    return this.#used;
  }

  /**
   * The slot of the segment whose IP header is at `ipAt`, whose destination's
   * address is at `dstAt`, and whose TCP header is at `tcpAt` of `v`; -1 when there is none.
   */
  find(v: DataView, version: 4 | 6, ipAt: number, dstAt: number, tcpAt: number): number {
    if (version === 6) return this.#findWide(v, ipAt + 8, dstAt, tcpAt);
    const src = v.getInt32(ipAt + 12);
    const dst = v.getInt32(dstAt);
    const ports = v.getInt32(tcpAt);
    const order = src === dst ? (ports >>> 16) - (ports & 0xffff) : unsigned(src) - unsigned(dst);
    this.isSwapped = order > 0;
    this.isSelf = order === 0;
    this.#low = order > 0 ? dst : src;
    this.#high = order > 0 ? src : dst;
    this.#ports = order > 0 ? (ports << 16) | (ports >>> 16) : ports;
    this.#isWide = false;
    const slot = this.#recent[this.#recentAt()]!;
    const at = slot * SLOT;
    if (this.#isAt(this.words, at) && this.words[at + WIDE] === -1) return slot;
    return this.#search();
  }

  #search(): number {
    const { words } = this;
    const hash = (this.#hash = this.#hashKey());
    let slot = this.#buckets[hash & (this.#buckets.length - 1)]!;
    while (slot !== -1) {
      const at = slot * SLOT;
      if (words[at + HASH] === hash && this.#isAt(words, at) && this.#isWideAt(words[at + WIDE]!)) {
        this.#recent[this.#recentAt()] = slot;
        return slot;
      }
      slot = words[at + NEXT]!;
    }
    return -1;
  }

  #findWide(v: DataView, srcAt: number, dstAt: number, tcpAt: number): number {
    let order = 0;
    for (let i = 0; i < 16 && order === 0; i += 4) {
      order = v.getUint32(srcAt + i) - v.getUint32(dstAt + i);
    }
    const ports = v.getInt32(tcpAt);
    if (order === 0) order = (ports >>> 16) - (ports & 0xffff);
    this.isSwapped = order > 0;
    this.isSelf = order === 0;
    const lowAt = order > 0 ? dstAt : srcAt;
    const highAt = order > 0 ? srcAt : dstAt;
    for (let i = 0; i < 4; i++) {
      this.#addresses[i] = v.getInt32(lowAt + 4 * i);
      this.#addresses[4 + i] = v.getInt32(highAt + 4 * i);
    }
    this.#low = this.#addresses[3]!;
    this.#high = this.#addresses[7]!;
    this.#ports = order > 0 ? (ports << 16) | (ports >>> 16) : ports;
    this.#isWide = true;
    return this.#search();
  }

  /** A slot with the key of the last {@link find}, for a connection not seen before. */
  add(): number {
    if (this.#free === -1 && this.length * SLOT === this.words.length) this.#makeRoom();
    const slot = this.#free === -1 ? this.length++ : this.#free;
    const { words } = this;
    const at = slot * SLOT;
    if (slot === this.#free) this.#free = words[at + NEXT]!;
    words[at + LOW] = this.#low;
    words[at + HIGH] = this.#high;
    words[at + PORTS] = this.#ports;
    words[at + HASH] = this.#hash;
    words[at + WIDE] = this.#isWide ? this.#keepWide() : -1;
    this.#link(slot);
    this.#used++;
    this.#recent[this.#recentAt()] = slot;
    this.begin(slot);
    if (this.#used > this.#buckets.length) this.#rehash();
    return slot;
  }

  /** A new connection in `slot`, on the ports of what was there. */
  begin(slot: number): void {
    const { words } = this;
    const at = slot * SLOT;
    words[at + STREAM] = this.streams++;
    words[at + SEGMENTS] = 0;
    words[at + BASE] = words[at + BASE + 1] = 0;
    words[at + SCALE] = words[at + SCALE + 1] = SCALE_UNKNOWN;
    words[at + STATE] = 0;
  }

  /** Whether the connection in `slot` was seen to end: a FIN of both sides, or a RST of one. */
  isClosed(slot: number): boolean {
    const state = this.words[slot * SLOT + STATE]!;
    if (state === FREE) return false;
    return (state & State.RST) !== 0 || (state & BOTH_FINS) === BOTH_FINS;
  }

  /** 4 or 6. */
  version(slot: number): 4 | 6 {
    return this.words[slot * SLOT + WIDE] === -1 ? 4 : 6;
  }

  /** The port of the smaller (0) or the greater (1) endpoint. */
  port(slot: number, side: 0 | 1): number {
    const ports = this.words[slot * SLOT + PORTS]!;
    return side === 0 ? ports >>> 16 : ports & 0xffff;
  }

  /** Word `i` of the address of the smaller (0) or the greater (1) endpoint, as in the header. */
  address(slot: number, side: 0 | 1, i: number): number {
    const wide = this.words[slot * SLOT + WIDE]!;
    if (wide === -1) return i === 0 ? this.words[slot * SLOT + LOW + side]! >>> 0 : 0;
    return this.#wide[wide * WIDE_WORDS + 4 * side + i]! >>> 0;
  }

  #recentAt(): number {
    return (this.#ports ^ (this.#ports >>> 16)) & (RECENT - 1);
  }

  /** All of the key but IPv6 addresses. */
  #isAt(words: Int32Array, at: number): boolean {
    return (
      words[at + LOW] === this.#low &&
      words[at + HIGH] === this.#high &&
      words[at + PORTS] === this.#ports
    );
  }

  #isWideAt(wide: number): boolean {
    if (!this.#isWide || wide === -1) return this.#isWide === (wide !== -1);
    for (let i = 0; i < WIDE_WORDS; i++) {
      if (this.#wide[wide * WIDE_WORDS + i] !== this.#addresses[i]) return false;
    }
    return true;
  }

  #keepWide(): number {
    const wide = this.#wideFree.pop() ?? this.#wideLength++;
    if (wide * WIDE_WORDS >= this.#wide.length) {
      this.#wide = grown(this.#wide, Math.max(64, 2 * wide) * WIDE_WORDS);
    }
    this.#wide.set(this.#addresses, wide * WIDE_WORDS);
    return wide;
  }

  #hashKey(): number {
    const m = this.#multipliers;
    let a = (mix(m, 2, this.#low) + mix(m, 6, this.#high) + mix(m, 10, this.#ports)) | 0;
    let b = (mix(m, 3, this.#low) + mix(m, 7, this.#high) + mix(m, 11, this.#ports)) | 0;
    for (let i = 0; this.#isWide && i < 7; i++) {
      if (i === 3) continue;
      a = (a + mix(m, 14 + 4 * i, this.#addresses[i]!)) | 0;
      b = (b + mix(m, 15 + 4 * i, this.#addresses[i]!)) | 0;
    }
    // The upper half of each sum is the universal part.
    return ((a + m[0]!) >>> 16) | ((b + m[1]!) & 0xffff0000);
  }

  #link(slot: number): void {
    const { words } = this;
    const bucket = words[slot * SLOT + HASH]! & (this.#buckets.length - 1);
    words[slot * SLOT + NEXT] = this.#buckets[bucket]!;
    this.#buckets[bucket] = slot;
  }

  #rehash(): void {
    this.#buckets = new Int32Array(this.#buckets.length * 4).fill(-1);
    for (let s = 0; s < this.length; s++) if (this.words[s * SLOT + STATE] !== FREE) this.#link(s);
  }

  #makeRoom(): void {
    const { used } = this;
    if (this.length >= this.#forgetFrom) this.#forget();
    // Little to forget: a look at all of them must not come soon again.
    if (used - this.#used < this.length >>> 3)
      this.words = grown(this.words, 2 * this.words.length);
  }

  /** Lets go of the closed connections that have been silent for longest. */
  #forget(): void {
    const { words } = this;
    let newest = 0;
    for (let s = 0; s < this.length; s++) {
      newest = Math.max(newest, words[s * SLOT + LAST_FRAME]!);
    }
    const limit = (newest + this.#forgotAt) / 2;
    this.#forgotAt = newest;
    for (let s = 0; s < this.length; s++) {
      if (this.isClosed(s) && words[s * SLOT + LAST_FRAME]! < limit) this.release(s);
    }
  }

  /** Nothing more comes of the connection in `slot`: the next one may have it. Does nothing where there is none. */
  release(slot: number): void {
    const { words } = this;
    const at = slot * SLOT;
    if (words[at + STATE] === FREE) return;
    const bucket = words[at + HASH]! & (this.#buckets.length - 1);
    let before = this.#buckets[bucket]!;
    if (before === slot) this.#buckets[bucket] = words[at + NEXT]!;
    else {
      while (words[before * SLOT + NEXT] !== slot) before = words[before * SLOT + NEXT]!;
      words[before * SLOT + NEXT] = words[at + NEXT]!;
    }
    if (words[at + WIDE] !== -1) this.#wideFree.push(words[at + WIDE]!);
    words[at + STATE] = FREE;
    words[at + WIDE] = FREE;
    words[at + NEXT] = this.#free;
    this.#free = slot;
    this.#used--;
  }
}

/** `window` of a segment of `flow` in bytes, scaled where it is known how (RFC 7323 §2.3). */
export function scaledWindow(slots: Int32Array, flow: number, window: number): number {
  const scale = slots[(flow >>> 1) * SLOT + SCALE + (flow & 1)]!;
  return scale < 0 ? window : window << scale;
}

/** Both halves of a word times a multiplier each. */
function mix(m: Int32Array, i: number, word: number): number {
  return (Math.imul(m[i]!, word & 0xffff) + Math.imul(m[i + 2]!, word >>> 16)) | 0;
}

/** To compare words as the unsigned numbers they stand for. */
const unsigned = (word: number): number => word ^ 0x8000_0000;

function random32(): number {
  return Math.floor(Math.random() * 2 ** 32) | 1;
}

function grown(old: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const array = new Int32Array(length);
  array.set(old);
  return array;
}
