/**
 * What a list of unacknowledged segments answers, however it is kept.
 *
 * @module
 */
import type { Word } from "../word.ts";

/** Segments that one list holds; more are not entered (measured on tshark 4.0). */
export const MAX_UNACKED = 10_000;

/** What is sent in order spans less than this, so that its numbers compare as on a line. */
export const MAX_SPAN = 0x4000_0000;

/** A segment found in a list. One object, reused; `frame` 0: none was found. */
export interface Found {
  frame: number;
  /** Nanoseconds of the stream. */
  time: number;
  /** Number behind its last; counts the SYN or FIN. */
  end: Word;
}
