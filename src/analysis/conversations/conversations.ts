/**
 * Connections and their measures: columns to compute with, and an iterator
 * of objects to read.
 *
 * ```ts
 * const { columns, directions } = conversations;
 * for (let row = 0; row < conversations.length; row++) {
 *   if (directions.rttP95Ns[2 * row]! > 1e8) print(columns.stream[row]);
 * }
 * for (const c of conversations) print(c.client, c.server, c.toServer.payloadBytes);
 * ```
 *
 * @module
 */
import { type Columns, type Row, Table } from "../../trace/table.ts";
import { VERDICTS } from "../verdicts/verdict.ts";
import { CONVERSATION_COLUMNS, DIRECTION_COLUMNS } from "./columns.ts";
import { type Conversation, conversationAt } from "./conversation.ts";

const FIRST_CAPACITY = 256;

/** See the module. */
export class Conversations implements Iterable<Conversation> {
  readonly #connections = new Table(CONVERSATION_COLUMNS, FIRST_CAPACITY);
  readonly #directions = new Table(DIRECTION_COLUMNS, 2 * FIRST_CAPACITY);
  /** Whether a count of verdicts may be other than 0 somewhere. */
  #hasVerdicts = false;

  /** Rows in use; the columns may be longer. */
  get length(): number {
    return this.#connections.length;
  }

  /** One row per connection. Replaced when rows are added: read it again then. */
  get columns(): Columns<typeof CONVERSATION_COLUMNS> {
    return this.#connections.columns;
  }

  /** Two rows per connection: row `2 * n` is what the client of connection `n` sent, `2 * n + 1` the server. */
  get directions(): Columns<typeof DIRECTION_COLUMNS> {
    return this.#directions.columns;
  }

  /**
   * The columns of {@link directions} that count verdicts, in the order of `VERDICTS`, to write to.
   * In new rows they are 0.
   */
  verdictColumns(): readonly Uint32Array[] {
    this.#hasVerdicts = true;
    return VERDICTS.map((name) => this.directions[name]);
  }

  /** Makes room for so many rows altogether. */
  reserve(rows: number): void {
    const more = rows - this.length;
    if (more <= 0) return;
    this.#connections.reserve(more);
    this.#directions.reserve(2 * more);
  }

  /** Makes a row: its number. Only counts of verdicts are 0, everything else is to be written. */
  add(): Row {
    this.#connections.reserve(1);
    this.#directions.reserve(2);
    this.#directions.length += 2;
    return this.#connections.length++;
  }

  /** Makes `to`, which is there, a copy of row `row` of `from`. */
  copyRow(to: Row, from: Conversations, row: Row): void {
    this.#hasVerdicts = true;
    copyCells(this.columns, to, from.columns, row, 1);
    copyCells(this.directions, 2 * to, from.directions, 2 * row, 2);
  }

  /** Forgets the rows behind the first `length`. */
  truncate(length: number): void {
    if (length >= this.length) return;
    if (this.#hasVerdicts) {
      for (const column of this.verdictColumns()) column.fill(0, 2 * length, 2 * this.length);
      this.#hasVerdicts = length > 0;
    }
    this.#connections.length = length;
    this.#directions.length = 2 * length;
  }

  /** Puts the rows into another order: row `n` becomes what row `order[n]` was; the others are forgotten. */
  reorder(order: readonly Row[]): void {
    reorderCells(this.columns, order, this.length, 1);
    reorderCells(this.directions, order, this.length, 2);
    this.truncate(order.length);
  }

  /** Puts the rows into the order of their streams. */
  sortByStream(): void {
    const { stream } = this.columns;
    const order = Array.from({ length: this.length }, (_, row) => row);
    this.reorder(order.toSorted((a, b) => stream[a]! - stream[b]!));
  }

  /** Forgets all rows. */
  clear(): void {
    this.truncate(0);
  }

  /** The connection in `row` as an object. @throws {RangeError} when there is no such row. */
  at(row: Row): Conversation {
    if (!Number.isInteger(row) || row < 0 || row >= this.length) {
      throw new RangeError(`Cannot read connection ${row}: there are ${this.length} rows`);
    }
    return conversationAt(this.columns, this.directions, row);
  }

  *[Symbol.iterator](): Generator<Conversation, void, void> {
    for (let row = 0; row < this.length; row++) yield this.at(row);
  }
}

type Cells = Readonly<Record<string, { [row: number]: number }>>;

function copyCells(to: Cells, toRow: Row, from: Cells, row: Row, rows: number): void {
  for (const name in from) {
    for (let n = 0; n < rows; n++) to[name]![toRow + n] = from[name]![row + n]!;
  }
}

function reorderCells(cells: Cells, order: readonly Row[], length: number, rows: number): void {
  // One for all columns, whatever their type: each would leave its own to the garbage.
  const old = new Float64Array(length * rows);
  for (const name in cells) {
    const column = cells[name]!;
    for (let i = 0; i < old.length; i++) old[i] = column[i]!;
    for (let to = 0; to < order.length; to++) {
      for (let n = 0; n < rows; n++) {
        const value = old[order[to]! * rows + n]!;
        // Pages of zeros that are not written to take no memory.
        if (column[to * rows + n] !== value) column[to * rows + n] = value;
      }
    }
  }
}
