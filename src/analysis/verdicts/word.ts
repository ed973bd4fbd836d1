/**
 * Sequence numbers as signed 32-bit words, as the analysis keeps them:
 * V8 hands numbers beyond 31 bits around as boxed doubles, which costs more than
 * the rules do. `seqLt` and `seqLeq` compare them as they are; only two words
 * may be compared with `===`.
 *
 * @module
 */

/** A sequence number, from -2^31 to 2^31 - 1. */
export type Word = number;

/** `seq + n` modulo 2^32. */
export function plus(seq: Word, n: number): Word {
  return (seq + n) | 0;
}
