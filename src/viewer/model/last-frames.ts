/**
 * The last frame that tells of each stream: behind it, nothing of the stream need be kept when the packets pass again.
 *
 * @module
 */
import type { SegmentRecord } from "../../trace/segment.ts";
import { type Schema, Table } from "../../trace/table.ts";

const FRAME_COLUMNS = { lastFrame: Uint32Array } as const satisfies Schema;

/** A number by stream; of segments that ICMP errors quote too. */
export class LastFrames {
  readonly #table = new Table(FRAME_COLUMNS, 256);

  /** Makes room for so many streams altogether. */
  expect(streams: number): void {
    this.#table.reserve(Math.max(0, streams - this.#table.length));
  }

  /** Takes the next segment. */
  note({ stream, replacedStream, packet: { frame } }: SegmentRecord): void {
    if (stream >= this.#table.length) {
      this.#table.reserve(stream + 1 - this.#table.length);
      this.#table.length = stream + 1;
    }
    const { lastFrame } = this.#table.columns;
    lastFrame[stream] = frame;
    // It is asked once more what the connection before it on its ports has left.
    if (replacedStream !== -1) lastFrame[replacedStream] = frame;
  }

  /** 0 when there is no such stream. */
  of(stream: number): number {
    return this.#table.columns.lastFrame[stream] ?? 0;
  }
}
