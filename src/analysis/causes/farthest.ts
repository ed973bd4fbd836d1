/**
 * How far sequence numbers of one connection can be apart.
 *
 * @module
 */

/** Sequence numbers further off than any window reaches are a mistake (RFC 7323 §2.3). */
export const FARTHEST = 2 ** 30;
