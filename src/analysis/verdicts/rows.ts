/**
 * What the analysis remembers of each connection: a row of 72 words and 15
 * times, 408 bytes, by the slot of its endpoints.
 *
 * ```text
 *   connection | smaller endpoint, its unacknowledged | greater endpoint, its unacknowledged
 * ```
 *
 * @module
 */
import type { SegmentRecord } from "../../trace/segment.ts";
import { CONNECTION_TIMES, CONNECTION_WORDS, type Connection } from "./connection.ts";
import { ENDPOINT_TIMES, ENDPOINT_WORDS, type Endpoint } from "./endpoint.ts";
import { Pages, rowOnPage } from "./pages.ts";

const WORDS = CONNECTION_WORDS + 2 * ENDPOINT_WORDS;
const TIMES = CONNECTION_TIMES + 2 * ENDPOINT_TIMES;

/** See the module. */
export class Rows {
  readonly #pages = new Pages(WORDS, TIMES);

  /** Moves the cursors to the connection of `s` and its two directions; a new one begins with zeros. */
  seat(s: SegmentRecord, connection: Connection, fwd: Endpoint, rev: Endpoint): void {
    const slot = s.flow >>> 1;
    const { words, times } = this.#pages.of(slot);
    const at = rowOnPage(slot) * WORDS;
    const timeAt = rowOnPage(slot) * TIMES;
    connection.seat(words, at, times, timeAt);
    seatEndpoint(fwd, s.flow & 1, words, at, times, timeAt);
    // Another one even where a socket is connected to itself: so Wireshark has it.
    seatEndpoint(rev, (s.flow & 1) ^ 1, words, at, times, timeAt);
    if (!s.isNewStream) return;
    fwd.unacked.clear();
    rev.unacked.clear();
    words.fill(0, at, at + WORDS);
    times.fill(0, timeAt, timeAt + TIMES);
  }

  /** Frame of the last segment in the slot of `s`, of whatever connection; 0 before the first. */
  lastFrame(s: SegmentRecord, connection: Connection): number {
    const slot = s.flow >>> 1;
    const { words, times } = this.#pages.of(slot);
    connection.seat(words, rowOnPage(slot) * WORDS, times, rowOnPage(slot) * TIMES);
    return connection.lastFrame;
  }
}

function seatEndpoint(
  endpoint: Endpoint,
  side: number,
  words: Int32Array,
  at: number,
  times: Float64Array,
  timeAt: number,
): void {
  endpoint.seat(
    words,
    at + CONNECTION_WORDS + side * ENDPOINT_WORDS,
    times,
    timeAt + CONNECTION_TIMES + side * ENDPOINT_TIMES,
  );
}
