/**
 * The two byte streams of a connection: which bytes each segment carries and
 * acknowledges, counted from the first byte behind the SYN, beyond 4 GiB too.
 *
 * @module
 */
import type { Row } from "../trace/table.ts";
import type { Trace } from "../trace/trace.ts";
import type { SeqNum } from "../wire/seqnum.ts";
import { Flag } from "../wire/tcp.ts";
import { startsOf } from "./starts.ts";

/** Gaps remembered per direction; beyond, the lowest counts as filled. */
export const MAX_GAPS = 4096;

/**
 * A keep-alive (RFC 9293 §3.8.4) is the last byte that was confirmed already, or
 * nothing at its place. A byte that is really sent again has PSH as a rule.
 */
const NOT_ON_A_PROBE = Flag.SYN | Flag.FIN | Flag.RST | Flag.PSH;

/** Per segment of a stream (index i of `rows`) and per direction. All numbers are byte offsets. */
export interface StreamBytes {
  /** Rows of the segment table. */
  readonly rows: Uint32Array;
  /** Offset of the segment's first payload byte in its direction. */
  readonly from: Float64Array;
  /** Offset behind its last payload byte; a probe carries none. */
  readonly to: Float64Array;
  /** The part that was not seen before lies in [newFrom, newTo); both 0 when all was. */
  readonly newFrom: Float64Array;
  readonly newTo: Float64Array;
  /** Bytes not seen before; the segment's other bytes were sent again. */
  readonly newLen: Float64Array;
  /** Bytes of the other direction that it acknowledges, one more with the FIN; NaN without ACK. */
  readonly ackTo: Float64Array;
  /** Segments that count from another start: in no sum, and without offsets (0, `ackTo` NaN). */
  readonly elsewhere: ReadonlyMap<Row, SeqNum>;
  readonly dirs: readonly [DirectionBytes, DirectionBytes];
}

/** Sums of one direction. */
export interface DirectionBytes {
  /** Whether the SYN was seen, so that offset 0 is the first byte the program sent. */
  isFromStart: boolean;
  /** Segments, those with payload, and those with nothing but an acknowledgement. */
  segments: number;
  dataSegments: number;
  pureAcks: number;
  /** Indices of the segments that only ask for an answer: keep-alives, probes of a closed window. */
  readonly probes: number[];
  /** End of the highest byte seen. */
  sent: number;
  /** Distinct bytes seen: `sent` less the gaps. */
  newBytes: number;
  /** Bytes sent again, and in how many segments. */
  resentBytes: number;
  resentSegments: number;
  /** Index of the first FIN, -1 without; and its offset. */
  fin: number;
  finAt: number;
  /** Gaps given up because more than {@link MAX_GAPS} stood open: bytes that came there late count as sent again. */
  forgottenGaps: number;
}

/** Where new bytes begin, without where they end. */
export type StreamNews = Omit<StreamBytes, "newTo">;

/** How many bytes are new, without where they are. */
export type StreamCounts = Omit<StreamBytes, "newFrom" | "newTo">;

/** Where the bytes of a stream are, and no more. */
export type StreamPlaces = Omit<StreamCounts, "ackTo">;

/** Counts the bytes of `stream`: 48 bytes of memory a segment. */
export function streamBytes(trace: Trace, stream: number): StreamBytes {
  return countBytes(trace, stream, { hasNew: true, hasNewTo: true, hasAcks: true });
}

/** The same for who needs no end of what is new: five sixths of the memory. */
export function streamNews(trace: Trace, stream: number): StreamNews {
  return countBytes(trace, stream, { hasNew: true, hasNewTo: false, hasAcks: true });
}

/** The same for who wants to know how many bytes are new: two thirds of the memory. */
export function streamCounts(trace: Trace, stream: number): StreamCounts {
  return countBytes(trace, stream, { hasNew: false, hasNewTo: false, hasAcks: true });
}

/** The same for who only wants to know where bytes are: half the memory. */
export function streamPlaces(trace: Trace, stream: number): StreamPlaces {
  return countBytes(trace, stream, { hasNew: false, hasNewTo: false, hasAcks: false });
}

function countBytes(
  trace: Trace,
  stream: number,
  { hasNew, hasNewTo, hasAcks }: Readonly<Record<"hasNew" | "hasNewTo" | "hasAcks", boolean>>,
): StreamBytes {
  const rows = trace.rowsOf(stream);
  const { numbers, elsewhere } = startsOf(trace, stream);
  const column = (): Float64Array => new Float64Array(rows.length);
  const bytes = {
    rows,
    from: column(),
    to: column(),
    newFrom: hasNew ? column() : NO_COLUMN,
    newTo: hasNewTo ? column() : NO_COLUMN,
    newLen: column(),
    ackTo: hasAcks ? column() : NO_COLUMN,
    elsewhere,
    dirs: [newDirection(), newDirection()] as const,
  };
  const walks = [new DirectionWalk(bytes.dirs[0]), new DirectionWalk(bytes.dirs[1])] as const;
  const { dir, seq, ack, relSeq, relAck, flags, payloadLen } = trace.segments.columns;
  const isSelf = trace.isSelfConnected(stream);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    if (elsewhere.has(row)) {
      if (hasAcks) bytes.ackTo[i] = Number.NaN;
      continue;
    }
    const d = dir[row] === 0 ? 0 : 1;
    const o = isSelf ? d : d === 0 ? 1 : 0;
    const f = flags[row]!;
    const walk = walks[d];
    walk.pass(i, countedFrom(numbers[d], seq[row]!, relSeq[row]!), f, payloadLen[row]!);
    bytes.from[i] = walk.from;
    bytes.to[i] = walk.from + (walk.isProbe ? 0 : payloadLen[row]!);
    bytes.newLen[i] = walk.newLen;
    // Counted in either case: what is a probe depends on it.
    const relative = countedFrom(numbers[o], ack[row]!, relAck[row]!);
    const ackTo = (f & Flag.ACK) === 0 ? Number.NaN : walks[o].acked(relative);
    if (hasAcks) bytes.ackTo[i] = ackTo;
    if (hasNew) bytes.newFrom[i] = walk.newFrom;
    if (hasNewTo) bytes.newTo[i] = walk.newTo;
  }
  return bytes;
}

const NO_COLUMN = new Float64Array(0);

/** Where there is a choice of starts, from the one that counts; else as the trace has it. */
function countedFrom(start: SeqNum | null, number: SeqNum, relative: number): number {
  return start === null ? relative : (number - start) >>> 0;
}

function newDirection(): DirectionBytes {
  return {
    isFromStart: false,
    segments: 0,
    dataSegments: 0,
    pureAcks: 0,
    probes: [],
    sent: 0,
    newBytes: 0,
    resentBytes: 0,
    resentSegments: 0,
    fin: -1,
    finAt: 0,
    forgottenGaps: 0,
  };
}

class DirectionWalk {
  from = 0;
  newFrom = 0;
  newTo = 0;
  newLen = 0;
  isProbe = false;
  readonly #sums: DirectionBytes;
  readonly #gaps: { from: number; to: number }[] = [];
  #isStarted = false;
  #lastSeq = 0;
  #lastAck = 0;

  constructor(sums: DirectionBytes) {
    this.#sums = sums;
  }

  pass(i: number, relSeq: number, flags: number, len: number): void {
    const sums = this.#sums;
    const isSyn = (flags & Flag.SYN) !== 0;
    if (isSyn) sums.isFromStart = true;
    this.#lastSeq = unwrap(relSeq, this.#lastSeq);
    this.from = this.#lastSeq - (isSyn ? 0 : 1);
    sums.segments++;
    this.newFrom = this.newTo = this.newLen = 0;
    this.isProbe = len <= 1 && (flags & NOT_ON_A_PROBE) === 0 && this.from === this.#lastAck - 2;
    if (this.isProbe) sums.probes.push(i);
    else if (len > 0) this.#carry(this.from, this.from + len);
    else if ((flags & (Flag.SYN | Flag.FIN | Flag.RST)) === 0) sums.pureAcks++;
    if ((flags & Flag.FIN) !== 0 && sums.fin === -1) {
      sums.fin = i;
      sums.finAt = this.from + len;
    }
  }

  /** Bytes acknowledged by `relAck`; a number that is no more than the SYN's gives 0. */
  acked(relAck: number): number {
    this.#lastAck = unwrap(relAck, this.#lastAck);
    return Math.max(0, this.#lastAck - 1);
  }

  #carry(from: number, to: number): void {
    const sums = this.#sums;
    sums.dataSegments++;
    if (!this.#isStarted) {
      this.#isStarted = true;
      if (!sums.isFromStart) sums.sent = from;
    }
    if (from < sums.sent) this.#fill(from, Math.min(to, sums.sent));
    if (to > sums.sent) {
      if (from > sums.sent) this.#open(sums.sent, from);
      this.#isNew(Math.max(from, sums.sent), to);
      sums.sent = to;
    }
    sums.newBytes += this.newLen;
    const again = to - from - this.newLen;
    sums.resentBytes += again;
    if (again > 0) sums.resentSegments++;
  }

  #isNew(from: number, to: number): void {
    this.newFrom = this.newLen === 0 ? from : Math.min(this.newFrom, from);
    this.newTo = Math.max(this.newTo, to);
    this.newLen += to - from;
  }

  #open(from: number, to: number): void {
    this.#gaps.push({ from, to });
    this.#keepFew();
  }

  #keepFew(): void {
    if (this.#gaps.length <= MAX_GAPS) return;
    this.#gaps.shift();
    this.#sums.forgottenGaps++;
  }

  #fill(from: number, to: number): void {
    for (let g = this.#lastGapBefore(to); g >= 0; g--) {
      const gap = this.#gaps[g]!;
      // Gaps are in order: none further down reaches here.
      if (gap.to <= from) break;
      this.#isNew(Math.max(from, gap.from), Math.min(to, gap.to));
      const rest = [
        { from: gap.from, to: Math.min(gap.to, from) },
        { from: Math.max(gap.from, to), to: gap.to },
      ].filter((r) => r.from < r.to);
      this.#gaps.splice(g, 1, ...rest);
    }
    this.#keepFew();
  }

  /** Index of the last gap that begins below `offset`, -1 for none: found by halves, gaps are in order. */
  #lastGapBefore(offset: number): number {
    let low = 0;
    let high = this.#gaps.length;
    while (low < high) {
      const mid = (low + high) >>> 1;
      if (this.#gaps[mid]!.from < offset) low = mid + 1;
      else high = mid;
    }
    return low - 1;
  }
}

/** The number that is `rel` modulo 2^32 and nearest to `last`. */
function unwrap(rel: number, last: number): number {
  return last + ((rel - last) | 0);
}
