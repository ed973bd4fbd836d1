/**
 * Packet bytes kept in memory, in chunks that never move.
 *
 * @module
 */

/** Bytes of a chunk; a larger packet gets one of its own. */
const CHUNK = 1 << 20;

const NOTHING = new DataView(new ArrayBuffer(0));

/** Where bytes lie: `chunks[chunk]` from `at`. */
export interface Place {
  chunk: number;
  at: number;
}

/** Grows by whole chunks, up to a limit. */
export class ByteStore {
  readonly #chunks: DataView[] = [];
  readonly #limit: number;
  /** More than a chunk: the first bytes open one. */
  #used = CHUNK + 1;
  #total = 0;

  /** Keeps at most `limit` bytes. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Copies `v[at, at + length)`; false when the limit forbids it. */
  add(v: DataView, at: number, length: number, place: Place): boolean {
    if (this.#total + length > this.#limit) return false;
    if (this.#used + length > CHUNK) {
      this.#chunks.push(new DataView(new ArrayBuffer(Math.max(CHUNK, length))));
      this.#used = 0;
    }
    place.chunk = this.#chunks.length - 1;
    place.at = this.#used;
    const from = new Uint8Array(v.buffer, v.byteOffset + at, length);
    new Uint8Array(this.#chunks[place.chunk]!.buffer).set(from, place.at);
    this.#used += length;
    this.#total += length;
    return true;
  }

  /** The chunk with that number; empty when nothing was kept. */
  view(chunk: number): DataView {
    return this.#chunks[chunk] ?? NOTHING;
  }
}
