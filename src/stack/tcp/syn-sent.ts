/**
 * A segment for an endpoint in SYN-SENT (RFC 9293 §3.10.7.3).
 *
 * @module
 */
import { seqLeq, seqLt, type SeqNum } from "../../wire/seqnum.ts";
import { Flag } from "../../wire/tcp.ts";
import type { TcpSegment } from "../types.ts";
import type { Close, Drop, SendReset } from "./disposition.ts";

/** What of the TCB decides. */
export interface SynSent {
  readonly iss: SeqNum;
  readonly sndNxt: SeqNum;
  /** As `Profile.dropSynFin`. */
  readonly dropSynFin: boolean;
}

/** The peer's SYN is taken; ESTABLISHED when our SYN is acknowledged, else SYN-RECEIVED: both opened at once. */
export interface TakeSyn {
  readonly do: "take-syn";
  readonly enter: "ESTABLISHED" | "SYN-RECEIVED";
}

/** RFC 9293 §3.10.7.3. */
export function arrivesInSynSent(
  s: SynSent,
  segment: TcpSegment,
): Drop | SendReset | Close | TakeSyn {
  const { flags, ack } = segment;
  const isReset = (flags & Flag.RST) !== 0;

  // First, check the ACK bit.
  if (ack !== null && (seqLeq(ack, s.iss) || seqLt(s.sndNxt, ack))) {
    if (isReset) return { do: "drop", why: "RST with unacceptable ACK" };
    return {
      do: "reply",
      segment: { seq: ack, ack: null, flags: Flag.RST },
      why: "unacceptable ACK",
    };
  }

  // Second, check the RST bit.
  if (isReset) {
    if (ack === null) return { do: "drop", why: "RST without ACK" };
    return { do: "close", error: "refused", why: "RST" };
  }

  // Third, check security: not kept (RFC 9293 appendix A.1).

  // Fourth, check the SYN bit.
  if (s.dropSynFin && (flags & Flag.SYN) !== 0 && (flags & Flag.FIN) !== 0)
    return { do: "drop", why: "SYN with FIN" };
  if ((flags & Flag.SYN) !== 0)
    return { do: "take-syn", enter: ack === null ? "SYN-RECEIVED" : "ESTABLISHED" };

  // Fifth, neither SYN nor RST.
  return { do: "drop", why: "neither SYN nor RST" };
}
