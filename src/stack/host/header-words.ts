/**
 * The headers of IPv4 and TCP, without options of IP, as 32-bit words.
 *
 * ```
 *   0  version  ECN  total length      5  ports
 *   1  identification  fragment        6  SEG.SEQ
 *   2  hops  protocol  checksum        7  SEG.ACK
 *   3  source                          8  length  flags  window
 *   4  destination                     9  checksum  urgent pointer
 *                                     10  options
 * ```
 *
 * @module
 */

/** Words of the longest of them. */
export const HEADER_WORDS = 20;

/** Bytes of the header in front of TCP's. */
export const IP_HEADER_LEN = 20;

/** The sum of both halves of `words[from, to)`, not folded. */
export function sumOfWords(words: Int32Array, from: number, to: number): number {
  let sum = 0;
  for (let i = from; i < to; i++) sum += (words[i]! >>> 16) + (words[i]! & 0xffff);
  return sum;
}
