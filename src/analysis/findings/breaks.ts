/**
 * Where a capture goes on after a break: what did not come before one may have come meanwhile.
 *
 * @module
 */

/** Clocks of two cores, or of two interfaces, may differ by this much. */
export const JITTER_NS = 1e6;

/** Without any packet for so long, the capture was not running, or the file is made of several. */
const BREAK_NS = 3600e9;
const MAX_BREAKS = 1000;

/** See the module. Times are nanoseconds since the first packet. */
export class Breaks {
  /** Frames before which time jumps, and the time before. */
  readonly #breaks: { readonly frame: number; readonly time: number }[] = [];
  #lastTime = 0;
  #hasAny = false;

  /** Takes the next packet. */
  note(frame: number, time: number): void {
    const ahead = time - this.#lastTime;
    const isBreak = ahead > BREAK_NS || ahead < -JITTER_NS;
    if (isBreak && this.#hasAny && this.#breaks.length < MAX_BREAKS) {
      this.#breaks.push({ frame, time: this.#lastTime });
    }
    this.#lastTime = time;
    this.#hasAny = true;
  }

  /** How long the capture goes on without a break behind `frame`. */
  endAfter(frame: number): number {
    const next = this.#breaks.find((b) => b.frame > frame);
    return next?.time ?? this.#lastTime;
  }
}
