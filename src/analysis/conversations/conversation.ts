/**
 * One connection as an object, made when it is asked for.
 *
 * @module
 */
import { type Endpoint, formatEndpoint } from "../../trace/endpoint.ts";
import type { Columns, Row } from "../../trace/table.ts";
import { VERDICTS, type VerdictName } from "../verdicts/verdict.ts";
import {
  type CONVERSATION_COLUMNS,
  type DIRECTION_COLUMNS,
  NO_SHIFT,
  NO_SIDE,
  SynOption,
} from "./columns.ts";
import { communityId } from "./community-id.ts";

/** One of the two ends. */
export type Side = "client" | "server";

/** A TCP connection and its measures. Times are in nanoseconds; `null` is what was not seen. */
export interface Conversation {
  /** Number of the connection: `tcp.stream`. */
  readonly stream: number;
  /** Address and port, as Go writes them: `"[::1]:8080"`. */
  readonly client: string;
  readonly server: string;
  /** Community ID v1, seed 0. */
  readonly communityId: string;
  readonly firstFrame: number;
  readonly lastFrame: number;
  /** Time of the first segment since 1970. */
  readonly startNs: bigint;
  readonly durationNs: number;
  /** Bits of `Completeness`, all segments counted. */
  readonly completeness: number;
  readonly handshake: ConversationHandshake;
  /** Who sent the first FIN. */
  readonly firstFin: Side | null;
  /** Who sent the first RST. */
  readonly firstRst: Side | null;
  /** How it ended: a FIN each way, a RST, or neither while it was captured. */
  readonly ending: "closed" | "half-closed" | "reset" | "open";
  /** What the client sent. */
  readonly toServer: ConversationDirection;
  /** What the server sent. */
  readonly toClient: ConversationDirection;
}

/** Times of the handshake, as they pass the place of the capture. */
export interface ConversationHandshake {
  /** From the last SYN to the SYN-ACK: to the server and back. */
  readonly synToSynAckNs: number | null;
  /** From the last SYN-ACK to its ACK: to the client and back. */
  readonly synAckToAckNs: number | null;
  /** Both together: the round trip between the two ends, wherever it was captured. */
  readonly rttNs: number | null;
}

/** What one end sent, and what the other end did with it. */
export interface ConversationDirection {
  readonly segments: number;
  /** Bytes of the frames. */
  readonly wireBytes: number;
  readonly dataSegments: number;
  readonly payloadBytes: number;
  /** Different bytes, each counted once. */
  readonly uniqueBytes: number;
  /** Segments with the verdict `retransmission`. */
  readonly retransmittedSegments: number;
  /** Their payload. */
  readonly retransmittedBytes: number;
  /** `retransmittedBytes` of `payloadBytes`, 0 to 1. */
  readonly retransmittedShare: number;
  /** Windows that this end offered, in bytes. */
  readonly window: { readonly min: number; readonly max: number } | null;
  readonly maxFlight: number;
  /** How often this end closed its window, and how long it was closed altogether. */
  readonly zeroWindows: number;
  readonly zeroWindowNs: number;
  /** From data of this end to its acknowledgement, at the place of the capture. */
  readonly rtt: ConversationRtt | null;
  /** What its SYN offered; `null`: not seen, or not offered. */
  readonly mss: number | null;
  readonly windowScale: number | null;
  readonly sackPermitted: boolean;
  readonly timestamps: boolean;
  readonly syns: number;
  readonly fins: number;
  readonly rsts: number;
  /** How many segments have each verdict; those without are left out. */
  readonly verdicts: Readonly<Partial<Record<VerdictName, number>>>;
}

/** Round-trip times (Karn: none of bytes that were sent twice). */
export interface ConversationRtt {
  readonly samples: number;
  readonly minNs: number;
  /** Up to 8 samples exact, else within 6 %. */
  readonly medianNs: number;
  readonly p95Ns: number;
  readonly maxNs: number;
}

type ConnectionCells = Columns<typeof CONVERSATION_COLUMNS>;
type DirectionCells = Columns<typeof DIRECTION_COLUMNS>;

/** The object of `row`. */
export function conversationAt(c: ConnectionCells, d: DirectionCells, row: Row): Conversation {
  const client = endpointAt(c, d, 2 * row);
  const server = endpointAt(c, d, 2 * row + 1);
  const synToSynAckNs = ifKnown(c.synToSynAckNs[row]!);
  const synAckToAckNs = ifKnown(c.synAckToAckNs[row]!);
  const hasBoth = synToSynAckNs !== null && synAckToAckNs !== null;
  return {
    stream: c.stream[row]!,
    client: formatEndpoint(client),
    server: formatEndpoint(server),
    communityId: communityId(client, server),
    firstFrame: c.firstFrame[row]!,
    lastFrame: c.lastFrame[row]!,
    startNs: BigInt(c.startSec[row]!) * 1_000_000_000n + BigInt(c.startNsec[row]!),
    durationNs: c.durationNs[row]!,
    completeness: c.completeness[row]!,
    handshake: {
      synToSynAckNs,
      synAckToAckNs,
      rttNs: hasBoth ? synToSynAckNs + synAckToAckNs : null,
    },
    firstFin: sideOf(c.firstFin[row]!),
    firstRst: sideOf(c.firstRst[row]!),
    ending: endingOf(c, d, row),
    toServer: directionAt(d, 2 * row),
    toClient: directionAt(d, 2 * row + 1),
  };
}

/** The sender of direction row `row`. */
function endpointAt(c: ConnectionCells, d: DirectionCells, row: Row): Endpoint {
  const version = c.version[row >>> 1] === 4 ? 4 : 6;
  const words = [d.addr0[row]!, d.addr1[row]!, d.addr2[row]!, d.addr3[row]!];
  return { version, words: version === 4 ? words.slice(0, 1) : words, port: d.port[row]! };
}

/** How the connection of `row` ended; a socket connected to itself has one direction. */
export function endingOf(
  { firstRst }: Pick<ConnectionCells, "firstRst">,
  { fins, segments }: Pick<DirectionCells, "fins" | "segments">,
  row: Row,
): Conversation["ending"] {
  if (firstRst[row] !== NO_SIDE) return "reset";
  const [client, server] = [fins[2 * row]! > 0, fins[2 * row + 1]! > 0];
  if (client && (server || segments[2 * row + 1] === 0)) return "closed";
  return client || server ? "half-closed" : "open";
}

const ifKnown = (value: number): number | null => (Number.isNaN(value) ? null : value);

const sideOf = (side: number): Side | null =>
  side === NO_SIDE ? null : side === 0 ? "client" : "server";

function directionAt(d: DirectionCells, row: Row): ConversationDirection {
  const payloadBytes = d.payloadBytes[row]!;
  const retransmittedBytes = d.retransmittedBytes[row]!;
  return {
    segments: d.segments[row]!,
    wireBytes: d.wireBytes[row]!,
    dataSegments: d.dataSegments[row]!,
    payloadBytes,
    uniqueBytes: d.uniqueBytes[row]!,
    retransmittedSegments: d.retransmission[row]!,
    retransmittedBytes,
    retransmittedShare: payloadBytes === 0 ? 0 : retransmittedBytes / payloadBytes,
    window: Number.isNaN(d.maxWindow[row]!)
      ? null
      : { min: d.minWindow[row]!, max: d.maxWindow[row]! },
    maxFlight: d.maxFlight[row]!,
    zeroWindows: d.zeroWindows[row]!,
    zeroWindowNs: d.zeroWindowNs[row]!,
    rtt: rttAt(d, row),
    mss: d.mss[row] === 0 ? null : d.mss[row]!,
    windowScale: d.windowScale[row] === NO_SHIFT ? null : d.windowScale[row]!,
    sackPermitted: (d.options[row]! & SynOption.SACK_PERMITTED) !== 0,
    timestamps: (d.options[row]! & SynOption.TIMESTAMPS) !== 0,
    syns: d.syns[row]!,
    fins: d.fins[row]!,
    rsts: d.rsts[row]!,
    verdicts: verdictsAt(d, row),
  };
}

function rttAt(d: DirectionCells, row: Row): ConversationRtt | null {
  if (d.rttSamples[row] === 0) return null;
  return {
    samples: d.rttSamples[row]!,
    minNs: d.rttMinNs[row]!,
    medianNs: d.rttMedianNs[row]!,
    p95Ns: d.rttP95Ns[row]!,
    maxNs: d.rttMaxNs[row]!,
  };
}

function verdictsAt(d: DirectionCells, row: Row): Partial<Record<VerdictName, number>> {
  const counts: Partial<Record<VerdictName, number>> = {};
  for (const name of VERDICTS) if (d[name][row]! > 0) counts[name] = d[name][row]!;
  return counts;
}
