/**
 * The rows in which a stream is shown: sixteen bytes each in hex; as text until the line feed or the
 * width's end; a hole, however long, is one row.
 *
 * @module
 */
import { type BytesAs, type Cell, emptyCell, readCell } from "./cells.ts";
import { PieceKind, type Pieces } from "./pieces.ts";

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
interface Run extends LaidRow {
  readonly firstRow: number;
}

/** Bytes that are laid out as text: finding the lines means looking at each. In hex there is no such end. */
const MAX_TEXT = 64 * 2 ** 20;
/** Bytes looked at in one go. */
const BLOCK = 2 ** 20;
/** A character may reach this far beyond a block. */
const REACH = 4;
const LINE_FEED = 0x0a;

/** Bytes `[from, to)` of the stream, which hold no hole. */
export type ReadBytes = (from: number, to: number) => Uint8Array;

/** See the module. */
export class ByteLayout {
  readonly length: number;
  readonly #runs: readonly Run[];
  /** Where each row begins; `null`: runs are cut evenly. */
  readonly #starts: Float64Array | null;
  readonly #columns: number;

  constructor(pieces: Pieces, { as, columns }: RowShape, read: ReadBytes) {
    this.#columns = columns;
    const runs = runsOf(pieces);
    if (as === "hex") {
      this.#starts = null;
      let firstRow = 0;
      this.#runs = runs.map((run) => {
        const laid = { ...run, firstRow };
        firstRow += run.kind === PieceKind.DATA ? Math.ceil((run.to - run.from) / columns) : 1;
        return laid;
      });
      this.length = firstRow;
      return;
    }
    const starts = new Starts();
    this.#runs = layText(runs, starts, { as, columns }, read);
    this.#starts = starts.finish();
    this.length = starts.length;
  }

  /** Row `row`, which is below {@link length}. */
  at(row: number): LaidRow {
    const run = this.#runOfRow(row);
    if (run.kind !== PieceKind.DATA) return run;
    if (this.#starts === null) {
      const from = run.from + (row - run.firstRow) * this.#columns;
      return { from, to: Math.min(run.to, from + this.#columns), kind: run.kind };
    }
    const next = row + 1 < this.length ? this.#starts[row + 1]! : run.to;
    return { from: this.#starts[row]!, to: Math.min(run.to, next), kind: run.kind };
  }

  /** The row that holds `offset`; the nearest when none does. */
  rowOf(offset: number): number {
    if (this.length === 0) return 0;
    const after = countUpTo(this.#runs.length, (i) => this.#runs[i]!.from <= offset);
    const run = this.#runs[Math.max(0, after - 1)]!;
    if (run.kind !== PieceKind.DATA) return run.firstRow;
    if (this.#starts !== null) {
      const starts = this.#starts;
      return Math.max(0, countUpTo(this.length, (i) => starts[i]! <= offset) - 1);
    }
    const last = Math.ceil((run.to - run.from) / this.#columns) - 1;
    const within = Math.floor((offset - run.from) / this.#columns);
    return run.firstRow + Math.max(0, Math.min(last, within));
  }

  #runOfRow(row: number): Run {
    const after = countUpTo(this.#runs.length, (i) => this.#runs[i]!.firstRow <= row);
    return this.#runs[after - 1]!;
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

function runsOf({ length, from, to, kind }: Pieces): LaidRow[] {
  const runs: { from: number; to: number; kind: number }[] = [];
  for (let i = 0; i < length; i++) {
    const last = runs.at(-1);
    if (last !== undefined && last.kind === kind[i]) last.to = to[i]!;
    else runs.push({ from: from[i]!, to: to[i]!, kind: kind[i]! });
  }
  return runs;
}

function layText(
  runs: readonly LaidRow[],
  starts: Starts,
  shape: RowShape,
  read: ReadBytes,
): Run[] {
  const laid: Run[] = [];
  let left = MAX_TEXT;
  for (const run of runs) {
    const firstRow = starts.length;
    if (run.kind !== PieceKind.DATA) {
      starts.push(run.from);
      laid.push({ ...run, firstRow });
      continue;
    }
    const to = Math.min(run.to, run.from + left);
    left -= to - run.from;
    if (to > run.from) {
      cutLines(run.from, to, starts, shape, read);
      laid.push({ ...run, to, firstRow });
    }
    if (to < run.to) {
      laid.push({
        from: to,
        to: runs.at(-1)!.to,
        kind: PieceKind.UNSHOWN,
        firstRow: starts.length,
      });
      starts.push(to);
      break;
    }
  }
  return laid;
}

function cutLines(
  from: number,
  to: number,
  starts: Starts,
  { as, columns }: RowShape,
  read: ReadBytes,
): void {
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
        starts.push(block + at);
        used = 0;
      }
      used += cell.width;
      isAtStart = bytes[at] === LINE_FEED;
    }
    block += at;
  }
}

class Starts {
  #values = new Float64Array(256);
  length = 0;

  push(value: number): void {
    if (this.length === this.#values.length) {
      const wider = new Float64Array(this.length * 2);
      wider.set(this.#values);
      this.#values = wider;
    }
    this.#values[this.length++] = value;
  }

  finish(): Float64Array {
    return this.#values.slice(0, this.length);
  }
}
