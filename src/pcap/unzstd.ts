/**
 * Decompresses Zstandard (RFC 8878) as it streams by: any number of frames, one
 * block of output at a time. The window that a frame asks for is bounded
 * before the decompressor sees it; checksums are passed over.
 *
 * @module
 */
import { Decompress } from "fzstd";
import type { Handover } from "./handover.ts";

/** First four bytes of a frame, as they stand in the file. */
export const ZSTD_MAGIC = [0x28, 0xb5, 0x2f, 0xfd] as const;

const MAGIC = 0xfd2fb528;
/** The upper 28 bits of a skippable frame's magic (§3.1.2). */
const SKIPPABLE = 0x184d2a5;
/** The zstd tool's own limit, without its --memory and --long options. */
export const MAX_WINDOW = 1 << 27;

/** Bytes of the fields behind the descriptor: window, dictionary, content size (§3.1.1.1). */
const DICTIONARY_LENS: readonly number[] = [0, 1, 2, 4];
const SIZE_LENS: readonly number[] = [0, 2, 4, 8];

/** What is expected next: told from the frame's structure, so that each frame header is judged. */
type Part = "magic" | "skippable" | "descriptor" | "header" | "block" | "skip";

/** One stream of Zstandard frames. */
export class Unzstd {
  readonly #emit: (bytes: Uint8Array) => void;
  readonly #out: Handover;
  readonly #maxLen: number;
  #z = this.#decompressor();
  #part: Part = "magic";
  #afterSkip: Part = "magic";
  #need = 4;
  readonly #have = new Uint8Array(16);
  #haveLen = 0;
  /** Bytes of a frame that were held back until its header was judged. */
  readonly #held: number[] = [];
  #isSkippable = false;
  #descriptor = 0;
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
      const bytes = chunk.subarray(at, at + n);
      if (this.#part === "skip") this.#inflate(bytes);
      else {
        this.#have.set(bytes, this.#haveLen);
        this.#held.push(...bytes);
      }
      this.#haveLen += n;
      at += n;
      while (this.#haveLen === this.#need && !this.#out.done) this.#take();
    }
  }

  end(): void {
    const isBetween = this.#part === "magic" && this.#haveLen === 0;
    if (!isBetween) this.#fail("compressed data is cut short");
  }

  #decompressor(): Decompress {
    return new Decompress((bytes) => this.#give(bytes));
  }

  #expect(part: Part, need: number): void {
    this.#part = part;
    this.#need = need;
    this.#haveLen = 0;
  }

  #take(): void {
    const v = new DataView(this.#have.buffer);
    switch (this.#part) {
      case "magic":
        return this.#magic(v.getUint32(0, true));
      case "skippable":
        this.#held.length = 0;
        return this.#skip(v.getUint32(0, true), "magic");
      case "descriptor":
        return this.#expectHeader();
      case "header":
        return this.#header(v);
      case "block":
        return this.#block(v.getUint16(0, true) | (v.getUint8(2) << 16));
      case "skip":
        return this.#next();
    }
  }

  #magic(magic: number): void {
    this.#isSkippable = magic >>> 4 === SKIPPABLE;
    if (magic === MAGIC) this.#expect("descriptor", 1);
    else if (this.#isSkippable) this.#expect("skippable", 4);
    else this.#fail("what follows is no Zstandard frame");
  }

  #expectHeader(): void {
    const descriptor = (this.#descriptor = this.#have[0]!);
    const isSingle = (descriptor & 0x20) !== 0;
    const sizeCode = descriptor >>> 6;
    const sizeLen = sizeCode === 0 && isSingle ? 1 : SIZE_LENS[sizeCode]!;
    const len = (isSingle ? 0 : 1) + DICTIONARY_LENS[descriptor & 3]! + sizeLen;
    this.#expect("header", len);
  }

  /** A frame of one segment has a window of its content's size (§3.1.1.1.2). */
  #header(v: DataView): void {
    const isSingle = (this.#descriptor & 0x20) !== 0;
    const first = v.getUint8(0);
    const base = 2 ** (10 + (first >>> 3));
    const window = isSingle ? this.#contentSize(v) : base + (base / 8) * (first & 7);
    if (window > MAX_WINDOW)
      return this.#fail(`needs a window of ${window} bytes, more than ${MAX_WINDOW}`);
    this.#release();
    this.#expect("block", 3);
  }

  #contentSize(v: DataView): number {
    const at = DICTIONARY_LENS[this.#descriptor & 3]!;
    switch (this.#descriptor >>> 6) {
      case 0:
        return v.getUint8(at);
      case 1:
        return v.getUint16(at, true) + 256;
      case 2:
        return v.getUint32(at, true);
      default:
        return v.getUint32(at, true) + v.getUint32(at + 4, true) * 2 ** 32;
    }
  }

  /** Last (1 bit), type (2 bits), size (21 bits): a repeated byte takes one (§3.1.1.2). */
  #block(word: number): void {
    this.#release();
    const size = ((word >>> 1) & 3) === 1 ? 1 : word >>> 3;
    const isLast = (word & 1) !== 0;
    const checksum = isLast && (this.#descriptor & 4) !== 0 ? 4 : 0;
    this.#skip(size + checksum, isLast ? "magic" : "block");
  }

  #skip(len: number, next: Part): void {
    this.#afterSkip = next;
    this.#expect("skip", len);
  }

  #next(): void {
    const isFrameOver = this.#afterSkip === "magic";
    // A frame of less than 18 bytes waits for its end.
    if (isFrameOver && !this.#isSkippable) this.#inflateLast();
    if (isFrameOver) this.#z = this.#decompressor();
    this.#expect(this.#afterSkip, isFrameOver ? 4 : 3);
  }

  /** What was judged goes to the decompressor. */
  #release(): void {
    const bytes = Uint8Array.from(this.#held);
    this.#held.length = 0;
    this.#isSkippable = false;
    this.#inflate(bytes);
  }

  #inflate(bytes: Uint8Array): void {
    // A copy: the decompressor keeps what it cannot use yet.
    if (!this.#isSkippable && bytes.length > 0) this.#pushOn(bytes.slice(), false);
  }

  #inflateLast(): void {
    this.#pushOn(new Uint8Array(0), true);
  }

  #pushOn(bytes: Uint8Array, isLast: boolean): void {
    try {
      this.#z.push(bytes, isLast);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.#fail(`compressed data is damaged: ${why}`);
    }
  }

  #give(bytes: Uint8Array): void {
    if (this.#out.done) return;
    this.#inflated += bytes.length;
    if (this.#inflated > this.#maxLen) this.#fail(`more than ${this.#maxLen} bytes decompressed`);
    else if (bytes.length > 0) this.#emit(bytes);
  }

  #fail(message: string): void {
    this.#out.fail(this.#inflated, message);
  }
}
