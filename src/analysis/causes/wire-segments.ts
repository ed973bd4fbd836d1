/**
 * How many segments on the wire a captured one stands for. The kernel hands
 * large ones to the network card to cut up (GSO), and puts received ones
 * together (GRO), on their way past the point of capture.
 *
 * @module
 */
import { Flag } from "../../wire/tcp.ts";
import { type Direction, Mark } from "./direction.ts";
import type { Passing } from "./passing.ts";

/** MSS of Ethernet with IPv4, taken where no handshake was seen. */
const USUAL_MSS = 1460;

/** Bytes of the option that every segment carries once time stamps are used, with its padding (RFC 7323 §3.2). */
const TIMESTAMPS_LEN = 12;

/** Bytes of payload that one segment from `sender` to `receiver` carries at most (RFC 9293 §3.7.1). */
export function segmentSize(sender: Direction, receiver: Direction): number {
  if (sender.segmentSize !== 0) return sender.segmentSize;
  const own = sender.mss === 0 ? receiver.mss : sender.mss;
  const other = receiver.mss === 0 ? own : receiver.mss;
  const mss = own === 0 ? USUAL_MSS : Math.min(own, other);
  return Math.max(1, sender.has(Mark.TIMESTAMPS) ? mss - TIMESTAMPS_LEN : mss);
}

/** At least 1, of a segment with data; `gsoSize` is what the recording itself says, 0 when it does not. */
export function wireSegments(p: Passing, gsoSize: number): number {
  const { payloadLen, fwd } = p;
  if (gsoSize > 0) return Math.ceil(payloadLen / gsoSize);
  // A SYN says itself what later ones may carry.
  if (p.hasFlag(Flag.SYN)) return 1;
  if (p.hasTs) fwd.mark(Mark.TIMESTAMPS);
  if (fwd.segmentSize === 0) fwd.segmentSize = segmentSize(fwd, p.rev);
  const size = fwd.segmentSize;
  return payloadLen <= size ? 1 : Math.ceil(payloadLen / size);
}
