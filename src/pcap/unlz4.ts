/**
 * Decompresses LZ4 frames as they stream by (LZ4 Frame Format 1.6.x): any
 * number of frames, linked or independent blocks, skippable frames. Memory is
 * one block and the 64 KiB before it; a length that reaches outside of them is
 * damage. Checksums are passed over: the records of a capture tell.
 *
 * @module
 */
import type { Handover } from "./handover.ts";

/** First four bytes of a frame, as they stand in the file. */
export const LZ4_MAGIC = [0x04, 0x22, 0x4d, 0x18] as const;

const MAGIC = 0x184d2204;
/** The upper 28 bits of a skippable frame's magic. */
const SKIPPABLE = 0x184d2a5;
/** How far back a match may reach. */
const WINDOW = 64 * 1024;
/** Block sizes by the descriptor's number, 4 to 7. */
const BLOCK_SIZES: readonly number[] = [0, 0, 0, 0, 1 << 16, 1 << 18, 1 << 20, 1 << 22];

/** What is expected next in the stream. */
type Part = "magic" | "descriptor" | "skippable" | "size" | "block" | "checksum" | "skip";

/** One stream of LZ4 frames. */
export class Unlz4 {
  readonly #emit: (bytes: Uint8Array) => void;
  readonly #out: Handover;
  readonly #maxLen: number;
  #part: Part = "magic";
  /** Bytes that the part needs, and those that are there of it. */
  #need = 4;
  #have = new Uint8Array(64);
  #haveLen = 0;
  #flags = 0;
  #maxBlock = 0;
  #isStored = false;
  /** The window and the block behind it. */
  #buffer = new Uint8Array(0);
  #windowLen = 0;
  #inflated = 0;

  constructor(emit: (bytes: Uint8Array) => void, out: Handover, maxLen: number) {
    this.#emit = emit;
    this.#out = out;
    this.#maxLen = maxLen;
  }

  push(chunk: Uint8Array): void {
    let at = 0;
    while (at < chunk.length && !this.#out.done) {
      const n = Math.min(this.#need - this.#haveLen, chunk.length - at);
      if (this.#part !== "skip") this.#keep(chunk.subarray(at, at + n));
      this.#haveLen += n;
      at += n;
      while (this.#haveLen === this.#need && !this.#out.done) this.#take();
    }
  }

  end(): void {
    const isBetween = this.#part === "magic" && this.#haveLen === 0;
    if (!isBetween) this.#fail("compressed data is cut short");
  }

  #keep(bytes: Uint8Array): void {
    const len = this.#haveLen + bytes.length;
    if (len > this.#have.length) {
      const grown = new Uint8Array(Math.min(this.#need, Math.max(len, this.#have.length * 2)));
      grown.set(this.#have.subarray(0, this.#haveLen));
      this.#have = grown;
    }
    this.#have.set(bytes, this.#haveLen);
  }

  #expect(part: Part, need: number): void {
    this.#part = part;
    this.#need = need;
    this.#haveLen = 0;
  }

  /** The part is there. */
  #take(): void {
    const v = new DataView(this.#have.buffer, 0, this.#have.length);
    switch (this.#part) {
      case "magic":
        return this.#magic(v.getUint32(0, true));
      case "skippable":
        return this.#expect("skip", v.getUint32(0, true));
      case "descriptor":
        return this.#descriptor();
      case "size":
        return this.#size(v.getUint32(0, true));
      case "block":
        return this.#block();
      case "checksum":
        return this.#expect("size", 4);
      case "skip":
        return this.#expect("magic", 4);
    }
  }

  #magic(magic: number): void {
    if (magic === MAGIC) this.#expect("descriptor", 3);
    else if (magic >>> 4 === SKIPPABLE) this.#expect("skippable", 4);
    else this.#fail("what follows is no LZ4 frame");
  }

  /** Flags, block size, optional content size and dictionary, a checksum byte. */
  #descriptor(): void {
    const flags = this.#have[0]!;
    const need = 3 + ((flags & 8) === 0 ? 0 : 8) + ((flags & 1) === 0 ? 0 : 4);
    if (this.#need < need) {
      this.#need = need;
      return;
    }
    const maxBlock = BLOCK_SIZES[(this.#have[1]! >>> 4) & 7]!;
    if (flags >>> 6 !== 1 || maxBlock === 0 || (flags & 1) !== 0) {
      this.#fail("an LZ4 frame of a kind that is not supported");
      return;
    }
    this.#flags = flags;
    this.#maxBlock = maxBlock;
    this.#windowLen = 0;
    if (this.#buffer.length < WINDOW + maxBlock) this.#buffer = new Uint8Array(WINDOW + maxBlock);
    this.#expect("size", 4);
  }

  /** 0 ends the frame; the upper bit says that the block is stored as it is. */
  #size(word: number): void {
    if (word === 0) {
      if ((this.#flags & 4) === 0) this.#expect("magic", 4);
      else this.#expect("skip", 4);
      return;
    }
    const size = word & 0x7fff_ffff;
    this.#isStored = word !== size;
    if (size > this.#maxBlock) this.#fail(`a block of ${size} bytes, more than ${this.#maxBlock}`);
    else this.#expect("block", size);
  }

  #block(): void {
    const block = this.#have.subarray(0, this.#need);
    const from = this.#windowLen;
    const limit = from + this.#maxBlock;
    let end = from + block.length;
    if (this.#isStored) this.#buffer.set(block, from);
    else end = decodeBlock(block, this.#buffer, from, limit);
    if (end < 0) {
      this.#fail("a block is damaged");
      return;
    }
    this.#inflated += end - from;
    if (this.#inflated > this.#maxLen) {
      this.#fail(`more than ${this.#maxLen} bytes decompressed`);
      return;
    }
    if (end > from) this.#emit(this.#buffer.subarray(from, end));
    this.#keepWindow(end);
    if ((this.#flags & 16) === 0) this.#expect("size", 4);
    else this.#expect("checksum", 4);
  }

  /** Independent blocks need nothing of those before. */
  #keepWindow(end: number): void {
    const isIndependent = (this.#flags & 32) !== 0;
    const keep = isIndependent ? 0 : Math.min(end, WINDOW);
    this.#buffer.copyWithin(0, end - keep, end);
    this.#windowLen = keep;
  }

  #fail(message: string): void {
    this.#out.fail(this.#inflated, message);
  }
}

/**
 * Decodes one block of sequences (LZ4 Block Format) to `out[from, limit)`; matches
 * may reach back to `out[0]`. Gives the end, or -1 when it is damaged.
 */
function decodeBlock(block: Uint8Array, out: Uint8Array, from: number, limit: number): number {
  let at = 0;
  let to = from;
  while (at < block.length) {
    const token = block[at++]!;
    let literals = token >>> 4;
    if (literals === 15) {
      for (let byte = 255; byte === 255; literals += byte) {
        if (at >= block.length) return -1;
        byte = block[at++]!;
      }
    }
    if (at + literals > block.length || to + literals > limit) return -1;
    out.set(block.subarray(at, at + literals), to);
    at += literals;
    to += literals;
    // The last sequence has no match.
    if (at === block.length) return to;
    if (at + 2 > block.length) return -1;
    const distance = block[at]! | (block[at + 1]! << 8);
    at += 2;
    let length = (token & 15) + 4;
    if (length === 19) {
      for (let byte = 255; byte === 255; length += byte) {
        if (at >= block.length) return -1;
        byte = block[at++]!;
      }
    }
    if (distance === 0 || distance > to || to + length > limit) return -1;
    // Byte by byte: a match may reach into itself.
    for (const end = to + length; to < end; to++) out[to] = out[to - distance]!;
  }
  return to;
}
