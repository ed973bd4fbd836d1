/**
 * Walks the options of a pcapng block (§3.5), never past its end.
 *
 * @module
 */
import { Option, pad4 } from "./pcapng.ts";

const UTF8 = new TextDecoder("utf-8", { ignoreBOM: true });
const EMPTY = new DataView(new ArrayBuffer(0));

/** Reused for every block: {@link open} it, then call {@link next} until it returns false. */
export class OptionCursor {
  view: DataView = EMPTY;
  littleEndian = true;
  code = 0;
  /** The value stands at `[at, at + len)`. */
  at = 0;
  len = 0;
  /** Why the walk ended early; `null` when all is well. */
  fault: string | null = null;
  #next = 0;
  #end = 0;

  open(view: DataView, at: number, end: number, littleEndian: boolean): void {
    this.view = view;
    this.littleEndian = littleEndian;
    this.fault = null;
    this.#next = at;
    this.#end = end;
  }

  /** Moves to the next option; false at the end of options, at the end of the block, or at a fault. */
  next(): boolean {
    const at = this.#next;
    if (at >= this.#end) return false;
    if (this.#end - at < 4) return this.#stop("option header is cut short");
    this.code = this.view.getUint16(at, this.littleEndian);
    this.len = this.view.getUint16(at + 2, this.littleEndian);
    this.at = at + 4;
    if (this.code === Option.END) {
      if (this.len !== 0) return this.#stop(`end of options has length ${this.len}`);
      if (this.at !== this.#end) return this.#stop("bytes after the end of options");
      return false;
    }
    if (this.at + this.len > this.#end) {
      return this.#stop(`option ${this.code} claims ${this.len} bytes past its block`);
    }
    this.#next = this.at + pad4(this.len);
    return true;
  }

  /** The value as text. */
  text(skip: number = 0): string {
    const { buffer, byteOffset } = this.view;
    const len = Math.max(0, this.len - skip);
    return UTF8.decode(new Uint8Array(buffer, byteOffset + this.at + skip, len));
  }

  /** The value as text without the zero bytes that some writers append. */
  name(skip: number = 0): string {
    return this.text(skip).replace(/\0+$/, "");
  }

  u8(): number {
    return this.view.getUint8(this.at);
  }

  u32(at: number = 0): number {
    return this.view.getUint32(this.at + at, this.littleEndian);
  }

  /** A 64-bit count; rounded beyond 2^53. */
  u64(): number {
    return Number(this.view.getBigUint64(this.at, this.littleEndian));
  }

  i64(): number {
    return Number(this.view.getBigInt64(this.at, this.littleEndian));
  }

  /** Whether the value has `len` bytes; a fault is noted when not, and the walk goes on. */
  has(len: number): boolean {
    if (this.len === len) return true;
    this.fault ??= `option ${this.code} has ${this.len} bytes, not ${len}`;
    return false;
  }

  #stop(fault: string): false {
    this.#next = this.#end;
    this.fault ??= fault;
    return false;
  }
}
