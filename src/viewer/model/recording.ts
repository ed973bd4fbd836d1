/**
 * A recording as the viewer holds it: the trace, what the analysis says of each segment, and the
 * conversations; all of it made in one pass, as packets come.
 *
 * ```ts ignore
 * const recording = new Recording();
 * await mergeCaptures(sources, recording.sink);
 * recording.end();
 * ```
 *
 * Memory: some 100 bytes a segment and 300 a connection; captured bytes up to {@link KEEP_BYTES}, unless
 * they can be read again from their file ({@link Recording.readAgainBy}).
 *
 * @module
 */
import { attributeCalls, type CallMap } from "../../analysis/calls.ts";
import { Conversations } from "../../analysis/conversations/conversations.ts";
import { ConversationTracker } from "../../analysis/conversations/tracker.ts";
import { VerdictAnalyzer } from "../../analysis/verdicts/analyzer.ts";
import type { SegmentVerdicts } from "../../analysis/verdicts/result.ts";
import { ANY_VERDICT } from "../../analysis/verdicts/verdict.ts";
import type { CaptureSink } from "../../pcap/sink.ts";
import { TraceBuilder, type TraceLimits } from "../../trace/builder.ts";
import type { ReadAgain } from "../../trace/file-bytes.ts";
import type { SegmentRecord } from "../../trace/segment.ts";
import { type Row, type Schema, Table } from "../../trace/table.ts";
import type { Trace } from "../../trace/trace.ts";
import { LastFrames } from "./last-frames.ts";
import { StreamSums } from "./stream-sums.ts";

/** Bytes of packets that are kept: the page shares the machine with everything else. */
const KEEP_BYTES = 512 * 2 ** 20;

/** Packets that are kept: some 2.5 GB. */
const MAX_PACKETS = 2 ** 24;

/** What the analysis says, a row per row of `trace.segments`. A number that is not shown is 0. */
export const VERDICT_COLUMNS = {
  /** Bits of `Verdict` and `Note`, those that Wireshark shows. */
  verdicts: Uint32Array,
  /** The frame whose end is acknowledged; {@link Recording.ackRttNs} since then. */
  acksFrame: Uint32Array,
  bytesInFlight: Uint32Array,
  /** The frame that the retransmission timer ran for. */
  rtoFrame: Uint32Array,
  duplicateAckFrame: Uint32Array,
} as const satisfies Schema;

/** See the module. */
export class Recording {
  readonly verdicts: Table<typeof VERDICT_COLUMNS> = new Table(VERDICT_COLUMNS);
  /** By stream: what can be said before the connection is over. */
  readonly sums: StreamSums = new StreamSums();
  readonly lastFrames: LastFrames = new LastFrames();
  readonly #builder: TraceBuilder;
  #analyzer: VerdictAnalyzer | null = new VerdictAnalyzer();
  // Both are given up in the end: they are as large as the connections were many.
  #tracker: ConversationTracker | null = new ConversationTracker();
  #conversations = new Conversations();
  #trace: Trace;
  #isStale = false;
  #calls: CallMap | null = null;
  #rowOfStream: Uint32Array | null = null;
  #isOver = false;
  #isPlain = true;

  constructor(limits: TraceLimits = {}) {
    const kept = { keepBytes: KEEP_BYTES, maxPackets: MAX_PACKETS, ...limits };
    this.#builder = new TraceBuilder(kept, (s, row) => this.#onSegment(s, row));
    this.#trace = this.#builder.build();
  }

  /** Takes packets; say {@link changed} after some of them. */
  get sink(): CaptureSink {
    return this.#builder;
  }

  /** No more packets are kept: reading on is of no use. */
  get isFull(): boolean {
    return this.#builder.isFull;
  }

  /** Everything read so far. */
  get trace(): Trace {
    if (this.#isStale) {
      this.#trace = this.#builder.build();
      this.#calls = null;
      this.#isStale = false;
    }
    return this.#trace;
  }

  /** Whose calls the segments are. */
  get calls(): CallMap {
    const { trace } = this;
    return (this.#calls ??= attributeCalls(trace));
  }

  /**
   * Whether each segment so far has a row that says everything of it: not so when ICMP errors quote some, or
   * lengths are not known.
   */
  get isPlain(): boolean {
    return this.#isPlain;
  }

  /** Whether all has been read. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** The connections and their measures, in no order: {@link conversationRow} finds one; none before the end. */
  get conversations(): Conversations {
    return this.#conversations;
  }

  /** Packets' bytes are read again from their file, not kept; see `TraceBuilder.readAgainBy`. */
  readAgainBy(read: ReadAgain): void {
    this.#builder.readAgainBy(read);
  }

  /** Makes room for so many packets and connections altogether. */
  expect(packets: number, connections: number): void {
    this.#builder.expect(packets, connections);
    this.verdicts.reserve(Math.max(0, packets - this.verdicts.length));
    this.sums.expect(connections);
    this.lastFrames.expect(connections);
    this.#tracker?.expect(connections);
  }

  /** Packets were added. */
  changed(): void {
    this.#isStale = true;
  }

  /** There are no more packets. */
  end(): void {
    if (this.#tracker === null) return;
    this.#tracker.end();
    this.#conversations = this.#tracker.ended;
    this.#tracker = null;
    this.#analyzer = null;
    this.#builder.end();
    this.#isOver = true;
    this.changed();
  }

  /** The row of `stream` in {@link conversations}; `null` when it has none, or not yet. */
  conversationRow(stream: number): Row | null {
    if (!this.#isOver) return null;
    const rows = (this.#rowOfStream ??= rowsByStream(this.conversations, this.trace.streams));
    const plusOne = rows[stream] ?? 0;
    return plusOne === 0 ? null : plusOne - 1;
  }

  /** Nanoseconds from the frame that the segment in `row` acknowledges to the segment; 0 when it acknowledges none. */
  ackRttNs(row: Row): number {
    const frame = this.verdicts.columns.acksFrame[row]!;
    const packet = frame === 0 ? null : this.trace.packetOfFrame(frame);
    if (packet === null) return 0;
    return this.trace.segments.columns.time[row]! - this.trace.packets.columns.time[packet]!;
  }

  #onSegment(s: SegmentRecord, row: Row | null): void {
    const v = this.#analyzer?.analyze(s);
    if (v === undefined) return;
    this.#tracker?.note(s, v);
    this.lastFrames.note(s);
    if (row === null || !s.isLenKnown) this.#isPlain = false;
    if (row === null) return;
    const bits = v.isShown ? v.bits : v.bits & ~ANY_VERDICT;
    this.sums.add(s, row, bits);
    this.#addVerdicts(bits, v);
  }

  #addVerdicts(bits: number, v: SegmentVerdicts): void {
    const c = this.verdicts.reserve(1);
    const row = this.verdicts.length++;
    // Most are 0, and pages of zeros that are not written to take no memory.
    if (bits !== 0) c.verdicts[row] = bits;
    if (!v.isShown) return;
    if (v.acksFrame !== 0) c.acksFrame[row] = v.acksFrame;
    if (v.bytesInFlight !== 0) c.bytesInFlight[row] = v.bytesInFlight;
    if (v.rtoNs !== 0) c.rtoFrame[row] = v.rtoFrame;
    if (v.duplicateAckFrame !== 0) c.duplicateAckFrame[row] = v.duplicateAckFrame;
  }
}

function rowsByStream(conversations: Conversations, streams: number): Uint32Array {
  const rows = new Uint32Array(streams);
  const { stream } = conversations.columns;
  for (let row = 0; row < conversations.length; row++) rows[stream[row]!] = row + 1;
  return rows;
}
