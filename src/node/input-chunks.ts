/**
 * The bytes of a capture file, a pipe or standard input, chunk by chunk.
 *
 * @module
 */
import { closeSync, createReadStream, fstatSync, open, readSync, type Stats } from "node:fs";
import { Socket } from "node:net";
import type { Readable } from "node:stream";
import { setImmediate as nextTurn } from "node:timers/promises";
import { promisify } from "node:util";
import { fileName } from "./file-name.ts";
import { InputError, openError, readError } from "./input-error.ts";

const openFile = promisify(open);
const STDIN = 0;

/** Fast for files (9.6 GB/s measured from 64 KiB on), small beside what a record may take. */
export const CHUNK_LEN: number = 256 * 1024;
/** Chunks between two looks at the signal: some milliseconds of work. */
const CHUNKS_PER_TURN = 16;

/** How to read them. */
export interface ChunkOptions {
  /** Ends the reading with an {@link InputError} `aborted`. */
  readonly signal?: AbortSignal | undefined;
  /** Bytes of a file read at once. */
  readonly chunkLen: number;
}

/**
 * Opens `path`, `"-"` for standard input, when the first chunk is asked for, and closes it in the
 * end. A chunk is valid until the next is asked for.
 *
 * Regular files are read up to their end as it is when it is reached; pipes until they close.
 *
 * @throws {InputError}
 * @yields Bytes that follow each other.
 */
export async function* chunksOf(path: string, options: ChunkOptions): AsyncGenerator<Uint8Array> {
  const fd = await openInput(path);
  let stat: Stats;
  try {
    stat = fstatSync(fd);
  } catch (cause) {
    throw openError(path, cause);
  }
  if (!stat.isFile() && !stat.isDirectory()) {
    yield* streamChunks(path, streamOf(path, fd, stat), options);
    return;
  }
  try {
    if (stat.isDirectory()) throw new InputError("directory", path);
    yield* fileChunks(path, fd, options);
  } finally {
    if (path !== "-") closeSync(fd);
  }
}

async function openInput(path: string): Promise<number> {
  if (path === "-") return STDIN;
  try {
    return await openFile(fileName(path), "r");
  } catch (cause) {
    throw openError(path, cause);
  }
}

/** Pipes are polled, not read by a thread that nobody could call back. */
function streamOf(path: string, fd: number, stat: Stats): Readable {
  if (path === "-") return process.stdin;
  if (stat.isFIFO()) return new Socket({ fd, readable: true, writable: false });
  return createReadStream("", { fd, highWaterMark: CHUNK_LEN });
}

async function* fileChunks(
  path: string,
  fd: number,
  { signal, chunkLen }: ChunkOptions,
): AsyncGenerator<Uint8Array> {
  const chunk = new Uint8Array(chunkLen);
  for (let turn = 1; ; turn++) {
    let len: number;
    try {
      len = readSync(fd, chunk);
    } catch (cause) {
      throw readError(path, cause);
    }
    if (len === 0) return;
    yield len === chunkLen ? chunk : chunk.subarray(0, len);
    if (signal !== undefined && turn % CHUNKS_PER_TURN === 0) await nextTurn();
    if (signal?.aborted === true) throw new InputError("aborted", path);
  }
}

async function* streamChunks(
  path: string,
  stream: Readable,
  { signal }: ChunkOptions,
): AsyncGenerator<Uint8Array> {
  const stop = (): void => void stream.destroy();
  if (signal?.aborted === true) stop();
  signal?.addEventListener("abort", stop, { once: true });
  const isAborted = (): boolean => signal?.aborted === true;
  try {
    const chunks: AsyncIterator<unknown> = stream[Symbol.asyncIterator]();
    for (let chunk; (chunk = await nextChunk(path, chunks, isAborted)) !== null;) yield chunk;
    if (isAborted()) throw new InputError("aborted", path);
  } finally {
    signal?.removeEventListener("abort", stop);
    stream.destroy();
  }
}

async function nextChunk(
  path: string,
  chunks: AsyncIterator<unknown>,
  isAborted: () => boolean,
): Promise<Uint8Array | null> {
  try {
    const { done, value } = await chunks.next();
    return done !== true && value instanceof Uint8Array ? value : null;
  } catch (cause) {
    throw isAborted() ? new InputError("aborted", path) : readError(path, cause);
  }
}
