/**
 * Decompresses LZ4 frames as they stream by (LZ4 Frame Format 1.6.x): any
 * number of frames, linked or independent blocks, skippable frames. Memory is
 * one block and the 64 KiB before it; a length that reaches outside of them is
 * damage. Checksums are held: a block's before it is decoded.
 *
 * @module
 */
import { FrameParts } from "./frame-parts.ts";
import type { Handover } from "./handover.ts";
import { xxHash32, XxHash32 } from "./xxhash32.ts";

/** First four bytes of a frame, as they stand in the file. */
export const LZ4_MAGIC = [0x04, 0x22, 0x4d, 0x18] as const;

const MAGIC = 0x184d2204;
/** The upper 28 bits of a skippable frame's magic. */
const SKIPPABLE = 0x184d2a5;
/** How far back a match may reach. */
const WINDOW = 64 * 1024;
/** Block sizes by the descriptor's number, 4 to 7. */
const BLOCK_SIZES: readonly number[] = [0, 0, 0, 0, 1 << 16, 1 << 18, 1 << 20, 1 << 22];

/** Bits of a frame's flags. */
const Flag = { BLOCK_CHECKSUM: 16, SIZE: 8, CHECKSUM: 4, DICTIONARY: 1 } as const;

/** What is expected next in the stream. */
type Part = "magic" | "descriptor" | "skippable" | "size" | "block" | "checksum" | "skip";

/** One stream of LZ4 frames. */
export class Unlz4 {
  readonly #emit: (bytes: Uint8Array) => void;
  readonly #out: Handover;
  readonly #maxLen: number;
  readonly #parts: FrameParts<Part>;
  #flags = 0;
  #maxBlock = 0;
  #isStored = false;
  /** The window and the block behind it. */
  #buffer = new Uint8Array(0);
  #windowLen = 0;
  #inflated = 0;
  /** Of the frame. */
  readonly #hash = new XxHash32();

  constructor(emit: (bytes: Uint8Array) => void, out: Handover, maxLen: number) {
    this.#emit = emit;
    this.#out = out;
    this.#maxLen = maxLen;
    this.#parts = new FrameParts<Part>(
      "magic",
      4,
      () => this.#take(),
      () => out.done,
    );
  }

  push(chunk: Uint8Array): void {
    this.#parts.push(chunk);
  }

  end(): void {
    const { part, isEmpty, offset } = this.#parts;
    if (part === "magic" && isEmpty) return;
    this.#fail(`compressed data is cut short after ${offset} bytes`);
  }

  /** The part is there. */
  #take(): void {
    const { part, view } = this.#parts;
    switch (part) {
      case "magic":
        return this.#magic(view.getUint32(0, true));
      case "skippable":
        return this.#parts.expect("skip", view.getUint32(0, true), ignore);
      case "descriptor":
        return this.#descriptor();
      case "size":
        return this.#size(view.getUint32(0, true));
      case "block":
        return this.#block();
      case "checksum":
        if (view.getUint32(0, true) === this.#hash.value()) this.#parts.expect("magic", 4);
        else this.#failDamaged("the checksum of the content is wrong");
        return;
      case "skip":
        return this.#parts.expect("magic", 4);
    }
  }

  #magic(magic: number): void {
    if (magic === MAGIC) this.#parts.expect("descriptor", 3);
    else if (magic >>> 4 === SKIPPABLE) this.#parts.expect("skippable", 4);
    else this.#failDamaged("what follows is no LZ4 frame");
  }

  /** Flags, block size, optional content size and dictionary, a checksum byte. */
  #descriptor(): void {
    const { bytes } = this.#parts;
    const flags = bytes[0]!;
    const size = (flags & Flag.SIZE) === 0 ? 0 : 8;
    const need = 3 + size + ((flags & Flag.DICTIONARY) === 0 ? 0 : 4);
    if (bytes.length < need) {
      this.#parts.growTo(need);
      return;
    }
    // The second byte of the hash.
    const checksum = (xxHash32(bytes.subarray(0, need - 1)) >>> 8) & 0xff;
    if (bytes[need - 1] !== checksum) {
      this.#failDamaged("the checksum of a frame header is wrong");
      return;
    }
    const maxBlock = BLOCK_SIZES[(bytes[1]! >>> 4) & 7]!;
    if (flags >>> 6 !== 1 || maxBlock === 0 || (flags & Flag.DICTIONARY) !== 0) {
      this.#fail("an LZ4 frame of a kind that is not supported");
      return;
    }
    this.#flags = flags;
    this.#maxBlock = maxBlock;
    this.#windowLen = 0;
    this.#hash.reset();
    if (this.#buffer.length < WINDOW + maxBlock) this.#buffer = new Uint8Array(WINDOW + maxBlock);
    this.#parts.expect("size", 4);
  }

  #has(flag: number): boolean {
    return (this.#flags & flag) !== 0;
  }

  /** 0 ends the frame; the upper bit says that the block is stored as it is. */
  #size(word: number): void {
    if (word === 0) {
      this.#parts.expect(this.#has(Flag.CHECKSUM) ? "checksum" : "magic", 4);
      return;
    }
    const size = word & 0x7fff_ffff;
    this.#isStored = word !== size;
    if (size > this.#maxBlock)
      this.#failDamaged(`a block of ${size} bytes, more than ${this.#maxBlock}`);
    else this.#parts.expect("block", size + (this.#has(Flag.BLOCK_CHECKSUM) ? 4 : 0));
  }

  /** The block, and its checksum where it has one. */
  #block(): void {
    const { bytes, view } = this.#parts;
    const isChecked = this.#has(Flag.BLOCK_CHECKSUM);
    const block = isChecked ? bytes.subarray(0, -4) : bytes;
    if (isChecked && xxHash32(block) !== view.getUint32(block.length, true)) {
      this.#failDamaged("the checksum of a block is wrong");
      return;
    }
    const from = this.#windowLen;
    let end = from + block.length;
    if (this.#isStored) this.#buffer.set(block, from);
    else end = decodeBlock(block, this.#buffer, from, from + this.#maxBlock);
    if (end < 0) {
      this.#failDamaged("a block cannot be decoded");
      return;
    }
    this.#give(from, end);
    this.#keepWindow(end);
    this.#parts.expect("size", 4);
  }

  #give(from: number, end: number): void {
    this.#inflated += end - from;
    if (this.#inflated > this.#maxLen) {
      this.#fail(`more than ${this.#maxLen} bytes decompressed`);
      return;
    }
    if (end === from) return;
    const bytes = this.#buffer.subarray(from, end);
    if (this.#has(Flag.CHECKSUM)) this.#hash.add(bytes);
    this.#emit(bytes);
  }

  #keepWindow(end: number): void {
    const keep = Math.min(end, WINDOW);
    this.#buffer.copyWithin(0, end - keep, end);
    this.#windowLen = keep;
  }

  #failDamaged(why: string): void {
    this.#fail(`compressed data is damaged at its byte ${this.#parts.start}: ${why}`);
  }

  #fail(message: string): void {
    this.#out.fail(this.#inflated, message);
  }
}

/** For the bytes of a skippable frame. */
function ignore(): void {}

/** Bytes that are sooner copied one by one than by a call (measured: captures take half the time). */
const SHORT = 32;

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
    if (literals > SHORT) {
      out.set(block.subarray(at, at + literals), to);
      at += literals;
      to += literals;
    } else {
      for (const end = at + literals; at < end; at++, to++) out[to] = block[at]!;
    }
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
    if (length > SHORT && distance >= length) {
      out.copyWithin(to, to - distance, to - distance + length);
      to += length;
    } else {
      // Byte by byte: a match may reach into itself.
      for (const end = to + length; to < end; to++) out[to] = out[to - distance]!;
    }
  }
  return to;
}
