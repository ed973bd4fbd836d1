/**
 * Frames as display filters see them, put together from the columns of a recording: without its bytes,
 * and without the analysis passing again. That knows enough for {@link isInColumns some fields}, which are most of
 * those that people filter by, and takes a tenth of the time.
 *
 * @module
 */
import type { Frame } from "../../analysis/fields/frame.ts";
import { findField } from "../../analysis/fields/registry.ts";
import { type MutableVerdicts, newVerdicts } from "../../analysis/verdicts/result.ts";
import { VERDICTS } from "../../analysis/verdicts/verdict.ts";
import { emptyPacket } from "../../pcap/sink.ts";
import type { SegmentRecord } from "../../trace/segment.ts";
import { NO_ROW, type Row } from "../../trace/table.ts";
import type { Trace } from "../../trace/trace.ts";
import { type Layer, layersOf } from "../../wire/layers.ts";
import { LinkType } from "../../wire/linktype.ts";
import type { Recording } from "./recording.ts";
import { Replay } from "./replay.ts";

const IP = ["ip.src", "ip.dst", "ip.addr", "ipv6.src", "ipv6.dst", "ipv6.addr"];

const FRAME = "number len cap_len time_relative time_delta time_epoch".split(" ");
const TCP = "stream len seq seq_raw nxtseq ack ack_raw hdr_len srcport dstport port".split(" ");
const FLAGS = "cwr ece urg ack push reset syn fin".split(" ");
const ANALYSIS = ["flags", "duplicate_ack_frame", "acks_frame", "ack_rtt", "bytes_in_flight"];

const NAMES: ReadonlySet<string> = new Set([
  ...IP,
  ...FRAME.map((name) => `frame.${name}`),
  ...TCP.map((name) => `tcp.${name}`),
  ...FLAGS.map((name) => `tcp.flags.${name}`),
  "tcp.window_size",
  "tcp.window_size_value",
  ...["syn", "synack", "fin", "rst"].map((name) => `tcp.connection.${name}`),
  ...[...ANALYSIS, ...VERDICTS].map((name) => `tcp.analysis.${name}`),
]);

/** Whether all fields of a filter are among them; `words` are those of the filter, fields or not. */
export function isInColumns(words: readonly string[]): boolean {
  return words.every((word) => findField(word) === null || NAMES.has(word));
}

/** Where headers stand in a frame that is put together: IP, then TCP. */
const IP_AT = 0;
const TCP_AT = 40;
const LEN = 60;

/** Behind an Ethernet header. */
const ETHERNET_LEN = 14;

const NO_LAYERS: readonly Layer[] = [];

/** One frame, moved from packet to packet. Rows whose segment has no row are to be no segment at all. */
export class ColumnFrame implements Frame {
  packet = emptyPacket();
  segment: SegmentRecord | null = null;
  verdicts: MutableVerdicts | null = null;
  readonly causes = null;
  readonly stack = null;
  readonly samples: readonly Frame[] = [];
  layers: readonly Layer[] = NO_LAYERS;
  relativeNs = 0n;
  deltaNs = 0n;
  readonly streamRelativeNs = 0n;
  readonly streamDeltaNs = 0n;
  readonly #recording: Recording;
  readonly #trace: Trace;
  readonly #needsLayers: boolean;
  readonly #view = new DataView(new ArrayBuffer(LEN));
  readonly #own = emptyPacket();
  readonly #segment = newSegment(this.#view);
  readonly #verdicts = newVerdicts();
  readonly #replay: Replay;

  /** @param words Of the filter: what they do not name is not looked up. */
  constructor(recording: Recording, words: readonly string[]) {
    this.#recording = recording;
    this.#trace = recording.trace;
    this.#replay = new Replay(this.#trace);
    this.#needsLayers = words.some((word) => IP.includes(word));
    this.#own.view = this.#view;
    this.#verdicts.isShown = true;
  }

  get end(): number {
    const { view, at, capLen } = this.packet;
    return view === this.#view ? LEN : Math.min(at + capLen, view.byteLength);
  }

  get timeNs(): bigint {
    return this.#trace.epoch + this.relativeNs;
  }

  /** Becomes the frame in `row` of the packet table. */
  moveTo(row: Row): void {
    const { time, segment } = this.#trace.packets.columns;
    this.relativeNs = BigInt(time[row]!);
    this.deltaNs = row === 0 ? 0n : BigInt(time[row]! - time[row - 1]!);
    const at = segment[row]!;
    if (at === NO_ROW) this.#moveToOther(row);
    else this.#moveToSegment(row, at);
  }

  /** What is no segment is read from its bytes. */
  #moveToOther(row: Row): void {
    this.packet = this.#replay.packet(row);
    this.segment = this.verdicts = null;
    const { view, at, capLen, origLen, linkType } = this.packet;
    this.layers = layersOf(view, at, capLen, origLen, linkType);
  }

  #moveToSegment(row: Row, at: Row): void {
    const c = this.#trace.packets.columns;
    const packet = (this.packet = this.#own);
    packet.frame = c.frame[row]!;
    packet.capLen = c.capLen[row]!;
    packet.origLen = c.origLen[row]!;
    this.#setSegment(at);
    this.#setVerdicts(at);
    this.layers = this.#needsLayers ? this.#layersAt(row, at) : NO_LAYERS;
  }

  #setSegment(at: Row): void {
    const c = this.#trace.segments.columns;
    const s = (this.segment = this.#segment);
    const { clientPort, serverPort } = this.#trace.streamColumns;
    const stream = c.stream[at]!;
    const isClient = c.dir[at] === 0;
    s.stream = stream;
    s.tcpFlags = c.flags[at]!;
    s.headerLen = c.headerLen[at]!;
    s.seq = c.seq[at]!;
    s.ack = c.ack[at]!;
    s.relSeq = c.relSeq[at]!;
    s.relAck = c.relAck[at]!;
    s.payloadLen = c.payloadLen[at]!;
    s.window = c.window[at]!;
    s.windowSize = c.windowSize[at]!;
    const view = (s.view = this.#view);
    s.path.tcpAt = TCP_AT;
    view.setUint16(TCP_AT, (isClient ? clientPort : serverPort)[stream]!);
    view.setUint16(TCP_AT + 2, (isClient ? serverPort : clientPort)[stream]!);
    view.setUint8(TCP_AT + 13, s.tcpFlags);
  }

  #setVerdicts(at: Row): void {
    const c = this.#recording.verdicts.columns;
    const v = (this.verdicts = this.#verdicts);
    v.bits = c.verdicts[at]!;
    v.duplicateAckFrame = c.duplicateAckFrame[at]!;
    v.acksFrame = c.acksFrame[at]!;
    v.bytesInFlight = c.bytesInFlight[at]!;
    v.ackRttNs = v.acksFrame === 0 ? 0 : this.#recording.ackRttNs(at);
  }

  /** One IP header between Ethernet and TCP has the addresses of the stream; others are read. */
  #layersAt(row: Row, at: Row): readonly Layer[] {
    const trace = this.#trace;
    const { ipAt, tcpAt, stream, dir } = trace.segments.columns;
    const { linkType } = trace.packets.columns;
    const version = trace.streamColumns.version[stream[at]!] === 4 ? 4 : 6;
    const len = version === 4 ? 20 : 40;
    const isPlain =
      linkType[row] === LinkType.ETHERNET &&
      ipAt[at] === ETHERNET_LEN &&
      tcpAt[at] === ETHERNET_LEN + len;
    if (!isPlain) return this.#readLayers(row, at);
    const from = dir[at] === 0 ? 0 : 1;
    this.#setAddress(version, stream[at]!, from, version === 4 ? 12 : 8);
    this.#setAddress(version, stream[at]!, from === 0 ? 1 : 0, version === 4 ? 16 : 24);
    return version === 4 ? PLAIN_IP : PLAIN_IPV6;
  }

  #setAddress(version: 4 | 6, stream: number, end: 0 | 1, to: number): void {
    const c = this.#trace.streamColumns;
    const view = this.#view;
    view.setUint32(IP_AT + to, (end === 0 ? c.client0 : c.server0)[stream]!);
    if (version === 4) return;
    view.setUint32(IP_AT + to + 4, (end === 0 ? c.client1 : c.server1)[stream]!);
    view.setUint32(IP_AT + to + 8, (end === 0 ? c.client2 : c.server2)[stream]!);
    view.setUint32(IP_AT + to + 12, (end === 0 ? c.client3 : c.server3)[stream]!);
  }

  /** The real headers; the segment in a packet put together from fragments has a view of its own. */
  #readLayers(row: Row, segment: Row): readonly Layer[] {
    const trace = this.#trace;
    const { view, at, capLen, origLen, linkType } = (this.packet = this.#replay.packet(row));
    const found = trace.viewOfSegment(segment);
    const isWhole = found.view !== view || found.at !== at;
    const s = this.#segment;
    s.path.tcpAt = trace.segments.columns.tcpAt[segment]! + (isWhole ? 0 : at);
    s.view = isWhole ? part(found.view, found.at, found.end) : view;
    return layersOf(view, at, capLen, origLen, linkType);
  }
}

const part = (v: DataView, at: number, end: number): DataView =>
  new DataView(v.buffer, v.byteOffset + at, end - at);

/** Without options, so that nothing but the addresses is looked at. */
const plain = (kind: "ip" | "ipv6", len: number): readonly Layer[] => [
  { kind, at: IP_AT, len, number: -1, wireEnd: LEN, why: null },
];

const PLAIN_IP = plain("ip", 20);
const PLAIN_IPV6 = plain("ipv6", 40);

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

function newSegment(view: DataView): Mutable<SegmentRecord> {
  const path = { tcpAt: TCP_AT, tcpEnd: LEN, ipAt: IP_AT, isQuoted: false, isPart: false };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the fields in NAMES look at
  return { view, path, isLenKnown: true } as unknown as Mutable<SegmentRecord>;
}
