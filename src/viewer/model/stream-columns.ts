/**
 * The segments of one stream as columns, for whoever draws them.
 *
 * @module
 */
import { type Row } from "../../trace/table.ts";
import { TCP_MIN_HEADER_LEN } from "../../wire/tcp.ts";
import { gather } from "./gather.ts";
import type { Recording } from "./recording.ts";

/** Segments `[from, from + frame.length)` of a stream, in capture order. What is not known or not shown is 0. */
export interface StreamColumns {
  readonly stream: number;
  readonly from: number;
  /** Segments of the stream altogether, so far. */
  readonly total: number;
  /** Client and server, as Go writes addresses. */
  readonly frame: Uint32Array;
  /** Nanoseconds since the recording's first packet. */
  readonly time: Float64Array;
  /** 0: sent by the client. */
  readonly dir: Uint8Array;
  readonly flags: Uint8Array;
  readonly relSeq: Uint32Array;
  readonly relAck: Uint32Array;
  readonly len: Uint32Array;
  /** In bytes. */
  readonly window: Uint32Array;
  readonly verdicts: Uint32Array;
  /** The frame whose end is acknowledged, and nanoseconds since then. */
  readonly acksFrame: Uint32Array;
  readonly ackRttNs: Float64Array;
  readonly bytesInFlight: Uint32Array;
  /** The frame that the retransmission timer ran for. */
  readonly rtoFrame: Uint32Array;
  readonly duplicateAckFrame: Uint32Array;
}

/** Copies them out; none for a stream that is not there. */
export function streamColumns(
  recording: Recording,
  stream: number,
  from: number,
  count: number,
): StreamColumns {
  const { trace } = recording;
  const all = stream < trace.streams ? trace.rowsOf(stream) : new Uint32Array(0);
  const first = Math.max(0, Math.min(from, all.length));
  const rows = all.subarray(first, first + Math.max(0, count));
  const s = trace.segments.columns;
  const v = recording.verdicts.columns;
  // What stands behind a header length that cannot be says nothing.
  const isSound = (row: Row): boolean => s.headerLen[row]! >= TCP_MIN_HEADER_LEN;
  return {
    stream,
    from: first,
    total: all.length,
    frame: gather(new Uint32Array(rows.length), rows, (row) => trace.frameOf(row)),
    time: gather(new Float64Array(rows.length), rows, (row) => s.time[row]!),
    dir: gather(new Uint8Array(rows.length), rows, (row) => s.dir[row]!),
    flags: gather(new Uint8Array(rows.length), rows, (row) => (isSound(row) ? s.flags[row]! : 0)),
    relSeq: gather(new Uint32Array(rows.length), rows, (row) => s.relSeq[row]!),
    relAck: gather(new Uint32Array(rows.length), rows, (row) =>
      isSound(row) ? s.relAck[row]! : 0,
    ),
    len: gather(new Uint32Array(rows.length), rows, (row) => s.payloadLen[row]!),
    window: gather(new Uint32Array(rows.length), rows, (row) =>
      isSound(row) ? s.windowSize[row]! : 0,
    ),
    verdicts: gather(new Uint32Array(rows.length), rows, (row) => v.verdicts[row]!),
    acksFrame: gather(new Uint32Array(rows.length), rows, (row) => v.acksFrame[row]!),
    ackRttNs: gather(new Float64Array(rows.length), rows, (row) => recording.ackRttNs(row)),
    bytesInFlight: gather(new Uint32Array(rows.length), rows, (row) => v.bytesInFlight[row]!),
    rtoFrame: gather(new Uint32Array(rows.length), rows, (row) => v.rtoFrame[row]!),
    duplicateAckFrame: gather(
      new Uint32Array(rows.length),
      rows,
      (row) => v.duplicateAckFrame[row]!,
    ),
  };
}
