/**
 * Fields of TCP options.
 *
 * @module
 */
import { OptionKind, tcpOptionLen } from "../../wire/tcp-option.ts";
import { seqAdd } from "../../wire/seqnum.ts";
import { TCP_MIN_HEADER_LEN } from "../../wire/tcp.ts";
import type { SegmentRecord } from "../../trace/segment.ts";
import type { Field, FieldType, FieldValue } from "./field.ts";
import type { Frame } from "./frame.ts";
import { bytesAt } from "./readers.ts";

/** One option: its kind, place and length. */
type OnOption = (kind: number, at: number, length: number) => void;

/** Calls `on` for each option up to the end of the list, the capture, or the first bad length. */
function eachOption(frame: Frame, on: OnOption): void {
  const s = frame.segment;
  if (s === null) return;
  const { tcpAt, tcpEnd } = s.path;
  const headerEnd = tcpAt + s.headerLen;
  const { view } = frame.packet;
  for (let at = tcpAt + TCP_MIN_HEADER_LEN; at < headerEnd && at < tcpEnd;) {
    const length = tcpOptionLen(view, at, headerEnd, tcpEnd);
    if (length < 0) return;
    on(view.getUint8(at), at, Math.max(1, length));
    if (length === 0) return;
    at += length;
  }
}

/** A number in options of one kind and length. */
function inOption(
  name: string,
  kind: number,
  length: number,
  read: (v: DataView, at: number) => number,
): Field {
  return {
    name,
    type: "uint",
    read(frame, out) {
      eachOption(frame, (found, at, len) => {
        if (found === kind && len === length) out.push(read(frame.packet.view, at));
      });
    },
  };
}

/** Whole options of one kind. */
function wholeOption(name: string, kind: number): Field {
  return ofOptions(name, "bytes", (frame, found, at, length, out) => {
    if (found === kind) out.push(bytesAt(frame, at, length));
  });
}

function ofOptions(
  name: string,
  type: FieldType,
  read: (frame: Frame, kind: number, at: number, length: number, out: FieldValue[]) => void,
): Field {
  return {
    name,
    type,
    read(frame, out) {
      eachOption(frame, (kind, at, length) => read(frame, kind, at, length, out));
    },
  };
}

/** An edge of each SACK block, counted as acknowledgements are. */
function sackEdge(name: string, offset: 0 | 4): Field {
  return ofOptions(name, "uint", (frame, kind, at, length, out) => {
    if (kind !== OptionKind.SACK || length % 8 !== 2) return;
    const { view } = frame.packet;
    for (let o = at + 2; o < at + length; o += 8) {
      out.push(seqAdd(view.getUint32(o + offset), -ackBase(frame.segment!)));
    }
  });
}

const ackBase = (s: SegmentRecord): number => s.ack - s.relAck;

/** `tcp.options*`, `tcp.option_*`. */
export const TCP_OPTION_FIELDS: readonly Field[] = [
  {
    name: "tcp.options",
    type: "bytes",
    read(frame, out) {
      const s = frame.segment;
      if (s === null || s.headerLen <= TCP_MIN_HEADER_LEN) return;
      const at = s.path.tcpAt + TCP_MIN_HEADER_LEN;
      const end = Math.min(s.path.tcpAt + s.headerLen, s.path.tcpEnd);
      if (end > at) out.push(bytesAt(frame, at, end - at));
    },
  },
  ofOptions("tcp.option_kind", "uint", (_, kind, _at, _length, out) => void out.push(kind)),
  ofOptions("tcp.option_len", "uint", (_, kind, _at, length, out) => {
    if (kind > OptionKind.NOP) out.push(length);
  }),
  wholeOption("tcp.options.nop", OptionKind.NOP),
  wholeOption("tcp.options.eol", OptionKind.EOL),
  wholeOption("tcp.options.mss", OptionKind.MSS),
  inOption("tcp.options.mss_val", OptionKind.MSS, 4, (v, at) => v.getUint16(at + 2)),
  wholeOption("tcp.options.wscale", OptionKind.WINDOW_SCALE),
  inOption("tcp.options.wscale.shift", OptionKind.WINDOW_SCALE, 3, (v, at) => v.getUint8(at + 2)),
  inOption(
    "tcp.options.wscale.multiplier",
    OptionKind.WINDOW_SCALE,
    3,
    // RFC 7323 §2.3: a larger shift counts as 14.
    (v, at) => 2 ** Math.min(14, v.getUint8(at + 2)),
  ),
  wholeOption("tcp.options.sack_perm", OptionKind.SACK_PERMITTED),
  wholeOption("tcp.options.sack", OptionKind.SACK),
  ofOptions("tcp.options.sack.count", "uint", (_, kind, _at, length, out) => {
    if (kind === OptionKind.SACK && length % 8 === 2) out.push((length - 2) / 8);
  }),
  sackEdge("tcp.options.sack_le", 0),
  sackEdge("tcp.options.sack_re", 4),
  wholeOption("tcp.options.timestamp", OptionKind.TIMESTAMPS),
  inOption("tcp.options.timestamp.tsval", OptionKind.TIMESTAMPS, 10, (v, at) =>
    v.getUint32(at + 2),
  ),
  inOption("tcp.options.timestamp.tsecr", OptionKind.TIMESTAMPS, 10, (v, at) =>
    v.getUint32(at + 6),
  ),
  ofOptions("tcp.options.tfo.cookie", "bytes", (frame, kind, at, length, out) => {
    if (kind === OptionKind.FAST_OPEN && length > 2) out.push(bytesAt(frame, at + 2, length - 2));
  }),
  ofOptions("tcp.options.md5.digest", "bytes", (frame, kind, at, length, out) => {
    if (kind === OptionKind.MD5 && length === 18) out.push(bytesAt(frame, at + 2, 16));
  }),
];
