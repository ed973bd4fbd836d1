/**
 * Pages of the segment list: a row per frame, as columns.
 *
 * @module
 */
import { formatEndpoint } from "../../trace/endpoint.ts";
import { NO_ROW, type Row } from "../../trace/table.ts";
import { describePacket } from "../../wire/packet-describe.ts";
import { Flag, TCP_MIN_HEADER_LEN } from "../../wire/tcp.ts";
import type { Recording } from "./recording.ts";

/** In `RowPage.stream`: the frame is no TCP segment. */
export const NO_STREAM: number = NO_ROW;

/** Rows `[from, from + frame.length)` of a list. Numbers of what is no segment are 0. */
export interface RowPage {
  readonly from: number;
  /** Rows of the list altogether, so far. */
  readonly total: number;
  readonly frame: Uint32Array;
  /** Nanoseconds since the recording's first packet. */
  readonly time: Float64Array;
  /** Since the row before in this list; the first of all has 0. */
  readonly delta: Float64Array;
  /** Bytes on the wire. */
  readonly origLen: Uint32Array;
  /** {@link NO_STREAM}: no TCP segment. */
  readonly stream: Uint32Array;
  /** 0: sent by the client. */
  readonly dir: Uint8Array;
  /** Bits of `Flag`. */
  readonly flags: Uint8Array;
  readonly relSeq: Uint32Array;
  readonly relAck: Uint32Array;
  readonly len: Uint32Array;
  /** In bytes. */
  readonly window: Uint32Array;
  /** Bits of `Verdict` and `Note` that are shown. */
  readonly verdicts: Uint32Array;
  /** Both ends of the streams in this page. */
  readonly ends: ReadonlyMap<number, readonly [string, string]>;
  /** What other frames are, by their index in this page. */
  readonly others: ReadonlyMap<number, string>;
}

/** @param packets Rows of the packet table by row of the list; `null`: the list is the table. */
export function rowPage(
  recording: Recording,
  from: number,
  count: number,
  packets: Uint32Array | null,
): RowPage {
  const { trace } = recording;
  const total = packets === null ? trace.packets.length : packets.length;
  const first = Math.max(0, Math.min(from, total));
  const length = Math.max(0, Math.min(count, total - first));
  const page = emptyPage(first, total, length);
  const { frame, time, origLen } = trace.packets.columns;
  for (let i = 0; i < length; i++) {
    const packet = packets === null ? first + i : packets[first + i]!;
    const before =
      first + i === 0 ? packet : packets === null ? packet - 1 : packets[first + i - 1]!;
    page.frame[i] = frame[packet]!;
    page.time[i] = time[packet]!;
    page.delta[i] = time[packet]! - time[before]!;
    page.origLen[i] = origLen[packet]!;
    fillSegment(recording, page, i, packet);
  }
  return page;
}

type MutablePage = RowPage & {
  readonly ends: Map<number, readonly [string, string]>;
  readonly others: Map<number, string>;
};

function emptyPage(from: number, total: number, n: number): MutablePage {
  return {
    from,
    total,
    frame: new Uint32Array(n),
    time: new Float64Array(n),
    delta: new Float64Array(n),
    origLen: new Uint32Array(n),
    stream: new Uint32Array(n).fill(NO_STREAM),
    dir: new Uint8Array(n),
    flags: new Uint8Array(n),
    relSeq: new Uint32Array(n),
    relAck: new Uint32Array(n),
    len: new Uint32Array(n),
    window: new Uint32Array(n),
    verdicts: new Uint32Array(n),
    ends: new Map(),
    others: new Map(),
  };
}

function fillSegment(recording: Recording, page: MutablePage, i: number, packet: Row): void {
  const { trace } = recording;
  const row = trace.packets.columns.segment[packet]!;
  if (row === NO_ROW) {
    page.others.set(i, lineOf(recording, packet));
    return;
  }
  const c = trace.segments.columns;
  const stream = c.stream[row]!;
  page.stream[i] = stream;
  page.dir[i] = c.dir[row]!;
  page.relSeq[i] = c.relSeq[row]!;
  page.len[i] = c.payloadLen[row]!;
  page.verdicts[i] = recording.verdicts.columns.verdicts[row]!;
  // What stands behind a header length that cannot be says nothing.
  if (c.headerLen[row]! >= TCP_MIN_HEADER_LEN) {
    page.flags[i] = c.flags[row]!;
    page.relAck[i] = (c.flags[row]! & Flag.ACK) === 0 ? 0 : c.relAck[row]!;
    page.window[i] = c.windowSize[row]!;
  }
  if (!page.ends.has(stream)) page.ends.set(stream, endsOf(recording, stream));
}

/** `client` and `server` of a stream, as Go writes addresses. */
export function endsOf({ trace }: Recording, stream: number): readonly [string, string] {
  return [formatEndpoint(trace.endpoint(stream, 0)), formatEndpoint(trace.endpoint(stream, 1))];
}

/** A packet in one line, without its time; sequence numbers are counted as `tcp.seq` and `tcp.ack` are. */
export function lineOf({ trace }: Recording, packet: Row): string {
  const { view, at } = trace.viewOf(packet);
  const { capLen, origLen, linkType, segment } = trace.packets.columns;
  const row = segment[packet]!;
  const { seq, relSeq, ack, relAck } = trace.segments.columns;
  const base =
    row === NO_ROW
      ? null
      : { seq: (seq[row]! - relSeq[row]!) >>> 0, ack: (ack[row]! - relAck[row]!) >>> 0 };
  const [cap, orig, link] = [capLen[packet]!, origLen[packet]!, linkType[packet]!];
  return describePacket(view, at, cap, orig, link, { base, ipAt: null });
}
