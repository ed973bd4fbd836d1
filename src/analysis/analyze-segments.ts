/**
 * Segments and what the analysis says of them: columns to compute with, and
 * an iterator of objects to read.
 *
 * ```ts
 * const { columns, length } = segments;
 * for (let row = 0; row < length; row++) {
 *   if ((columns.verdicts[row]! & Verdict.RETRANSMISSION) !== 0) print(columns.frame[row]);
 * }
 * for (const s of segments) print(s.frame, s.verdicts);
 * ```
 *
 * @module
 */
import type { SegmentRecord } from "../trace/segment.ts";
import { type Columns, type Row, Table } from "../trace/table.ts";
import { Flag } from "../wire/tcp.ts";
import { ANALYSIS_COLUMNS } from "./analyze-columns.ts";
import type { SegmentVerdicts } from "./verdicts/result.ts";
import {
  ANY_VERDICT,
  type NoteName,
  NOTES,
  verdictNames,
  type VerdictName,
  VERDICTS,
} from "./verdicts/verdict.ts";

const NS = 1_000_000_000;

/** One segment, and what the analysis says of it; `null` is what Wireshark would not show. */
export interface AnalyzedSegment {
  readonly frame: number;
  readonly frameLen: number;
  /** Since 1970. */
  readonly timeNs: bigint;
  /** Number of the connection: `tcp.stream`. */
  readonly stream: number;
  /** Who sent it. */
  readonly from: "client" | "server";
  /** As on the wire. */
  readonly seq: number;
  readonly ack: number | null;
  /** Counted from the start of each direction. */
  readonly relSeq: number;
  readonly relAck: number | null;
  /** Payload bytes. */
  readonly len: number;
  /** Bits of `Flag`. */
  readonly flags: number;
  readonly window: number;
  /** In bytes. */
  readonly windowSize: number;
  readonly verdicts: readonly VerdictName[];
  readonly notes: readonly NoteName[];
  /** Which copy of the acknowledgement in `frame`. */
  readonly duplicateAck: { readonly num: number; readonly frame: number } | null;
  /** The frame whose end it acknowledges, and the time since then. */
  readonly acks: { readonly frame: number; readonly rttNs: number | null } | null;
  readonly initialRttNs: number | null;
  readonly bytesInFlight: number | null;
  readonly pushBytes: number | null;
  /** The frame that the retransmission timer ran for, and the time since then. */
  readonly rto: { readonly frame: number; readonly ns: number } | null;
  /** Bits of `Completeness`, of all segments before this one. */
  readonly completeness: number;
}

/** See the module. */
export class Segments implements Iterable<AnalyzedSegment> {
  readonly #table = new Table(ANALYSIS_COLUMNS);
  #epochSec: number | null = null;

  /** Rows in use; the columns may be longer. */
  get length(): number {
    return this.#table.length;
  }

  /** Replaced when rows are added: read it again then. */
  get columns(): Columns<typeof ANALYSIS_COLUMNS> {
    return this.#table.columns;
  }

  /** Whole seconds since 1970 that the column `time` counts from: those of the first segment. */
  get epochSec(): number {
    return this.#epochSec ?? 0;
  }

  /** Adds a row. */
  add(s: SegmentRecord, v: SegmentVerdicts): void {
    const c = this.#table.reserve(1);
    const row = this.#table.length++;
    this.#epochSec ??= s.packet.sec;
    c.time[row] = (s.packet.sec - this.#epochSec) * NS + s.packet.nsec;
    c.frame[row] = s.packet.frame;
    c.frameLen[row] = s.packet.origLen;
    c.stream[row] = s.stream;
    c.dir[row] = s.dir;
    c.seq[row] = s.seq;
    c.ack[row] = s.ack;
    c.relSeq[row] = s.relSeq;
    c.relAck[row] = s.relAck;
    c.len[row] = s.payloadLen;
    c.flags[row] = s.tcpFlags;
    c.window[row] = s.window;
    c.windowSize[row] = s.windowSize;
    c.completeness[row] = v.completeness;
    if (v.isShown) addNumbers(c, row, v);
    else addNothing(c, row, v);
  }

  /** Forgets all rows. */
  clear(): void {
    this.#table.length = 0;
  }

  /** The segment in `row` as an object. @throws {RangeError} when there is no such row. */
  at(row: Row): AnalyzedSegment {
    if (!Number.isInteger(row) || row < 0 || row >= this.length) {
      throw new RangeError(`Cannot read segment ${row}: there are ${this.length} rows`);
    }
    return segmentAt(this.columns, row, this.epochSec);
  }

  *[Symbol.iterator](): Generator<AnalyzedSegment, void, void> {
    for (let row = 0; row < this.length; row++) yield this.at(row);
  }
}

type Cells = Columns<typeof ANALYSIS_COLUMNS>;

function addNumbers(c: Cells, row: Row, v: SegmentVerdicts): void {
  c.verdicts[row] = v.bits;
  c.duplicateAckNum[row] = v.duplicateAckNum;
  c.duplicateAckFrame[row] = v.duplicateAckFrame;
  c.acksFrame[row] = v.acksFrame;
  c.ackRttNs[row] = v.ackRttNs;
  c.initialRttNs[row] = v.hasRecord ? v.initialRttNs : 0;
  c.bytesInFlight[row] = v.bytesInFlight;
  c.pushBytes[row] = v.bytesInFlight === 0 ? 0 : v.pushBytes;
  c.rtoNs[row] = v.rtoNs;
  c.rtoFrame[row] = v.rtoNs === 0 ? 0 : v.rtoFrame;
}

/** Notes are shown all the same. */
function addNothing(c: Cells, row: Row, v: SegmentVerdicts): void {
  c.verdicts[row] = v.bits & ~ANY_VERDICT;
  c.duplicateAckNum[row] = c.duplicateAckFrame[row] = 0;
  c.acksFrame[row] = c.ackRttNs[row] = c.initialRttNs[row] = 0;
  c.bytesInFlight[row] = c.pushBytes[row] = 0;
  c.rtoNs[row] = c.rtoFrame[row] = 0;
}

const ifAny = (n: number): number | null => (n === 0 ? null : n);

function segmentAt(c: Cells, row: Row, epochSec: number): AnalyzedSegment {
  const bits = c.verdicts[row]!;
  const hasAck = (c.flags[row]! & Flag.ACK) !== 0;
  const [dupNum, acksFrame] = [c.duplicateAckNum[row]!, c.acksFrame[row]!];
  const rtoNs = c.rtoNs[row]!;
  return {
    frame: c.frame[row]!,
    frameLen: c.frameLen[row]!,
    timeNs: BigInt(epochSec) * BigInt(NS) + BigInt(c.time[row]!),
    stream: c.stream[row]!,
    from: c.dir[row] === 0 ? "client" : "server",
    seq: c.seq[row]!,
    ack: hasAck ? c.ack[row]! : null,
    relSeq: c.relSeq[row]!,
    relAck: hasAck ? c.relAck[row]! : null,
    len: c.len[row]!,
    flags: c.flags[row]!,
    window: c.window[row]!,
    windowSize: c.windowSize[row]!,
    verdicts: verdictNames(bits),
    notes: NOTES.filter((_, i) => (bits & (1 << (VERDICTS.length + i))) !== 0),
    duplicateAck: dupNum === 0 ? null : { num: dupNum, frame: c.duplicateAckFrame[row]! },
    acks: acksFrame === 0 ? null : { frame: acksFrame, rttNs: ifAny(c.ackRttNs[row]!) },
    initialRttNs: ifAny(c.initialRttNs[row]!),
    bytesInFlight: ifAny(c.bytesInFlight[row]!),
    pushBytes: ifAny(c.pushBytes[row]!),
    rto: rtoNs === 0 ? null : { frame: c.rtoFrame[row]!, ns: rtoNs },
    completeness: c.completeness[row]!,
  };
}
