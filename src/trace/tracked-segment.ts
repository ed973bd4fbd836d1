/**
 * The one segment record of a tracker: what every analysis needs is read at
 * once, the rest when it is asked for.
 *
 * Sequence numbers are kept as signed words: what does not fit 31 bits would
 * be a boxed double in V8 (20 ns a segment).
 *
 * @module
 */
import { emptyPacket, type PacketRecord } from "../pcap/sink.ts";
import type { PacketPath } from "../wire/path.ts";
import type { SeqNum } from "../wire/seqnum.ts";
import { Flag, tcpDstPort, tcpFlags, tcpHeaderLen, tcpSrcPort, tcpWindow } from "../wire/tcp.ts";
import {
  BASE,
  type FlowTable,
  LAST_FRAME,
  SCALE,
  SEGMENTS,
  SLOT,
  State,
  STATE,
  STREAM,
} from "./flows.ts";
import type { SegmentRecord } from "./segment.ts";

/** See the module. The setters are the tracker's. */
export class TrackedSegment implements SegmentRecord {
  packet: PacketRecord = emptyPacket();
  view: DataView = this.packet.view;
  readonly path: PacketPath;
  isNewStream = false;
  isReusedPorts = false;
  replacedStream = -1;
  isSynAgain = false;
  flow = 0;
  reverseFlow = 1;
  /** 0 when the smaller endpoint sent it. */
  side: 0 | 1 = 0;
  tcpFlags = 0;
  window = 0;
  headerLen = 0;
  isLenKnown = false;
  payloadLen = 0;
  readonly #flows: FlowTable;
  /** First word of the slot. */
  #at = 0;
  #otherSide: 0 | 1 = 1;
  #seq = 0;
  #ack = 0;

  constructor(path: PacketPath, flows: FlowTable) {
    this.path = path;
    this.#flows = flows;
  }

  /** Takes in the packet `p` whose segment is at `path` in `view`. */
  read(p: PacketRecord, view: DataView): void {
    const { path } = this;
    const at = path.tcpAt;
    this.packet = p;
    this.view = view;
    this.isNewStream = this.isReusedPorts = this.isSynAgain = false;
    this.replacedStream = -1;
    this.#seq = view.getInt32(at + 4);
    this.#ack = view.getInt32(at + 8);
    this.tcpFlags = tcpFlags(view, at);
    this.window = tcpWindow(view, at);
    const headerLen = tcpHeaderLen(view, at);
    this.headerLen = headerLen;
    const isLenKnown = path.tcpLen >= headerLen && !path.isQuoted && !path.isPart;
    this.isLenKnown = isLenKnown;
    this.payloadLen = isLenKnown ? path.tcpLen - headerLen : 0;
  }

  /** Moves to the slot that the flow table found last. */
  seat(slot: number): void {
    const { isSwapped, isSelf } = this.#flows;
    const side = isSwapped ? 1 : 0;
    this.#at = slot * SLOT;
    this.side = side;
    // Wireshark keeps the receiver's numbers apart even where a socket is connected to itself.
    this.#otherSide = isSwapped ? 0 : 1;
    this.flow = slot * 2 + side;
    this.reverseFlow = isSelf ? this.flow : slot * 2 + this.#otherSide;
  }

  /** Counts the segment as one of its stream, and lets it set what is relative 0. */
  count(): void {
    const { words } = this.#flows;
    const at = this.#at;
    words[at + SEGMENTS] = words[at + SEGMENTS]! + 1;
    words[at + LAST_FRAME] = this.packet.frame;
    const { tcpFlags: flags, side } = this;
    let state = words[at + STATE]!;
    if ((flags & (Flag.FIN | Flag.RST)) !== 0) {
      if ((flags & Flag.FIN) !== 0) state |= State.FIN << side;
      if ((flags & Flag.RST) !== 0) state |= State.RST;
      words[at + STATE] = state;
    }
    if ((state & 3) !== 3 && this.isLenKnown) this.#setBases(state);
  }

  #setBases(before: number): void {
    const { words } = this.#flows;
    const at = this.#at;
    const other = this.#otherSide;
    let state = before;
    if ((state & (State.BASE_KNOWN << this.side)) === 0) {
      const isSyn = (this.tcpFlags & Flag.SYN) !== 0;
      words[at + BASE + this.side] = isSyn ? this.#seq : this.#seq - 1;
      state |= State.BASE_KNOWN << this.side;
    }
    if ((this.tcpFlags & Flag.ACK) !== 0 && (state & (State.BASE_KNOWN << other)) === 0) {
      words[at + BASE + other] = this.#ack - 1;
      state |= State.BASE_KNOWN << other;
    }
    words[at + STATE] = state;
  }

  get stream(): number {
    return this.#flows.words[this.#at + STREAM]!;
  }

  get streamFrame(): number {
    return this.#flows.words[this.#at + SEGMENTS]!;
  }

  get dir(): 0 | 1 {
    return this.clientSide === this.side ? 0 : 1;
  }

  /** Which side dialed. */
  get clientSide(): 0 | 1 {
    return (this.#flows.words[this.#at + STATE]! & State.CLIENT_GREATER) === 0 ? 0 : 1;
  }
  set clientSide(side: 0 | 1) {
    if (side === 1) this.#flows.words[this.#at + STATE]! |= State.CLIENT_GREATER;
  }

  get srcPort(): number {
    return tcpSrcPort(this.view, this.path.tcpAt);
  }

  get dstPort(): number {
    return tcpDstPort(this.view, this.path.tcpAt);
  }

  get seq(): SeqNum {
    return this.#seq >>> 0;
  }

  get ack(): SeqNum {
    return this.#ack >>> 0;
  }

  get payloadAt(): number {
    return Math.min(this.path.tcpAt + this.headerLen, this.path.tcpEnd);
  }

  get payloadCaptured(): number {
    return Math.min(this.path.tcpEnd - this.payloadAt, this.payloadLen);
  }

  /** Whether the sender's number shown as 0 is known. */
  get isBaseKnown(): boolean {
    return (this.#flows.words[this.#at + STATE]! & (State.BASE_KNOWN << this.side)) !== 0;
  }

  /** The sender's number that is shown as 0. */
  get base(): SeqNum {
    return this.#flows.words[this.#at + BASE + this.side]! >>> 0;
  }
  set base(seq: SeqNum) {
    this.#flows.words[this.#at + BASE + this.side] = seq;
  }

  get ackBase(): SeqNum {
    return this.#flows.words[this.#at + BASE + this.#otherSide]! >>> 0;
  }

  get relSeq(): number {
    return this.isLenKnown ? (this.#seq - this.base) >>> 0 : this.seq;
  }

  get relAck(): number {
    const isRelative = (this.tcpFlags & Flag.ACK) !== 0 && this.isLenKnown;
    return isRelative ? (this.#ack - this.ackBase) >>> 0 : this.ack;
  }

  get scale(): number {
    return this.#flows.words[this.#at + SCALE + this.side]!;
  }
  set scale(shift: number) {
    this.#flows.words[this.#at + SCALE + this.side] = shift;
  }

  get reverseScale(): number {
    return this.#flows.words[this.#at + SCALE + this.#otherSide]!;
  }
  set reverseScale(shift: number) {
    this.#flows.words[this.#at + SCALE + this.#otherSide] = shift;
  }

  get windowSize(): number {
    const { scale } = this;
    // At most 16 bits shifted by 14 (RFC 7323 §2.3).
    const isScaled = this.isLenKnown && (this.tcpFlags & Flag.SYN) === 0 && scale >= 0;
    return isScaled ? this.window << scale : this.window;
  }
}
