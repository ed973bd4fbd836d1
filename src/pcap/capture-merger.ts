/**
 * Merges captures by time as they stream by, in the order that mergecap gives
 * them: always the earliest of the packets that are next in their files; of
 * equal ones that of the file named last. A file that is not in the order of
 * time stays in its own.
 *
 * It knows no files and waits for nothing: it says which input it needs bytes of.
 *
 * ```ts ignore
 * const merger = new CaptureMerger(files.length, sink);
 * for (let i; (i = merger.wanted) !== null;) {
 *   const bytes = files[i].read();
 *   if (bytes === null) merger.end();
 *   else merger.push(bytes);
 * }
 * ```
 *
 * Memory is a slice of each file; time is linear in the packets, and grows with the logarithm of the files.
 *
 * @module
 */
import type { ReusedPacket } from "./handover.ts";
import { MergeInput, type MergeCounts } from "./merge-input.ts";
import type { CaptureFileInfo, CaptureReaderOptions } from "./reader.ts";
import type { CaptureSink } from "./sink.ts";

/** Memory for all the batches together, and the least and most for one. */
const ALL_BATCHES = 8 * 1024 * 1024;
const LEAST_BATCH = 16 * 1024;
const MOST_BATCH = 256 * 1024;

/** An input that has a packet. */
interface Waiting {
  readonly index: number;
  readonly input: MergeInput;
  packet: ReusedPacket;
}

/** See the module. */
export class CaptureMerger {
  readonly #inputs: readonly MergeInput[];
  /** A binary heap: the earliest packet first. */
  readonly #heap: Waiting[] = [];
  /** Inputs whose first packet has been seen, or that have none: all before a packet is handed over. */
  #begun = 0;
  #wanted = 0;

  constructor(inputs: number, sink: CaptureSink, options: CaptureReaderOptions = {}) {
    const batchLen = Math.min(MOST_BATCH, Math.max(LEAST_BATCH, ALL_BATCHES / inputs));
    const counts: MergeCounts = { inputs, frames: 0, interfaces: 0, batchLen };
    this.#inputs = Array.from(
      { length: inputs },
      (_, i) => new MergeInput(i, sink, counts, options),
    );
  }

  /** Index of the input whose next bytes are needed; `null` when all has been handed over. */
  get wanted(): number | null {
    return this.#wanted < this.#inputs.length ? this.#wanted : null;
  }

  /** What the header of an input said; `null` when it has not been read. */
  info(input: number): CaptureFileInfo | null {
    return this.#inputs[input]?.reader.info ?? null;
  }

  /**
   * Takes bytes of the {@link wanted} input; they are not kept.
   *
   * @returns How many it took: the others are to be given when the input is wanted again.
   */
  push(chunk: Uint8Array): number {
    const input = this.#inputs[this.#wanted];
    if (input === undefined) return chunk.length;
    const taken = input.push(chunk);
    this.#goOn(input);
    return taken;
  }

  /** The {@link wanted} input has no more bytes. */
  end(): void {
    const input = this.#inputs[this.#wanted];
    if (input === undefined) return;
    input.end();
    this.#goOn(input);
  }

  #goOn(input: MergeInput): void {
    if (input.head === null && !input.isOver) return;
    if (input.head !== null) this.#add({ index: this.#wanted, input, packet: input.head });
    if (this.#begun < this.#inputs.length) this.#wanted = ++this.#begun;
    if (this.#begun === this.#inputs.length) this.#wanted = this.#merge();
  }

  /** Hands packets over until an input needs bytes, and says which; as many as there are inputs: none. */
  #merge(): number {
    for (let first; (first = this.#heap[0]) !== undefined;) {
      const { index, input } = first;
      input.shift(first.packet);
      if (input.head === null) {
        this.#removeFirst();
        if (!input.isOver) return index;
      } else {
        first.packet = input.head;
        this.#moveDown();
      }
    }
    return this.#inputs.length;
  }

  #add(waiting: Waiting): void {
    const heap = this.#heap;
    let at = heap.length;
    heap.push(waiting);
    for (let up; at > 0 && isBefore(waiting, heap[(up = (at - 1) >> 1)]!); at = up) {
      heap[at] = heap[up]!;
      heap[up] = waiting;
    }
  }

  #removeFirst(): void {
    const last = this.#heap.pop();
    if (last === undefined || this.#heap.length === 0) return;
    this.#heap[0] = last;
    this.#moveDown();
  }

  /** Moves the first down to its place. */
  #moveDown(): void {
    const heap = this.#heap;
    const moved = heap[0]!;
    for (let at = 0; ;) {
      const left = 2 * at + 1;
      if (left >= heap.length) return;
      const right = left + 1;
      const isRight = right < heap.length && isBefore(heap[right]!, heap[left]!);
      const down = isRight ? right : left;
      if (!isBefore(heap[down]!, moved)) return;
      heap[at] = heap[down]!;
      heap[down] = moved;
      at = down;
    }
  }
}

/** By time; of the same time the input named last is first, as mergecap has it. */
function isBefore(a: Waiting, b: Waiting): boolean {
  if (a.packet.sec !== b.packet.sec) return a.packet.sec < b.packet.sec;
  if (a.packet.nsec !== b.packet.nsec) return a.packet.nsec < b.packet.nsec;
  return a.index > b.index;
}
