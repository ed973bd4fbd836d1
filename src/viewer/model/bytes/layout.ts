/**
 * The rows in which a stream is shown: sixteen bytes each in hex; as text until the line feed or the
 * width's end; a hole, however long, is one row.
 *
 * @module
 */
import { Table } from "../../../trace/table.ts";
import { type BytesAs, type Cell, emptyCell, readCell } from "./cells.ts";
import { PieceKind, type Pieces } from "./pieces.ts";
import { STEP, type Steps } from "./steps.ts";

/** How the rows are to be cut. */
export interface RowShape {
  readonly as: BytesAs;
  /** Columns of a text row, bytes of a hex row. */
  readonly columns: number;
}

/** One row. Offsets in the stream. */
export interface LaidRow {
  readonly from: number;
  readonly to: number;
  /** One of `PieceKind`. */
  readonly kind: number;
}

/** Pieces of one kind that follow each other. */
const RUN_COLUMNS = {
  from: Float64Array,
  to: Float64Array,
  kind: Uint8Array,
  firstRow: Float64Array,
} as const;

type Runs = Table<typeof RUN_COLUMNS>;
type Starts = Table<{ readonly at: Float64ArrayConstructor }>;

/** Bytes that are laid out as text: finding the lines means looking at each. In hex there is no such end. */
const MAX_TEXT = 64 * 2 ** 20;
/** Bytes looked at in one go. */
const BLOCK = 2 ** 18;
/** What a run takes besides its bytes, in bytes. */
const RUN_WORK = 64;
/** A character may reach this far beyond a block. */
const REACH = 4;
const LINE_FEED = 0x0a;

/** Bytes `[from, to)` of the stream, which hold no hole; in `room` when they fit. */
export type ReadBytes = (from: number, to: number, room: Uint8Array<ArrayBuffer>) => Uint8Array;

/** See the module. */
export class ByteLayout {
  readonly length: number;
  readonly #runs: Runs;
  /** Where each row begins; `null`: runs are cut evenly. */
  readonly #starts: Float64Array | null;
  readonly #columns: number;

  private constructor(runs: Runs, starts: Starts | null, length: number, columns: number) {
    this.#runs = runs;
    this.#starts = starts?.columns.at ?? null;
    this.length = length;
    this.#columns = columns;
  }

  /**
   * Cuts the rows.
   *
   * @yields Where it may pause.
   */
  static *lay(pieces: Pieces, shape: RowShape, read: ReadBytes): Steps<ByteLayout> {
    const runs = yield* runsOf(pieces);
    const { columns } = shape;
    if (shape.as !== "hex") {
      const starts: Starts = new Table({ at: Float64Array });
      yield* layText(runs, starts, shape, read);
      return new ByteLayout(runs, starts, starts.length, columns);
    }
    const { from, to, kind, firstRow } = runs.columns;
    let rows = 0;
    for (let i = 0; i < runs.length; i++) {
      firstRow[i] = rows;
      rows += kind[i] === PieceKind.DATA ? Math.ceil((to[i]! - from[i]!) / columns) : 1;
    }
    return new ByteLayout(runs, null, rows, columns);
  }

  /** Row `row`, which is below {@link length}. */
  at(row: number): LaidRow {
    const run = this.#runOfRow(row);
    const columns = this.#runs.columns;
    const [from, to, kind] = [columns.from[run]!, columns.to[run]!, columns.kind[run]!];
    if (kind !== PieceKind.DATA) return { from, to, kind };
    if (this.#starts === null) {
      const low = from + (row - columns.firstRow[run]!) * this.#columns;
      return { from: low, to: Math.min(to, low + this.#columns), kind };
    }
    const next = row + 1 < this.length ? this.#starts[row + 1]! : to;
    return { from: this.#starts[row]!, to: Math.min(to, next), kind };
  }

  /** The row that holds `offset`; the nearest when none does. */
  rowOf(offset: number): number {
    if (this.length === 0) return 0;
    const { from, to, kind, firstRow } = this.#runs.columns;
    const run = Math.max(0, countUpTo(this.#runs.length, (i) => from[i]! <= offset) - 1);
    if (kind[run] !== PieceKind.DATA) return firstRow[run]!;
    if (this.#starts !== null) {
      const starts = this.#starts;
      return Math.max(0, countUpTo(this.length, (i) => starts[i]! <= offset) - 1);
    }
    const last = Math.ceil((to[run]! - from[run]!) / this.#columns) - 1;
    const within = Math.floor((offset - from[run]!) / this.#columns);
    return firstRow[run]! + Math.max(0, Math.min(last, within));
  }

  #runOfRow(row: number): number {
    const { firstRow } = this.#runs.columns;
    return countUpTo(this.#runs.length, (i) => firstRow[i]! <= row) - 1;
  }
}

/** How many of `n` pass; those that do come first. */
export function countUpTo(n: number, passes: (i: number) => boolean): number {
  let low = 0;
  let high = n;
  while (low < high) {
    const mid = (low + high) >>> 1;
    if (passes(mid)) low = mid + 1;
    else high = mid;
  }
  return low;
}

function* runsOf({ length, from, to, kind }: Pieces): Steps<Runs> {
  // As many as there may be: growing would take it twice, and what is not written to takes no memory.
  const runs: Runs = new Table(RUN_COLUMNS, length);
  for (let i = 0; i < length; i++) {
    if (i % STEP === STEP - 1) yield;
    const last = runs.length - 1;
    const columns = runs.reserve(1);
    if (last >= 0 && columns.kind[last] === kind[i]) columns.to[last] = to[i]!;
    else {
      columns.from[last + 1] = from[i]!;
      columns.to[last + 1] = to[i]!;
      columns.kind[last + 1] = kind[i]!;
      runs.length++;
    }
  }
  return runs;
}

/**
 * Cuts the runs in their place; what is beyond {@link MAX_TEXT} becomes one run that is not shown.
 *
 * @yields Where it may pause.
 */
function* layText(runs: Runs, starts: Starts, shape: RowShape, read: ReadBytes): Steps<void> {
  let left = MAX_TEXT;
  let work = 0;
  // One for all blocks: each of its own would wait for the garbage.
  const room = new Uint8Array(BLOCK + REACH);
  const readHere = (low: number, high: number): Uint8Array => read(low, high, room);
  const end = runs.length === 0 ? 0 : runs.columns.to[runs.length - 1]!;
  for (let i = 0; i < runs.length; i++) {
    const { from, to, kind, firstRow } = runs.columns;
    firstRow[i] = starts.length;
    // Runs may be short, and many.
    if ((work += RUN_WORK) > BLOCK) {
      work = 0;
      yield;
    }
    if (kind[i] !== PieceKind.DATA) {
      pushStart(starts, from[i]!);
      continue;
    }
    const [low, whole] = [from[i]!, to[i]!];
    const high = Math.min(whole, low + left);
    left -= high - low;
    work += high - low;
    if (high > low) yield* cutLines(low, high, starts, shape, readHere);
    if (high === whole) continue;
    // What is not shown takes the run's place, or follows what is shown of it.
    runs.length = high > low ? i + 2 : i + 1;
    if (high > low) to[i] = high;
    setUnshown(runs, high, end, starts.length);
    pushStart(starts, high);
    return;
  }
}

function setUnshown(runs: Runs, from: number, to: number, firstRow: number): void {
  const columns = runs.reserve(0);
  const last = runs.length - 1;
  columns.from[last] = from;
  columns.to[last] = to;
  columns.kind[last] = PieceKind.UNSHOWN;
  columns.firstRow[last] = firstRow;
}

function* cutLines(
  from: number,
  to: number,
  starts: Starts,
  { as, columns }: RowShape,
  read: (from: number, to: number) => Uint8Array,
): Steps<void> {
  const cell: Cell = emptyCell();
  let used = 0;
  let isAtStart = true;
  for (let block = from; block < to;) {
    const blockTo = Math.min(to, block + BLOCK);
    const bytes = read(block, Math.min(to, blockTo + REACH));
    let at = 0;
    for (; block + at < blockTo; at += cell.len) {
      readCell(bytes, at, bytes.length, as, cell);
      if (isAtStart || (used + cell.width > columns && used > 0)) {
        pushStart(starts, block + at);
        used = 0;
      }
      used += cell.width;
      isAtStart = bytes[at] === LINE_FEED;
    }
    block += at;
    if (block < to) yield;
  }
}

function pushStart(starts: Starts, at: number): void {
  starts.reserve(1).at[starts.length++] = at;
}
