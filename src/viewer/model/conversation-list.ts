/**
 * Pages of the list of conversations: sorted, and narrowed by words of an address.
 *
 * @module
 */
import { type Conversation } from "../../analysis/conversations/conversation.ts";
import type { VerdictName } from "../../analysis/verdicts/verdict.ts";
import type { Recording } from "./recording.ts";
import { endsOf } from "./rows.ts";
import type { ConversationSort } from "./address.ts";

/** Which list. */
export interface ConversationOrder {
  readonly sort: ConversationSort;
  readonly descending: boolean;
  /** Only those of which an end contains this; all when empty. */
  readonly text: string;
}

/** What is asked of the list. */
export interface ConversationQuery extends ConversationOrder {
  readonly from: number;
  readonly count: number;
}

/** A conversation in the list. Times in nanoseconds; what is known only at the end is `null` before. */
export interface ConversationRow {
  readonly stream: number;
  readonly client: string;
  readonly server: string;
  readonly firstFrame: number;
  /** Since the recording's first packet. */
  readonly start: number;
  readonly durationNs: number;
  readonly segments: number;
  /** Payload bytes of the client and of the server. */
  readonly sent: number;
  readonly received: number;
  /** Segments with a verdict. */
  readonly marked: number;
  /** All flags that were seen; bits of `Flag`. */
  readonly flags: number;
  /** How busy it was from its first segment to its last, in {@link SPARK_BINS} parts: segments of each. */
  readonly spark: Uint32Array;
  /** All its measures; `null` while the recording is still read. */
  readonly measures: Conversation | null;
  /** Segments with each verdict, both directions. */
  readonly verdicts: readonly (readonly [VerdictName, number])[];
}

/** Part of the list. */
export interface ConversationPage {
  readonly from: number;
  /** Rows of the list altogether, and without the words. */
  readonly total: number;
  readonly all: number;
  readonly rows: readonly ConversationRow[];
}

/** Bars of a sparkline. */
export const SPARK_BINS = 24;

/** Segments that a sparkline looks at; of more, every n-th. */
const SPARK_SAMPLES = 4096;

/** Segments up to which sparklines are drawn while more are read. */
const SPARK_WHILE_READING = 50_000;

/** The list in its order, kept from page to page. */
export class ConversationList {
  readonly #recording: Recording;
  #key = "";
  #order: Uint32Array = new Uint32Array(0);

  constructor(recording: Recording) {
    this.#recording = recording;
  }

  page(query: ConversationQuery): ConversationPage {
    const order = this.#sorted(query);
    const from = Math.max(0, Math.min(query.from, order.length));
    const rows = [...order.subarray(from, from + query.count)];
    return {
      from,
      total: order.length,
      all: this.#recording.sums.length,
      rows: rows.map((stream) => conversationRow(this.#recording, stream)),
    };
  }

  /** Where in the list a stream is; -1: it is not in it. */
  rowOf(query: ConversationOrder, stream: number): number {
    return this.#sorted(query).indexOf(stream);
  }

  #sorted({ sort, descending, text }: ConversationOrder): Uint32Array {
    const { sums, trace } = this.#recording;
    const key = JSON.stringify([
      sort,
      descending,
      text,
      trace.segments.length,
      this.#recording.isOver,
    ]);
    if (key === this.#key) return this.#order;
    const wanted = text.trim().toLowerCase();
    const streams = Uint32Array.from({ length: sums.length }, (_, stream) => stream).filter(
      (stream) =>
        sums.columns.segments[stream] !== 0 &&
        (wanted === "" || endsOf(this.#recording, stream).some((end) => end.includes(wanted))),
    );
    if (sort === "stream" && !descending) return this.#keep(key, streams);
    const value = valueOf(this.#recording, sort);
    const values = Float64Array.from({ length: sums.length }, (_, stream) => value(stream));
    const sign = descending ? -1 : 1;
    const order = streams.toSorted((a, b) => sign * (values[a]! - values[b]!) || a - b);
    return this.#keep(key, order);
  }

  #keep(key: string, order: Uint32Array): Uint32Array {
    this.#key = key;
    this.#order = order;
    return order;
  }
}

function valueOf(recording: Recording, sort: ConversationSort): (stream: number) => number {
  const { trace, sums, conversations } = recording;
  const c = sums.columns;
  const { time } = trace.segments.columns;
  switch (sort) {
    case "stream":
      return (s) => s;
    case "start":
      return (s) => time[c.firstRow[s]!]!;
    case "duration":
      return (s) => time[c.lastRow[s]!]! - time[c.firstRow[s]!]!;
    case "segments":
      return (s) => c.segments[s]!;
    case "sent":
      return (s) => c.sent[s]!;
    case "received":
      return (s) => c.received[s]!;
    case "verdicts":
      return (s) => c.marked[s]!;
    case "rtt":
      return (s) => {
        const row = recording.conversationRow(s);
        const { synToSynAckNs, synAckToAckNs } = conversations.columns;
        const ns = row === null ? Number.NaN : synToSynAckNs[row]! + synAckToAckNs[row]!;
        return Number.isNaN(ns) ? -1 : ns;
      };
  }
}

function conversationRow(recording: Recording, stream: number): ConversationRow {
  const { trace, sums, conversations } = recording;
  const c = sums.columns;
  const { time } = trace.segments.columns;
  const [client, server] = endsOf(recording, stream);
  const row = recording.conversationRow(stream);
  const measures = row === null ? null : conversations.at(row);
  const [first, last] = [c.firstRow[stream]!, c.lastRow[stream]!];
  return {
    stream,
    client,
    server,
    firstFrame: trace.frameOf(first),
    start: time[first]!,
    durationNs: measures?.durationNs ?? Math.max(0, time[last]! - time[first]!),
    segments: measures === null ? c.segments[stream]! : segmentsOf(measures),
    sent: c.sent[stream]!,
    received: c.received[stream]!,
    marked: c.marked[stream]!,
    flags: c.flags[stream]!,
    spark: sparkOf(recording, stream),
    measures,
    verdicts: measures === null ? [] : verdictsOf(measures),
  };
}

/** Those of known length, as `seqack conversations` counts them. */
const segmentsOf = ({ toServer, toClient }: Conversation): number =>
  toServer.segments + toClient.segments;

function verdictsOf({ toServer, toClient }: Conversation): (readonly [VerdictName, number])[] {
  const counts = new Map<VerdictName, number>();
  for (const { verdicts } of [toServer, toClient]) {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- keys of this record are names of verdicts
    for (const [name, n] of Object.entries(verdicts) as [VerdictName, number][]) {
      counts.set(name, (counts.get(name) ?? 0) + n);
    }
  }
  return [...counts].toSorted((a, b) => b[1] - a[1]);
}

function sparkOf(recording: Recording, stream: number): Uint32Array {
  const bins = new Uint32Array(SPARK_BINS);
  // Grouping segments by stream takes the longer the more there are, and is of no use when more come.
  if (!recording.isOver && recording.trace.segments.length > SPARK_WHILE_READING) return bins;
  const { trace } = recording;
  const rows = trace.rowsOf(stream);
  const { time } = trace.segments.columns;
  const start = time[rows[0]!]!;
  const span = Math.max(1, time[rows.at(-1)!]! - start);
  const step = Math.ceil(rows.length / SPARK_SAMPLES);
  for (let i = 0; i < rows.length; i += step) {
    const bin = Math.floor(((time[rows[i]!]! - start) / span) * SPARK_BINS);
    bins[Math.max(0, Math.min(SPARK_BINS - 1, bin))]! += step;
  }
  return bins;
}
