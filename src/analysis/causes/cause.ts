/**
 * Causes: why a sender sent bytes again, or what a segment that looks so was
 * instead. Values of the field `seqack.cause`.
 *
 * @module
 */

/** The names; the n-th has the number n. 0 is a segment that nothing has to be said of. */
export const CAUSES = [
  "none",
  "rto",
  "rto_recovery",
  "after_spurious_rto",
  "fast_dup_ack",
  "fast_partial_ack",
  "fast_sack",
  "rack",
  "tlp",
  "syn_timer",
  "syn_ack_timer",
  "syn_again",
  "fin_timer",
  "unknown",
  "f_rto",
  "keep_alive",
  "window_probe",
  "reordered",
  "duplicate",
  "undecided",
] as const;

/** Name of a cause. */
export type CauseName = (typeof CAUSES)[number];

/** The number of each cause. */
export const Cause = {
  NONE: 0,
  /** The retransmission timer ran out (RFC 6298 §5). */
  RTO: 1,
  /** The rest of what was outstanding when it ran out, as acknowledgements come in (RFC 5681 §3.1). */
  RTO_RECOVERY: 2,
  /** The same, although the capture had already shown that the timer was wrong. */
  AFTER_SPURIOUS_RTO: 3,
  /** Three duplicate acknowledgements (RFC 5681 §3.2). */
  FAST_DUP_ACK: 4,
  /** In a recovery without SACK: an acknowledgement of a part shows the next hole (RFC 6582 §3.2). */
  FAST_PARTIAL_ACK: 5,
  /** Three segments behind it were reported as received (RFC 6675 §4). */
  FAST_SACK: 6,
  /** A segment sent later was received, and the time allowed for reordering is over (RFC 8985 §6.2). */
  RACK: 7,
  /** A probe for a lost tail (RFC 8985 §7). */
  TLP: 8,
  /** The SYN was not answered. */
  SYN_TIMER: 9,
  /** The SYN-ACK was not answered. */
  SYN_ACK_TIMER: 10,
  /** The SYN came again, so its answer was sent again. */
  SYN_AGAIN: 11,
  /** The retransmission timer ran out for a FIN alone. */
  FIN_TIMER: 12,
  /** Sent again, and nothing that was captured says why. */
  UNKNOWN: 13,
  /** New data after a timeout, to find out whether it was needless (RFC 5682 §2.1). No retransmission. */
  F_RTO: 14,
  /** Asks whether the peer is still there (RFC 9293 §3.8.4). No retransmission. */
  KEEP_ALIVE: 15,
  /** Asks whether a closed window has opened (RFC 9293 §3.8.6.1). No retransmission. */
  WINDOW_PROBE: 16,
  /** Overtaken on its way. No retransmission. */
  REORDERED: 17,
  /** The same packet twice: the network or the capture doubled it. No retransmission. */
  DUPLICATE: 18,
  /** Fills a hole in what was captured: overtaken or sent again, and nothing tells which. */
  UNDECIDED: 19,
} as const;

/** Whether a cause is that of a retransmission. */
export function isRetransmission(cause: number): boolean {
  return cause > Cause.NONE && cause <= Cause.UNKNOWN;
}

/** What proves that a retransmission was needless; values of `seqack.spurious`, 0 for no proof. */
export const PROOFS = ["none", "dsack", "timestamps", "too_soon", "f_rto"] as const;

/** The number of each proof. */
export const Proof = {
  NONE: 0,
  /** The receiver reports the bytes as received twice (RFC 2883, RFC 3708). */
  DSACK: 1,
  /** The acknowledgement echoes a time stamp from before the retransmission (RFC 3522). */
  TIMESTAMPS: 2,
  /** It came sooner than the retransmission could have been answered. */
  TOO_SOON: 3,
  /** After the timeout, data that was sent only once was acknowledged (RFC 5682 §2.1). */
  F_RTO: 4,
} as const;

/** What told a late segment from one sent again; values of `seqack.decided_by`. */
export const DECISIONS = ["none", "seen", "timestamps", "ip_id", "delay", "sack"] as const;

/** The number of each decision. */
export const Decision = {
  NONE: 0,
  /** The bytes were captured before. */
  SEEN: 1,
  TIMESTAMPS: 2,
  IP_ID: 3,
  /** Too soon for the sender to have known. */
  DELAY: 4,
  /** The receiver reported later bytes before these. */
  SACK: 5,
} as const;
