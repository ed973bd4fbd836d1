/**
 * The token that an MPTCP key is called by: the first 32 bits of its hash,
 * SHA-1 in version 0 (RFC 6824 §3.2), SHA-256 in version 1 (RFC 8684 §3.2).
 *
 * A key is 8 bytes, so there is one block to hash, and a word to keep of it.
 *
 * @module
 */
import { viewOf } from "../../../base/bytes.ts";
import { sha1 } from "../../../base/sha1.ts";

const ROUNDS_256 = 64;

/** The token of the key whose halves are `high` and `low`. */
export function mptcpToken(high: number, low: number, version: number): number {
  return version === 0 ? sha1Word(high, low) : sha256Word(high, low);
}

const rotl = (x: number, n: number): number => (x << n) | (x >>> (32 - n));

/** The first word of SHA-1. */
function sha1Word(high: number, low: number): number {
  const key = new DataView(new ArrayBuffer(8));
  key.setUint32(0, high);
  key.setUint32(4, low);
  return viewOf(sha1(new Uint8Array(key.buffer))).getUint32(0);
}

/** The first 32 bits of the fractional part of `x`. */
const fraction = (x: number): number => ((x - Math.floor(x)) * 2 ** 32) | 0;

const PRIMES: readonly number[] = primes(ROUNDS_256);
/** Square roots of the first primes. */
const INITIAL = Int32Array.from(PRIMES.slice(0, 8), (p) => fraction(Math.sqrt(p)));
/** Cube roots of all of them. */
const CONSTANTS = Int32Array.from(PRIMES, (p) => fraction(Math.cbrt(p)));

function primes(count: number): number[] {
  const found: number[] = [];
  for (let n = 2; found.length < count; n++) if (found.every((p) => n % p !== 0)) found.push(n);
  return found;
}

/** The first word of SHA-256 (RFC 6234 §6.2). */
function sha256Word(high: number, low: number): number {
  // The padded message: the key, one bit, zeros, its length of 64 bits (RFC 6234 §4.1).
  const w = new Int32Array(ROUNDS_256);
  w[0] = high;
  w[1] = low;
  w[2] = 0x8000_0000;
  w[15] = 64;
  for (let t = 16; t < ROUNDS_256; t++) {
    const s0 = rotl(w[t - 15]!, 25) ^ rotl(w[t - 15]!, 14) ^ (w[t - 15]! >>> 3);
    const s1 = rotl(w[t - 2]!, 15) ^ rotl(w[t - 2]!, 13) ^ (w[t - 2]! >>> 10);
    w[t] = (w[t - 16]! + s0 + w[t - 7]! + s1) | 0;
  }
  const s = Int32Array.from(INITIAL);
  for (let t = 0; t < ROUNDS_256; t++) {
    const [a, b, c, , e, f, g, h] = [s[0]!, s[1]!, s[2]!, s[3]!, s[4]!, s[5]!, s[6]!, s[7]!];
    const sum1 = rotl(e, 26) ^ rotl(e, 21) ^ rotl(e, 7);
    const t1 = (h + sum1 + ((e & f) ^ (~e & g)) + CONSTANTS[t]! + w[t]!) | 0;
    const sum0 = rotl(a, 30) ^ rotl(a, 19) ^ rotl(a, 10);
    s.copyWithin(1, 0, 7);
    s[4] = s[4]! + t1;
    s[0] = t1 + sum0 + ((a & b) ^ (a & c) ^ (b & c));
  }
  return (s[0]! + INITIAL[0]!) >>> 0;
}
