/**
 * A display filter on its way through a recording, some frames at a time.
 *
 * @module
 */
import { tokenize } from "../../analysis/display/lexer.ts";
import { type DisplayFilter, parseDisplayFilter } from "../../analysis/display/parser.ts";
import { FrameFeed } from "../../analysis/fields/frame.ts";
import type { Trace } from "../../trace/trace.ts";
import { SegmentTracker } from "../../trace/tracker.ts";
import { ColumnFrame, isInColumns } from "./column-frame.ts";
import type { Recording } from "./recording.ts";
import { Replay } from "./replay.ts";

/** Nanoseconds that a column of times holds exactly. */
const EXACT_NS = 2 ** 53;

/**
 * Which frames pass, as `seqack read -Y` has it. A recording that grows can be filtered on.
 *
 * Where the columns know all that the filter asks, they are asked; else the packets pass the whole
 * analysis once more.
 */
export class Filtering {
  readonly #filter: DisplayFilter;
  readonly #words: readonly string[];
  #usesColumns: boolean;
  /** Packets that have passed the analysis again. */
  #fed = 0;
  /** What stacks wrote down that has passed with them. */
  #told = 0;
  readonly #tracker: SegmentTracker;
  #passed: Uint32Array = new Uint32Array(1024);
  #matches = 0;
  #done = 0;

  /** @throws {FilterError} when `text` is no display filter. */
  constructor(text: string) {
    this.#filter = parseDisplayFilter(text);
    this.#words = tokenize(text).flatMap((token) => (token.kind === "word" ? [token.text] : []));
    this.#usesColumns = isInColumns(this.#words);
    this.#tracker = new SegmentTracker(
      new FrameFeed((frame) => {
        if (this.#fed >= this.#done && this.#filter(frame)) this.#add(this.#fed);
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
  advance(recording: Recording, packets: number): boolean {
    const { trace } = recording;
    const { length } = trace.packets;
    this.#usesColumns &&= recording.isPlain && isExact(trace, this.#done, packets);
    if (this.#usesColumns) this.#lookUp(recording, Math.min(length, this.#done + packets));
    else this.#feed(trace, packets);
    return this.#done < length;
  }

  #lookUp(recording: Recording, end: number): void {
    const frame = new ColumnFrame(recording, this.#words);
    for (; this.#done < end; this.#done++) {
      frame.moveTo(this.#done);
      if (this.#filter(frame)) this.#add(this.#done);
    }
  }

  /** The analysis has to see everything from the beginning, also what the columns have answered for. */
  #feed(trace: Trace, packets: number): void {
    const replay = new Replay(trace);
    const end = Math.min(trace.packets.length, this.#fed + packets);
    for (; this.#fed < end; this.#fed++) {
      this.#tellUpTo(trace, this.#fed);
      this.#tracker.onPacket(replay.packet(this.#fed));
    }
    this.#done = Math.max(this.#done, this.#fed);
  }

  /** What stacks wrote down before the packet in `row`. */
  #tellUpTo({ stackEntries }: Trace, row: number): void {
    for (; this.#told < stackEntries.length; this.#told++) {
      const entry = stackEntries[this.#told]!;
      if (entry.row > row) return;
      this.#tracker.onEvents([entry.event]);
    }
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

function isExact(trace: Trace, from: number, count: number): boolean {
  const { time } = trace.packets.columns;
  const end = Math.min(trace.packets.length, from + count);
  for (let row = from; row < end; row++) if (Math.abs(time[row]!) > EXACT_NS) return false;
  return true;
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
