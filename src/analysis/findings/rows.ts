/**
 * Numbers that detectors keep of each direction, or of each connection, in
 * rows of typed arrays: a detector asks a {@link Layout} for its fields when it is
 * made, and finds them under that name in every {@link Row}.
 *
 * @module
 */

/** Place of a number in a row; below 0: in the part of it that is made when it is first written. */
export type Field = number;

const PAGE_BITS = 8;
const PAGE_ROWS = 1 << PAGE_BITS;

/** Which fields a row has, and what they begin with. */
export class Layout {
  readonly #first: number[] = [];
  readonly #rare: number[] = [];

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

  /** A field that few rows need: it takes no memory until something else than `first` is set. */
  rareField(first: number = 0): Field {
    return ~(this.#rare.push(first) - 1);
  }

  /** Several rare ones that begin with 0; gives the first, the others follow downwards. */
  rareFields(count: number): Field {
    const first = this.rareField();
    for (let i = 1; i < count; i++) this.rareField();
    return first;
  }

  /** What a row begins with. */
  toRow(): Float64Array {
    return Float64Array.from(this.#first);
  }

  /** What its rare part begins with. */
  toRareRow(): Float64Array {
    return Float64Array.from(this.#rare);
  }
}

/** One row, read and written by field; moved from row to row by {@link Rows}. */
export class Row {
  #numbers: Float64Array = new Float64Array(0);
  #at = 0;
  #index = 0;
  #rare: RareRows | null = null;

  /** Called by the table. */
  seat(numbers: Float64Array, at: number, index: number, rare: RareRows): void {
    this.#numbers = numbers;
    this.#at = at;
    this.#index = index;
    this.#rare = rare;
  }

  get(field: Field): number {
    return field >= 0 ? this.#numbers[this.#at + field]! : this.#getRare(field);
  }

  set(field: Field, value: number): void {
    if (field >= 0) this.#numbers[this.#at + field] = value;
    else this.#made()[~field] = value;
  }

  add(field: Field, value: number = 1): void {
    if (field >= 0) this.#numbers[this.#at + field]! += value;
    else this.#made()[~field]! += value;
  }

  #getRare(field: Field): number {
    return this.#rare!.of(this.#index)[~field]!;
  }

  #made(): Float64Array {
    return this.#rare!.made(this.#index);
  }

  /** Keeps the larger number. */
  raise(field: Field, value: number): void {
    if (value > this.get(field)) this.set(field, value);
  }

  /** Keeps the smaller number. */
  lower(field: Field, value: number): void {
    if (value < this.get(field)) this.set(field, value);
  }

  /** Whether all bits of `mask` are set. */
  has(field: Field, mask: number): boolean {
    return (this.get(field) & mask) === mask;
  }

  /** Sets bits. */
  mark(field: Field, mask: number): void {
    this.set(field, this.get(field) | mask);
  }
}

/** The rare parts of rows, by number. */
class RareRows {
  readonly #rows = new Map<number, Float64Array>();
  readonly #first: Float64Array;

  constructor(first: Float64Array) {
    this.#first = first;
  }

  /** To read. */
  of(index: number): Float64Array {
    return this.#rows.size === 0 ? this.#first : (this.#rows.get(index) ?? this.#first);
  }

  /** To write. */
  made(index: number): Float64Array {
    let row = this.#rows.get(index);
    if (row === undefined) this.#rows.set(index, (row = this.#first.slice()));
    return row;
  }

  forget(index: number): void {
    if (this.#rows.size > 0) this.#rows.delete(index);
  }
}

/** Rows by number, in pages that are never copied. */
export class Rows {
  readonly #pages: Float64Array[] = [];
  readonly #first: Float64Array;
  readonly #rare: RareRows;

  constructor(layout: Layout) {
    this.#first = layout.toRow();
    this.#rare = new RareRows(layout.toRareRow());
  }

  /** Moves `row` to number `index`. */
  seat(row: Row, index: number): void {
    const width = this.#first.length;
    const page = (this.#pages[index >>> PAGE_BITS] ??= this.#newPage());
    row.seat(page, (index & (PAGE_ROWS - 1)) * width, index, this.#rare);
  }

  /** Begins row `index` anew. */
  reset(index: number): void {
    const page = (this.#pages[index >>> PAGE_BITS] ??= this.#newPage());
    page.set(this.#first, (index & (PAGE_ROWS - 1)) * this.#first.length);
    this.#rare.forget(index);
  }

  #newPage(): Float64Array {
    return new Float64Array(this.#first.length * PAGE_ROWS);
  }
}
