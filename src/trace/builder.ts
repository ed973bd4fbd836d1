/**
 * Collects a {@link Trace} from a capture reader or a live capture.
 *
 * @module
 */
import type {
  CallEvent,
  ClockEvent,
  DecisionEvent,
  RecordedEvent,
  SampleEvent,
} from "../pcap/event.ts";
import type {
  CaptureInterface,
  CaptureSink,
  CaptureStats,
  CaptureWarning,
  PacketRecord,
} from "../pcap/sink.ts";
import { ByteStore } from "./bytestore.ts";
import { FileBytes, type ReadAgain } from "./file-bytes.ts";
import type { FlowTable } from "./flows.ts";
import type { SegmentRecord } from "./segment.ts";
import {
  type Columns,
  NO_ROW,
  PACKET_COLUMNS,
  SEGMENT_COLUMNS,
  STREAM_COLUMNS,
  Table,
  type Packets,
  type Row,
  type Segments,
  type Streams,
} from "./table.ts";
import { type StackEntry, Trace, type WholePlace } from "./trace.ts";
import { SegmentTracker } from "./tracker.ts";

/** How much a trace may keep. */
export interface TraceLimits {
  /** Bytes of packets; later packets keep their row but no bytes. 1 GiB unless told. */
  readonly keepBytes?: number;
  /**
   * Packets; later ones are left out, and {@link TraceBuilder.isFull}. 16,777,216 unless told, which
   * take some 2 GB beside their bytes.
   */
  readonly maxPackets?: number;
  /** Bytes of what a file holds beside packets: comments, interfaces, calls. 256 MiB unless told. */
  readonly keepNotes?: number;
}

const DEFAULT_LIMITS: Required<TraceLimits> = {
  keepBytes: 2 ** 30,
  maxPackets: 2 ** 24,
  keepNotes: 2 ** 28,
};

/** Bytes that an object takes in memory beside its text: measured for calls, which are the largest. */
const NOTE_LEN = 400;
/** The same for a text. */
const NOTE_TEXT_LEN = 32;

/** Nanoseconds that a Float64 counts exactly. */
const EXACT_NS = 2 ** 53;

const NS = 1_000_000_000;

/** Hears of a segment and its row; `null` when it has none, as those that an ICMP error quotes. The record is reused. */
export type SegmentListener = (s: SegmentRecord, row: Row | null) => void;

/** See the module. One builder makes one trace. */
export class TraceBuilder implements CaptureSink {
  readonly #packets: Packets = new Table(PACKET_COLUMNS);
  readonly #segments: Segments = new Table(SEGMENT_COLUMNS);
  readonly #streams: Streams = new Table(STREAM_COLUMNS);
  /** Every packet so far has been captured whole. */
  #isWhole = true;
  /** Every segment so far has the row of its packet. */
  #isAligned = true;
  /** Columns of packets that others are borrowed from. */
  #lent: Columns<typeof PACKET_COLUMNS> | null = null;
  readonly #bytes: ByteStore;
  #file: FileBytes | null = null;
  readonly #place = { chunk: 0, at: 0 };
  #tracker: SegmentTracker | null;
  readonly #onSegment: SegmentListener | null;
  readonly #calls: CallEvent[] = [];
  readonly #decisions: DecisionEvent[] = [];
  readonly #samples: SampleEvent[] = [];
  readonly #stackEntries: StackEntry[] = [];
  #clock: ClockEvent | null = null;
  readonly #interfaces: CaptureInterface[] = [];
  readonly #stats = new Map<number, CaptureStats>();
  readonly #warnings: CaptureWarning[] = [];
  readonly #comments = new Map<number, readonly string[]>();
  readonly #wholes = new Map<Row, WholePlace>();
  #epochSec = 0;
  #epochNsec = 0;
  readonly #maxPackets: number;
  /** Bytes that notes may still take. */
  #notesLeft: number;
  /** What was said already, so that it is said once. */
  readonly #said = new Set<string>();

  /** @param onSegment Hears of each segment when it has its row. */
  constructor(limits: TraceLimits = {}, onSegment: SegmentListener | null = null) {
    this.#onSegment = onSegment;
    const tracker = new SegmentTracker({ onSegment: (s) => this.#take(s, tracker.flows) });
    this.#tracker = tracker;
    const { keepBytes, maxPackets, keepNotes } = { ...DEFAULT_LIMITS, ...limits };
    this.#bytes = new ByteStore(keepBytes);
    this.#maxPackets = maxPackets;
    this.#notesLeft = keepNotes;
  }

  /** Packets have been left out: reading on is of no use. */
  get isFull(): boolean {
    return this.#said.has(FULL);
  }

  /** Makes room for so many packets and streams altogether: tables that grow are held twice for a while. */
  expect(packets: number, streams: number = 0): void {
    const more = Math.min(packets, this.#maxPackets) - this.#packets.length;
    if (more <= 0) return;
    this.#packets.reserve(more);
    this.#lend();
    this.#segments.reserve(more);
    this.#streams.reserve(Math.max(0, streams - this.#streams.length));
  }

  /**
   * Packets' bytes are not kept but read again, by their offsets, when they are asked for: they come from
   * one file, not compressed. To be said before the first packet.
   */
  readAgainBy(read: ReadAgain): void {
    this.#file = new FileBytes(read);
  }

  /** There are no more packets: gives up what only following them took. */
  end(): void {
    this.#tracker = null;
  }

  /** @throws when there were to be no more. */
  onPacket(p: PacketRecord): void {
    const tracker = this.#tracker;
    if (tracker === null) throw new Error("Cannot add a packet: the trace has ended");
    if (this.#packets.length === this.#maxPackets) {
      this.#warn(p, FULL);
      return;
    }
    let columns = this.#packets.reserve(1);
    if (columns !== this.#lent) columns = this.#lend();
    const row = this.#packets.length;
    columns.time[row] = this.#timeOf(p);
    columns.frame[row] = p.frame;
    // Pages of zeros that are not written to take no memory.
    if (p.iface !== 0) columns.iface[row] = p.iface;
    columns.linkType[row] = p.linkType;
    if (p.flags !== 0) columns.flags[row] = p.flags;
    if (p.gsoSize !== 0) columns.gsoSize[row] = p.gsoSize;
    columns.origLen[row] = p.origLen;
    columns.offset[row] = p.offset;
    columns.segment[row] = NO_ROW;
    columns.headLen[row] = p.headLen;
    const capLen = this.#keep(p, row) ? p.capLen : 0;
    if (capLen !== p.origLen && this.#isWhole) columns = this.#cut();
    columns.capLen[row] = capLen;
    if (p.comments.length > 0 && this.#mayNote(p.comments, p)) {
      this.#comments.set(row, p.comments.slice());
    }
    this.#packets.length++;
    tracker.onPacket(p);
  }

  /**
   * Columns that say the same are one, as long as they do: where every packet is a segment that was captured whole,
   * that is a sixth of all.
   */
  #lend(): Columns<typeof PACKET_COLUMNS> {
    const [packets, segments] = [this.#packets, this.#segments];
    if (this.#isWhole) packets.borrow("capLen", packets.columns.origLen);
    if (this.#isAligned) {
      segments.borrow("time", packets.columns.time);
      segments.borrow("packet", packets.columns.segment);
    }
    return (this.#lent = packets.columns);
  }

  /** The first packet that was not captured whole. */
  #cut(): Columns<typeof PACKET_COLUMNS> {
    this.#isWhole = false;
    this.#packets.own("capLen");
    return (this.#lent = this.#packets.columns);
  }

  /** The first segment behind a packet without one. */
  #part(): Columns<typeof SEGMENT_COLUMNS> {
    this.#isAligned = false;
    this.#segments.own("time");
    this.#segments.own("packet");
    return this.#segments.columns;
  }

  /** Finds a place for its bytes; false when there is none. */
  #keep(p: PacketRecord, row: Row): boolean {
    if (this.#file !== null) {
      this.#file.note(p.capLen);
      return true;
    }
    const isKept = this.#bytes.add(p.view, p.at, p.capLen, this.#place);
    if (!isKept) this.#warn(p, NO_BYTES_LEFT);
    const { chunk, at } = this.#packets.columns;
    chunk[row] = this.#place.chunk;
    at[row] = this.#place.at;
    return isKept;
  }

  onInterface(iface: CaptureInterface, index: number): void {
    const { name, description, filter, os } = iface;
    if (this.#mayNote([name, description, filter, os])) this.#interfaces[index] = iface;
  }

  onEvents(events: readonly RecordedEvent[]): void {
    for (const e of events) this.#onEvent(e);
  }

  #onEvent(e: RecordedEvent): void {
    switch (e.kind) {
      case "clock":
        this.#clock = e;
        return;
      case "call":
        if (this.#mayNote([e.local, e.remote, e.error])) this.#calls.push(e);
        return;
      case "decision":
        if (!this.#mayNote([e.local, e.remote, e.why])) return;
        this.#decisions.push(e);
        break;
      case "sample":
        if (!this.#mayNote([e.local, e.remote])) return;
        this.#samples.push(e);
        break;
    }
    this.#stackEntries.push({ row: this.#packets.length, event: e });
  }

  onStats(stats: CaptureStats): void {
    if (this.#stats.has(stats.iface) || this.#mayNote([])) this.#stats.set(stats.iface, stats);
  }

  onWarning(warning: CaptureWarning): void {
    this.#warnings.push(warning);
  }

  /**
   * The trace as it is now. More may be added and the trace be made again: the tables are the same ones
   * and grow, what a trace has grouped or sorted stays as it was.
   */
  build(): Trace {
    const calls = this.#calls.toSorted((a, b) => a.id - b.id);
    // Without a packet time 0 is the first call.
    const epoch =
      this.#packets.length > 0
        ? BigInt(this.#epochSec) * BigInt(NS) + BigInt(this.#epochNsec)
        : (calls[0]?.begin ?? 0n);
    return new Trace({
      epoch,
      packets: this.#packets,
      segments: this.#segments,
      streams: this.#streams,
      bytes: this.#bytes,
      file: this.#file,
      wholes: this.#wholes,
      calls,
      decisions: this.#decisions,
      samples: this.#samples,
      stackEntries: this.#stackEntries,
      clock: this.#clock,
      interfaces: this.#interfaces,
      stats: [...this.#stats.values()],
      warnings: this.#warnings,
      comments: this.#comments,
    });
  }

  #take(s: SegmentRecord, flows: FlowTable): void {
    if (s.isNewStream) this.#addStream(s, flows);
    // What an ICMP error quotes was sent before: it is no event of the connection.
    const row = s.path.isQuoted ? null : this.#addSegment(s);
    this.#onSegment?.(s, row);
  }

  #addSegment(s: SegmentRecord): Row {
    let c = this.#segments.reserve(1);
    const row = this.#segments.length;
    const packet = this.#packets.length - 1;
    if (row !== packet && this.#isAligned) c = this.#part();
    this.#segments.length++;
    this.#packets.columns.segment[packet] = row;
    c.time[row] = this.#packets.columns.time[packet]!;
    c.packet[row] = packet;
    c.stream[row] = s.stream;
    c.dir[row] = s.dir;
    c.seq[row] = s.seq;
    c.ack[row] = s.ack;
    c.relSeq[row] = s.relSeq;
    c.relAck[row] = s.relAck;
    c.flags[row] = s.tcpFlags;
    c.window[row] = s.window;
    c.windowSize[row] = s.windowSize;
    c.headerLen[row] = s.headerLen;
    c.payloadLen[row] = s.payloadLen;
    const isWhole = s.view !== s.packet.view;
    if (isWhole) this.#keepWhole(row, s);
    c.ipAt[row] = s.path.ipAt - (isWhole ? 0 : s.packet.at);
    c.tcpAt[row] = s.path.tcpAt - (isWhole ? 0 : s.packet.at);
    return row;
  }

  #addStream(s: SegmentRecord, flows: FlowTable): void {
    const c = this.#streams.reserve(1);
    const row = this.#streams.length++;
    const slot = s.flow >>> 1;
    const client = (s.flow & 1) === s.dir ? 0 : 1;
    const server = client === 0 ? 1 : 0;
    c.version[row] = flows.version(slot);
    c.clientPort[row] = flows.port(slot, client);
    c.serverPort[row] = flows.port(slot, server);
    c.client0[row] = flows.address(slot, client, 0);
    c.server0[row] = flows.address(slot, server, 0);
    if (flows.version(slot) === 4) return;
    c.client1[row] = flows.address(slot, client, 1);
    c.client2[row] = flows.address(slot, client, 2);
    c.client3[row] = flows.address(slot, client, 3);
    c.server1[row] = flows.address(slot, server, 1);
    c.server2[row] = flows.address(slot, server, 2);
    c.server3[row] = flows.address(slot, server, 3);
  }

  /** The packet that fragments were put together to. */
  #keepWhole(row: Row, s: SegmentRecord): void {
    const place = { chunk: 0, at: 0 };
    const length = s.view.byteLength;
    if (this.#bytes.add(s.view, 0, length, place)) this.#wholes.set(row, { ...place, length });
    else {
      this.#wholes.set(row, { ...place, length: 0 });
      this.#warn(s.packet, NO_BYTES_LEFT);
    }
  }

  #timeOf(p: PacketRecord): number {
    if (this.#packets.length === 0) {
      this.#epochSec = p.sec;
      this.#epochNsec = p.nsec;
    }
    const time = (p.sec - this.#epochSec) * NS + (p.nsec - this.#epochNsec);
    if (Math.abs(time) > EXACT_NS) this.#warn(p, INEXACT);
    return time;
  }

  /** Whether there is room for an object with these texts; the room is taken then. */
  #mayNote(texts: readonly (string | null)[], p?: PacketRecord): boolean {
    let len = NOTE_LEN;
    for (const text of texts) len += text === null ? 0 : NOTE_TEXT_LEN + 2 * text.length;
    if (len > this.#notesLeft) {
      this.#warn(p ?? this.#lastPlace(), NO_NOTES_LEFT);
      return false;
    }
    this.#notesLeft -= len;
    return true;
  }

  #lastPlace(): Pick<PacketRecord, "offset" | "frame"> {
    const last = this.#packets.length - 1;
    const { offset, frame } = this.#packets.columns;
    return last < 0 ? { offset: 0, frame: 0 } : { offset: offset[last]!, frame: frame[last]! };
  }

  #warn({ offset, frame }: Pick<PacketRecord, "offset" | "frame">, message: string): void {
    if (this.#said.has(message)) return;
    this.#said.add(message);
    this.#warnings.push({ offset, frame, message, fatal: false });
  }
}

const FULL = "more packets than are kept in memory: those from here on are left out";
const NO_BYTES_LEFT = "more packet bytes than are kept in memory: later packets show no bytes";
const NO_NOTES_LEFT =
  "more comments, interfaces and calls than are kept in memory: later ones are left out";
const INEXACT = "time is more than 104 days from the first packet's: not exact to 1 ns";
