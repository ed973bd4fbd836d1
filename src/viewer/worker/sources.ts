/**
 * The bytes of inputs in a browser: chosen files, and addresses beside the page.
 *
 * @module
 */
import { ReadAgainError } from "../model/read-again-error.ts";
import type { Input } from "../model/protocol.ts";
import type { OpenInput } from "../model/loading.ts";
import { Litter } from "../model/garbage.ts";

/** Bytes taken of a file at a time; the next ones are on their way meanwhile. */
const CHUNK_LEN = 2 * 2 ** 20;

/** The first ones are few, so that the first picture comes soon. */
const FIRST_LEN = 512 * 1024;

/** Bytes read again that may wait for the garbage: by then there are the answers, too. */
const AGAIN_MOST = 6 * 2 ** 20;

/** The input, ready to be read. */
export function openInput(input: Input<Blob>): OpenInput {
  const { name, size, from } = input;
  const litter = new Litter();
  const again = new Litter(AGAIN_MOST);
  const readAgain = (file: Blob, start: number, end: number): Uint8Array => {
    again.add(end - start);
    return readNow(file, start, end);
  };
  return {
    name,
    size,
    readAgain: "file" in from ? (start, end) => readAgain(from.file, start, end) : null,
    chunks: (signal) =>
      "file" in from ? fileChunks(from.file, litter) : urlChunks(from.url, signal),
  };
}

async function* fileChunks(file: Blob, litter: Litter): AsyncGenerator<Uint8Array> {
  let at = 0;
  let len = FIRST_LEN;
  let next = file.slice(0, len).arrayBuffer();
  while (at < file.size) {
    const bytes = new Uint8Array(await next);
    at += len;
    len = CHUNK_LEN;
    next = file.slice(at, at + len).arrayBuffer();
    // Whoever awaits it hears of it; a reader that stops early does not.
    next.catch(() => {});
    yield bytes;
    litter.add(bytes.length);
  }
}

/** What a worker has, and the types of pages do not. */
declare const FileReaderSync: new () => { readAsArrayBuffer(blob: Blob): ArrayBuffer };

/** @throws when the file has changed since it was chosen. */
function readNow(file: Blob, start: number, end: number): Uint8Array {
  try {
    return new Uint8Array(new FileReaderSync().readAsArrayBuffer(file.slice(start, end)));
  } catch (cause) {
    throw new ReadAgainError(cause);
  }
}

async function* urlChunks(url: string, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const response = await fetch(url, { signal, cache: "no-store", credentials: "omit" });
  if (!response.ok || response.body === null) throw new Error(`HTTP ${response.status}`);
  const reader = response.body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}
