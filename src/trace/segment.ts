/**
 * A TCP segment as the tracker hands it over: the packet it came in, and what
 * its stream makes of its numbers.
 *
 * @module
 */
import type { CaptureSink, PacketRecord } from "../pcap/sink.ts";
import type { PacketPath } from "../wire/path.ts";
import type { SeqNum } from "../wire/seqnum.ts";

/** No window scale is known: the stream's handshake was not seen. */
export const SCALE_UNKNOWN = -1;

/** Windows are not scaled: one end did not offer it (RFC 7323 §2.2). */
export const SCALE_UNUSED = -2;

/** The segment being handed over. One object, reused: valid only during the call. */
export interface SegmentRecord {
  /** The packet that brought the segment, and its time; itself reused by the reader. */
  readonly packet: PacketRecord;
  /**
   * Holds the segment: `packet.view`, or when `packet` completed a packet of several
   * fragments, that whole IP packet.
   */
  readonly view: DataView;
  /** Where IP and TCP start and end in {@link view}. */
  readonly path: PacketPath;
  /** Number of the stream, from 0, in the order of first appearance: `tcp.stream`. */
  readonly stream: number;
  /** Whether this segment opened the stream's number. */
  readonly isNewStream: boolean;
  /** A SYN that began a new connection on known ports, or a SYN-ACK that changed its number. */
  readonly isReusedPorts: boolean;
  /** The stream that this one took the ports over from, -1 for none: set when a SYN did so. */
  readonly replacedStream: number;
  /** Segment of its stream, from 1. */
  readonly streamFrame: number;
  /** Index of the sender's state: `stream * 2` for the smaller address, `+ 1` for the other. */
  readonly flow: number;
  /** The receiver's; equal to `flow` when a socket is connected to itself. */
  readonly reverseFlow: number;
  /** 0: client to server; 1: server to client. `clientSideOf` says who is the client. */
  readonly dir: 0 | 1;
  readonly srcPort: number;
  readonly dstPort: number;
  /** SEG.SEQ as on the wire. */
  readonly seq: SeqNum;
  /** The acknowledgment field as on the wire, also when the ACK flag is clear. */
  readonly ack: SeqNum;
  /** Byte 13 of the header; bits in `Flag` of `wire/tcp.ts`. */
  readonly tcpFlags: number;
  /** SEG.WND as sent, not scaled. */
  readonly window: number;
  /** Bytes of the header as it states them, even where that cannot be. */
  readonly headerLen: number;
  /**
   * Whether the packet says how long the segment is: not so when an ICMP error quotes it
   * (`path.isQuoted`), in a fragment (`path.isPart`), or in a header cut short.
   */
  readonly isLenKnown: boolean;
  /** Payload bytes on the wire; 0 when not known. */
  readonly payloadLen: number;
  /** Where the payload starts in {@link view}. */
  readonly payloadAt: number;
  /** Payload bytes captured, which may be fewer than `payloadLen`. */
  readonly payloadCaptured: number;
  /** Whether this SYN repeats the number that its direction began with. */
  readonly isSynAgain: boolean;
  /** The acknowledged side's number that is shown as 0. */
  readonly ackBase: SeqNum;
  /** `seq` counted from the stream's start, the raw number when the length is not known: `tcp.seq`. */
  readonly relSeq: number;
  /** `ack` counted from `ackBase`; the raw field without the ACK flag or a known length: `tcp.ack`. */
  readonly relAck: number;
  /** Shift of the sender's windows before this segment, or {@link SCALE_UNKNOWN}, {@link SCALE_UNUSED}. */
  readonly scale: number;
  /** The same of the receiver's windows. */
  readonly reverseScale: number;
  /** The window in bytes, scaled where it is known how, and the length too: `tcp.window_size`. */
  readonly windowSize: number;
}

/** Takes what a tracker finds, one call per segment; what is not a packet passes through. */
export interface SegmentSink extends Omit<CaptureSink, "onPacket"> {
  onSegment(segment: SegmentRecord): void;
  /**
   * The short way for a plain segment: one of a known connection with an ACK, or with that and a
   * push, and without options but timestamps. True when the sink takes it so; else it comes by
   * {@link onSegment}. Numbers that are passed along cost a third of those in a record.
   *
   * @param flow As in the record; the other direction is `flow ^ 1`.
   * @param seq SEG.SEQ, `ack` the acknowledgement, both as signed words.
   * @param slots What the tracker knows of connections (`flows.ts`).
   */
  onPlain?(
    packet: PacketRecord,
    flow: number,
    seq: number,
    ack: number,
    len: number,
    window: number,
    flags: number,
    slots: Int32Array,
  ): boolean;
  /** After the segments of a packet that tells of several (`path.isSample`): it was the last one. */
  onSamples?(packet: PacketRecord): void;
  /** Everything else; `path.why` says why no segment was found. A fragment may have completed a packet without TCP: `path` is then that packet's. */
  onOther?(packet: PacketRecord, path: PacketPath): void;
}
