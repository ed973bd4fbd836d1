/**
 * Finds the TCP segments in packets and numbers them: stream, direction,
 * relative sequence numbers, window scale, all as Wireshark shows them with
 * its default preferences.
 *
 * ```ts
 * const tracker = new SegmentTracker({ onSegment: (s) => print(s.stream, s.relSeq, s.payloadLen) });
 * reader.read(bytes, tracker);
 * ```
 *
 * Streaming: nothing of a packet is kept but unfinished fragments
 * ({@link Reassembler}), memory follows the number of streams ({@link FlowTable}).
 *
 * @module
 */
import type { RecordedEvent } from "../pcap/event.ts";
import type {
  CaptureInterface,
  CaptureSink,
  CaptureStats,
  CaptureWarning,
  PacketRecord,
} from "../pcap/sink.ts";
import { emptyPacket } from "../pcap/sink.ts";
import { LinkType } from "../wire/linktype.ts";
import { findTcp, newPacketPath, type PacketPath } from "../wire/path.ts";
import { seqAdd } from "../wire/seqnum.ts";
import {
  Flag,
  TCP_MIN_HEADER_LEN,
  tcpAck,
  tcpDstPort,
  tcpFlags,
  tcpHeaderLen,
  tcpSeq,
  tcpSrcPort,
  tcpWindow,
} from "../wire/tcp.ts";
import { OptionKind, tcpOptionLen, windowShift } from "../wire/tcp-option.ts";
import { FlowTable, SIDE_UNKNOWN } from "./flows.ts";
import { Reassembler } from "./reassembly.ts";
import { SCALE_UNKNOWN, SCALE_UNUSED, type SegmentRecord, type SegmentSink } from "./segment.ts";

/** Bytes of a TCP header up to and with the window: with fewer there is no segment. */
const LEAST_HEADER = 16;

/** Fragmented packets in fragments of packets that are put together for one frame. */
const MAX_NESTED = 8;

const SYN_ACK = Flag.SYN | Flag.ACK;

/** Streams told apart: a gigabyte of memory. Segments of further ones are handed over as other packets. */
const MAX_STREAMS = 2 ** 24;

/** What a {@link SegmentTracker} may keep. */
export interface TrackerLimits {
  /** Streams; {@link MAX_STREAMS} unless told. */
  readonly maxStreams?: number;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** See the module. */
export class SegmentTracker implements CaptureSink {
  readonly flows: FlowTable = new FlowTable();
  readonly #sink: SegmentSink;
  readonly #path: PacketPath = newPacketPath();
  readonly #s: Mutable<SegmentRecord>;
  readonly #reassembler = new Reassembler();

  readonly #maxStreams: number;
  #isFull = false;

  constructor(sink: SegmentSink, limits: TrackerLimits = {}) {
    this.#sink = sink;
    this.#maxStreams = limits.maxStreams ?? MAX_STREAMS;
    this.#s = emptyRecord(this.#path);
  }

  /** Streams numbered so far. */
  get streams(): number {
    return this.flows.length;
  }

  onPacket(p: PacketRecord): void {
    const path = this.#path;
    if (findTcp(p.view, p.at, p.capLen, p.origLen, p.linkType, path)) this.#take(p, p.view);
    else if (path.partAt >= 0) this.#putTogether(p);
    else this.#sink.onOther?.(p, path);
  }

  /** A fragment: what it completes counts as one packet, in this frame. */
  #putTogether(p: PacketRecord): void {
    const path = this.#path;
    let view: DataView | null = p.view;
    for (let depth = 0; depth < MAX_NESTED; depth++) {
      const { isQuoted } = path;
      view = this.#reassembler.add(view, path);
      if (view === null) break;
      const length = view.byteLength;
      const isFound = findTcp(view, 0, length, length, LinkType.RAW, path);
      path.isQuoted ||= isQuoted;
      if (isFound) return this.#take(p, view);
      if (path.partAt < 0) break;
    }
    this.#sink.onOther?.(p, path);
  }

  /** The segment in packet `p`, at `path` in `view`. */
  #take(p: PacketRecord, view: DataView): void {
    const path = this.#path;
    if (path.tcpEnd - path.tcpAt < LEAST_HEADER || path.ipVersion === 0) {
      this.#sink.onOther?.(p, path);
      return;
    }
    const s = this.#s;
    s.packet = p;
    s.view = view;
    this.#readHeader(view, path);
    if (!this.#findStream(view, path, path.ipVersion)) {
      this.#warnFull(p);
      this.#sink.onOther?.(p, path);
      return;
    }
    this.#number();
    this.#sink.onSegment(s);
    if (s.headerLen >= TCP_MIN_HEADER_LEN) this.#noteScale(view, path);
  }

  onInterface(iface: CaptureInterface, index: number): void {
    this.#sink.onInterface?.(iface, index);
  }

  onEvents(events: readonly RecordedEvent[]): void {
    this.#sink.onEvents?.(events);
  }

  onStats(stats: CaptureStats): void {
    this.#sink.onStats?.(stats);
  }

  onWarning(warning: CaptureWarning): void {
    this.#sink.onWarning?.(warning);
  }

  #readHeader(v: DataView, path: PacketPath): void {
    const s = this.#s;
    const at = path.tcpAt;
    s.srcPort = tcpSrcPort(v, at);
    s.dstPort = tcpDstPort(v, at);
    s.seq = tcpSeq(v, at);
    s.ack = tcpAck(v, at);
    s.tcpFlags = tcpFlags(v, at);
    s.window = tcpWindow(v, at);
    s.headerLen = tcpHeaderLen(v, at);
    s.isLenKnown = path.tcpLen >= s.headerLen && !path.isQuoted && !path.isPart;
    s.payloadLen = s.isLenKnown ? path.tcpLen - s.headerLen : 0;
    s.payloadAt = Math.min(at + s.headerLen, path.tcpEnd);
    s.payloadCaptured = Math.min(path.tcpEnd - s.payloadAt, s.payloadLen);
  }

  /** False when it would be a stream too many. */
  #findStream(v: DataView, path: PacketPath, version: 4 | 6): boolean {
    const { flows } = this;
    const s = this.#s;
    let stream = flows.find(v, version, path.ipAt, path.dstAt, path.tcpAt);
    const side = flows.isSwapped ? 1 : 0;
    s.isReusedPorts = false;
    s.replacedStream = -1;
    s.isNewStream = stream === -1;
    const mayAdd = flows.length < this.#maxStreams;
    if (stream === -1) {
      if (!mayAdd) return false;
      stream = flows.add(-1);
    }
    const flow = stream * 2 + side;
    const isKnown = flows.baseKnown[flow] === 1;
    const changed = isKnown && flows.base[flow] !== s.seq;
    s.isSynAgain = isKnown && !changed && (s.tcpFlags & SYN_ACK) === Flag.SYN;
    if (changed && (s.tcpFlags & SYN_ACK) === Flag.SYN) {
      if (!mayAdd) return false;
      s.replacedStream = stream;
      stream = flows.add(stream);
      s.isNewStream = s.isReusedPorts = true;
    } else if (changed && (s.tcpFlags & SYN_ACK) === SYN_ACK) {
      flows.base[flow] = s.seq;
      s.isReusedPorts = true;
    }
    s.stream = stream;
    s.flow = stream * 2 + side;
    s.reverseFlow = flows.isSelf ? s.flow : s.flow ^ 1;
    s.streamFrame = flows.segments[stream] = flows.segments[stream]! + 1;
    if (flows.client[stream] === SIDE_UNKNOWN) flows.client[stream] = clientSideOf(s, side);
    s.dir = flows.client[stream] === side ? 0 : 1;
    return true;
  }

  #warnFull({ offset, frame }: PacketRecord): void {
    if (this.#isFull) return;
    this.#isFull = true;
    const message = `more than ${this.#maxStreams} connections: those that begin from here on are not told apart`;
    this.#sink.onWarning?.({ offset, frame, message, fatal: false });
  }

  /** Relative numbers and the window, from the state before this segment's own options. */
  #number(): void {
    const { base, baseKnown, scale } = this.flows;
    const s = this.#s;
    const hasAck = (s.tcpFlags & Flag.ACK) !== 0;
    const isSyn = (s.tcpFlags & Flag.SYN) !== 0;
    if (s.isLenKnown) {
      if (baseKnown[s.flow] === 0) {
        base[s.flow] = isSyn ? s.seq : s.seq - 1;
        baseKnown[s.flow] = 1;
      }
      if (hasAck && baseKnown[s.reverseFlow] === 0) {
        base[s.reverseFlow] = s.ack - 1;
        baseKnown[s.reverseFlow] = 1;
      }
    }
    s.ackBase = base[s.reverseFlow]!;
    s.relSeq = s.isLenKnown ? seqAdd(s.seq, -base[s.flow]!) : s.seq;
    s.relAck = hasAck && s.isLenKnown ? seqAdd(s.ack, -s.ackBase) : s.ack;
    s.scale = scale[s.flow]!;
    s.reverseScale = scale[s.reverseFlow]!;
    // At most 16 bits shifted by 14 (RFC 7323 §2.3).
    const isScaled = s.isLenKnown && !isSyn && s.scale >= 0;
    s.windowSize = isScaled ? s.window << s.scale : s.window;
  }

  /** RFC 7323 §2.2: windows are scaled when both SYNs carry the option. */
  #noteScale(v: DataView, path: PacketPath): void {
    const s = this.#s;
    if (s.headerLen === TCP_MIN_HEADER_LEN && (s.tcpFlags & Flag.SYN) === 0) return;
    const { scale } = this.flows;
    const headerEnd = path.tcpAt + s.headerLen;
    const shift = windowScale(v, path.tcpAt, headerEnd, path.tcpEnd);
    if (shift !== null) scale[s.flow] = windowShift(shift);
    const isCut = headerEnd > path.tcpEnd;
    if ((s.tcpFlags & Flag.SYN) === 0 || isCut) return;
    if (scale[s.flow] === SCALE_UNKNOWN) scale[s.flow] = scale[s.reverseFlow] = SCALE_UNUSED;
    else if ((s.tcpFlags & Flag.ACK) !== 0 && scale[s.reverseFlow] === SCALE_UNUSED) {
      scale[s.flow] = SCALE_UNUSED;
    }
  }
}

/**
 * Which side of a stream is the client, from its first segment `s`, sent by
 * `side`:
 *
 *  1. a SYN comes from the client, a SYN-ACK goes to it;
 *  2. without a handshake, the end on a port below 1024, else below the
 *     ephemeral ports (32768), is the server when the other one is not;
 *  3. else who was seen sending first is the client.
 *
 * The answer stays for the whole stream.
 */
export function clientSideOf(s: SegmentRecord, side: 0 | 1): 0 | 1 {
  const other = side === 0 ? 1 : 0;
  if (s.flow === s.reverseFlow) return side;
  if ((s.tcpFlags & Flag.SYN) !== 0) return (s.tcpFlags & Flag.ACK) === 0 ? side : other;
  for (const limit of [1024, 32_768]) {
    if (s.srcPort < limit !== s.dstPort < limit) return s.srcPort < limit ? other : side;
  }
  return side;
}

/** Shift of the last window scale option (RFC 7323 §2.2) in the header at `at`, or `null`. */
function windowScale(v: DataView, at: number, headerEnd: number, end: number): number | null {
  let shift: number | null = null;
  for (let o = at + TCP_MIN_HEADER_LEN, len; ; o += len) {
    len = tcpOptionLen(v, o, headerEnd, end);
    if (len <= 0) return shift;
    if (len === 3 && v.getUint8(o) === OptionKind.WINDOW_SCALE) shift = v.getUint8(o + 2);
  }
}

function emptyRecord(path: PacketPath): Mutable<SegmentRecord> {
  const packet = emptyPacket();
  return {
    packet,
    path,
    view: packet.view,
    stream: 0,
    isNewStream: false,
    isReusedPorts: false,
    replacedStream: -1,
    streamFrame: 0,
    flow: 0,
    reverseFlow: 1,
    dir: 0,
    srcPort: 0,
    dstPort: 0,
    seq: 0,
    ack: 0,
    tcpFlags: 0,
    window: 0,
    headerLen: 0,
    isLenKnown: false,
    payloadLen: 0,
    payloadAt: 0,
    payloadCaptured: 0,
    isSynAgain: false,
    ackBase: 0,
    relSeq: 0,
    relAck: 0,
    scale: SCALE_UNKNOWN,
    reverseScale: SCALE_UNKNOWN,
    windowSize: 0,
  };
}
