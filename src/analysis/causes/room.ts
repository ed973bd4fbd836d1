/**
 * An end to what all connections together may keep of one thing.
 *
 * @module
 */

/** See the module. */
export class Room {
  #left: number;

  constructor(most: number) {
    this.#left = most;
  }

  /** Takes `count` places; false, and nothing taken, when there are not so many. */
  take(count: number): boolean {
    if (count > this.#left) return false;
    this.#left -= count;
    return true;
  }

  /** Gives `count` places back. */
  give(count: number): void {
    this.#left += count;
  }
}
