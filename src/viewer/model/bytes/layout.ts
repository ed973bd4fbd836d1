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

/** Pieces of one kind that follow each other: there may be as many as pieces, so that only what pieces do not say is kept. */
const RUN_COLUMNS = {
  /** The first of them. */
  piece: Uint32Array,
  firstRow: Float64Array,
} as const;

/** Where a row begins in its run. */
type Starts = Table<{ readonly at: Uint32ArrayConstructor }>;

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
  /** `null`: runs are cut evenly. */
  readonly #starts: Uint32Array | null;
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
    const runs = new Runs(pieces);
    yield* runs.gather();
    const { columns } = shape;
    if (shape.as !== "hex") {
      // A row each at least: growing would take them twice.
      const starts: Starts = new Table({ at: Uint32Array }, Math.max(1024, runs.length));
      yield* layText(runs, starts, shape, read);
      return new ByteLayout(runs, starts, starts.length, columns);
    }
    let rows = 0;
    for (let i = 0; i < runs.length; i++) {
      runs.setFirstRow(i, rows);
      const isData = runs.kind(i) === PieceKind.DATA;
      rows += isData ? Math.ceil((runs.to(i) - runs.from(i)) / columns) : 1;
    }
    return new ByteLayout(runs, null, rows, columns);
  }

  /** Row `row`, which is below {@link length}. */
  at(row: number): LaidRow {
    const runs = this.#runs;
    const run = runs.ofRow(row);
    const [from, to, kind] = [runs.from(run), runs.to(run), runs.kind(run)];
    if (kind !== PieceKind.DATA) return { from, to, kind };
    if (this.#starts === null) {
      const low = from + (row - runs.firstRow(run)) * this.#columns;
      return { from: low, to: Math.min(to, low + this.#columns), kind };
    }
    const next = row + 1 < this.#rowBehind(run) ? from + this.#starts[row + 1]! : to;
    return { from: from + this.#starts[row]!, to: next, kind };
  }

  /** The row that holds `offset`; the nearest when none does. */
  rowOf(offset: number): number {
    if (this.length === 0) return 0;
    const runs = this.#runs;
    const run = Math.max(0, countUpTo(runs.length, (i) => runs.from(i) <= offset) - 1);
    const firstRow = runs.firstRow(run);
    if (runs.kind(run) !== PieceKind.DATA) return firstRow;
    const within = offset - runs.from(run);
    const rows = this.#rowBehind(run) - firstRow;
    const starts = this.#starts;
    const at =
      starts === null
        ? Math.min(rows - 1, Math.floor(within / this.#columns))
        : countUpTo(rows, (i) => starts[firstRow + i]! <= within) - 1;
    return firstRow + Math.max(0, at);
  }

  /** The row behind those of a run. */
  #rowBehind(run: number): number {
    return run + 1 < this.#runs.length ? this.#runs.firstRow(run + 1) : this.length;
  }
}

/** The runs of some pieces; behind {@link hideFrom} there is one that is not shown. */
class Runs {
  readonly #table: Table<typeof RUN_COLUMNS>;
  readonly #pieces: Pieces;
  /** The first offset that is not shown. */
  #shownTo = Infinity;

  constructor(pieces: Pieces) {
    this.#pieces = pieces;
    // As many as there may be: growing would take it twice, and what is not written to takes no memory.
    this.#table = new Table(RUN_COLUMNS, pieces.length);
  }

  get length(): number {
    return this.#table.length;
  }

  /** Finds them. @yields Where it may pause. */
  *gather(): Steps<void> {
    const { length, kind } = this.#pieces;
    for (let i = 0; i < length; i++) {
      if (i % STEP === STEP - 1) yield;
      if (i > 0 && kind[i] === kind[i - 1]) continue;
      const row = this.#table.length;
      this.#table.reserve(1).piece[row] = i;
      this.#table.length++;
    }
  }

  from(run: number): number {
    if (run === this.length - 1 && this.#shownTo < Infinity) return this.#shownTo;
    return this.#pieces.from[this.#piece(run)]!;
  }

  /** Pieces follow each other without a gap. */
  to(run: number): number {
    if (run + 1 < this.length) return this.from(run + 1);
    return this.#pieces.length === 0 ? 0 : this.#pieces.from[this.#pieces.length]!;
  }

  /** One of `PieceKind`. */
  kind(run: number): number {
    if (run === this.length - 1 && this.#shownTo < Infinity) return PieceKind.UNSHOWN;
    return this.#pieces.kind[this.#piece(run)]!;
  }

  firstRow(run: number): number {
    return this.#table.columns.firstRow[run]!;
  }

  setFirstRow(run: number, row: number): void {
    this.#table.columns.firstRow[run] = row;
  }

  /** The run of a row. */
  ofRow(row: number): number {
    const { firstRow } = this.#table.columns;
    return countUpTo(this.length, (i) => firstRow[i]! <= row) - 1;
  }

  /** Run `run`, the last from here on, begins at `offset` and is not shown. */
  hideFrom(run: number, offset: number): void {
    this.#table.reserve(Math.max(0, run + 1 - this.length));
    this.#table.length = run + 1;
    this.#shownTo = offset;
  }

  #piece(run: number): number {
    return this.#table.columns.piece[run]!;
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
  for (let i = 0; i < runs.length; i++) {
    runs.setFirstRow(i, starts.length);
    // Runs may be short, and many.
    if ((work += RUN_WORK) > BLOCK) {
      work = 0;
      yield;
    }
    if (runs.kind(i) !== PieceKind.DATA) {
      pushStart(starts, 0);
      continue;
    }
    const [low, whole] = [runs.from(i), runs.to(i)];
    const high = Math.min(whole, low + left);
    left -= high - low;
    work += high - low;
    if (high > low) yield* cutLines(low, high, starts, shape, readHere);
    if (high === whole) continue;
    // What is not shown takes the run's place, or follows what is shown of it.
    const hidden = high > low ? i + 1 : i;
    runs.hideFrom(hidden, high);
    runs.setFirstRow(hidden, starts.length);
    pushStart(starts, 0);
    return;
  }
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
        pushStart(starts, block + at - from);
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
