/**
 * One direction of a connection, ready to be asked about: its pieces, its bytes, its boundaries.
 *
 * @module
 */
import type { StreamPlaces } from "../../../analysis/offsets.ts";
import { Table } from "../../../trace/table.ts";
import type { Trace } from "../../../trace/trace.ts";
import { Flag } from "../../../wire/tcp.ts";
import type { Recording } from "../recording.ts";
import { countUpTo } from "./layout.ts";
import {
  type Carried,
  type CarriedColumns,
  layPieces,
  pieceAt,
  PieceKind,
  type Pieces,
} from "./pieces.ts";
import { type ByteSpan, callSpans, segmentSpans, spansWithin } from "./spans.ts";
import { STEP, type Steps } from "./steps.ts";

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

/** What a direction is made of. */
interface DirectionParts {
  readonly recording: Recording;
  readonly carried: CarriedColumns;
  readonly pieces: Pieces;
  readonly writes: readonly ByteSpan[];
  readonly reads: readonly ByteSpan[];
  /** Segments that brought bytes again, by their first byte. */
  readonly again: readonly ByteSpan[];
  readonly sums: DirectionSums;
}

/** See the module. Its columns take 33 bytes a segment, 46 where each was captured without its end. */
export class DirectionBytes {
  readonly pieces: Pieces;
  readonly sums: DirectionSums;
  readonly #parts: DirectionParts;
  readonly #longestAgain: number;

  private constructor(parts: DirectionParts) {
    this.pieces = parts.pieces;
    this.sums = parts.sums;
    this.#parts = parts;
    this.#longestAgain = parts.again.reduce((most, { from, to }) => Math.max(most, to - from), 0);
  }

  /**
   * Opens a direction; `numbers` are those of its stream.
   *
   * @yields Where it may pause.
   */
  static *open(
    recording: Recording,
    stream: number,
    dir: 0 | 1,
    numbers: StreamPlaces,
  ): Steps<DirectionBytes> {
    const { trace } = recording;
    const calls = recording.calls.ofStream(stream);
    const writes = callSpans(trace, calls, "write", dir);
    const reads = callSpans(trace, calls, "read", dir);
    const carried = yield* carriedBy(trace, numbers, dir);
    const { isFromStart, fin, finAt } = numbers.dirs[dir];
    const pieces = yield* layPieces(carried, isFromStart ? 0 : null, fin === -1 ? null : finAt);
    const again = yield* copiesIn(trace, numbers, dir);
    const sums = {
      ...sumsOfPieces(pieces),
      ...sumsOfCarried(trace, carried),
      again: numbers.dirs[dir].resentSegments,
      writes: writes.length,
      reads: reads.length,
      written: lengthOf(writes),
      taken: lengthOf(reads),
      isFromStart,
    };
    return new DirectionBytes({ recording, carried, pieces, writes, reads, again, sums });
  }

  /** The bytes `[from, to)`; 0 in holes. They are written to `room`, when there is one and they fit. */
  read(
    from: number,
    to: number,
    room: Uint8Array<ArrayBuffer> | null = null,
  ): Uint8Array<ArrayBuffer> {
    const length = Math.max(0, to - from);
    const fits = room !== null && room.length >= length;
    const out = fits ? room.subarray(0, length).fill(0) : new Uint8Array(length);
    const { pieces } = this;
    for (let i = pieceAt(pieces, from); i >= 0 && i < pieces.length; i++) {
      if (pieces.from[i]! >= to) break;
      if (pieces.kind[i] !== PieceKind.DATA) continue;
      const [low, high] = [Math.max(from, pieces.from[i]!), Math.min(to, pieces.from[i + 1]!)];
      if (low < high) out.set(this.#payload(pieces.owner[i]!, low, high), low - from);
    }
    return out;
  }

  /** Everything that touches `[from, to)`. */
  spans(from: number, to: number): ByteSpan[] {
    const { recording, writes, reads } = this.#parts;
    const again = spansWithin(this.#parts.again, from - this.#longestAgain, to);
    return [
      ...spansWithin(writes, from, to),
      ...segmentSpans(recording.trace, this.pieces, from, to),
      ...spansWithin(reads, from, to),
      ...again.filter((span) => span.to > from),
    ];
  }

  /** Place in capture order among the segments with payload; -1: it is none of them. */
  indexOf(row: number): number {
    const { length, owner } = this.#parts.carried;
    const at = countUpTo(length, (i) => owner[i]! < row);
    return at < length && owner[at] === row ? at : -1;
  }

  /** The segment at that place. */
  carriedAt(index: number): Carried | null {
    const { length, owner, from, len, captured } = this.#parts.carried;
    if (index < 0 || index >= length) return null;
    return {
      owner: owner[index]!,
      from: from[index]!,
      to: from[index]! + len[index]!,
      capturedTo: from[index]! + captured[index]!,
    };
  }

  #payload(row: number, from: number, to: number): Uint8Array {
    const { trace } = this.#parts.recording;
    const { tcpAt, headerLen, payloadLen } = trace.segments.columns;
    const { view, at } = trace.viewOfSegment(row);
    const { from: starts, len } = this.#parts.carried;
    const index = this.indexOf(row);
    const first = starts[index]! + len[index]! - payloadLen[row]!;
    const start = at + tcpAt[row]! + headerLen[row]! + (from - first);
    return new Uint8Array(view.buffer, view.byteOffset + start, to - from);
  }
}

const CARRIED_COLUMNS = {
  owner: Uint32Array,
  from: Float64Array,
  len: Uint32Array,
  captured: Uint32Array,
} as const;

function* carriedBy(trace: Trace, numbers: StreamPlaces, dir: 0 | 1): Steps<CarriedColumns> {
  const { dir: dirs, payloadLen, tcpAt, headerLen } = trace.segments.columns;
  const { isFromStart, dataSegments } = numbers.dirs[dir];
  const carried = new Table(CARRIED_COLUMNS, dataSegments);
  for (let i = 0; i < numbers.rows.length; i++) {
    if (i % STEP === STEP - 1) yield;
    const row = numbers.rows[i]!;
    const [start, to] = [numbers.from[i]!, numbers.to[i]!];
    // Nothing stands before the first byte, whatever a segment's number says.
    const from = isFromStart ? Math.max(0, start) : start;
    if (dirs[row] !== dir || to <= from || numbers.elsewhere.has(row)) continue;
    const captured = Math.max(0, trace.keptOfSegment(row) - tcpAt[row]! - headerLen[row]!);
    const columns = carried.reserve(1);
    columns.owner[carried.length] = row;
    columns.from[carried.length] = from;
    columns.len[carried.length] = to - from;
    const capturedTo = start + Math.min(captured, payloadLen[row]!);
    columns.captured[carried.length++] = Math.max(0, capturedTo - from);
  }
  return { length: carried.length, ...carried.columns };
}

/**
 * Segments that brought bytes again, the first of the capture, by their first byte.
 *
 * @yields Where it may pause.
 */
function* copiesIn(trace: Trace, numbers: StreamPlaces, dir: 0 | 1): Steps<readonly ByteSpan[]> {
  const { time, dir: dirs } = trace.segments.columns;
  const copies: ByteSpan[] = [];
  for (let i = 0; i < numbers.rows.length; i++) {
    if (i % STEP === STEP - 1) yield;
    const row = numbers.rows[i]!;
    if (copies.length >= MAX_AGAIN) break;
    const [from, to] = [numbers.from[i]!, numbers.to[i]!];
    if (dirs[row] !== dir || to - from <= numbers.newLen[i]!) continue;
    if (numbers.elsewhere.has(row)) continue;
    const frame = trace.frameOf(row);
    copies.push({ lane: "again", from, to, number: frame, frame, time: time[row]! });
  }
  return copies.toSorted((a, b) => a.from - b.from);
}

type SumsOfPieces = Pick<DirectionSums, "from" | "to" | "bytes" | "holes" | "missing">;

function sumsOfPieces({ length, from, kind }: Pieces): SumsOfPieces {
  let [bytes, holes, missing] = [0, 0, 0];
  for (let i = 0; i < length; i++) {
    const len = from[i + 1]! - from[i]!;
    if (kind[i] === PieceKind.DATA) bytes += len;
    else [holes, missing] = [holes + 1, missing + len];
  }
  const [first, last] = length === 0 ? [0, 0] : [from[0]!, from[length]!];
  return { from: first, to: last, bytes, holes, missing };
}

type SumsOfCarried = Pick<DirectionSums, "segments" | "firstSeq" | "firstFrame">;

function sumsOfCarried(trace: Trace, { length, owner, from }: CarriedColumns): SumsOfCarried {
  if (length === 0) return { segments: 0, firstSeq: 0, firstFrame: 0 };
  const { seq, flags } = trace.segments.columns;
  const first = owner[0]!;
  const isSyn = (flags[first]! & Flag.SYN) !== 0;
  const firstSeq = (seq[first]! + (isSyn ? 1 : 0) - from[0]!) >>> 0;
  return { segments: length, firstSeq, firstFrame: trace.frameOf(first) };
}

function lengthOf(spans: readonly ByteSpan[]): number {
  return spans.reduce((sum, { from, to }) => sum + to - from, 0);
}
