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
  /** The columns of {@link directions} that count verdicts, in the order of `VERDICTS`. */
  #verdicts: readonly Uint32Array[] = [];
  #verdictsOf: object | null = null;

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

  /** Those of {@link directions} that count verdicts, in the order of `VERDICTS`. */
  get verdictColumns(): readonly Uint32Array[] {
    const { directions } = this;
    if (this.#verdictsOf !== directions) {
      this.#verdictsOf = directions;
      this.#verdicts = VERDICTS.map((name) => directions[name]);
    }
    return this.#verdicts;
  }

  /** Makes a row, with whatever was in it before: its number. */
  add(): Row {
    this.#connections.reserve(1);
    this.#directions.reserve(2);
    this.#directions.length += 2;
    return this.#connections.length++;
  }

  /** Makes `to`, which is there, a copy of row `row` of `from`. */
  copyRow(to: Row, from: Conversations, row: Row): void {
    copyCells(this.columns, to, from.columns, row, 1);
    copyCells(this.directions, 2 * to, from.directions, 2 * row, 2);
  }

  /** Forgets the rows behind the first `length`. */
  truncate(length: number): void {
    if (length >= this.length) return;
    this.#connections.length = length;
    this.#directions.length = 2 * length;
  }

  /** Puts the rows into another order: row `n` becomes what row `order[n]` was; the others are forgotten. */
  reorder(order: readonly Row[]): void {
    reorderCells(this.columns, order, this.length, 1);
    reorderCells(this.directions, order, this.length, 2);
    this.truncate(order.length);
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

type MovableCells = Readonly<
  Record<string, { [row: number]: number; slice(from: number, to: number): ArrayLike<number> }>
>;

function reorderCells(
  cells: MovableCells,
  order: readonly Row[],
  length: number,
  rows: number,
): void {
  for (const name in cells) {
    const column = cells[name]!;
    const old = column.slice(0, length * rows);
    for (let to = 0; to < order.length; to++) {
      for (let n = 0; n < rows; n++) column[to * rows + n] = old[order[to]! * rows + n]!;
    }
  }
}
