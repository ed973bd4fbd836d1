/**
 * What is known of each stream while the recording is still read.
 *
 * @module
 */
import { ANY_VERDICT } from "../../analysis/verdicts/verdict.ts";
import type { SegmentRecord } from "../../trace/segment.ts";
import { type Columns, type Row, type Schema, Table } from "../../trace/table.ts";

const SUM_COLUMNS = {
  firstRow: Uint32Array,
  lastRow: Uint32Array,
  segments: Uint32Array,
  /** Payload, of the client and of the server. */
  sent: Float64Array,
  received: Float64Array,
  /** Segments with a verdict. */
  marked: Uint32Array,
  /** All flags that were seen. */
  flags: Uint8Array,
} as const satisfies Schema;

/** A row by stream. */
export class StreamSums {
  readonly #table = new Table(SUM_COLUMNS, 256);

  get columns(): Columns<typeof SUM_COLUMNS> {
    return this.#table.columns;
  }

  get length(): number {
    return this.#table.length;
  }

  /** Makes room for so many streams altogether. */
  expect(streams: number): void {
    this.#table.reserve(Math.max(0, streams - this.#table.length));
  }

  /** @param bits Verdicts that are shown. */
  add({ stream, dir, payloadLen, tcpFlags }: SegmentRecord, row: Row, bits: number): void {
    const c = this.#rowFor(stream);
    if (c.segments[stream] === 0) c.firstRow[stream] = row;
    c.lastRow[stream] = row;
    c.segments[stream]!++;
    const bytes = dir === 0 ? c.sent : c.received;
    bytes[stream] = bytes[stream]! + payloadLen;
    if ((bits & ANY_VERDICT) !== 0) c.marked[stream]!++;
    c.flags[stream] = c.flags[stream]! | tcpFlags;
  }

  /** Streams that only ICMP errors quote have no segments, and so come late or never. */
  #rowFor(stream: number): Columns<typeof SUM_COLUMNS> {
    const missing = stream + 1 - this.#table.length;
    if (missing <= 0) return this.#table.columns;
    const columns = this.#table.reserve(missing);
    this.#table.length = stream + 1;
    return columns;
  }
}
