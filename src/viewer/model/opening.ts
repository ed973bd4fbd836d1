/**
 * Where a list stands that was just opened: what is selected decides, so that a link shows the same picture each time.
 * From the first movement on the list moves as little as it takes.
 *
 * @module
 */
import { type ListShape, topToOpen, topToShow } from "./scrolling.ts";

/** See the module. */
export class Opening {
  #row: number | null = null;
  #isOver = false;

  /** The distance that shows `row`; `top` is the one now. */
  topFor(shape: ListShape, top: number, row: number): number {
    this.#row ??= row;
    if (row !== this.#row) this.#isOver = true;
    return this.#isOver ? topToShow(shape, top, row) : topToOpen(shape, row);
  }

  /** The reader has scrolled, or chosen a row that is seen. */
  end(): void {
    this.#isOver = true;
  }
}
