/**
 * Numbers that detectors keep of each direction, or of each connection, in
 * rows of typed arrays: a detector asks a {@link Layout} for its fields when it is
 * made, and finds them under that name in every {@link Row}.
 *
 * @module
 */

/** Place of a number in a row. */
export type Field = number;

const PAGE_BITS = 8;
const PAGE_ROWS = 1 << PAGE_BITS;

/** Which fields a row has, and what they begin with. */
export class Layout {
  readonly #first: number[] = [];

  /** One more field, `first` at the beginning of a connection. */
  field(first: number = 0): Field {
    return this.#first.push(first) - 1;
  }

  /** Several fields in a row that begin with 0; gives the first. */
  fields(count: number): Field {
    const at = this.#first.length;
    for (let i = 0; i < count; i++) this.#first.push(0);
    return at;
  }

  /** What a row begins with. */
  toRow(): Float64Array {
    return Float64Array.from(this.#first);
  }
}

/** One row, read and written by field; moved from row to row by {@link Rows}. */
export class Row {
  #numbers: Float64Array = new Float64Array(0);
  #at = 0;

  /** Called by the table. */
  seat(numbers: Float64Array, at: number): void {
    this.#numbers = numbers;
    this.#at = at;
  }

  get(field: Field): number {
    return this.#numbers[this.#at + field]!;
  }

  set(field: Field, value: number): void {
    this.#numbers[this.#at + field] = value;
  }

  add(field: Field, value: number = 1): void {
    this.#numbers[this.#at + field]! += value;
  }

  /** Keeps the larger number. */
  raise(field: Field, value: number): void {
    if (value > this.#numbers[this.#at + field]!) this.set(field, value);
  }

  /** Keeps the smaller number. */
  lower(field: Field, value: number): void {
    if (value < this.#numbers[this.#at + field]!) this.set(field, value);
  }

  /** Whether all bits of `mask` are set. */
  has(field: Field, mask: number): boolean {
    return (this.#numbers[this.#at + field]! & mask) === mask;
  }

  /** Sets bits. */
  mark(field: Field, mask: number): void {
    this.set(field, this.#numbers[this.#at + field]! | mask);
  }
}

/** Rows by number, in pages that are never copied. */
export class Rows {
  readonly #pages: Float64Array[] = [];
  readonly #first: Float64Array;

  constructor(layout: Layout) {
    this.#first = layout.toRow();
  }

  /** Moves `row` to number `index`. */
  seat(row: Row, index: number): void {
    const width = this.#first.length;
    const page = (this.#pages[index >>> PAGE_BITS] ??= this.#newPage());
    row.seat(page, (index & (PAGE_ROWS - 1)) * width);
  }

  /** Begins row `index` anew. */
  reset(index: number): void {
    const page = (this.#pages[index >>> PAGE_BITS] ??= this.#newPage());
    page.set(this.#first, (index & (PAGE_ROWS - 1)) * this.#first.length);
  }

  #newPage(): Float64Array {
    return new Float64Array(this.#first.length * PAGE_ROWS);
  }
}
