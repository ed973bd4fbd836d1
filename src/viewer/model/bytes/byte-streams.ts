/**
 * Answers about the two byte streams of a connection: rows to draw, where a segment's bytes are, where
 * words are found, the bytes themselves.
 *
 * @module
 */
import { streamPlaces } from "../../../analysis/offsets.ts";
import type { Recording } from "../recording.ts";
import { DirectionBytes, type DirectionSums } from "./direction.ts";
import { ByteLayout, type ReadBytes, type RowShape } from "./layout.ts";
import { PieceKind, type Pieces } from "./pieces.ts";
import type { ByteSpan } from "./spans.ts";
import { type Steps, Work } from "./steps.ts";

/** A direction of a stream, and how its rows are cut. */
export interface ByteView extends RowShape {
  readonly stream: number;
  readonly dir: 0 | 1;
}

/** Rows to draw, with everything that touches them. */
export interface ByteRowPage {
  readonly total: number;
  /** Offsets in the stream. */
  readonly from: Float64Array;
  readonly to: Float64Array;
  /** `PieceKind` of each. */
  readonly kind: Uint8Array;
  /** Where in {@link bytes} each begins; a hole has none. */
  readonly at: Uint32Array;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly spans: readonly ByteSpan[];
}

/** Where the bytes of a segment are. */
export interface ByteSpot {
  readonly frame: number;
  readonly dir: 0 | 1;
  readonly from: number;
  readonly to: number;
  readonly row: number;
  /** The segments with payload before it and after it in the capture; 0: none. */
  readonly before: number;
  readonly after: number;
}

/** Bytes of the stream; {@link next} is where to go on, `null` at the end. */
export interface ByteBlock {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Where in the stream they belong: between two of these is a hole. */
  readonly runs: readonly { readonly from: number; readonly length: number }[];
  readonly next: number | null;
}

/** Which bytes; to the end without `to`. */
export interface BlockQuery {
  readonly stream: number;
  readonly dir: 0 | 1;
  readonly from: number;
  readonly to?: number;
}

/** Rows of an answer, columns of a row, bytes of an answer, and bytes searched in one go. */
const MAX_ROWS = 1024;
const MAX_COLUMNS = 256;
const MAX_BLOCK = 4 * 2 ** 20;
const SEARCHED = 2 ** 20;
/** Segments may bring one byte again and again. */
const MAX_OWNERS = 64;
/** Longest words that are looked for. */
const MAX_PATTERN = 1024;

type Directions = readonly [DirectionBytes, DirectionBytes];
/** Lets others have their turn; throws when nobody waits for the answer any more. */
type Pause = () => Promise<void>;

/** See the module; keeps what it worked out of the last stream. Long work pauses, and goes on with whoever asks next. */
export class ByteStreams {
  readonly #recording: Recording;
  readonly #released: () => void;
  #opening: Work<Directions> | null = null;
  /** By direction: people go to and fro between the two. */
  readonly #laying: (Work<ByteLayout> | null)[] = [null, null];

  /** @param released Told before something is worked out in place of what was kept. */
  constructor(recording: Recording, released: () => void = () => {}) {
    this.#recording = recording;
    this.#released = released;
  }

  /** Keeps nothing of what was worked out. */
  forget(): void {
    this.#opening = null;
    this.#laying.fill(null);
  }

  /** Both directions as a whole; `null`: no such stream. */
  async sums(
    stream: number,
    pause: Pause,
  ): Promise<readonly [DirectionSums, DirectionSums] | null> {
    const dirs = await this.#open(stream, pause);
    return dirs === null ? null : [dirs[0].sums, dirs[1].sums];
  }

  async rows(view: ByteView, first: number, count: number, pause: Pause): Promise<ByteRowPage> {
    const dirs = await this.#open(view.stream, pause);
    if (dirs === null) return NO_ROWS;
    const layout = await this.#layout(dirs[view.dir], view, pause);
    const low = Math.max(0, Math.min(first, layout.length));
    const high = Math.min(layout.length, low + Math.min(count, MAX_ROWS));
    return pageOf(dirs[view.dir], layout, low, high);
  }

  /** Where the payload of `frame` is; `null` when it has none in this stream. */
  async spot(view: ByteView, frame: number, pause: Pause): Promise<ByteSpot | null> {
    const { trace } = this.#recording;
    const row = trace.segmentOfFrame(frame);
    const dirs = await this.#open(view.stream, pause);
    if (row === null || dirs === null) return null;
    if (trace.segments.columns.stream[row] !== view.stream) return null;
    const dir = trace.segments.columns.dir[row] === 1 ? 1 : 0;
    const bytes = dirs[dir];
    const index = bytes.indexOf(row);
    const here = bytes.carriedAt(index);
    if (here === null) return null;
    const frameAt = (i: number): number => {
      const there = bytes.carriedAt(i);
      return there === null ? 0 : trace.frameOf(there.owner);
    };
    const { from, to } = here;
    const layout = await this.#layout(bytes, { ...view, dir }, pause);
    return {
      frame,
      dir,
      from,
      to,
      row: layout.rowOf(from),
      before: frameAt(index - 1),
      after: frameAt(index + 1),
    };
  }

  /** The row that holds `offset`. */
  async rowOf(view: ByteView, offset: number, pause: Pause): Promise<number> {
    const dirs = await this.#open(view.stream, pause);
    if (dirs === null) return 0;
    const layout = await this.#layout(dirs[view.dir], view, pause);
    return layout.rowOf(offset);
  }

  /** Captured bytes of `[from, to)`: at most 4 MiB of them, holes left out. */
  async block({ stream, dir, from, to = Infinity }: BlockQuery, pause: Pause): Promise<ByteBlock> {
    const bytes = (await this.#open(stream, pause))?.[dir];
    const parts: Uint8Array[] = [];
    const runs: { from: number; length: number }[] = [];
    let next: number | null = null;
    let room = MAX_BLOCK;
    for (const [low, end] of bytes === undefined ? [] : dataRuns(bytes.pieces, from)) {
      const high = Math.min(end, to, low + room);
      if (high <= low) break;
      parts.push(bytes!.read(low, high));
      runs.push({ from: low, length: high - low });
      room -= high - low;
      if (room > 0) continue;
      next = high < to ? high : null;
      break;
    }
    return { bytes: joined(parts), runs, next };
  }

  /** What the byte at `at` belongs to. */
  async owners(stream: number, dir: 0 | 1, at: number, pause: Pause): Promise<readonly ByteSpan[]> {
    const bytes = (await this.#open(stream, pause))?.[dir];
    return bytes?.spans(at, at + 1).slice(0, MAX_OWNERS) ?? [];
  }

  /** Offset of the first copy of `pattern` at or after `from`; -1: none. */
  async find(
    stream: number,
    dir: 0 | 1,
    pattern: Uint8Array,
    from: number,
    pause: Pause,
  ): Promise<number> {
    const bytes = (await this.#open(stream, pause))?.[dir];
    const { length } = pattern;
    if (bytes === undefined || length === 0 || length > MAX_PATTERN) return -1;
    for (const [low, high] of dataRuns(bytes.pieces, from)) {
      for (let at = low; at + length <= high; at += SEARCHED) {
        const found = indexOf(bytes.read(at, Math.min(high, at + SEARCHED + length - 1)), pattern);
        if (found !== -1) return at + found;
        await pause();
      }
    }
    return -1;
  }

  async #open(stream: number, pause: Pause): Promise<Directions | null> {
    const { trace } = this.#recording;
    if (stream >= trace.streams) return null;
    const key = `${stream} ${trace.segments.length}`;
    if (this.#opening?.key !== key || this.#opening.hasFailed) {
      // What is no more needed goes before the new one is made.
      const isAnother = this.#opening !== null;
      this.forget();
      if (isAnother) this.#released();
      this.#opening = new Work(key, openBoth(this.#recording, stream));
    }
    return await this.#opening.finish(pause);
  }

  async #layout(
    bytes: DirectionBytes,
    { stream, dir, as, columns }: ByteView,
    pause: Pause,
  ): Promise<ByteLayout> {
    const shape = { as, columns: Math.max(4, Math.min(Math.floor(columns), MAX_COLUMNS)) };
    const key = JSON.stringify([stream, bytes.sums.segments, bytes.sums.to, shape]);
    let laying = this.#laying[dir] ?? null;
    if (laying?.key !== key || laying.hasFailed) {
      this.#laying[dir] = null;
      if (laying !== null) this.#released();
      const read: ReadBytes = (from, to, room) => bytes.read(from, to, room);
      laying = new Work(key, ByteLayout.lay(bytes.pieces, shape, read));
      this.#laying[dir] = laying;
    }
    return await laying.finish(pause);
  }
}

function* openBoth(recording: Recording, stream: number): Steps<Directions> {
  const numbers = streamPlaces(recording.trace, stream);
  yield;
  const client = yield* DirectionBytes.open(recording, stream, 0, numbers);
  return [client, yield* DirectionBytes.open(recording, stream, 1, numbers)];
}

const NO_ROWS: ByteRowPage = {
  total: 0,
  from: new Float64Array(0),
  to: new Float64Array(0),
  kind: new Uint8Array(0),
  at: new Uint32Array(0),
  bytes: new Uint8Array(0),
  spans: [],
};

function pageOf(bytes: DirectionBytes, layout: ByteLayout, low: number, high: number): ByteRowPage {
  const n = high - low;
  const page = {
    total: layout.length,
    from: new Float64Array(n),
    to: new Float64Array(n),
    kind: new Uint8Array(n),
    at: new Uint32Array(n),
  };
  const parts: Uint8Array[] = [];
  let length = 0;
  for (let i = 0; i < n; i++) {
    const { from, to, kind } = layout.at(low + i);
    page.from[i] = from;
    page.to[i] = to;
    page.kind[i] = kind;
    page.at[i] = length;
    if (kind !== PieceKind.DATA) continue;
    parts.push(bytes.read(from, to));
    length += to - from;
  }
  const spans = n === 0 ? [] : bytes.spans(page.from[0]!, page.to[n - 1]!);
  return { ...page, bytes: joined(parts), spans };
}

/**
 * Bytes that follow each other without a hole, from `start` on.
 *
 * @yields Their first offset and the one behind them.
 */
function* dataRuns(
  { length, from, kind }: Pieces,
  start: number,
): Generator<readonly [number, number]> {
  for (let i = 0; i < length;) {
    let end = i + 1;
    while (end < length && kind[end] === PieceKind.DATA && kind[i] === PieceKind.DATA) end++;
    const high = from[end]!;
    if (kind[i] === PieceKind.DATA && high > start) yield [Math.max(start, from[i]!), high];
    i = end;
  }
}

function indexOf(bytes: Uint8Array, pattern: Uint8Array): number {
  const last = bytes.length - pattern.length;
  for (let at = bytes.indexOf(pattern[0]!); at !== -1 && at <= last;) {
    let i = 1;
    while (i < pattern.length && bytes[at + i] === pattern[i]) i++;
    if (i === pattern.length) return at;
    at = bytes.indexOf(pattern[0]!, at + 1);
  }
  return -1;
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
