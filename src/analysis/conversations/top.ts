/**
 * The connections that come first in some order, of any number of them, in
 * memory for twice as many as are kept.
 *
 * @module
 */
import type { Row } from "../../trace/table.ts";
import { Conversations } from "./conversations.ts";

/** What connections can be put in order by: the greatest number first. */
export const CONVERSATION_ORDERS = {
  /** First seen first. */
  stream: ({ columns }, row) => -columns.stream[row]!,
  /** Payload of both directions. */
  bytes: ({ directions: d }, row) => d.payloadBytes[2 * row]! + d.payloadBytes[2 * row + 1]!,
  segments: ({ directions: d }, row) => d.segments[2 * row]! + d.segments[2 * row + 1]!,
  duration: ({ columns }, row) => columns.durationNs[row]!,
  /** Segments sent again. */
  retransmissions: ({ directions: d }, row) =>
    d.retransmission[2 * row]! + d.retransmission[2 * row + 1]!,
  rtt: (rows, row) => roundTripNs(rows, row) ?? -1,
  "zero-window": ({ directions: d }, row) =>
    d.zeroWindowNs[2 * row]! + d.zeroWindowNs[2 * row + 1]!,
} as const satisfies Readonly<Record<string, (rows: Conversations, row: Row) => number>>;

/** Name of an order. */
export type ConversationOrder = keyof typeof CONVERSATION_ORDERS;

/**
 * The round trip from end to end: of the handshake, else the medians of both halves; `null` when
 * neither is known.
 */
export function roundTripNs({ columns: c, directions: d }: Conversations, row: Row): number | null {
  const handshake = c.synToSynAckNs[row]! + c.synAckToAckNs[row]!;
  if (!Number.isNaN(handshake)) return handshake;
  const halves = d.rttMedianNs[2 * row]! + d.rttMedianNs[2 * row + 1]!;
  return Number.isNaN(halves) ? null : halves;
}

/** See the module. */
export class TopConversations {
  readonly #limit: number;
  readonly #keyOf: (rows: Conversations, row: Row) => number;
  readonly #kept = new Conversations();
  /** The last of those kept, once there are enough. */
  #leastKey = -Infinity;
  #leastStream = Infinity;
  /** Rows taken. */
  #seen = 0;

  constructor(order: ConversationOrder, limit: number) {
    this.#keyOf = CONVERSATION_ORDERS[order];
    this.#limit = limit;
  }

  /** Connections taken so far, kept or not. */
  get seen(): number {
    return this.#seen;
  }

  /** Takes all rows of `rows`, which may be forgotten then. */
  take(rows: Conversations): void {
    for (let row = 0; row < rows.length; row++) {
      this.#seen++;
      const key = this.#keyOf(rows, row);
      if (key < this.#leastKey) continue;
      if (key === this.#leastKey && rows.columns.stream[row]! > this.#leastStream) continue;
      this.#kept.copyRow(this.#kept.add(), rows, row);
      if (this.#kept.length >= 2 * this.#limit + 64) this.#select();
    }
  }

  /** Those that come first, in order; ties in the order of their streams. */
  result(): Conversations {
    this.#select();
    return this.#kept;
  }

  #select(): void {
    const kept = this.#kept;
    const keyed = Array.from({ length: kept.length }, (_, row) => ({
      row,
      key: this.#keyOf(kept, row),
      stream: kept.columns.stream[row]!,
    }));
    keyed.sort((a, b) => b.key - a.key || a.stream - b.stream);
    const first = keyed.slice(0, this.#limit);
    kept.reorder(first.map(({ row }) => row));
    if (first.length < this.#limit) return;
    this.#leastKey = first.at(-1)!.key;
    this.#leastStream = first.at(-1)!.stream;
  }
}
