/**
 * How many segments on the wire a captured one stands for. The kernel hands
 * large ones to the network card to cut up (GSO), and puts received ones
 * together (GRO), on their way past the point of capture.
 *
 * @module
 */
import type { Passing } from "./passing.ts";

/** MSS of Ethernet with IPv4, taken where no handshake was seen. */
const USUAL_MSS = 1460;

/** Bytes of payload that one segment of this sender carries at most (RFC 9293 §3.7.1). */
export function segmentSize(p: Passing): number {
  const { fwd, rev, optionsLen } = p;
  const own = fwd.mss === 0 ? rev.mss : fwd.mss;
  const other = rev.mss === 0 ? own : rev.mss;
  const mss = own === 0 ? USUAL_MSS : Math.min(own, other);
  return Math.max(1, mss - optionsLen);
}

/** At least 1; `gsoSize` is what the recording itself says, 0 when it does not. */
export function wireSegments(p: Passing, gsoSize: number): number {
  const { payloadLen } = p;
  if (gsoSize > 0) return Math.ceil(payloadLen / gsoSize);
  // A SYN says itself what later ones may carry.
  if (payloadLen <= 536) return 1;
  return Math.ceil(payloadLen / segmentSize(p));
}
