/**
 * Puts pcapng blocks together: a body, options, and the length at both ends.
 *
 * @module
 */
import { BYTE_ORDER_MAGIC, Option, pad4 } from "./pcapng.ts";

const UTF8 = new TextEncoder();

/** Longest option value (16 bits). */
export const MAX_OPTION_LEN = 0xffff;

/** One block at a time, in memory that is used again; {@link finish} returns a copy. */
export class BlockBuilder {
  readonly littleEndian: boolean;
  #bytes = new Uint8Array(4096);
  #view = new DataView(this.#bytes.buffer);
  #len = 0;
  #hasOptions = false;

  constructor(littleEndian: boolean) {
    this.littleEndian = littleEndian;
  }

  begin(type: number): this {
    this.#len = 0;
    this.#hasOptions = false;
    return this.u32(type).u32(0);
  }

  u16(value: number): this {
    this.#reserve(2);
    this.#view.setUint16(this.#len, value, this.littleEndian);
    this.#len += 2;
    return this;
  }

  u32(value: number): this {
    this.#reserve(4);
    this.#view.setUint32(this.#len, value, this.littleEndian);
    this.#len += 4;
    return this;
  }

  /** Byte-order magic, which tells the order by being read in it. */
  order(): this {
    return this.u32(BYTE_ORDER_MAGIC);
  }

  /** Nanoseconds since 1970 as two words, the upper half first. */
  time(sec: number, nsec: number): this {
    const { high, low } = nanoseconds(sec, nsec);
    return this.u32(high).u32(low);
  }

  /** Bytes, padded with zeros to whole words. */
  bytes(bytes: Uint8Array): this {
    const padded = pad4(bytes.length);
    this.#reserve(padded);
    this.#bytes.set(bytes, this.#len);
    this.#bytes.fill(0, this.#len + bytes.length, this.#len + padded);
    this.#len += padded;
    return this;
  }

  /** @throws {RangeError} when the value is longer than an option can be. */
  option(code: number, value: Uint8Array): this {
    if (value.length > MAX_OPTION_LEN) {
      throw new RangeError(
        `Cannot write option ${code} of ${value.length} bytes: the limit is ${MAX_OPTION_LEN}`,
      );
    }
    this.#hasOptions = true;
    return this.u16(code).u16(value.length).bytes(value);
  }

  /** Nothing for `null`. */
  textOption(code: number, text: string | null): this {
    return text === null ? this : this.option(code, UTF8.encode(text));
  }

  u32Option(code: number, ...values: readonly number[]): this {
    this.#hasOptions = true;
    this.u16(code).u16(4 * values.length);
    for (const value of values) this.u32(value);
    return this;
  }

  /** A 64-bit count up to 2^53; nothing for `null`. */
  u64Option(code: number, value: number | null): this {
    if (value === null) return this;
    this.#hasOptions = true;
    this.u16(code).u16(8).#reserve(8);
    this.#view.setBigUint64(this.#len, BigInt(value), this.littleEndian);
    this.#len += 8;
    return this;
  }

  /** Ends options, sets both lengths, and returns the block. */
  finish(): Uint8Array<ArrayBuffer> {
    if (this.#hasOptions) this.u16(Option.END).u16(0);
    const len = this.#len + 4;
    this.u32(len);
    this.#view.setUint32(4, len, this.littleEndian);
    return this.#bytes.slice(0, len);
  }

  #reserve(n: number): void {
    if (this.#len + n <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(this.#len + n, this.#bytes.length * 2));
    grown.set(this.#bytes.subarray(0, this.#len));
    this.#bytes = grown;
    this.#view = new DataView(grown.buffer);
  }
}

/** A 64-bit number in two. */
export interface Halves {
  readonly high: number;
  readonly low: number;
}

/** Below this second, `sec * 1953125` is exact in a double. */
const EXACT_SEC = 4_600_000_000;

/**
 * Upper and lower 32 bits of `sec * 1e9 + nsec`.
 *
 * Without big integers up to the year 2115: 1e9 is 1953125 * 2^9.
 *
 * @throws {RangeError} when 64 bits do not hold it.
 */
export function nanoseconds(sec: number, nsec: number): Halves {
  if (sec >= 0 && sec < EXACT_SEC && Number.isInteger(sec)) {
    const units = sec * 1_953_125;
    const high = Math.floor(units / 0x80_0000);
    const low = (units - high * 0x80_0000) * 512 + nsec;
    return low < 0x1_0000_0000 ? { high, low } : { high: high + 1, low: low - 0x1_0000_0000 };
  }
  const all = Number.isSafeInteger(sec) ? BigInt(sec) * 1_000_000_000n + BigInt(nsec) : -1n;
  if (all < 0n || all >= 1n << 64n) {
    throw new RangeError(`Cannot write time: pcapng nanoseconds have no room for second ${sec}`);
  }
  return { high: Number(all >> 32n), low: Number(all & 0xffff_ffffn) };
}
