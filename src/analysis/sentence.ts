/**
 * Sentences that know which frames and calls they speak of.
 *
 * @module
 */
import type { Text } from "../base/lang.ts";
import type { CallEvent } from "../pcap/event.ts";
import type { Row } from "../trace/table.ts";
import type { Trace } from "../trace/trace.ts";

/** One sentence of a story. */
export interface Sentence {
  readonly text: Text;
  /** Frame numbers as Wireshark counts, rising. */
  readonly frames: readonly number[];
  /** `id`s of calls. */
  readonly calls: readonly number[];
}

/** Makes a sentence about rows of the segment table; rows that are `null` were not seen. */
export function sentence(
  trace: Trace,
  words: Text,
  rows: readonly (Row | null)[] = [],
  calls: readonly CallEvent[] = [],
): Sentence {
  const frames = rows.filter((row) => row !== null).map((row) => trace.frameOf(row));
  return {
    text: words,
    frames: frames.toSorted((a, b) => a - b).filter((frame, i, all) => frame !== all[i - 1]),
    calls: calls.map((c) => c.id),
  };
}
