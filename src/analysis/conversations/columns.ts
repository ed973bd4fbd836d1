/**
 * What is known of a connection, as columns.
 *
 * @module
 */
import type { Schema } from "../../trace/table.ts";
import { VERDICTS, type VerdictName } from "../verdicts/verdict.ts";

/** In a column of sides: neither end. */
export const NO_SIDE = 2;

/** In `windowScale`: no such option was seen. */
export const NO_SHIFT = 255;

/** Bits of `options`: what a SYN carried. */
export const SynOption = { SACK_PERMITTED: 1, TIMESTAMPS: 2 } as const;

/** One row per connection. */
export const CONVERSATION_COLUMNS = {
  /** Number of the connection: `tcp.stream`. */
  stream: Uint32Array,
  /** 4 or 6. */
  version: Uint8Array,
  firstFrame: Uint32Array,
  lastFrame: Uint32Array,
  /** Time of the first segment: whole seconds since 1970, and nanoseconds beside them. */
  startSec: Float64Array,
  startNsec: Uint32Array,
  /** From the first segment to the latest; 0 where the clock only went back. */
  durationNs: Float64Array,
  /** Bits of `Completeness`, all segments counted: what `tshark -2` shows as `tcp.completeness`. */
  completeness: Uint8Array,
  /** From the last SYN to the first SYN-ACK; NaN: not seen. */
  synToSynAckNs: Float64Array,
  /** From the last SYN-ACK to the ACK of it; NaN: not seen. */
  synAckToAckNs: Float64Array,
  /** Who sent the first FIN: 0 the client, 1 the server, {@link NO_SIDE}. */
  firstFin: Uint8Array,
  /** Who sent the first RST. */
  firstRst: Uint8Array,
} as const satisfies Schema;

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- made from the names
const VERDICT_COLUMNS = Object.fromEntries(VERDICTS.map((name) => [name, Uint32Array])) as Readonly<
  Record<VerdictName, Uint32ArrayConstructor>
>;

/** Two rows per connection: what the client sent in row `2 * n`, what the server sent in the next. */
export const DIRECTION_COLUMNS = {
  /** Address of the sender: four words of IPv6, IPv4 in the first. */
  addr0: Uint32Array,
  addr1: Uint32Array,
  addr2: Uint32Array,
  addr3: Uint32Array,
  port: Uint16Array,
  /** Segments seen; those that ICMP errors quote do not count. */
  segments: Uint32Array,
  /** Bytes of their frames. */
  wireBytes: Float64Array,
  /** Segments with payload. */
  dataSegments: Uint32Array,
  payloadBytes: Float64Array,
  /** Different bytes of the stream, each counted once: what arrived, as the receiver's program sees it. */
  uniqueBytes: Float64Array,
  /** Payload of the segments with the verdict `retransmission`. */
  retransmittedBytes: Float64Array,
  /** Least and greatest window offered, in bytes, scaled where the scale is known; SYN and RST do not count. NaN: none seen. */
  minWindow: Float64Array,
  maxWindow: Float64Array,
  /** Most bytes in flight. */
  maxFlight: Uint32Array,
  /** How often the window was closed, and how long together: until it was opened, or to the end. */
  zeroWindows: Uint32Array,
  zeroWindowNs: Float64Array,
  /** Measurements from data to its acknowledgement, none of them of bytes that were sent twice. */
  rttSamples: Uint32Array,
  /** NaN without samples. Least and greatest are exact; see `RTT_EXACT` for the others. */
  rttMinNs: Float64Array,
  rttMedianNs: Float64Array,
  rttP95Ns: Float64Array,
  rttMaxNs: Float64Array,
  /** Of the SYN; 0: no such option. */
  mss: Uint16Array,
  /** Of the SYN; {@link NO_SHIFT}: no such option. */
  windowScale: Uint8Array,
  /** Bits of {@link SynOption}. */
  options: Uint8Array,
  syns: Uint32Array,
  fins: Uint32Array,
  rsts: Uint32Array,
  ...VERDICT_COLUMNS,
} as const satisfies Schema;
