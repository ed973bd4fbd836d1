/**
 * A segment for an endpoint in LISTEN (RFC 9293 §3.10.7.2).
 *
 * @module
 */
import { Flag } from "../../wire/tcp.ts";
import type { TcpSegment } from "../types.ts";
import { resetFor } from "./closed.ts";
import type { Drop, SendReset } from "./disposition.ts";

/** To SYN-RECEIVED; the SYN-ACK follows. */
export interface Accept {
  readonly do: "accept";
}

/** RFC 9293 §3.10.7.2. `dropSynFin`: as `Profile.dropSynFin`. */
export function arrivesInListen(
  segment: TcpSegment,
  dropSynFin: boolean,
): Drop | SendReset | Accept {
  const { flags } = segment;

  // First, check for a RST.
  if ((flags & Flag.RST) !== 0) return { do: "drop", why: "RST for a listener" };

  // Second, check for an ACK.
  if (segment.ack !== null)
    return { do: "reply", segment: resetFor(segment), why: "ACK for a listener" };

  // Third, check for a SYN. Its data waits with the peer, to come again after the handshake.
  if ((flags & Flag.SYN) !== 0) {
    if (dropSynFin && (flags & Flag.FIN) !== 0) return { do: "drop", why: "SYN with FIN" };
    return { do: "accept" };
  }

  // Fourth, other data or control.
  return { do: "drop", why: "neither RST nor ACK nor SYN for a listener" };
}
