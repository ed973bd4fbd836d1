/**
 * What comes through a pipe for the viewer: written to a file, so that a page can read it again.
 *
 * @module
 */
import { basename } from "node:path";
import { visible } from "../base/visible.ts";
import { CHUNK_LEN, chunksOf } from "../node/input-chunks.ts";
import type { ServedRecording } from "../node/view/server.ts";
import { Spool } from "../node/view/spool.ts";

/** Bytes that the file may take on the disk; a page is told that reading ended there. */
const MAX_SPOOL = 4 * 2 ** 30;

/** A pipe that a page can read. */
export interface PipedRecording {
  readonly recording: ServedRecording;
  /** Stops reading, and removes the file. */
  close(): void;
}

/** Reads `path`, `"-"` for standard input, to its end or until `signal`. @throws {CaptureError} without room for the file. */
export function startPipe(
  path: string,
  signal: AbortSignal,
  maxLen: number = MAX_SPOOL,
): PipedRecording {
  const spool = new Spool(null);
  const stop = new AbortController();
  let failure: unknown = null;
  const pump = async (): Promise<void> => {
    const both = AbortSignal.any([signal, stop.signal]);
    for await (const chunk of chunksOf(path, { signal: both, chunkLen: CHUNK_LEN })) {
      spool.write(chunk);
      if (spool.length >= maxLen) throw new RangeError(`more than ${maxLen} bytes`);
    }
  };
  const pumping = pump()
    .catch((e: unknown) => {
      if (!stop.signal.aborted && !signal.aborted) failure = e;
    })
    .then(() => spool.end());
  async function* chunks(given: AbortSignal): AsyncGenerator<Uint8Array> {
    yield* spool.chunks(given);
    // The connection breaks off, and the page says so.
    if (failure !== null) throw failure;
  }
  return {
    recording: { name: path === "-" ? "stdin" : visible(basename(path)), size: null, chunks },
    close() {
      stop.abort();
      void pumping.then(() => spool.close());
    },
  };
}
