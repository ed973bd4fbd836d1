/**
 * Bytes that say where they belong: a stream that can be checked wherever it was cut.
 *
 * @module
 */
import { expect } from "vitest";
import type { Conn } from "../net/types.ts";

/** The byte at `at` of stream `seed`: no period shorter than 4 GiB, so nothing can be swapped unseen. */
function byteAt(seed: number, at: number): number {
  let x = Math.imul(at + seed * 0x9e37_79b9, 0x85eb_ca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2_ae35);
  return (x ^ (x >>> 16)) & 0xff;
}

/** Bytes `[from, from + length)` of stream `seed`. */
export function pattern(seed: number, length: number, from: number = 0): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i++) bytes[i] = byteAt(seed, from + i);
  return bytes;
}

/** Fails unless `bytes` is what stands at `from` of stream `seed`. */
export function expectPattern(bytes: Uint8Array, seed: number, from: number): void {
  for (let i = 0; i < bytes.length; i++) {
    if (bytes[i] !== byteAt(seed, from + i)) {
      expect.fail(`byte ${from + i} is ${bytes[i]}, not ${byteAt(seed, from + i)}`);
    }
  }
}

/** Writes `length` bytes of stream `seed`, in pieces of the sizes given in turn. */
export async function writePattern(
  conn: Conn,
  seed: number,
  length: number,
  sizes: readonly number[] = [65_536],
): Promise<void> {
  for (let at = 0, i = 0; at < length; i++) {
    const n = Math.min(sizes[i % sizes.length]!, length - at);
    await conn.write(pattern(seed, n, at));
    at += n;
  }
}

/** Reads stream `seed` to its end, in reads of the sizes given in turn; how many bytes it had. */
export async function readPattern(
  conn: Conn,
  seed: number,
  sizes: readonly number[] = [65_536],
): Promise<number> {
  let at = 0;
  for (let i = 0; ; i++) {
    const p = new Uint8Array(sizes[i % sizes.length]!);
    const n = await conn.read(p);
    if (n === null) return at;
    expectPattern(p.subarray(0, n), seed, at);
    at += n;
  }
}

/** Reads exactly `length` bytes. */
export async function readFull(conn: Conn, length: number): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length;) {
    const n = await conn.read(bytes.subarray(at));
    if (n === null) expect.fail(`EOF after ${at} of ${length} bytes`);
    at += n;
  }
  return bytes;
}
