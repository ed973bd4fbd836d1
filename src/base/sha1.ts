/**
 * SHA-1 (RFC 6234 §6.1), for names that others have chosen to make with it:
 * Community IDs and tokens of MPTCP. It keeps nothing secret.
 *
 * @module
 */

const BLOCK_LEN = 64;
const ROUNDS = 80;

/** Bytes of a SHA-1 hash. */
export const SHA1_LEN = 20;

const rotl = (x: number, n: number): number => (x << n) | (x >>> (32 - n));

/** The hash of `message`, {@link SHA1_LEN} bytes. */
export function sha1(message: Uint8Array): Uint8Array<ArrayBuffer> {
  const padded = pad(message);
  const state = Int32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0);
  const w = new Int32Array(ROUNDS);
  for (let at = 0; at < padded.byteLength; at += BLOCK_LEN) takeBlock(state, w, padded, at);
  const hash = new DataView(new ArrayBuffer(SHA1_LEN));
  for (const [i, word] of state.entries()) hash.setInt32(i * 4, word);
  return new Uint8Array(hash.buffer);
}

/** The message, one bit, zeros, its length in bits in the last eight bytes (RFC 6234 §4.1). */
function pad(message: Uint8Array): DataView {
  const blocks = Math.ceil((message.length + 9) / BLOCK_LEN);
  const padded = new Uint8Array(blocks * BLOCK_LEN);
  padded.set(message);
  padded[message.length] = 0x80;
  const v = new DataView(padded.buffer);
  v.setUint32(padded.length - 8, Math.floor(message.length / 2 ** 29));
  v.setUint32(padded.length - 4, message.length * 8);
  return v;
}

function takeBlock(state: Int32Array, w: Int32Array, v: DataView, at: number): void {
  for (let t = 0; t < 16; t++) w[t] = v.getInt32(at + t * 4);
  for (let t = 16; t < ROUNDS; t++) {
    w[t] = rotl(w[t - 3]! ^ w[t - 8]! ^ w[t - 14]! ^ w[t - 16]!, 1);
  }
  let [a, b, c, d, e] = [state[0]!, state[1]!, state[2]!, state[3]!, state[4]!];
  for (let t = 0; t < ROUNDS; t++) {
    const next = (rotl(a, 5) + mix(t, b, c, d) + e + w[t]!) | 0;
    e = d;
    d = c;
    c = rotl(b, 30);
    b = a;
    a = next;
  }
  state[0] = state[0]! + a;
  state[1] = state[1]! + b;
  state[2] = state[2]! + c;
  state[3] = state[3]! + d;
  state[4] = state[4]! + e;
}

/** The function and the constant of round `t`. */
function mix(t: number, b: number, c: number, d: number): number {
  if (t < 20) return ((b & c) | (~b & d)) + 0x5a827999;
  if (t < 40) return (b ^ c ^ d) + 0x6ed9eba1;
  if (t < 60) return ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc;
  return (b ^ c ^ d) + 0xca62c1d6;
}
