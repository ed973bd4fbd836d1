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
import { LinkType } from "../wire/linktype.ts";
import { sflowSamples } from "../wire/way/sflow.ts";
import { findTcp, newPacketPath, type PacketPath } from "../wire/path.ts";
import { hasOnlyTimestamps, isPlainHeader } from "../wire/tcp-plain-options.ts";
import { Flag, TCP_MIN_HEADER_LEN } from "../wire/tcp.ts";
import { OPTION_CUT, OptionKind, windowShift } from "../wire/tcp-option.ts";
import { readableOptionLen } from "../wire/tcp-option-need.ts";
import { FlowTable, LAST_FRAME, SEGMENTS, SLOT, State, STATE } from "./flows.ts";
import { decompressed } from "./ip-comp.ts";
import { Reassembler } from "./reassembly.ts";
import { SCALE_UNKNOWN, SCALE_UNUSED, type SegmentRecord, type SegmentSink } from "./segment.ts";
import { TrackedSegment } from "./tracked-segment.ts";

/** Fragmented packets in fragments of packets that are put together for one frame. */
const MAX_NESTED = 8;

/** Connections remembered at once: a gigabyte of memory. Segments of further ones are handed over as other packets. */
const MAX_STREAMS = 2 ** 24;

/** Flags in the word with the window that a plain segment has not; it has ACK. */
const NOT_PLAIN = (Flag.SYN | Flag.FIN | Flag.RST | Flag.URG | Flag.ACK) << 16;

/** What a {@link SegmentTracker} may keep. */
export interface TrackerLimits {
  /** Connections remembered at once; {@link MAX_STREAMS} unless told. */
  readonly maxStreams?: number;
  /** Connections from which on closed ones are forgotten; see {@link FlowTable}. */
  readonly forgetFrom?: number;
}

/** See the module. */
export class SegmentTracker implements CaptureSink {
  readonly flows: FlowTable;
  readonly #sink: SegmentSink;
  readonly #path: PacketPath = newPacketPath();
  readonly #s: TrackedSegment;
  readonly #reassembler = new Reassembler();

  readonly #passesPlain: boolean;
  readonly #maxStreams: number;
  #isFull = false;

  constructor(sink: SegmentSink, limits: TrackerLimits = {}) {
    this.#sink = sink;
    this.#passesPlain = sink.onPlain !== undefined;
    this.#maxStreams = limits.maxStreams ?? MAX_STREAMS;
    this.flows = new FlowTable(limits.forgetFrom);
    this.#s = new TrackedSegment(this.#path, this.flows);
  }

  /** Streams numbered so far. */
  get streams(): number {
    return this.flows.streams;
  }

  onPacket(p: PacketRecord): void {
    const path = this.#path;
    if (findTcp(p.view, p.at, p.capLen, p.origLen, p.linkType, path)) this.#take(p, p.view);
    else if (path.why === "samples") this.#takeSamples(p);
    else if (path.partAt >= 0) this.#putTogether(p);
    else this.#sink.onOther?.(p, path);
  }

  /** A fragment: what it completes counts as one packet, in this frame. */
  #putTogether(p: PacketRecord): void {
    const path = this.#path;
    let view: DataView | null = p.view;
    for (let depth = 0; depth < MAX_NESTED; depth++) {
      const { isQuoted } = path;
      view =
        path.why === "compressed" ? decompressed(view, path) : this.#reassembler.add(view, path);
      if (view === null) break;
      const length = view.byteLength;
      const isFound = findTcp(view, 0, length, length, LinkType.RAW, path);
      path.isQuoted ||= isQuoted;
      if (isFound) return this.#take(p, view);
      if (path.partAt < 0) break;
    }
    this.#sink.onOther?.(p, path);
  }

  /** The frames that packet `p` tells of: as little is known of their segments as of those that ICMP quotes. */
  #takeSamples(p: PacketRecord): void {
    const path = this.#path;
    let found = 0;
    for (const sample of sflowSamples(p.view, path.partAt, path.partEnd)) {
      const { at, capLen, origLen, linkType } = sample;
      if (!findTcp(p.view, at, capLen, origLen, linkType, path)) continue;
      path.isQuoted = path.isSample = true;
      this.#take(p, p.view);
      found++;
    }
    if (found === 0) this.#sink.onOther?.(p, path);
    else this.#sink.onSamples?.(p);
  }

  /** The segment in packet `p`, at `path` in `view`. */
  #take(p: PacketRecord, view: DataView): void {
    const path = this.#path;
    if (path.ipVersion === 0) {
      this.#sink.onOther?.(p, path);
      return;
    }
    const slot = this.flows.find(view, path.ipVersion, path.ipAt, path.dstAt, path.tcpAt);
    if (slot !== -1 && this.#passesPlain && this.#takePlain(p, view, slot)) return;
    const s = this.#s;
    s.read(p, view);
    if (slot === -1 ? !this.#open() : !this.#continue(slot)) {
      this.#warnFull(p);
      this.#sink.onOther?.(p, path);
      return;
    }
    s.count();
    this.#sink.onSegment(s);
    if (s.headerLen > TCP_MIN_HEADER_LEN || (s.tcpFlags & Flag.SYN) !== 0) {
      this.#noteScale(view, path);
    }
  }

  /** Offers a plain segment of the connection in `slot` to the sink. */
  #takePlain(p: PacketRecord, view: DataView, slot: number): boolean {
    const { flows } = this;
    const { tcpAt, tcpEnd, tcpLen, isQuoted, isPart } = this.#path;
    // Data offset, flags and window are one word of the header.
    const control = view.getInt32(tcpAt + 12);
    if ((control & NOT_PLAIN) !== Flag.ACK << 16 || isQuoted || isPart) return false;
    const headerLen = (control >>> 28) << 2;
    const len = tcpLen - headerLen;
    if (len < 0 || !isPlainHeader(view, tcpAt, headerLen, tcpEnd)) return false;
    const { words } = flows;
    const at = slot * SLOT;
    if ((words[at + STATE]! & State.BOTH_BASES) !== State.BOTH_BASES || flows.isSelf) return false;
    const isTaken = this.#sink.onPlain!(
      p,
      slot * 2 + (flows.isSwapped ? 1 : 0),
      view.getInt32(tcpAt + 4),
      view.getInt32(tcpAt + 8),
      len,
      control & 0xffff,
      (control >>> 16) & 0xff,
      words,
    );
    if (!isTaken) return false;
    words[at + SEGMENTS] = words[at + SEGMENTS]! + 1;
    words[at + LAST_FRAME] = p.frame;
    return true;
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

  /** A connection between endpoints that were not seen before; false when it would be one too many. */
  #open(): boolean {
    const { flows } = this;
    if (flows.used >= this.#maxStreams) return false;
    this.#s.seat(flows.add());
    this.#begin();
    return true;
  }

  /** The next segment between known endpoints. */
  #continue(slot: number): boolean {
    const s = this.#s;
    s.seat(slot);
    if ((s.tcpFlags & Flag.SYN) !== 0) this.#continueWithSyn(slot);
    return true;
  }

  /** A SYN with another number is a new connection; a SYN-ACK with another is said to be one, too. */
  #continueWithSyn(slot: number): void {
    const s = this.#s;
    if (!s.isBaseKnown) return;
    const isChanged = s.base !== s.seq;
    const isAck = (s.tcpFlags & Flag.ACK) !== 0;
    s.isSynAgain = !isChanged && !isAck;
    s.isReusedPorts = isChanged;
    if (!isChanged) return;
    if (isAck) s.base = s.seq;
    else {
      s.replacedStream = s.stream;
      this.flows.begin(slot);
      this.#begin();
    }
  }

  #begin(): void {
    const s = this.#s;
    s.isNewStream = true;
    s.clientSide = clientSideOf(s, s.side);
  }

  #warnFull({ offset, frame }: PacketRecord): void {
    if (this.#isFull) return;
    this.#isFull = true;
    const message = `more than ${this.#maxStreams} connections: those that begin from here on are not told apart`;
    this.#sink.onWarning?.({ offset, frame, message, fatal: false });
  }

  /** RFC 7323 §2.2: windows are scaled when both SYNs carry the option. */
  #noteScale(v: DataView, path: PacketPath): void {
    const s = this.#s;
    const headerEnd = path.tcpAt + s.headerLen;
    const isCut = path.tcpEnd - path.tcpAt < TCP_MIN_HEADER_LEN;
    if (s.headerLen < TCP_MIN_HEADER_LEN || isCut) return;
    const isSyn = (s.tcpFlags & Flag.SYN) !== 0;
    if (!isSyn && hasOnlyTimestamps(v, path.tcpAt, s.headerLen, path.tcpEnd)) return;
    let length = 1;
    for (let at = path.tcpAt + TCP_MIN_HEADER_LEN; length > 0; at += length) {
      length = readableOptionLen(v, at, headerEnd, path.tcpEnd, s.relAck);
      if (length === 3 && v.getUint8(at) === OptionKind.WINDOW_SCALE) {
        s.scale = windowShift(v.getUint8(at + 2));
      }
    }
    if (!isSyn || length === OPTION_CUT) return;
    if (s.scale === SCALE_UNKNOWN) s.scale = s.reverseScale = SCALE_UNUSED;
    else if ((s.tcpFlags & Flag.ACK) !== 0 && s.reverseScale === SCALE_UNUSED) {
      s.scale = SCALE_UNUSED;
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
