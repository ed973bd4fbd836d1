/**
 * Walks over the segments of a connection, and counts the bytes of one direction without wrapping.
 *
 * @module
 */
import type { Row } from "../../../trace/table.ts";
import type { Trace } from "../../../trace/trace.ts";
import { Flag, TCP_MIN_HEADER_LEN } from "../../../wire/tcp.ts";

/** Hears of the segments of the end whose bytes are shown, and of what the other end said. */
export interface DirectionListener {
  /** @param at The first byte's number from the stream's start, without any the SYN's; exact beyond 2^32. */
  onSent?(row: Row, at: number, len: number, flags: number): void;
  /** @param at The acknowledged number. `toAt` counts a number of the wire as `at` is counted. */
  onAck?(row: Row, at: number, toAt: (wire: number) => number): void;
}

/** Larger jumps are of numbers that were never meant to be counted from the stream's start. */
const FAR = 2 ** 30;

/** See the module. Goes on where it ended when there are more segments. */
export class Direction {
  readonly #dir: 0 | 1;
  readonly #listener: DirectionListener;
  #done = 0;
  /** A number that was seen last: others are less than 2^31 away. */
  #near = 0;
  /** Earliest and latest segment of both ends; clocks may go back. */
  readonly span: [number, number] = [Infinity, -Infinity];

  constructor(dir: 0 | 1, listener: DirectionListener) {
    this.#dir = dir;
    this.#listener = listener;
  }

  /** Takes at most `most` more of `rows`, the rows of the stream. @returns Whether there are more. */
  advance(trace: Trace, rows: Uint32Array, most: number): boolean {
    const { dir, time } = trace.segments.columns;
    const end = Math.min(rows.length, this.#done + most);
    for (let i = this.#done; i < end; i++) {
      const row = rows[i]!;
      if (time[row]! < this.span[0]) this.span[0] = time[row]!;
      if (time[row]! > this.span[1]) this.span[1] = time[row]!;
      if (dir[row] === this.#dir) this.#sent(trace, row);
      // A reset's fields are no promise (RFC 9293 §3.10.7).
      else if ((flagsOf(trace, row) & (Flag.ACK | Flag.RST)) === Flag.ACK) this.#acked(trace, row);
    }
    this.#done = end;
    return end < rows.length;
  }

  #sent(trace: Trace, row: Row): void {
    const { seq, relSeq, payloadLen } = trace.segments.columns;
    const flags = flagsOf(trace, row);
    const len = payloadLen[row]!;
    if ((flags & Flag.RST) !== 0 && len === 0) {
      this.#listener.onSent?.(row, this.#near, 0, flags);
      return;
    }
    const at = this.#count(relSeq[row]!, seq[row]!);
    if (at === null) return;
    this.#near = at;
    // A SYN takes the number before its data.
    const isOpening = (flags & Flag.SYN) !== 0 && len > 0;
    this.#listener.onSent?.(row, isOpening ? at + 1 : at, len, flags);
  }

  #acked(trace: Trace, row: Row): void {
    const { ack, relAck } = trace.segments.columns;
    const at = this.#count(relAck[row]!, ack[row]!);
    if (at === null) return;
    this.#near = at;
    this.#listener.onAck?.(row, at, (wire) => at + ((wire - ack[row]!) | 0));
  }

  /** `null`: what an ICMP error or a fragment quotes of a segment has its raw number. */
  #count(relative: number, wire: number): number | null {
    const step = (relative - this.#near) | 0;
    const isRaw = relative === wire && Math.abs(step) > FAR;
    return isRaw ? null : this.#near + step;
  }
}

/** None of a header whose length cannot be: what stands behind it says nothing. */
function flagsOf(trace: Trace, row: Row): number {
  const { flags, headerLen } = trace.segments.columns;
  return headerLen[row]! < TCP_MIN_HEADER_LEN ? 0 : flags[row]!;
}
