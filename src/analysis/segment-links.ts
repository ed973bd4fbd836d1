/**
 * Which segments of one connection belong together: what acknowledges what, and what carries the
 * same again.
 *
 * @module
 */
import type { Trace } from "../trace/trace.ts";
import { Flag } from "../wire/tcp.ts";
import { handshakeOf } from "./call-edges.ts";
import { type StreamNews, streamNews } from "./offsets.ts";

/** A number per segment of the stream: the index of another one, -1 for none. */
export interface SegmentLinks {
  /** The first segment of the other end that acknowledges all of it: data, SYN, FIN. */
  readonly ackedBy: Int32Array;
  /** The segment that first carried the bytes, the SYN or the FIN that it carries again. */
  readonly original: Int32Array;
  /** The first segment that carried its first byte, its SYN or its FIN again. */
  readonly resentAs: Int32Array;
}

/** Links the segments of `stream`; those that count from another start have none. */
export function linkSegments(trace: Trace, stream: number): SegmentLinks {
  const bytes = streamNews(trace, stream);
  const links: SegmentLinks = {
    ackedBy: new Int32Array(bytes.rows.length).fill(-1),
    original: new Int32Array(bytes.rows.length).fill(-1),
    resentAs: new Int32Array(bytes.rows.length).fill(-1),
  };
  linkAcks(trace, stream, bytes, links.ackedBy);
  linkSyns(trace, stream, bytes, links);
  for (const d of [0, 1] as const) {
    linkData(trace, bytes, d, links);
    linkFins(trace, bytes, d, links);
  }
  return links;
}

/** Waiting segments leave a heap, the lowest end first, as acknowledgements pass. */
function linkAcks(trace: Trace, stream: number, b: StreamNews, ackedBy: Int32Array): void {
  const { dir, flags, payloadLen } = trace.segments.columns;
  const isSelf = trace.isSelfConnected(stream);
  const waiting = [new EndHeap(), new EndHeap()] as const;
  for (let i = 0; i < b.rows.length; i++) {
    const row = b.rows[i]!;
    if (b.elsewhere.has(row)) continue;
    const d = dir[row] === 0 ? 0 : 1;
    const f = flags[row]!;
    const isReset = (f & Flag.RST) !== 0;
    if (!isReset) waiting[isSelf ? d : 1 - d]!.takeUpTo(b.ackTo[i]!, (of) => (ackedBy[of] = i));
    if (isReset || (payloadLen[row] === 0 && (f & (Flag.SYN | Flag.FIN)) === 0)) continue;
    // A SYN ends at 0: any acknowledgement covers it.
    const end = b.from[i]! + payloadLen[row]! + ((f & Flag.FIN) === 0 ? 0 : 1);
    waiting[d].add(end, i);
  }
}

function linkSyns(trace: Trace, stream: number, b: StreamNews, links: SegmentLinks): void {
  const { syn, serverSyn, synAck, resent } = handshakeOf(trace, stream);
  const indexOf = new Map<number, number>();
  const wanted = new Set([syn, serverSyn, synAck, ...resent[0], ...resent[1]]);
  b.rows.forEach((row, i) => {
    if (wanted.has(row)) indexOf.set(row, i);
  });
  for (const [first, again] of [
    [syn, resent[0]],
    [synAck ?? serverSyn, resent[1]],
  ] as const) {
    const from = first === null ? undefined : indexOf.get(first);
    if (from === undefined) continue;
    for (const row of again) link(links, indexOf.get(row) ?? -1, from);
  }
}

/** Data that was seen before is looked up by its first byte among the segments that brought new bytes. */
function linkData(trace: Trace, b: StreamNews, d: 0 | 1, links: SegmentLinks): void {
  const { dir, payloadLen } = trace.segments.columns;
  const carriers: number[] = [];
  const again: number[] = [];
  for (let i = 0; i < b.rows.length; i++) {
    const row = b.rows[i]!;
    if (dir[row] !== d || b.to[i]! <= b.from[i]!) continue;
    if (b.newLen[i]! > 0) carriers.push(i);
    if (b.newLen[i]! < payloadLen[row]!) again.push(i);
  }
  // In their order already, as a rule: sorting would take them once more.
  const isBehind = (x: number, n: number): boolean =>
    n > 0 && b.newFrom[x]! < b.newFrom[carriers[n - 1]!]!;
  if (carriers.some(isBehind)) carriers.sort((x, y) => b.newFrom[x]! - b.newFrom[y]!);
  for (const i of again) {
    const at = b.from[i]!;
    let low = 0;
    let high = carriers.length;
    while (low < high) {
      const mid = (low + high) >>> 1;
      if (b.newFrom[carriers[mid]!]! <= at) low = mid + 1;
      else high = mid;
    }
    const found = carriers[low - 1];
    if (found !== undefined && found < i && b.to[found]! > at) link(links, i, found);
  }
}

function linkFins(trace: Trace, b: StreamNews, d: 0 | 1, links: SegmentLinks): void {
  const { fin } = b.dirs[d];
  if (fin === -1) return;
  const { dir, flags } = trace.segments.columns;
  for (let i = fin + 1; i < b.rows.length; i++) {
    const row = b.rows[i]!;
    if (dir[row] === d && (flags[row]! & Flag.FIN) !== 0 && !b.elsewhere.has(row)) {
      link(links, i, fin);
    }
  }
}

function link({ original, resentAs }: SegmentLinks, again: number, first: number): void {
  if (again <= first || original[again] !== -1) return;
  original[again] = first;
  if (resentAs[first] === -1 || resentAs[first]! > again) resentAs[first] = again;
}

/** Segments by where they end, the lowest first. */
class EndHeap {
  readonly #ends: number[] = [];
  readonly #segments: number[] = [];

  add(end: number, segment: number): void {
    const [ends, segments] = [this.#ends, this.#segments];
    let at = ends.length;
    while (at > 0) {
      const parent = (at - 1) >>> 1;
      if (ends[parent]! <= end) break;
      ends[at] = ends[parent]!;
      segments[at] = segments[parent]!;
      at = parent;
    }
    ends[at] = end;
    segments[at] = segment;
  }

  /** Hands over and forgets those that end at `limit` or before it; none for NaN. */
  takeUpTo(limit: number, take: (segment: number) => void): void {
    while (this.#ends.length > 0 && this.#ends[0]! <= limit) {
      take(this.#segments[0]!);
      this.#removeFirst();
    }
  }

  #removeFirst(): void {
    const [ends, segments] = [this.#ends, this.#segments];
    const end = ends.pop()!;
    const segment = segments.pop()!;
    const { length } = ends;
    if (length === 0) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= length) break;
      if (child + 1 < length && ends[child + 1]! < ends[child]!) child++;
      if (ends[child]! >= end) break;
      ends[at] = ends[child]!;
      segments[at] = segments[child]!;
      at = child;
    }
    ends[at] = end;
    segments[at] = segment;
  }
}
