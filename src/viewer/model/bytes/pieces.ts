/**
 * One direction of a connection as pieces in the order of the stream: which segment first brought each
 * byte, and where bytes are missing.
 *
 * Of bytes that came several times the copy captured first counts. A hole is `cut` where a segment was
 * captured without its end (snaplen), and `lost` where the capture has no segment at all.
 *
 * @module
 */

import { Table } from "../../../trace/table.ts";
import { sortedBy } from "./sorted.ts";
import { STEP, type Steps } from "./steps.ts";

/** What a piece is. */
export const PieceKind = { DATA: 0, CUT: 1, LOST: 2, UNSHOWN: 3 } as const;

/** No segment. */
export const NO_OWNER = 0xff_ff_ff_ff;

/** A segment's payload, in capture order. Offsets in the stream. */
export interface Carried {
  /** Whatever the caller knows it by. */
  readonly owner: number;
  readonly from: number;
  /** Behind the last byte on the wire, and behind the last that was captured. */
  readonly to: number;
  readonly capturedTo: number;
}

/** Such payloads as columns. */
export interface CarriedColumns {
  readonly length: number;
  readonly owner: Uint32Array;
  readonly from: Float64Array;
  /** Bytes on the wire, and those of them that were captured. */
  readonly len: Uint32Array;
  readonly captured: Uint32Array;
}

/** Pieces that follow each other without a gap. */
export interface Pieces {
  /** Those in use; the columns may be longer. */
  readonly length: number;
  /** Each ends where the next one begins: behind the last one's stands the end. */
  readonly from: Float64Array;
  readonly owner: Uint32Array;
  /** One of `PieceKind`. */
  readonly kind: Uint8Array;
}

const PIECE_COLUMNS = {
  from: Float64Array,
  owner: Uint32Array,
  kind: Uint8Array,
} as const;

/**
 * Lays the segments out from `start` (of the first byte when `null`) to `end` at least.
 *
 * @yields Where it may pause.
 */
export function* layPieces(
  carried: CarriedColumns,
  start: number | null,
  end: number | null,
): Steps<Pieces> {
  const parts = new Parts(carried);
  const order = yield* parts.inOrder();
  const out = new PieceList(order.length + 16);
  if (order.length === 0 && (start === null || end === null || end <= start)) return out.finish();
  const first = order.length === 0 ? 0 : parts.from(order[0]!);
  let at = start === null ? first : start;
  if (order.length > 0) at = Math.min(at, first);
  const open = new RankHeap();
  let next = 0;
  for (let round = 1; next < order.length || open.top !== null; round++) {
    if (round % STEP === 0) yield;
    while (next < order.length && parts.from(order[next]!) <= at) open.push(order[next++]!);
    while (open.top !== null && parts.to(open.top) <= at) open.pop();
    const { top } = open;
    const until = next < order.length ? parts.from(order[next]!) : Infinity;
    if (top !== null) {
      const to = Math.min(parts.to(top), until);
      out.add(at, to, parts.owner(top), parts.kind(top));
      at = to;
    } else if (until < Infinity) {
      out.add(at, until, NO_OWNER, PieceKind.LOST);
      at = until;
    }
  }
  if (end !== null && end > at) out.add(at, end, NO_OWNER, PieceKind.LOST);
  return out.finish();
}

/** Index of the piece that holds `offset`; the nearest one when none does, -1 without any. */
export function pieceAt({ length, from }: Pieces, offset: number): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const mid = (low + high) >>> 1;
    if (from[mid]! <= offset) low = mid + 1;
    else high = mid;
  }
  return length === 0 ? -1 : Math.max(0, low - 1);
}

/**
 * Parts of segments, a number each, which is their rank: the lowest wins where several overlap. Part `i`
 * is what was captured of segment `i`; behind all those, in the same order, come the missing ends: a later
 * copy that was captured whole is better than they are.
 */
class Parts {
  readonly #carried: CarriedColumns;

  constructor(carried: CarriedColumns) {
    this.#carried = carried;
  }

  from(part: number): number {
    const { length, from, captured } = this.#carried;
    if (part < length) return from[part]!;
    return from[part - length]! + captured[part - length]!;
  }

  to(part: number): number {
    const { length, from, len, captured } = this.#carried;
    if (part < length) return from[part]! + captured[part]!;
    return from[part - length]! + len[part - length]!;
  }

  owner(part: number): number {
    const { length, owner } = this.#carried;
    return owner[part < length ? part : part - length]!;
  }

  kind(part: number): number {
    return part < this.#carried.length ? PieceKind.DATA : PieceKind.CUT;
  }

  /**
   * Those that are not empty, by their first byte.
   *
   * @yields Where it may pause.
   */
  *inOrder(): Steps<Uint32Array> {
    const { length, len, captured } = this.#carried;
    const parts = new Uint32Array(length * 2);
    let n = 0;
    for (let i = 0; i < length; i++) {
      if (i % STEP === STEP - 1) yield;
      if (captured[i]! > 0) parts[n++] = i;
      if (len[i]! > captured[i]!) parts[n++] = length + i;
    }
    return yield* sortedBy(parts.subarray(0, n), (part) => this.from(part));
  }
}

class PieceList {
  readonly #table: Table<typeof PIECE_COLUMNS>;

  constructor(room: number) {
    this.#table = new Table(PIECE_COLUMNS, room);
  }

  add(from: number, to: number, owner: number, kind: number): void {
    if (to <= from) return;
    const pieces = this.#table.reserve(2);
    const { length } = this.#table;
    const last = length - 1;
    if (last >= 0 && pieces.owner[last] === owner && pieces.kind[last] === kind) {
      pieces.from[length] = to;
      return;
    }
    pieces.from[length] = from;
    pieces.from[length + 1] = to;
    pieces.owner[length] = owner;
    pieces.kind[length] = kind;
    this.#table.length++;
  }

  finish(): Pieces {
    return { length: this.#table.length, ...this.#table.columns };
  }
}

/** Parts that have begun, the lowest rank on top. */
class RankHeap {
  readonly #parts: number[] = [];

  get top(): number | null {
    return this.#parts[0] ?? null;
  }

  push(part: number): void {
    const parts = this.#parts;
    let at = parts.push(part) - 1;
    while (at > 0) {
      const above = (at - 1) >>> 1;
      if (parts[above]! <= part) break;
      parts[at] = parts[above]!;
      at = above;
    }
    parts[at] = part;
  }

  pop(): void {
    const parts = this.#parts;
    const last = parts.pop();
    if (last === undefined || parts.length === 0) return;
    let at = 0;
    for (;;) {
      let below = at * 2 + 1;
      if (below >= parts.length) break;
      if (below + 1 < parts.length && parts[below + 1]! < parts[below]!) below++;
      if (parts[below]! >= last) break;
      parts[at] = parts[below]!;
      at = below;
    }
    parts[at] = last;
  }
}
