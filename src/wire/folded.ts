/**
 * The last step of the Internet checksum's sum (RFC 1071 §2).
 *
 * @module
 */

/** Carries added back in until 16 bits remain; `sum` has 32 at most. */
export function folded(sum: number): number {
  const once = (sum & 0xffff) + (sum >>> 16);
  return (once & 0xffff) + (once >>> 16);
}
