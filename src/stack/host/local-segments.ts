/**
 * Segments of a host to itself. No packet is made of them, and no checksum:
 * nothing can happen to them on the way.
 *
 * They are taken in the order in which they were put, and before any
 * timer fires, so that their payload is still what it was (`TcpSegment`).
 *
 * @module
 */
import type { TcpSegment } from "../types.ts";
import type { Flow } from "./flow-table.ts";

/** A segment, and the flow it leaves by. */
export interface LocalSegment {
  readonly from: Flow;
  readonly segment: TcpSegment;
}

/** First in, first out. */
export class LocalSegments {
  #waiting: LocalSegment[] = [];
  #head = 0;

  get isEmpty(): boolean {
    return this.#waiting.length === 0;
  }

  put(from: Flow, segment: TcpSegment): void {
    this.#waiting.push({ from, segment });
  }

  /** The next one, or `null`. */
  take(): LocalSegment | null {
    const next = this.#waiting[this.#head];
    if (next === undefined) return null;
    if (++this.#head === this.#waiting.length) {
      this.#waiting = [];
      this.#head = 0;
    }
    return next;
  }
}
