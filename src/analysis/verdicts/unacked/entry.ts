/**
 * What a list of unacknowledged segments answers, however it is kept.
 *
 * @module
 */
import type { SeqNum } from "../../../wire/seqnum.ts";

/** Segments that one list holds; more are not entered (measured on tshark 4.0). */
export const MAX_UNACKED = 10_000;

/** A segment found in a list. One object, reused; `frame` 0: none was found. */
export interface Found {
  frame: number;
  /** Nanoseconds of the stream. */
  time: number;
  /** Number behind its last; counts the SYN or FIN. */
  end: SeqNum;
}
