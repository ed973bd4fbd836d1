/**
 * What happened on a connection, as facts that a story can be told from.
 *
 * @module
 */
import { formatEndpoint } from "../trace/endpoint.ts";
import type { Row } from "../trace/table.ts";
import type { Trace } from "../trace/trace.ts";
import { seqLeq } from "../wire/seqnum.ts";
import { Flag } from "../wire/tcp.ts";
import { handshakeOf, type Handshake } from "./call-edges.ts";
import { copiesOf } from "./copies.ts";
import { streamCounts, type StreamCounts } from "./offsets.ts";
import { offerOf, type Offer } from "./offer.ts";

/** How one end left. */
export interface Farewell {
  /** Its first FIN, and the later copies. */
  readonly fin: Row | null;
  readonly again: readonly Row[];
  /** First segment of the other end that confirms the FIN. */
  readonly ackedBy: Row | null;
  /** Its first RST, and how many there were, without the strays. */
  readonly rst: Row | null;
  readonly resets: number;
  /** RSTs in its name that ended nothing: it sent other segments afterwards. */
  readonly strays: readonly Row[];
}

/** How a connection ended, as far as the capture goes. */
export type Outcome =
  /** The SYN was answered by a RST. */
  | "refused"
  /** Nobody answered the SYN. */
  | "unanswered"
  | "reset"
  /** Both ends sent a FIN. */
  | "closed"
  /** One end sent a FIN, the other not yet. */
  | "half-closed"
  | "open";

/** The facts of one stream. */
export interface Facts {
  readonly trace: Trace;
  readonly stream: number;
  readonly rows: Uint32Array;
  /** `address:port` of each end. */
  readonly names: readonly [string, string];
  readonly handshake: Handshake;
  /** What each end offered; `null` when its SYN was not seen. */
  readonly offers: readonly [Offer | null, Offer | null];
  readonly bytes: StreamCounts;
  /** Segments that the capture holds a second time. */
  readonly copies: ReadonlySet<Row>;
  readonly ends: readonly [Farewell, Farewell];
  /** The end that sent the first FIN; `null` without any. */
  readonly firstToClose: 0 | 1 | null;
  readonly outcome: Outcome;
}

/** Collects the facts of `stream`. */
export function factsOf(trace: Trace, stream: number): Facts {
  const handshake = handshakeOf(trace, stream);
  const bytes = streamCounts(trace, stream);
  const serverSyn = handshake.synAck ?? handshake.serverSyn;
  const ends = [farewellOf(trace, bytes, 0), farewellOf(trace, bytes, 1)] as const;
  const [a, b] = [ends[0].fin, ends[1].fin];
  const hasRepeats =
    [...handshake.resent, ends[0].again, ends[1].again].some((rows) => rows.length > 0) ||
    bytes.dirs.some((d) => d.resentSegments > 0);
  return {
    trace,
    stream,
    rows: bytes.rows,
    names: [formatEndpoint(trace.endpoint(stream, 0)), formatEndpoint(trace.endpoint(stream, 1))],
    handshake,
    offers: [
      handshake.syn === null ? null : offerOf(trace, handshake.syn),
      serverSyn === null ? null : offerOf(trace, serverSyn),
    ],
    bytes,
    copies: hasRepeats ? copiesOf(trace, bytes.rows) : new Set(),
    ends,
    firstToClose: a === null ? (b === null ? null : 1) : b === null || a < b ? 0 : 1,
    outcome: outcomeOf(handshake, bytes, ends),
  };
}

function farewellOf(trace: Trace, bytes: StreamCounts, end: 0 | 1): Farewell {
  const { rows, ackTo, dirs, elsewhere } = bytes;
  const { dir, flags, seq } = trace.segments.columns;
  const fins: Row[] = [];
  const resets: Row[] = [];
  const strays: Row[] = [];
  let ackedBy: Row | null = null;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    if (elsewhere.has(row)) continue;
    const f = flags[row]!;
    if (dir[row] === end) {
      if ((f & Flag.FIN) !== 0) fins.push(row);
      const reset = resets.at(-1);
      if ((f & Flag.RST) !== 0) resets.push(row);
      // A lower number is a segment from before that was captured late.
      else if (reset !== undefined && ((f & Flag.SYN) !== 0 || seqLeq(seq[reset]!, seq[row]!))) {
        for (const stray of resets.splice(0)) strays.push(stray);
      }
    } else if (fins.length > 0 && ackTo[i]! > dirs[end].finAt && (f & Flag.RST) === 0) {
      ackedBy ??= row;
    }
  }
  const [fin, ...again] = fins;
  const rst = resets[0] ?? null;
  return { fin: fin ?? null, again, ackedBy, rst, resets: resets.length, strays };
}

function outcomeOf(
  { syn, refusal }: Handshake,
  { dirs }: StreamCounts,
  [client, server]: readonly [Farewell, Farewell],
): Outcome {
  if (refusal !== null) return "refused";
  if (syn !== null && dirs[1].segments === 0 && client.rst === null && client.fin === null) {
    return dirs[0].sent > 0 || dirs[0].pureAcks > 0 ? "open" : "unanswered";
  }
  const isDone = client.ackedBy !== null && server.ackedBy !== null;
  if ((client.rst !== null || server.rst !== null) && !isDone) return "reset";
  if (client.fin !== null && server.fin !== null) return "closed";
  return client.fin === null && server.fin === null ? "open" : "half-closed";
}
