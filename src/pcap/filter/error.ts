/**
 * A capture or display filter that cannot be read, with the place of the fault.
 *
 * @module
 */

/** Thrown for a filter that is not one; points at the token at fault. */
export class FilterError extends SyntaxError {
  override readonly name = "FilterError";
  /** Character of the filter where the fault is, from 0; its length when something is missing at the end. */
  readonly position: number;
  /** Characters at fault, at least 1. */
  readonly length: number;

  constructor(message: string, position: number, length: number = 1) {
    super(`Cannot read filter: ${message}`);
    this.position = position;
    this.length = Math.max(1, length);
  }
}
