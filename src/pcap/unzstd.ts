/**
 * Decompresses Zstandard (RFC 8878) as it streams by: any number of frames, one
 * block of output at a time. The window that a frame asks for is bounded
 * before the decompressor sees it; checksums, which it passes over, are held.
 *
 * @module
 */
import { Decompress } from "fzstd";
import { FrameParts } from "./frame-parts.ts";
import type { Handover } from "./handover.ts";
import { XxHash64 } from "./xxhash64.ts";

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

/** A frame's descriptor: one segment, a checksum behind the blocks. */
const SINGLE_SEGMENT = 0x20;
const CHECKSUM = 4;

/** What is expected next: told from the frame's structure, so that each frame header is judged. */
type Part =
  | "magic"
  | "skippable"
  | "skip"
  | "descriptor"
  | "header"
  | "block header"
  | "block"
  | "last block"
  | "checksum";

/** One stream of Zstandard frames. */
export class Unzstd {
  readonly #emit: (bytes: Uint8Array) => void;
  readonly #out: Handover;
  readonly #maxLen: number;
  readonly #parts: FrameParts<Part>;
  #z = this.#decompressor();
  /** Bytes of a frame that are held back until its header has been judged. */
  #held: number[] = [];
  #descriptor = 0;
  #inflated = 0;
  /** Of the frame. */
  readonly #hash = new XxHash64();

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

  #decompressor(): Decompress {
    return new Decompress((bytes) => this.#give(bytes));
  }

  /** The part is there. */
  #take(): void {
    const { part, bytes, view } = this.#parts;
    switch (part) {
      case "magic":
        return this.#magic(view.getUint32(0, true));
      case "skippable":
        return this.#parts.expect("skip", view.getUint32(0, true), ignore);
      case "skip":
        return this.#parts.expect("magic", 4);
      case "descriptor":
        return this.#expectHeader(bytes[0]!);
      case "header":
        return this.#header(view);
      case "block header":
        return this.#blockHeader(view.getUint16(0, true) | (view.getUint8(2) << 16));
      case "block":
        return this.#parts.expect("block header", 3);
      case "last block":
        return this.#endFrame(null);
      case "checksum":
        return this.#endFrame(view.getUint32(0, true));
    }
  }

  #magic(magic: number): void {
    if (magic === MAGIC) {
      this.#held = [...this.#parts.bytes];
      this.#hash.reset();
      this.#parts.expect("descriptor", 1);
    } else if (magic >>> 4 === SKIPPABLE) this.#parts.expect("skippable", 4);
    else this.#failDamaged("what follows is no Zstandard frame");
  }

  #expectHeader(descriptor: number): void {
    this.#descriptor = descriptor;
    this.#held.push(descriptor);
    const isSingle = (descriptor & SINGLE_SEGMENT) !== 0;
    const sizeCode = descriptor >>> 6;
    const sizeLen = sizeCode === 0 && isSingle ? 1 : SIZE_LENS[sizeCode]!;
    const len = (isSingle ? 0 : 1) + DICTIONARY_LENS[descriptor & 3]! + sizeLen;
    this.#parts.expect("header", len);
  }

  /** A frame of one segment has a window of its content's size (§3.1.1.1.2). */
  #header(v: DataView): void {
    const isSingle = (this.#descriptor & SINGLE_SEGMENT) !== 0;
    const first = v.getUint8(0);
    const base = 2 ** (10 + (first >>> 3));
    const window = isSingle ? this.#contentSize(v) : base + (base / 8) * (first & 7);
    if (window > MAX_WINDOW)
      return this.#fail(`needs a window of ${window} bytes, more than ${MAX_WINDOW}`);
    this.#inflate(Uint8Array.from([...this.#held, ...this.#parts.bytes]));
    this.#parts.expect("block header", 3);
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
  #blockHeader(word: number): void {
    this.#inflate(this.#parts.bytes);
    const size = ((word >>> 1) & 3) === 1 ? 1 : word >>> 3;
    const isLast = (word & 1) !== 0;
    this.#parts.expect(isLast ? "last block" : "block", size, (bytes) => this.#inflate(bytes));
  }

  /** Behind the last block comes the checksum, where there is one; `null`: not yet. */
  #endFrame(checksum: number | null): void {
    if (checksum === null && (this.#descriptor & CHECKSUM) !== 0) {
      this.#parts.expect("checksum", 4);
      return;
    }
    if (checksum !== null) this.#inflate(this.#parts.bytes);
    // A frame of less than 18 bytes waits for its end.
    this.#pushOn(new Uint8Array(0), true);
    if (checksum !== null && checksum !== Number(this.#hash.value() & 0xffff_ffffn)) {
      return this.#failDamaged("the checksum of the content is wrong");
    }
    this.#z = this.#decompressor();
    this.#parts.expect("magic", 4);
  }

  #inflate(bytes: Uint8Array): void {
    // A copy: the decompressor keeps what it cannot use yet.
    if (bytes.length > 0) this.#pushOn(bytes.slice(), false);
  }

  #pushOn(bytes: Uint8Array, isLast: boolean): void {
    try {
      this.#z.push(bytes, isLast);
    } catch (error) {
      this.#failDamaged(error instanceof Error ? error.message : String(error));
    }
  }

  #give(bytes: Uint8Array): void {
    if (this.#out.done) return;
    this.#inflated += bytes.length;
    if (this.#inflated > this.#maxLen) this.#fail(`more than ${this.#maxLen} bytes decompressed`);
    else if (bytes.length > 0) {
      if ((this.#descriptor & CHECKSUM) !== 0) this.#hash.add(bytes);
      this.#emit(bytes);
    }
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
