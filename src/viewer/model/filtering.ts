/**
 * A display filter on its way through a recording, some frames at a time.
 *
 * @module
 */
import { type DisplayFilter, parseDisplayFilter } from "../../analysis/display/parser.ts";
import { FrameFeed } from "../../analysis/fields/frame.ts";
import type { Trace } from "../../trace/trace.ts";
import { SegmentTracker } from "../../trace/tracker.ts";
import { Replay } from "./replay.ts";

/** Which frames pass, as `seqack read -Y` has it. A recording that grows can be filtered on. */
export class Filtering {
  readonly #filter: DisplayFilter;
  readonly #tracker: SegmentTracker;
  #passed: Uint32Array = new Uint32Array(1024);
  #matches = 0;
  #done = 0;

  /** @throws {FilterError} when `text` is no display filter. */
  constructor(text: string) {
    this.#filter = parseDisplayFilter(text);
    this.#tracker = new SegmentTracker(
      new FrameFeed((frame) => {
        if (this.#filter(frame)) this.#add(this.#done);
      }),
    );
  }

  /** Packets looked at. */
  get done(): number {
    return this.#done;
  }

  get matches(): number {
    return this.#matches;
  }

  /** Rows of the packet table that passed, rising; valid until the next {@link advance}. */
  get rows(): Uint32Array {
    return this.#passed.subarray(0, this.#matches);
  }

  /** Looks at `packets` more; false when there are none left. */
  advance(trace: Trace, packets: number): boolean {
    const replay = new Replay(trace);
    const end = Math.min(trace.packets.length, this.#done + packets);
    for (; this.#done < end; this.#done++) this.#tracker.onPacket(replay.packet(this.#done));
    return end < trace.packets.length;
  }

  #add(row: number): void {
    if (this.#matches === this.#passed.length) {
      const old = this.#passed;
      this.#passed = new Uint32Array(2 * old.length);
      this.#passed.set(old);
    }
    this.#passed[this.#matches++] = row;
  }
}

/** The first index of `rows`, which rise, at which the value is not below `row`. */
export function indexOfRow(rows: Uint32Array, row: number): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const mid = (low + high) >>> 1;
    if (rows[mid]! < row) low = mid + 1;
    else high = mid;
  }
  return low;
}
