/**
 * Several captures as one, in the order of time.
 *
 * @module
 */
import { CaptureMerger } from "./capture-merger.ts";
import type { CaptureFileInfo, CaptureReaderOptions } from "./reader.ts";
import type { CaptureSink } from "./sink.ts";

/** The bytes of one capture, in chunks of any size: a stream, a list, a generator. */
export type ByteSource = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/** How to merge. */
export interface MergeOptions extends CaptureReaderOptions {
  /** Waited for after each chunk: lets a slow reader of what the sink made of it keep up. */
  readonly afterChunk?: (() => Promise<void>) | undefined;
}

/**
 * Reads captures side by side and hands their packets over in the order of
 * time, as mergecap does: frames and interfaces are numbered over all of them.
 * A {@link CaptureWarning} says by `input` which capture it is about; a damaged
 * one ends there, the others go on.
 *
 * ```ts
 * await mergeCaptures([client, server], { onPacket: (p) => print(p.frame, p.sec, p.nsec) });
 * ```
 *
 * A source is asked for a chunk when the one before has been used up. Rejects with
 * what a source or the sink throws, and gives up the other sources.
 *
 * @returns What the header of each capture said; `null` of one that is none.
 */
export async function mergeCaptures(
  sources: readonly ByteSource[],
  sink: CaptureSink,
  options: MergeOptions = {},
): Promise<readonly (CaptureFileInfo | null)[]> {
  const { afterChunk, ...limits } = options;
  const merger = new CaptureMerger(sources.length, sink, limits);
  const inputs = sources.map((source) => new Input(source));
  try {
    for (let i; (i = merger.wanted) !== null;) {
      const input = inputs[i]!;
      const bytes = await input.bytes();
      if (bytes === null) merger.end();
      else input.take(merger.push(bytes));
      await afterChunk?.();
    }
  } finally {
    for (const input of inputs) await input.close();
  }
  return inputs.map((_, i) => merger.info(i));
}

const NO_BYTES = new Uint8Array(0);

/** A source, and what of its last chunk is not used yet. */
class Input {
  readonly #chunks: AsyncIterator<Uint8Array> | Iterator<Uint8Array>;
  #rest: Uint8Array = NO_BYTES;
  #isOver = false;

  constructor(source: ByteSource) {
    this.#chunks =
      Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
  }

  /** What is to be read next; `null` at the end. */
  async bytes(): Promise<Uint8Array | null> {
    while (this.#rest.length === 0 && !this.#isOver) {
      const { done, value } = await this.#chunks.next();
      if (done === true) this.#isOver = true;
      else this.#rest = value;
    }
    return this.#isOver ? null : this.#rest;
  }

  take(len: number): void {
    this.#rest = this.#rest.subarray(len);
  }

  async close(): Promise<void> {
    if (!this.#isOver) await this.#chunks.return?.();
  }
}
