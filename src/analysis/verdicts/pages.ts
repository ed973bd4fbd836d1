/**
 * Rows of numbers in pages: a table that grows without ever being copied.
 * A new row is all zeros.
 *
 * @module
 */

const PAGE_BITS = 8;
const PAGE_ROWS = 1 << PAGE_BITS;

/** Rows side by side: some words and some times each. */
export interface Page {
  /** Signed: what does not fit 31 bits is slow to hand around as an unsigned number. */
  readonly words: Int32Array;
  readonly times: Float64Array;
}

/** Where a row is on its page. */
export const rowOnPage = (row: number): number => row & (PAGE_ROWS - 1);

/** See the module. */
export class Pages {
  readonly #pages: Page[] = [];
  readonly #words: number;
  readonly #times: number;

  /** Each row has `words` whole numbers and `times` doubles. */
  constructor(words: number, times: number) {
    this.#words = words;
    this.#times = times;
  }

  /** The page of `row`, new or not. */
  of(row: number): Page {
    const number = row >>> PAGE_BITS;
    return number < this.#pages.length ? this.#pages[number]! : this.#addUpTo(number);
  }

  #addUpTo(number: number): Page {
    for (;;) {
      const page = {
        words: new Int32Array(PAGE_ROWS * this.#words),
        times: new Float64Array(PAGE_ROWS * this.#times),
      };
      this.#pages.push(page);
      if (this.#pages.length > number) return page;
    }
  }
}
