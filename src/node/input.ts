/**
 * Opens a capture file, a pipe or standard input and pushes it through a
 * {@link CaptureReader}.
 *
 * ```ts ignore
 * const outcome = await readCapture("trace.pcapng.gz", sink);
 * if (outcome.error !== null) complain(outcome.error); // what came before is in the sink
 * ```
 *
 * @module
 */
import { closeSync, createReadStream, fstatSync, open, readSync, type Stats } from "node:fs";
import { Socket } from "node:net";
import type { Readable } from "node:stream";
import { setImmediate as nextTurn } from "node:timers/promises";
import { promisify } from "node:util";
import { CaptureReader, type CaptureFileInfo, type CaptureReaderOptions } from "../pcap/reader.ts";
import type { CaptureSink, CaptureWarning } from "../pcap/sink.ts";
import { damaged, InputError, notACapture, openError, readError } from "./input-error.ts";

const openFile = promisify(open);
const STDIN = 0;

/** Fast for files (9.6 GB/s measured from 64 KiB on), small beside what a record may take. */
const CHUNK_LEN = 256 * 1024;
/** Chunks between two looks at the signal: some milliseconds of work. */
const CHUNKS_PER_TURN = 16;

/** How to read. */
export interface ReadCaptureOptions extends CaptureReaderOptions {
  /** Stops reading; the outcome's error has code `aborted`. */
  readonly signal?: AbortSignal | undefined;
  /** Waited for after each chunk: lets a slow reader of what the sink made of it keep up. */
  readonly afterChunk?: (() => Promise<void>) | undefined;
}

/** How reading ended. */
export interface ReadOutcome {
  readonly info: CaptureFileInfo;
  /**
   * `null` when the input was read to its end. Otherwise what came before the fault is in the
   * sink: show it, then this, and exit with status 4.
   */
  readonly error: InputError | null;
}

/**
 * Reads the capture at `path`, `"-"` for standard input, into `sink`.
 *
 * Regular files are read up to their end as it is when it is reached; pipes until they close.
 *
 * @throws {InputError} when nothing of it can be read: it is missing, a directory, not permitted,
 *   empty, or no capture.
 */
export async function readCapture(
  path: string,
  sink: CaptureSink,
  options: ReadCaptureOptions = {},
): Promise<ReadOutcome> {
  const { signal, afterChunk, ...limits } = options;
  let fatal: CaptureWarning | null = null;
  const reader = new CaptureReader(
    watching(sink, (warning) => (fatal = warning)),
    limits,
  );
  const failed = await pump(path, reader, { signal, afterChunk });
  reader.end();
  const { info } = reader;
  if (info === null) throw failed ?? notACapture(path, fatal);
  return { info, error: failed ?? (fatal === null ? null : damaged(path, fatal)) };
}

/** The sink, with an ear on what ends the reading. */
function watching(sink: CaptureSink, onFatal: (warning: CaptureWarning) => void): CaptureSink {
  return {
    onPacket: (packet) => sink.onPacket(packet),
    onSection: (section) => sink.onSection?.(section),
    onInterface: (iface, index) => sink.onInterface?.(iface, index),
    onEvents: (events) => sink.onEvents?.(events),
    onStats: (stats) => sink.onStats?.(stats),
    onWarning: (warning) => {
      if (warning.fatal) onFatal(warning);
      sink.onWarning?.(warning);
    },
  };
}

/** When to go on, and when no more. */
type Pace = Pick<ReadCaptureOptions, "signal" | "afterChunk">;

/** Pushes everything there is; returns what stopped it before the end. */
async function pump(path: string, reader: CaptureReader, pace: Pace): Promise<InputError | null> {
  const fd = await openInput(path);
  let stat: Stats;
  try {
    stat = fstatSync(fd);
  } catch (cause) {
    throw openError(path, cause);
  }
  if (stat.isFile()) {
    try {
      return await pumpFile(path, fd, reader, pace);
    } finally {
      closeInput(path, fd);
    }
  }
  if (stat.isDirectory()) {
    closeInput(path, fd);
    throw new InputError("directory", path);
  }
  return pumpStream(path, streamOf(path, fd, stat), reader, pace);
}

async function openInput(path: string): Promise<number> {
  if (path === "-") return STDIN;
  try {
    return await openFile(path, "r");
  } catch (cause) {
    throw openError(path, cause);
  }
}

function closeInput(path: string, fd: number): void {
  if (path !== "-") closeSync(fd);
}

/** Pipes are polled, not read by a thread that nobody could call back. */
function streamOf(path: string, fd: number, stat: Stats): Readable {
  if (path === "-") return process.stdin;
  if (stat.isFIFO()) return new Socket({ fd, readable: true, writable: false });
  return createReadStream(path, { fd, highWaterMark: CHUNK_LEN });
}

async function pumpFile(
  path: string,
  fd: number,
  reader: CaptureReader,
  { signal, afterChunk }: Pace,
): Promise<InputError | null> {
  const chunk = new Uint8Array(CHUNK_LEN);
  for (let turn = 1; !reader.done; turn++) {
    let len: number;
    try {
      len = readSync(fd, chunk);
    } catch (cause) {
      return readError(path, cause);
    }
    if (len === 0) break;
    reader.push(len === CHUNK_LEN ? chunk : chunk.subarray(0, len));
    await afterChunk?.();
    if (signal !== undefined && turn % CHUNKS_PER_TURN === 0) await nextTurn();
    if (signal?.aborted === true) return new InputError("aborted", path);
  }
  return null;
}

async function pumpStream(
  path: string,
  stream: Readable,
  reader: CaptureReader,
  { signal, afterChunk }: Pace,
): Promise<InputError | null> {
  const stop = (): void => void stream.destroy();
  if (signal?.aborted === true) stop();
  signal?.addEventListener("abort", stop, { once: true });
  try {
    const chunks: AsyncIterator<unknown> = stream[Symbol.asyncIterator]();
    while (!reader.done) {
      const chunk = await nextChunk(path, chunks);
      if (chunk === null) break;
      if (chunk instanceof InputError) {
        return signal?.aborted === true ? new InputError("aborted", path) : chunk;
      }
      reader.push(chunk);
      await afterChunk?.();
    }
    return signal?.aborted === true ? new InputError("aborted", path) : null;
  } finally {
    signal?.removeEventListener("abort", stop);
    stream.destroy();
  }
}

/** What the stream throws is a fault of the input; what the sink throws is not, and passes. */
async function nextChunk(
  path: string,
  chunks: AsyncIterator<unknown>,
): Promise<Uint8Array | InputError | null> {
  try {
    const { done, value } = await chunks.next();
    return done !== true && value instanceof Uint8Array ? value : null;
  } catch (cause) {
    return readError(path, cause);
  }
}
