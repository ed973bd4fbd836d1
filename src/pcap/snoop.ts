/**
 * The snoop file format (RFC 1761): how a file begins.
 *
 * @module
 */

/** First four bytes, "snoo". */
export const SNOOP_MAGIC = 0x736e6f6f;
/** The four behind them, "p" and zero bytes. */
export const SNOOP_MAGIC_END = 0x70000000;
