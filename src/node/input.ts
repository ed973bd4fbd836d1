/**
 * Opens a capture file, a pipe or standard input and pushes it through a
 * {@link CaptureReader}; several of them are merged by time.
 *
 * ```ts ignore
 * const outcome = await readCapture("trace.pcapng.gz", sink);
 * if (outcome.error !== null) complain(outcome.error); // what came before is in the sink
 * ```
 *
 * @module
 */
import { mergeCaptures } from "../pcap/merge.ts";
import { CaptureReader, type CaptureFileInfo, type CaptureReaderOptions } from "../pcap/reader.ts";
import type { CaptureSink, CaptureWarning } from "../pcap/sink.ts";
import { CHUNK_LEN, chunksOf } from "./input-chunks.ts";
import { damaged, InputError, notACapture } from "./input-error.ts";

/** Memory for the chunks of files that are merged, and the least that one is read by. */
const ALL_CHUNKS = 64 * CHUNK_LEN;
const LEAST_CHUNK = 4096;

/** How to read. */
export interface ReadCaptureOptions extends CaptureReaderOptions {
  /** Stops reading; the outcome's error has code `aborted`. */
  readonly signal?: AbortSignal | undefined;
  /** Waited for after each chunk: lets a slow reader of what the sink made of it keep up. */
  readonly afterChunk?: (() => Promise<void>) | undefined;
}

/** How reading ended. */
export interface ReadOutcome {
  /** Of several captures, the first's that is one. */
  readonly info: CaptureFileInfo;
  /**
   * `null` when the input was read to its end. Otherwise what came before the fault is in the
   * sink: show it, then this, and exit with status 4.
   */
  readonly error: InputError | null;
  /** Of several captures, what was wrong with each, {@link error} first. */
  readonly errors: readonly InputError[];
}

/**
 * Reads the capture at `path`, `"-"` for standard input, into `sink`. Several are read as one, in
 * the order of time ({@link mergeCaptures}); one that cannot be read does not keep the others from it.
 *
 * Regular files are read up to their end as it is when it is reached; pipes until they close.
 *
 * @throws {InputError} when nothing of it can be read: it is missing, a directory, not permitted,
 *   empty, or no capture.
 */
export async function readCapture(
  path: string | readonly string[],
  sink: CaptureSink,
  options: ReadCaptureOptions = {},
): Promise<ReadOutcome> {
  const paths = typeof path === "string" ? [path] : path;
  const endings = paths.map((name) => new Ending(name));
  const watched = watching(sink, endings);
  const infos =
    paths.length === 1
      ? [await readOne(paths[0]!, endings[0]!, watched, options)]
      : await readSeveral(paths, endings, watched, options);
  const errors = endings.map((ending, i) => ending.error(infos[i] ?? null)).filter(isError);
  const first = errors.find((e) => e.code === "aborted") ?? errors[0] ?? null;
  const info = infos.find((i) => i !== null) ?? null;
  if (info === null) throw first ?? new RangeError("Cannot read captures: there is none");
  return { info, error: first, errors: first?.code === "aborted" ? [first] : errors };
}

const isError = (error: InputError | null): error is InputError => error !== null;

/** What ended the reading of one input before its end. */
class Ending {
  readonly #path: string;
  /** Of the system. */
  failed: InputError | null = null;
  /** Of what the bytes say. */
  fatal: CaptureWarning | null = null;

  constructor(path: string) {
    this.#path = path;
  }

  /** `info`: what the input's header said. */
  error(info: CaptureFileInfo | null): InputError | null {
    if (this.failed !== null) return this.failed;
    if (info === null) return notACapture(this.#path, this.fatal);
    return this.fatal === null ? null : damaged(this.#path, this.fatal);
  }

  /**
   * Up to where the system fails.
   *
   * @yields The same chunks.
   */
  async *before(chunks: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
    try {
      yield* chunks;
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      this.failed = error;
    }
  }
}

/** The sink, with an ear on what ends the reading. */
function watching(sink: CaptureSink, endings: readonly Ending[]): CaptureSink {
  return {
    onPacket: (packet) => sink.onPacket(packet),
    onSection: (section) => sink.onSection?.(section),
    onInterface: (iface, index) => sink.onInterface?.(iface, index),
    onEvents: (events) => sink.onEvents?.(events),
    onStats: (stats) => sink.onStats?.(stats),
    onWarning: (warning) => {
      if (warning.fatal) endings[warning.input ?? 0]!.fatal = warning;
      sink.onWarning?.(warning);
    },
  };
}

async function readOne(
  path: string,
  ending: Ending,
  sink: CaptureSink,
  { signal, afterChunk, ...limits }: ReadCaptureOptions,
): Promise<CaptureFileInfo | null> {
  const reader = new CaptureReader(sink, limits);
  for await (const chunk of ending.before(chunksOf(path, { signal, chunkLen: CHUNK_LEN }))) {
    reader.push(chunk);
    await afterChunk?.();
    if (reader.done) break;
  }
  reader.end();
  return reader.info;
}

async function readSeveral(
  paths: readonly string[],
  endings: readonly Ending[],
  sink: CaptureSink,
  { signal, ...options }: ReadCaptureOptions,
): Promise<readonly (CaptureFileInfo | null)[]> {
  const share = Math.floor(ALL_CHUNKS / paths.length);
  const chunkLen = Math.min(CHUNK_LEN, Math.max(LEAST_CHUNK, share));
  const sources = paths.map((path, i) => endings[i]!.before(chunksOf(path, { signal, chunkLen })));
  return await mergeCaptures(sources, sink, options);
}
