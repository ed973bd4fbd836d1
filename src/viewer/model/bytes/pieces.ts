/**
 * One direction of a connection as pieces in the order of the stream: which segment first brought each
 * byte, and where bytes are missing.
 *
 * Of bytes that came several times the copy captured first counts. A hole is `cut` where a segment was
 * captured without its end (snaplen), and `lost` where the capture has no segment at all.
 *
 * @module
 */

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

/** Pieces that follow each other without a gap. */
export interface Pieces {
  readonly length: number;
  readonly from: Float64Array;
  readonly to: Float64Array;
  readonly owner: Uint32Array;
  /** One of `PieceKind`. */
  readonly kind: Uint8Array;
}

/** A part of a segment; the lowest rank wins where several overlap. */
interface Part {
  readonly from: number;
  readonly to: number;
  readonly rank: number;
  readonly owner: number;
  readonly kind: number;
}

/** Lays the segments out from `start` (of the first byte when `null`) to `end` at least. */
export function piecesOf(
  carried: readonly Carried[],
  start: number | null,
  end: number | null,
): Pieces {
  const out = new PieceList(carried.length * 2 + 2);
  const parts = partsOf(carried);
  if (parts.length === 0 && (start === null || end === null || end <= start)) return out.finish();
  let at = start === null ? (parts[0]?.from ?? 0) : start;
  if (parts.length > 0) at = Math.min(at, parts[0]!.from);
  const open = new RankHeap();
  let next = 0;
  while (next < parts.length || open.top !== null) {
    while (next < parts.length && parts[next]!.from <= at) open.push(parts[next++]!);
    while (open.top !== null && open.top.to <= at) open.pop();
    const { top } = open;
    const until = next < parts.length ? parts[next]!.from : Infinity;
    if (top !== null) {
      const to = Math.min(top.to, until);
      out.add(at, to, top.owner, top.kind);
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

function partsOf(carried: readonly Carried[]): Part[] {
  const parts: Part[] = [];
  carried.forEach(({ owner, from, to, capturedTo }, rank) => {
    if (capturedTo > from) {
      parts.push({ from, to: capturedTo, rank, owner, kind: PieceKind.DATA });
    }
    // A later copy that was captured whole is better than this one's missing end.
    if (to > capturedTo) {
      const missing = { from: Math.max(from, capturedTo), to, rank: rank + carried.length };
      parts.push({ ...missing, owner, kind: PieceKind.CUT });
    }
  });
  return parts.toSorted((a, b) => a.from - b.from || a.rank - b.rank);
}

class PieceList {
  #from: Float64Array;
  #to: Float64Array;
  #owner: Uint32Array;
  #kind: Uint8Array;
  #length = 0;

  constructor(room: number) {
    this.#from = new Float64Array(room);
    this.#to = new Float64Array(room);
    this.#owner = new Uint32Array(room);
    this.#kind = new Uint8Array(room);
  }

  add(from: number, to: number, owner: number, kind: number): void {
    if (to <= from) return;
    const last = this.#length - 1;
    if (last >= 0 && this.#owner[last] === owner && this.#kind[last] === kind) {
      this.#to[last] = to;
      return;
    }
    if (this.#length === this.#from.length) this.#grow();
    this.#from[this.#length] = from;
    this.#to[this.#length] = to;
    this.#owner[this.#length] = owner;
    this.#kind[this.#length++] = kind;
  }

  finish(): Pieces {
    const n = this.#length;
    return {
      length: n,
      from: this.#from.subarray(0, n),
      to: this.#to.subarray(0, n),
      owner: this.#owner.subarray(0, n),
      kind: this.#kind.subarray(0, n),
    };
  }

  #grow(): void {
    const room = this.#length * 2 + 16;
    const [from, to, owner, kind] = [this.#from, this.#to, this.#owner, this.#kind];
    (this.#from = new Float64Array(room)).set(from);
    (this.#to = new Float64Array(room)).set(to);
    (this.#owner = new Uint32Array(room)).set(owner);
    (this.#kind = new Uint8Array(room)).set(kind);
  }
}

/** Parts that have begun, the lowest rank on top. */
class RankHeap {
  readonly #parts: Part[] = [];

  get top(): Part | null {
    return this.#parts[0] ?? null;
  }

  push(part: Part): void {
    const parts = this.#parts;
    let at = parts.push(part) - 1;
    while (at > 0) {
      const above = (at - 1) >>> 1;
      if (parts[above]!.rank <= part.rank) break;
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
      if (below + 1 < parts.length && parts[below + 1]!.rank < parts[below]!.rank) below++;
      if (parts[below]!.rank >= last.rank) break;
      parts[at] = parts[below]!;
      at = below;
    }
    parts[at] = last;
  }
}
