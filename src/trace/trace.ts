/**
 * A recording in memory: packets, segments and streams as columns, the bytes
 * of every frame, and what the program did.
 *
 * ```ts
 * const builder = new TraceBuilder();
 * reader.read(bytes, builder);
 * const trace = builder.build();
 * for (const row of trace.rowsOf(0)) trace.segments.columns.relSeq[row];
 * ```
 *
 * @module
 */
import type { CallEvent, ClockEvent, DecisionEvent, SampleEvent } from "../pcap/event.ts";
import type { CaptureInterface, CaptureStats, CaptureWarning } from "../pcap/sink.ts";
import type { ByteStore } from "./bytestore.ts";
import type { FileBytes } from "./file-bytes.ts";
import { sameEndpoint, type Endpoint } from "./endpoint.ts";
import { NO_ROW, type Packets, type Row, type Segments, type Streams } from "./table.ts";

/** Where a packet is kept that was put together from fragments; length 0 when it is not. */
export interface WholePlace {
  readonly chunk: number;
  readonly at: number;
  readonly length: number;
}

/** What a stack wrote down, and where that stands in the recording. */
export interface StackEntry {
  /** Packets that stand before it: the row of the next one. */
  readonly row: Row;
  readonly event: DecisionEvent | SampleEvent;
}

/** What a {@link Trace} is made of; `TraceBuilder` collects it. */
export interface TraceParts {
  /** Nanoseconds since 1970 of time 0. */
  readonly epoch: bigint;
  readonly packets: Packets;
  readonly segments: Segments;
  readonly streams: Streams;
  readonly bytes: ByteStore;
  /** Where the packets' bytes are when they are not in `bytes`. */
  readonly file: FileBytes | null;
  /** By row of the segment table. */
  readonly wholes: ReadonlyMap<Row, WholePlace>;
  readonly calls: readonly CallEvent[];
  readonly decisions: readonly DecisionEvent[];
  readonly samples: readonly SampleEvent[];
  readonly stackEntries: readonly StackEntry[];
  readonly clock: ClockEvent | null;
  readonly interfaces: readonly CaptureInterface[];
  readonly stats: readonly CaptureStats[];
  readonly warnings: readonly CaptureWarning[];
  /** Comments of packets, by row of the packet table. */
  readonly comments: ReadonlyMap<Row, readonly string[]>;
}

/** See the module. Complete and unchanging once built. */
export class Trace {
  readonly epoch: bigint;
  readonly packets: Packets;
  readonly segments: Segments;
  /** Calls of the program, in the order of their begins. */
  readonly calls: readonly CallEvent[];
  /** What our own stack and link decided, in the order of the recording; empty in a recording of the kernel. */
  readonly decisions: readonly DecisionEvent[];
  /** The variables of ends, in the order of the recording. */
  readonly samples: readonly SampleEvent[];
  /** {@link decisions} and {@link samples} together, in the order of the recording. */
  readonly stackEntries: readonly StackEntry[];
  /** How well the calls' clock agrees with the packets'; `null` when the recording does not say. */
  readonly clock: ClockEvent | null;
  readonly interfaces: readonly CaptureInterface[];
  /** The last counters of each interface that has any. */
  readonly stats: readonly CaptureStats[];
  readonly warnings: readonly CaptureWarning[];
  readonly comments: ReadonlyMap<Row, readonly string[]>;
  readonly #streams: Streams;
  readonly #bytes: ByteStore;
  readonly #file: FileBytes | null;
  readonly #wholes: ReadonlyMap<Row, WholePlace>;
  /** Segment rows grouped by stream, and where each group starts. */
  #grouped: { readonly rows: Uint32Array; readonly starts: Uint32Array } | null = null;

  #decisionsBy: ReadonlyMap<string, readonly DecisionEvent[]> | null = null;
  #samplesBy: ReadonlyMap<string, readonly SampleEvent[]> | null = null;

  constructor(parts: TraceParts) {
    this.epoch = parts.epoch;
    this.packets = parts.packets;
    this.segments = parts.segments;
    this.calls = parts.calls;
    this.decisions = parts.decisions;
    this.samples = parts.samples;
    this.stackEntries = parts.stackEntries;
    this.clock = parts.clock;
    this.interfaces = parts.interfaces;
    this.stats = parts.stats;
    this.warnings = parts.warnings;
    this.comments = parts.comments;
    this.#streams = parts.streams;
    this.#bytes = parts.bytes;
    this.#file = parts.file;
    this.#wholes = parts.wholes;
  }

  /** Number of streams; they are numbered from 0 as `tcp.stream`. */
  get streams(): number {
    return this.#streams.length;
  }

  /** Ends of the streams by number, for who asks for many; {@link endpoint} has one as an object. */
  get streamColumns(): Streams["columns"] {
    return this.#streams.columns;
  }

  /** {@link decisions} of the end or sender `local` (`address:port`) about its connection with `remote`. */
  decisionsOf(local: string, remote: string): readonly DecisionEvent[] {
    this.#decisionsBy ??= groupByNames(this.decisions);
    return this.#decisionsBy.get(`${local} ${remote}`) ?? [];
  }

  /** {@link samples} of the end `local` (`address:port`) of its connection with `remote`. */
  samplesOf(local: string, remote: string): readonly SampleEvent[] {
    this.#samplesBy ??= groupByNames(this.samples);
    return this.#samplesBy.get(`${local} ${remote}`) ?? [];
  }

  /** Rows of the segment table that belong to `stream`, in capture order. */
  rowsOf(stream: number): Uint32Array {
    const { rows, starts } = (this.#grouped ??= groupByStream(this.segments, this.streams));
    return rows.subarray(starts[stream], starts[stream + 1]);
  }

  /** The client's (0) or the server's (1) end of `stream`. */
  endpoint(stream: number, end: 0 | 1): Endpoint {
    const c = this.#streams.columns;
    const [w0, w1, w2, w3] =
      end === 0
        ? [c.client0, c.client1, c.client2, c.client3]
        : [c.server0, c.server1, c.server2, c.server3];
    const version = c.version[stream] === 4 ? 4 : 6;
    const first = w0[stream]!;
    const words = version === 4 ? [first] : [first, w1[stream]!, w2[stream]!, w3[stream]!];
    return { version, words, port: (end === 0 ? c.clientPort : c.serverPort)[stream]! };
  }

  /** Whether a socket was connected to itself: both ends are one endpoint, all segments have `dir` 0. */
  isSelfConnected(stream: number): boolean {
    return sameEndpoint(this.endpoint(stream, 0), this.endpoint(stream, 1));
  }

  /** Frame number of a segment row, as Wireshark counts. */
  frameOf(segment: Row): number {
    return this.packets.columns.frame[this.segments.columns.packet[segment]!]!;
  }

  /** Row of the packet table with that frame number, or `null`. */
  packetOfFrame(frame: number): Row | null {
    const { frame: frames } = this.packets.columns;
    let low = 0;
    let high = this.packets.length;
    while (low < high) {
      const mid = (low + high) >>> 1;
      if (frames[mid]! < frame) low = mid + 1;
      else high = mid;
    }
    return low < this.packets.length && frames[low] === frame ? low : null;
  }

  /** Row of the segment table with that frame number; `null` when the frame is no TCP segment. */
  segmentOfFrame(frame: number): Row | null {
    const packet = this.packetOfFrame(frame);
    const row = packet === null ? NO_ROW : this.packets.columns.segment[packet]!;
    return row === NO_ROW ? null : row;
  }

  /**
   * A view that holds the bytes of a packet row, from `at`; `capLen` of the row says how many.
   *
   * @throws what `TraceBuilder.readAgainBy` was given throws.
   */
  viewOf(packet: Row): { readonly view: DataView; readonly at: number } {
    const { chunk, at, offset, headLen } = this.packets.columns;
    if (this.#file !== null) return this.#file.find(offset[packet]! + headLen[packet]!);
    return { view: this.#bytes.view(chunk[packet]!), at: at[packet]! };
  }

  /** Whether the segment's packet was put together from fragments, of which its own is the last. */
  isFromFragments(row: Row): boolean {
    return this.#wholes.has(row);
  }

  /**
   * A view that holds the packet of a segment row in `[at, end)`, from which its `ipAt` and
   * `tcpAt` count: the frame, or what fragments were put together to.
   */
  viewOfSegment(row: Row): { readonly view: DataView; readonly at: number; readonly end: number } {
    const whole = this.#wholes.get(row);
    if (whole !== undefined) {
      const { chunk, at, length } = whole;
      return { view: this.#bytes.view(chunk), at, end: at + length };
    }
    const packet = this.segments.columns.packet[row]!;
    const { view, at } = this.viewOf(packet);
    return { view, at, end: at + this.packets.columns.capLen[packet]! };
  }

  /** Bytes that were kept of the packet of a segment row: `end - at` of {@link viewOfSegment}, without reading it again. */
  keptOfSegment(row: Row): number {
    const whole = this.#wholes.get(row);
    return whole?.length ?? this.packets.columns.capLen[this.segments.columns.packet[row]!]!;
  }

  /** The bytes kept of a packet row; aliases the trace. */
  bytesOf(packet: Row): Uint8Array {
    const { view, at } = this.viewOf(packet);
    return new Uint8Array(view.buffer, view.byteOffset + at, this.packets.columns.capLen[packet]);
  }

  /** Nanoseconds since 1970, as nanoseconds since the trace's epoch. */
  toTime(ns: bigint): number {
    return Number(ns - this.epoch);
  }
}

function groupByNames<E extends { readonly local: string; readonly remote: string }>(
  events: readonly E[],
): ReadonlyMap<string, readonly E[]> {
  const groups = new Map<string, E[]>();
  for (const event of events) {
    const key = `${event.local} ${event.remote}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [event]);
    else group.push(event);
  }
  return groups;
}

/** A counting sort, stable, so that each group keeps the capture order. */
function groupByStream(
  segments: Segments,
  streams: number,
): { rows: Uint32Array; starts: Uint32Array } {
  const { stream } = segments.columns;
  const starts = new Uint32Array(streams + 1);
  for (let row = 0; row < segments.length; row++) starts[stream[row]! + 1]!++;
  for (let s = 0; s < streams; s++) starts[s + 1]! += starts[s]!;
  const next = starts.slice();
  const rows = new Uint32Array(segments.length);
  for (let row = 0; row < segments.length; row++) rows[next[stream[row]!]!++] = row;
  return { rows, starts };
}
