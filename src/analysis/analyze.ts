/**
 * A capture in, its connections and segments out: the whole analysis in one call.
 *
 * ```ts
 * const { conversations } = await analyze(createReadStream("trace.pcapng"));
 * for (const c of conversations) print(c.client, c.server, c.toServer.rtt?.medianNs);
 * ```
 *
 * {@link analyze} keeps a row per connection and, when asked, one per segment.
 * {@link analyzeInBatches} keeps nothing: its memory follows the connections that are
 * open, whatever the length of the capture.
 *
 * Any capture that `CaptureReader` reads will do, compressed too. What is damaged is
 * read up to the damage and told in `warnings`; nothing is thrown for it.
 *
 * @module
 */
import { type CaptureFileInfo, CaptureReader, type CaptureReaderOptions } from "../pcap/reader.ts";
import type { CaptureWarning } from "../pcap/sink.ts";
import { SegmentTracker } from "../trace/tracker.ts";
import { Segments } from "./analyze-segments.ts";
import { AnalysisSink } from "./analyze-sink.ts";
import { Conversations } from "./conversations/conversations.ts";

/** A capture file: its bytes, or chunks of them of any size (a file stream of Node, `blob.stream()`, an array). */
export type AnalysisSource = Uint8Array | Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

/** How to analyze. */
export interface AnalyzeOptions extends CaptureReaderOptions {
  /** Whether to make a row per segment, 93 bytes each; not unless told. */
  readonly segments?: boolean;
  /** Stops the analysis: its reason is thrown. */
  readonly signal?: AbortSignal;
}

/** What a capture comes to. */
export interface Analysis {
  /** Kind of the file; `null` when it is no capture: the last warning says what is wrong. */
  readonly info: CaptureFileInfo | null;
  /** Packets read, TCP or not. */
  readonly packets: number;
  /** All connections, in the order of their streams. */
  readonly conversations: Conversations;
  /** All segments; empty unless asked for. */
  readonly segments: Segments;
  /** What is wrong with the file, at most {@link MAX_WARNINGS}. */
  readonly warnings: readonly CaptureWarning[];
}

/** Part of a capture. What it holds is valid until the next batch is asked for. */
export interface AnalysisBatch {
  /** Packets read so far, TCP or not. */
  readonly packets: number;
  /** The connections of which it is now known that they are over; in the last batch, all that were left. */
  readonly conversations: Conversations;
  /** The segments since the batch before; empty unless asked for. */
  readonly segments: Segments;
  /** What is wrong with the file, since the batch before. */
  readonly warnings: readonly CaptureWarning[];
}

/** Warnings that an {@link Analysis} keeps. */
const MAX_WARNINGS = 1000;

/** Bytes taken at a time: what one of them comes to, compressed ones aside, is a small batch. */
const PIECE_LEN = 64 * 1024;

/** Rows that make a batch worth handing over. */
const BATCH_ROWS = 16_384;

/** Analyzes the whole capture. @throws what reading `source` throws. */
export async function analyze(
  source: AnalysisSource,
  options: AnalyzeOptions = {},
): Promise<Analysis> {
  const running = new Running(options);
  const warnings: CaptureWarning[] = [];
  for await (const _ of running.pieces(source)) {
    warnings.push(...running.takeWarnings().slice(0, MAX_WARNINGS - warnings.length));
  }
  const { info, packets, conversations, segments } = running;
  conversations.sortByStream();
  return { info, packets, conversations, segments, warnings };
}

/**
 * Analyzes the capture part by part.
 *
 * @yields Batches in the order of the capture; the last one ends all connections.
 * @throws what reading `source` throws.
 */
export async function* analyzeInBatches(
  source: AnalysisSource,
  options: AnalyzeOptions = {},
): AsyncGenerator<AnalysisBatch, void, void> {
  const running = new Running(options);
  const { conversations, segments } = running;
  for await (const isLast of running.pieces(source)) {
    const rows = conversations.length + segments.length;
    if (!isLast && rows < BATCH_ROWS && running.warnings === 0) continue;
    yield { packets: running.packets, conversations, segments, warnings: running.takeWarnings() };
    conversations.clear();
    segments.clear();
  }
}

/** A capture on its way through the analysis. */
class Running {
  readonly #sink: AnalysisSink;
  readonly #reader: CaptureReader;
  readonly #signal: AbortSignal | undefined;

  constructor({ segments = false, signal, ...limits }: AnalyzeOptions) {
    this.#sink = new AnalysisSink(segments);
    this.#reader = new CaptureReader(new SegmentTracker(this.#sink), limits);
    this.#signal = signal;
  }

  get info(): CaptureFileInfo | null {
    return this.#reader.info;
  }
  get packets(): number {
    return this.#sink.packets;
  }
  get conversations(): Conversations {
    return this.#sink.conversations.ended;
  }
  get segments(): Segments {
    return this.#sink.segments;
  }
  /** Those not taken yet. */
  get warnings(): number {
    return this.#sink.warnings.length;
  }

  takeWarnings(): readonly CaptureWarning[] {
    return this.#sink.warnings.splice(0);
  }

  /**
   * Pauses after each piece.
   *
   * @yields Whether it was the last.
   */
  async *pieces(source: AnalysisSource): AsyncGenerator<boolean, void, void> {
    const reader = this.#reader;
    for await (const chunk of source instanceof Uint8Array ? [source] : source) {
      for (let at = 0; at < chunk.length && !reader.done; at += PIECE_LEN) {
        if (this.#signal?.aborted === true) throw this.#signal.reason;
        reader.push(chunk.subarray(at, at + PIECE_LEN));
        yield false;
      }
      if (reader.done) break;
    }
    reader.end();
    while (this.#sink.conversations.end(BATCH_ROWS)) yield false;
    yield true;
  }
}
