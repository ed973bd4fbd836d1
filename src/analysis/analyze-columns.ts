/**
 * What the analysis says of each segment, as columns.
 *
 * @module
 */
import type { Schema } from "../trace/table.ts";

/**
 * One row per TCP segment, in the order of the capture. A number that Wireshark would not show is 0.
 */
export const ANALYSIS_COLUMNS = {
  /** Nanoseconds since `Segments.epochSec`; exact for 104 days (2^53 ns). */
  time: Float64Array,
  /** Frame number as Wireshark counts. */
  frame: Uint32Array,
  /** Bytes of the frame on the wire. */
  frameLen: Uint32Array,
  /** Number of the connection: `tcp.stream`. */
  stream: Uint32Array,
  /** 0: sent by the client; 1: by the server. */
  dir: Uint8Array,
  /** SEG.SEQ as on the wire. */
  seq: Uint32Array,
  /** The acknowledgment field as on the wire; it has no meaning without the ACK flag. */
  ack: Uint32Array,
  /** `tcp.seq` and `tcp.ack`: counted from the start of each direction. */
  relSeq: Uint32Array,
  relAck: Uint32Array,
  /** Payload bytes on the wire: `tcp.len`. */
  len: Uint32Array,
  /** Byte 13 of the header; bits in `Flag`. */
  flags: Uint8Array,
  /** SEG.WND as on the wire, and in bytes where the scale is known. */
  window: Uint16Array,
  windowSize: Uint32Array,
  /** Bits of `Verdict` and `Note`, those that Wireshark shows. */
  verdicts: Uint32Array,
  /** `tcp.analysis.duplicate_ack_num` and `duplicate_ack_frame`. */
  duplicateAckNum: Uint32Array,
  duplicateAckFrame: Uint32Array,
  /** `tcp.analysis.acks_frame`, and nanoseconds since that frame: `ack_rtt`. */
  acksFrame: Uint32Array,
  ackRttNs: Float64Array,
  /** `tcp.analysis.initial_rtt`. */
  initialRttNs: Float64Array,
  /** `tcp.analysis.bytes_in_flight` and `push_bytes_sent`. */
  bytesInFlight: Uint32Array,
  pushBytes: Uint32Array,
  /** `tcp.analysis.rto` and `rto_frame`. */
  rtoNs: Float64Array,
  rtoFrame: Uint32Array,
  /** `tcp.completeness`: bits of `Completeness`, of all segments before this one. */
  completeness: Uint8Array,
} as const satisfies Schema;
