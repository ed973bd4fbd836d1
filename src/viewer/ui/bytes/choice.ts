/**
 * Bytes that a person chooses with the pointer: a drag, a click with Shift, the bar of a write or read.
 *
 * @module
 */
import { signal, type Signal } from "@preact/signals";
import type { ByteSpan } from "../../model/bytes/spans.ts";

/** Bytes `[from, to)` of a direction. */
export interface ByteRange {
  readonly from: number;
  readonly to: number;
}

/** See the module. */
export class Choice {
  /** `null`: none is chosen. */
  readonly range: Signal<ByteRange | null> = signal(null);
  /** Where the choice began, and goes on from with Shift. */
  #anchor: number | null = null;
  #isChoosing = false;
  /** This press has chosen something: it is no click. */
  #hasChosen = false;

  /** The button goes down on a byte. */
  press(offset: number, isLonger: boolean): void {
    this.#hasChosen = isLonger && this.#anchor !== null;
    if (isLonger && this.#anchor !== null) this.#reach(this.#anchor, offset);
    else this.#anchor = offset;
    this.#isChoosing = true;
  }

  /** The pointer is over a byte; `isDown`: with the button. */
  move(offset: number, isDown: boolean): void {
    if (!isDown) this.#isChoosing = false;
    if (!this.#isChoosing || this.#anchor === null) return;
    if (offset === this.#anchor && !this.#hasChosen) return;
    this.#hasChosen = true;
    this.#reach(this.#anchor, offset);
  }

  /** The button went up. @returns Whether that was a click, on `bar` if on any; the choice is taken back then. */
  release(bar: ByteSpan | null): boolean {
    this.#isChoosing = false;
    if (this.#hasChosen) return false;
    this.range.value = bar === null ? null : { from: bar.from, to: bar.to };
    return bar === null;
  }

  #reach(a: number, b: number): void {
    this.range.value = { from: Math.min(a, b), to: Math.max(a, b) + 1 };
  }
}
