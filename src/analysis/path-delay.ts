/**
 * How far from each end a capture was taken, by the handshake: half of the time until the SYN's answer
 * passed lies between the capture and the server, half of the time until that was acknowledged
 * between the capture and the client.
 *
 * @module
 */
import type { Trace } from "../trace/trace.ts";
import { handshakeOf } from "./call-edges.ts";

/** One-way delays in nanoseconds, as the handshake had them; the time a host took to answer is in them. */
export interface PathDelay {
  readonly toClientNs: number;
  readonly toServerNs: number;
}

/** `null` where the handshake was not seen whole, was repeated, or its times go backwards. */
export function pathDelay(trace: Trace, stream: number): PathDelay | null {
  const { syn, synAck, ack, resent, isSimultaneous } = handshakeOf(trace, stream);
  if (syn === null || synAck === null || ack === null || isSimultaneous) return null;
  if (resent[0].length > 0 || resent[1].some((row) => row !== synAck)) return null;
  const { time } = trace.segments.columns;
  const toServerNs = (time[synAck]! - time[syn]!) / 2;
  const toClientNs = (time[ack]! - time[synAck]!) / 2;
  return toServerNs < 0 || toClientNs < 0 ? null : { toClientNs, toServerNs };
}
