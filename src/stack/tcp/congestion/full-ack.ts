/**
 * The window after recovery without SACK.
 *
 * @module
 */

/** RFC 6582 §3.2 step 3, the first way of the full ACK: no burst where little is left in the network. All in bytes. */
export function windowAfterFullAck(ssthresh: number, flight: number, mss: number): number {
  return Math.min(ssthresh, Math.max(flight, mss) + mss);
}
