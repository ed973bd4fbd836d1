/**
 * What the analysis remembers of each connection: a row of 70 words and 15
 * times, 400 bytes, by the slot of its endpoints.
 *
 * ```text
 *   connection | smaller endpoint, its unacknowledged | greater endpoint, its unacknowledged
 * ```
 *
 * @module
 */
import { CONNECTION_TIMES, CONNECTION_WORDS, type Connection } from "./connection.ts";
import { ENDPOINT_TIMES, ENDPOINT_WORDS, type Endpoint } from "./endpoint.ts";
import { Pages, rowOnPage } from "./pages.ts";

const WORDS = CONNECTION_WORDS + 2 * ENDPOINT_WORDS;
const TIMES = CONNECTION_TIMES + 2 * ENDPOINT_TIMES;

/** See the module. A cursor: {@link moveTo} a segment's row, then read it or {@link seat} others on it. */
export class Rows {
  words: Int32Array = new Int32Array(0);
  times: Float64Array = new Float64Array(0);
  /** First word and time of the connection. */
  at = 0;
  timeAt = 0;
  /** First word and time of the segment's direction, and of the other one. */
  fwd = 0;
  fwdTime = 0;
  rev = 0;
  revTime = 0;
  #flow = -1;
  readonly #pages = new Pages(WORDS, TIMES);

  /** Moves to the row of the connection of `flow`. */
  moveTo(flow: number): void {
    if (flow === this.#flow) return;
    this.#flow = flow;
    const page = this.#pages.of(flow >>> 1);
    const row = rowOnPage(flow >>> 1);
    const at = row * WORDS;
    const timeAt = row * TIMES;
    this.words = page.words;
    this.times = page.times;
    this.at = at;
    this.timeAt = timeAt;
    this.fwd = at + CONNECTION_WORDS + (flow & 1) * ENDPOINT_WORDS;
    // Another one even where a socket is connected to itself: so Wireshark has it.
    this.rev = at + CONNECTION_WORDS + ((flow & 1) ^ 1) * ENDPOINT_WORDS;
    this.fwdTime = timeAt + CONNECTION_TIMES + (flow & 1) * ENDPOINT_TIMES;
    this.revTime = timeAt + CONNECTION_TIMES + ((flow & 1) ^ 1) * ENDPOINT_TIMES;
  }

  /** Moves the cursors to this row. */
  seat(connection: Connection, fwd: Endpoint, rev: Endpoint): void {
    const { words, times } = this;
    connection.seat(words, this.at, times, this.timeAt);
    fwd.seat(words, this.fwd, times, this.fwdTime);
    rev.seat(words, this.rev, times, this.revTime);
  }

  /** All zeros again: a new connection. What the lists of unacknowledged segments hold is handed back before. */
  clear(): void {
    this.words.fill(0, this.at, this.at + WORDS);
    this.times.fill(0, this.timeAt, this.timeAt + TIMES);
  }
}
