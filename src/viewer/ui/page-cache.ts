/**
 * Pages of a long list, asked for as they are looked at.
 *
 * @module
 */
import { signal } from "@preact/signals";

/** Pages that are kept; those looked at longest ago go. */
const MAX_PAGES = 64;

/** `P`: rows `[page * rows, (page + 1) * rows)`. */
export class PageCache<P> {
  /** Rises when a page has come: whoever draws reads it. */
  readonly arrived = signal(0);
  readonly #rows: number;
  readonly #load: (from: number, count: number) => Promise<P>;
  readonly #pages = new Map<number, P>();
  readonly #asked = new Set<number>();
  /** Answers to what was asked before {@link refresh} are late. */
  #round = 0;
  #stale = new Set<number>();
  #isTelling = false;

  constructor(rows: number, load: (from: number, count: number) => Promise<P>) {
    this.#rows = rows;
    this.#load = load;
  }

  /** The page that holds `row` and the row's place in it; `null` while it is on its way. */
  find(row: number): { readonly page: P; readonly at: number } | null {
    const number = Math.floor(row / this.#rows);
    const page = this.#pages.get(number);
    if (page === undefined || this.#stale.has(number)) this.#ask(number);
    if (page === undefined) return null;
    return { page, at: row - number * this.#rows };
  }

  /** Asks for the page before and behind these rows, which are likely to be looked at next. */
  expect(first: number, count: number, rows: number): void {
    const last = Math.floor((first + count) / this.#rows) + 1;
    for (const number of [last, Math.floor(first / this.#rows) - 1]) {
      const isThere = this.#pages.has(number) && !this.#stale.has(number);
      if (number >= 0 && number * this.#rows < rows && !isThere) this.#ask(number);
    }
  }

  /** What is known may be old: it is shown until the new comes. */
  refresh(): void {
    this.#round++;
    this.#asked.clear();
    this.#stale = new Set(this.#pages.keys());
    // Whoever draws asks again.
    this.arrived.value++;
  }

  #ask(number: number): void {
    if (this.#asked.has(number)) return;
    this.#asked.add(number);
    const round = this.#round;
    void this.#load(number * this.#rows, this.#rows).then((page) => {
      if (round !== this.#round) return;
      this.#asked.delete(number);
      this.#stale.delete(number);
      this.#pages.delete(number);
      this.#pages.set(number, page);
      const [oldest] = this.#pages.keys();
      if (this.#pages.size > MAX_PAGES && oldest !== undefined) this.#pages.delete(oldest);
      this.#tell();
    });
  }

  /** Together with whatever else changes in the next frame: drawing twice would be laying out twice. */
  #tell(): void {
    if (this.#isTelling) return;
    this.#isTelling = true;
    requestAnimationFrame(() => {
      this.#isTelling = false;
      this.arrived.value++;
    });
  }
}
