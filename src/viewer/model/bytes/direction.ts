/**
 * One direction of a connection, ready to be asked about: its pieces, its bytes, its boundaries.
 *
 * @module
 */
import type { StreamBytes } from "../../../analysis/offsets.ts";
import { Flag } from "../../../wire/tcp.ts";
import type { Recording } from "../recording.ts";
import { type Carried, pieceAt, PieceKind, type Pieces, piecesOf } from "./pieces.ts";
import { type ByteSpan, callSpans, segmentSpans, spansWithin } from "./spans.ts";

/** Copies of bytes that are told of; a capture may hold millions. */
const MAX_AGAIN = 100_000;

/** What there is to say of a direction as a whole. Offsets in the stream. */
export interface DirectionSums {
  /** The first byte: 0, or where the capture began; behind the last. */
  readonly from: number;
  readonly to: number;
  /** Bytes that are there. */
  readonly bytes: number;
  /** Segments with payload; of them those that brought nothing new. */
  readonly segments: number;
  readonly again: number;
  readonly writes: number;
  readonly reads: number;
  /** Bytes that those writes wrote and those reads took. */
  readonly written: number;
  readonly taken: number;
  readonly holes: number;
  readonly missing: number;
  /** Whether the SYN was seen, so that offset 0 is the first byte of all. */
  readonly isFromStart: boolean;
  /** Sequence number of offset 0, as on the wire. */
  readonly firstSeq: number;
  /** Frame of the first segment with payload; 0: none. */
  readonly firstFrame: number;
}

/** See the module. */
export class DirectionBytes {
  readonly pieces: Pieces;
  readonly sums: DirectionSums;
  readonly #recording: Recording;
  readonly #carried: readonly Carried[];
  readonly #writes: readonly ByteSpan[];
  readonly #reads: readonly ByteSpan[];
  /** Segments that brought bytes again, by their first byte. */
  readonly #again: readonly ByteSpan[];
  readonly #longestAgain: number;

  constructor(recording: Recording, stream: number, dir: 0 | 1, numbers: StreamBytes) {
    this.#recording = recording;
    const { trace } = recording;
    const calls = recording.calls.ofStream(stream);
    this.#writes = callSpans(trace, calls, "write", dir);
    this.#reads = callSpans(trace, calls, "read", dir);
    this.#carried = this.#carriedBy(numbers, dir);
    const { isFromStart, fin, finAt } = numbers.dirs[dir];
    this.pieces = piecesOf(this.#carried, isFromStart ? 0 : null, fin === -1 ? null : finAt);
    this.#again = this.#copies(numbers, dir);
    this.#longestAgain = this.#again.reduce((most, { from, to }) => Math.max(most, to - from), 0);
    this.sums = this.#sumsOf(isFromStart, numbers, dir);
  }

  /** The bytes `[from, to)`; 0 in holes. */
  read(from: number, to: number): Uint8Array<ArrayBuffer> {
    const out = new Uint8Array(Math.max(0, to - from));
    const { pieces } = this;
    for (let i = pieceAt(pieces, from); i >= 0 && i < pieces.length; i++) {
      if (pieces.from[i]! >= to) break;
      if (pieces.kind[i] !== PieceKind.DATA) continue;
      const [low, high] = [Math.max(from, pieces.from[i]!), Math.min(to, pieces.to[i]!)];
      if (low < high) out.set(this.#payload(pieces.owner[i]!, low, high), low - from);
    }
    return out;
  }

  /** Everything that touches `[from, to)`. */
  spans(from: number, to: number): ByteSpan[] {
    const { trace } = this.#recording;
    const again = spansWithin(this.#again, from - this.#longestAgain, to);
    return [
      ...spansWithin(this.#writes, from, to),
      ...segmentSpans(trace, this.pieces, from, to),
      ...spansWithin(this.#reads, from, to),
      ...again.filter((span) => span.to > from),
    ];
  }

  /** Place in capture order among the segments with payload; -1: it is none of them. */
  indexOf(row: number): number {
    return this.#carried.findIndex(({ owner }) => owner === row);
  }

  /** The segment at that place. */
  carriedAt(index: number): Carried | null {
    return this.#carried[index] ?? null;
  }

  #payload(row: number, from: number, to: number): Uint8Array {
    const { trace } = this.#recording;
    const { tcpAt, headerLen } = trace.segments.columns;
    const { view, at } = trace.viewOfSegment(row);
    const start = at + tcpAt[row]! + headerLen[row]! + (from - this.#offsetOf.get(row)!);
    return new Uint8Array(view.buffer, view.byteOffset + start, to - from);
  }

  readonly #offsetOf = new Map<number, number>();

  #carriedBy(numbers: StreamBytes, dir: 0 | 1): Carried[] {
    const { trace } = this.#recording;
    const { dir: dirs, payloadLen, tcpAt, headerLen } = trace.segments.columns;
    const { isFromStart } = numbers.dirs[dir];
    const carried: Carried[] = [];
    numbers.rows.forEach((row, i) => {
      const [start, to] = [numbers.from[i]!, numbers.to[i]!];
      // Nothing stands before the first byte, whatever a segment's number says.
      const from = isFromStart ? Math.max(0, start) : start;
      if (dirs[row] !== dir || to <= from || numbers.elsewhere.has(row)) return;
      const { at, end } = trace.viewOfSegment(row);
      const captured = Math.max(0, end - (at + tcpAt[row]! + headerLen[row]!));
      this.#offsetOf.set(row, start);
      carried.push({
        owner: row,
        from,
        to,
        capturedTo: start + Math.min(captured, payloadLen[row]!),
      });
    });
    return carried;
  }

  #copies(numbers: StreamBytes, dir: 0 | 1): ByteSpan[] {
    const { trace } = this.#recording;
    const { time, dir: dirs } = trace.segments.columns;
    const copies: ByteSpan[] = [];
    for (const [i, row] of numbers.rows.entries()) {
      const [from, to] = [numbers.from[i]!, numbers.to[i]!];
      if (dirs[row] !== dir || to - from <= numbers.newLen[i]!) continue;
      if (numbers.elsewhere.has(row) || copies.length >= MAX_AGAIN) continue;
      const frame = trace.frameOf(row);
      copies.push({ lane: "again", from, to, number: frame, frame, time: time[row]! });
    }
    return copies.toSorted((a, b) => a.from - b.from);
  }

  #sumsOf(isFromStart: boolean, numbers: StreamBytes, dir: 0 | 1): DirectionSums {
    const { trace } = this.#recording;
    const { length, from, to, kind } = this.pieces;
    let [bytes, holes, missing] = [0, 0, 0];
    for (let i = 0; i < length; i++) {
      const len = to[i]! - from[i]!;
      if (kind[i] === PieceKind.DATA) bytes += len;
      else [holes, missing] = [holes + 1, missing + len];
    }
    const first = this.#carried[0];
    const { seq, flags } = trace.segments.columns;
    const isSyn = first !== undefined && (flags[first.owner]! & Flag.SYN) !== 0;
    return {
      from: length === 0 ? 0 : from[0]!,
      to: length === 0 ? 0 : to[length - 1]!,
      bytes,
      segments: this.#carried.length,
      again: numbers.dirs[dir].resentSegments,
      writes: this.#writes.length,
      reads: this.#reads.length,
      written: lengthOf(this.#writes),
      taken: lengthOf(this.#reads),
      holes,
      missing,
      isFromStart,
      firstSeq: first === undefined ? 0 : (seq[first.owner]! + (isSyn ? 1 : 0) - first.from) >>> 0,
      firstFrame: first === undefined ? 0 : trace.frameOf(first.owner),
    };
  }
}

function lengthOf(spans: readonly ByteSpan[]): number {
  return spans.reduce((sum, { from, to }) => sum + to - from, 0);
}
