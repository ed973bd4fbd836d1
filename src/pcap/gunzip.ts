/**
 * Decompresses gzip (RFC 1952) as it streams by: any number of members, 64 KiB
 * of output at a time, whatever the ratio, checksums held.
 *
 * @module
 */
import {
  Z_BUF_ERROR,
  Z_NO_FLUSH,
  Z_OK,
  Z_STREAM_END,
  ZStream,
  zlibInflate,
  zlibInflateInit2,
  zlibInflateReset,
} from "pako";
import type { Handover } from "./handover.ts";

/** First two bytes of a gzip file (§2.3.1). */
export const GZIP_MAGIC = [0x1f, 0x8b] as const;

const OUTPUT_LEN = 64 * 1024;
/** A window of 32 KiB, and a gzip header. */
const GZIP_WINDOW_BITS = 15 + 16;

/** One stream of gzip members. */
export class Gunzip {
  readonly #emit: (bytes: Uint8Array) => void;
  readonly #out: Handover;
  readonly #maxLen: number;
  readonly #z = new ZStream();
  readonly #output = new Uint8Array(OUTPUT_LEN);
  /** Compressed bytes taken before the chunk at hand. */
  #offset = 0;
  #inflated = 0;
  #inMember = false;
  #members = 0;
  /** Something else follows the last member. */
  #closed = false;

  constructor(emit: (bytes: Uint8Array) => void, out: Handover, maxLen: number) {
    this.#emit = emit;
    this.#out = out;
    this.#maxLen = maxLen;
    this.#z.output = this.#output;
    zlibInflateInit2(this.#z, GZIP_WINDOW_BITS);
  }

  push(chunk: Uint8Array): void {
    const z = this.#z;
    z.input = chunk;
    z.next_in = 0;
    z.avail_in = chunk.length;
    while (z.avail_in > 0 && !this.#closed && !this.#out.done) {
      if (!this.#inMember && !this.#beginMember(chunk)) break;
      this.#inflate();
    }
    this.#offset += chunk.length;
  }

  end(): void {
    if (!this.#inMember) return;
    this.#fail(`compressed data is cut short after ${this.#offset} bytes`);
  }

  /** Passes over zero bytes, which pad tapes; anything else must be a member. */
  #beginMember(chunk: Uint8Array): boolean {
    const z = this.#z;
    while (z.avail_in > 0 && this.#members > 0 && chunk[z.next_in] === 0) {
      z.next_in++;
      z.avail_in--;
    }
    if (z.avail_in === 0) return false;
    if (chunk[z.next_in] !== GZIP_MAGIC[0]) {
      const at = this.#offset + z.next_in;
      const message = `compressed data ends after ${at} bytes, what follows is left out`;
      this.#out.warn("compressed", this.#inflated, message);
      this.#closed = true;
      return false;
    }
    this.#inMember = true;
    if (this.#members++ > 0) zlibInflateReset(z);
    return true;
  }

  #inflate(): void {
    const z = this.#z;
    for (;;) {
      z.next_out = 0;
      z.avail_out = OUTPUT_LEN;
      const status = zlibInflate(z, Z_NO_FLUSH);
      this.#take(z.next_out);
      if (this.#out.done) return;
      if (status === Z_STREAM_END) {
        this.#inMember = false;
        return;
      }
      if (status !== Z_OK && status !== Z_BUF_ERROR) {
        this.#fail(`compressed data is damaged: ${z.msg}`);
        return;
      }
      if (z.avail_out > 0) return;
    }
  }

  #take(len: number): void {
    if (len === 0) return;
    this.#inflated += len;
    if (this.#inflated > this.#maxLen) this.#fail(`more than ${this.#maxLen} bytes decompressed`);
    else this.#emit(this.#output.subarray(0, len));
  }

  #fail(message: string): void {
    this.#out.fail(this.#inflated, message);
  }
}
