/**
 * The verdicts: what a segment turns out to be beside those before it, as
 * Wireshark names it. Bits of one number, so that a column of them is one
 * `Uint32Array`.
 *
 * @module
 */

/** Verdicts in the order in which they are reached; the n-th is bit n. Each is a field `tcp.analysis.*`. */
export const VERDICTS = [
  "zero_window_probe",
  "zero_window",
  "lost_segment",
  "keep_alive",
  "window_update",
  "window_full",
  "keep_alive_ack",
  "zero_window_probe_ack",
  "duplicate_ack",
  "ack_lost_segment",
  "spurious_retransmission",
  "fast_retransmission",
  "out_of_order",
  "retransmission",
  "reused_ports",
] as const;

/** Notes, which do not count as verdicts: they go on where {@link VERDICTS} ends. */
export const NOTES = [
  "tfo_syn",
  "tfo_ack",
  "tfo_ignored",
  "dsack",
  "fin_active",
  "fin_passive",
] as const;

/** Name of a verdict. */
export type VerdictName = (typeof VERDICTS)[number];

/** Name of a note. */
export type NoteName = (typeof NOTES)[number];

/** The bit of each verdict. */
export const Verdict = {
  /** One byte at the edge of a window that is closed. */
  ZERO_WINDOW_PROBE: 0x1,
  /** The sender can take no more. */
  ZERO_WINDOW: 0x2,
  /** Something before this was not captured. */
  LOST_SEGMENT: 0x4,
  /** At most one byte, the last one again. */
  KEEP_ALIVE: 0x8,
  /** Nothing new but the window. */
  WINDOW_UPDATE: 0x10,
  /** Reaches exactly to the end of the receiver's window. */
  WINDOW_FULL: 0x20,
  KEEP_ALIVE_ACK: 0x40,
  ZERO_WINDOW_PROBE_ACK: 0x80,
  /** The same acknowledgement once more. */
  DUPLICATE_ACK: 0x100,
  /** Acknowledges what was not captured. */
  ACK_LOST_SEGMENT: 0x200,
  /** Sent again after it had been acknowledged. */
  SPURIOUS_RETRANSMISSION: 0x400,
  /** Sent again after duplicate acknowledgements. */
  FAST_RETRANSMISSION: 0x800,
  /** Behind what went before, too soon to be sent again. */
  OUT_OF_ORDER: 0x1000,
  /** Sent again; set beside the two special kinds too. */
  RETRANSMISSION: 0x2000,
  /** A new connection on the ports of an old one. */
  REUSED_PORTS: 0x4000,
} as const;

/** The bit of each note. */
export const Note = {
  /** A SYN with a fast open cookie (RFC 7413). */
  TFO_SYN: 0x8000,
  /** A SYN-ACK that acknowledges the SYN's data. */
  TFO_ACK: 0x1_0000,
  /** A SYN-ACK that does not. */
  TFO_IGNORED: 0x2_0000,
  /** Its SACK option reports a duplicate (RFC 2883). */
  DSACK: 0x4_0000,
  /** A FIN of the side that closes first. */
  FIN_ACTIVE: 0x8_0000,
  /** A FIN of the other side. */
  FIN_PASSIVE: 0x10_0000,
} as const;

/** All verdicts: `tcp.analysis.flags` is there when one of them is. */
export const ANY_VERDICT = 0x7fff;

/** The names of the verdicts in `bits`, in their order. */
export function verdictNames(bits: number): readonly VerdictName[] {
  return VERDICTS.filter((_, i) => (bits & (1 << i)) !== 0);
}
