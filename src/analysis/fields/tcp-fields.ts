/**
 * Fields of TCP's fixed header, its payload, and the stream's numbers.
 *
 * @module
 */
import type { SegmentRecord } from "../../trace/segment.ts";
import { Flag, TCP_MIN_HEADER_LEN } from "../../wire/tcp.ts";
import { seqAdd } from "../../wire/seqnum.ts";
import type { Field, FieldType, FieldValue } from "./field.ts";
import type { Frame } from "./frame.ts";
import { segmentBytes, protocolField } from "./readers.ts";

/** A field with one value or, for `null`, none. */
function one(
  name: string,
  type: FieldType,
  read: (s: SegmentRecord, frame: Frame) => FieldValue | null,
  hex?: number,
): Field {
  return {
    name,
    type,
    ...(hex === undefined ? {} : { hex }),
    read(frame, out) {
      if (frame.segment === null) return;
      const value = read(frame.segment, frame);
      if (value !== null) out.push(value);
    },
  };
}

/** A field behind the header's length: nothing is told there when that cannot be. */
function late(
  name: string,
  type: FieldType,
  read: (s: SegmentRecord, frame: Frame) => FieldValue | null,
  hex?: number,
): Field {
  const ifSound = (s: SegmentRecord, frame: Frame): FieldValue | null =>
    s.headerLen < TCP_MIN_HEADER_LEN ? null : read(s, frame);
  return one(name, type, ifSound, hex);
}

/** The reserved bits and the flags: 12 bits (RFC 9293 §3.1). */
const flagBits = ({ view, path }: SegmentRecord): number => view.getUint16(path.tcpAt + 12) & 0xfff;

const flag = (name: string, bits: number): Field =>
  late(name, "bool", (s) => Number((flagBits(s) & bits) !== 0));

/** A letter for each of the 12 bits, from the left. */
const LETTERS = "RRRACEUAPRSF";

function flagString(s: SegmentRecord): string {
  const bits = flagBits(s);
  return Array.from(LETTERS, (letter, i) => ((bits & (0x800 >>> i)) === 0 ? "·" : letter)).join("");
}

/** A 16-bit number beyond the fields that every segment has. */
const half =
  (offset: number) =>
  ({ view, path }: SegmentRecord): number | null =>
    path.tcpAt + offset + 2 <= path.tcpEnd ? view.getUint16(path.tcpAt + offset) : null;

/** Whether the fixed header is there to its end. */
const isWhole = ({ path }: SegmentRecord): boolean =>
  path.tcpEnd - path.tcpAt >= TCP_MIN_HEADER_LEN;

/** The number of the next octet: `tcp.nxtseq`. */
function nextSeq(s: SegmentRecord): number | null {
  if (!s.isLenKnown) return null;
  const takesOne = (s.tcpFlags & (Flag.SYN | Flag.FIN)) !== 0;
  return seqAdd(s.relSeq, s.payloadLen + (takesOne ? 1 : 0));
}

/** The scale as a factor, -1 not known, -2 not used; a SYN's window is never scaled. */
function scaleFactor(s: SegmentRecord): number | null {
  if ((s.tcpFlags & Flag.SYN) !== 0) return null;
  return s.scale < 0 ? s.scale : 2 ** s.scale;
}

/** What was captured of the data; that of a reset is told as its cause. */
function payload(s: SegmentRecord, frame: Frame): Uint8Array | null {
  if (frame.verdicts?.isShown !== true || (s.tcpFlags & Flag.RST) !== 0) return null;
  const at = s.path.tcpAt + s.headerLen;
  const end = s.path.tcpEnd;
  return at < end ? segmentBytes(frame, at, end - at) : null;
}

/** A header of which too little is there for a segment. */
function shortHeader(frame: Frame): { at: number; end: number; isQuoted: boolean } | null {
  const index = frame.layers.findIndex(({ kind, why }) => kind === "tcp" && why !== null);
  const layer = frame.layers[index];
  if (layer === undefined) return null;
  const isQuoted = frame.layers
    .slice(0, index)
    .some(({ kind }) => kind === "icmp" || kind === "icmpv6");
  return { at: layer.at, end: Math.min(frame.end, layer.wireEnd), isQuoted };
}

/** The ports: they are told as soon as both are there. */
function portField(name: string, offsets: readonly number[]): Field {
  return {
    name,
    type: "uint",
    read(frame, out) {
      const { segment } = frame;
      const header = segment === null ? shortHeader(frame) : null;
      const at = segment?.path.tcpAt ?? header?.at ?? 0;
      if (header !== null ? header.end - at < 4 : segment === null) return;
      for (const offset of offsets) {
        out.push((segment ?? frame.packet).view.getUint16(at + offset));
      }
    },
  };
}

/** `tcp.*` but for options. */
export const TCP_FIELDS: readonly Field[] = [
  protocolField("tcp", (frame) => frame.segment?.path.tcpAt ?? null),
  portField("tcp.srcport", [0]),
  portField("tcp.dstport", [2]),
  portField("tcp.port", [0, 2]),
  one("tcp.stream", "uint", (s) => s.stream),
  one("tcp.len", "uint", (s) => (s.isLenKnown ? s.payloadLen : null)),
  {
    name: "tcp.seq",
    type: "uint",
    read(frame, out) {
      const header = frame.segment === null ? shortHeader(frame) : null;
      if (frame.segment !== null) out.push(frame.segment.relSeq);
      // Enough in what ICMP quotes (RFC 792), and in nothing else.
      else if (header?.isQuoted && header.end - header.at >= 8)
        out.push(frame.packet.view.getUint32(header.at + 4));
    },
  },
  one("tcp.seq_raw", "uint", (s) => (s.path.isQuoted && !s.path.isSample ? null : s.seq)),
  late("tcp.nxtseq", "uint", nextSeq),
  late("tcp.ack", "uint", (s) => s.relAck),
  late("tcp.ack_raw", "uint", (s) => s.ack),
  one("tcp.hdr_len", "uint", (s) => s.headerLen),
  late("tcp.flags", "uint", flagBits, 4),
  flag("tcp.flags.res", 0xe00),
  flag("tcp.flags.ae", 0x100),
  flag("tcp.flags.cwr", Flag.CWR),
  flag("tcp.flags.ece", Flag.ECE),
  flag("tcp.flags.urg", Flag.URG),
  flag("tcp.flags.ack", Flag.ACK),
  flag("tcp.flags.push", Flag.PSH),
  flag("tcp.flags.reset", Flag.RST),
  flag("tcp.flags.syn", Flag.SYN),
  flag("tcp.flags.fin", Flag.FIN),
  late("tcp.flags.str", "string", flagString),
  late("tcp.window_size_value", "uint", (s) => s.window),
  late("tcp.window_size", "uint", (s) => s.windowSize),
  late("tcp.window_size_scalefactor", "int", scaleFactor),
  late("tcp.checksum", "uint", half(16), 4),
  late("tcp.urgent_pointer", "uint", half(18)),
  late("tcp.time_relative", "time", (s, frame) => (isWhole(s) ? frame.streamRelativeNs : null)),
  late("tcp.time_delta", "time", (s, frame) => (isWhole(s) ? frame.streamDeltaNs : null)),
  late("tcp.payload", "bytes", payload),
];
