/**
 * Fields of TCP options.
 *
 * @module
 */
import {
  FAST_OPEN_EXPERIMENT,
  OPTION_BAD,
  OPTION_CUT,
  OptionKind,
  tcpOptionLen,
} from "../../wire/tcp-option.ts";
import { readableOptionLen } from "../../wire/tcp-option-need.ts";
import { seqAdd, seqLeq, seqLt } from "../../wire/seqnum.ts";
import { Flag, TCP_MIN_HEADER_LEN } from "../../wire/tcp.ts";
import type { Field, FieldType, FieldValue } from "./field.ts";
import type { Frame } from "./frame.ts";
import { segmentBytes } from "./readers.ts";

/** One option: its kind, place, and length as it states it; `end` is where its captured bytes end. */
type OnOption = (kind: number, at: number, length: number, end: number) => void;

/**
 * Calls `on` for each option up to the end of the header, the capture, the first bad
 * length, or the option in which Wireshark gives up. Zeros behind the end of the list count, as there.
 */
function eachOption(frame: Frame, on: OnOption): void {
  const s = frame.segment;
  if (s === null) return;
  const { tcpAt, tcpEnd } = s.path;
  const headerEnd = tcpAt + s.headerLen;
  const end = Math.min(headerEnd, tcpEnd);
  const { view } = s;
  let isListEnded = false;
  for (let at = tcpAt + TCP_MIN_HEADER_LEN; at < end;) {
    const kind = view.getUint8(at);
    if (isListEnded && kind !== OptionKind.EOL) return;
    isListEnded = kind === OptionKind.EOL;
    const known = tcpOptionLen(view, at, headerEnd, tcpEnd);
    if (known === OPTION_BAD) return;
    // Of an option that is cut its kind and length must be there.
    if (known === OPTION_CUT && at + 1 >= end) return;
    const length = known === OPTION_CUT ? view.getUint8(at + 1) : Math.max(1, known);
    on(kind, at, length, Math.min(at + length, end));
    const isGivenUp = readableOptionLen(view, at, headerEnd, tcpEnd, s.relAck) === OPTION_CUT;
    if (isGivenUp && !isListEnded) return;
    at += length;
  }
}

/** A number in options of one kind and length, `need` bytes of which must be captured. */
function inOption(
  name: string,
  kind: number,
  length: number,
  need: number,
  read: (v: DataView, at: number) => number,
): Field {
  return ofOptions(name, "uint", (frame, found, at, len, end, out) => {
    if (found === kind && len === length && at + need <= end)
      out.push(read(frame.segment!.view, at));
  });
}

/** Whole options of one kind, as far as they were captured. */
function wholeOption(name: string, kind: number): Field {
  return ofOptions(name, "bytes", (frame, found, at, _length, end, out) => {
    if (found === kind) out.push(segmentBytes(frame, at, end - at));
  });
}

type ReadOption = (
  frame: Frame,
  kind: number,
  at: number,
  length: number,
  end: number,
  out: FieldValue[],
) => void;

function ofOptions(name: string, type: FieldType, read: ReadOption): Field {
  return {
    name,
    type,
    read(frame, out) {
      eachOption(frame, (kind, at, length, end) => read(frame, kind, at, length, end, out));
    },
  };
}

/** An edge of each SACK block, counted as acknowledgements are. */
function sackEdge(name: string, offset: 0 | 4): Field {
  return ofOptions(name, "uint", (frame, kind, at, _length, end, out) => {
    if (kind !== OptionKind.SACK) return;
    const { view } = frame.segment!;
    for (let o = at + 2; o + offset + 4 <= end; o += 8) {
      out.push(seqAdd(view.getUint32(o + offset), -frame.segment!.ackBase));
    }
  });
}

/**
 * What of each SACK option that reports a duplicate (RFC 2883 §4): that it does, or an edge of its
 * first block. A second option is judged by the blocks of the first one and its own, as in Wireshark.
 */
function dsackField(name: string, type: "none" | "uint", what: "mark" | 0 | 4): Field {
  return {
    name,
    type,
    read(frame, out) {
      const edges: number[] = [];
      eachOption(frame, (kind, at, length, end) => {
        if (kind !== OptionKind.SACK || at + length > end) return;
        const { view, ackBase, relAck } = frame.segment!;
        const blocks = Math.floor((length - 2) / 8);
        for (let i = 0; i < blocks * 2; i++) {
          edges.push(seqAdd(view.getUint32(at + 2 + 4 * i), -ackBase));
        }
        // Of a block that is cut its left edge may be there, and is shown; the mark comes behind it.
        if (!isDsack(edges, relAck) || length < (what === 0 ? 6 : 10)) return;
        out.push(what === "mark" ? 1 : seqAdd(view.getUint32(at + 2 + what), -ackBase));
      });
    },
  };
}

/** An edge that is not there counts as 0. */
function isDsack(edges: readonly number[], relAck: number): boolean {
  const [, right = 0, left2 = 0, right2 = 0] = edges;
  if (seqLeq(right, relAck)) return true;
  return edges.length > 2 && seqLt(left2, right) && seqLeq(right, right2);
}

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
      if (at <= end) out.push(segmentBytes(frame, at, end - at));
    },
  },
  ofOptions("tcp.option_kind", "uint", (_, kind, _at, _length, _end, out) => void out.push(kind)),
  ofOptions("tcp.option_len", "uint", (_, kind, at, length, end, out) => {
    if (kind > OptionKind.NOP && at + 2 <= end) out.push(length);
  }),
  wholeOption("tcp.options.nop", OptionKind.NOP),
  wholeOption("tcp.options.eol", OptionKind.EOL),
  wholeOption("tcp.options.mss", OptionKind.MSS),
  inOption("tcp.options.mss_val", OptionKind.MSS, 4, 4, (v, at) => v.getUint16(at + 2)),
  wholeOption("tcp.options.wscale", OptionKind.WINDOW_SCALE),
  inOption("tcp.options.wscale.shift", OptionKind.WINDOW_SCALE, 3, 3, (v, at) =>
    v.getUint8(at + 2),
  ),
  inOption(
    "tcp.options.wscale.multiplier",
    OptionKind.WINDOW_SCALE,
    3,
    3,
    // RFC 7323 §2.3: a larger shift counts as 14.
    (v, at) => 2 ** Math.min(14, v.getUint8(at + 2)),
  ),
  wholeOption("tcp.options.sack_perm", OptionKind.SACK_PERMITTED),
  wholeOption("tcp.options.sack", OptionKind.SACK),
  ofOptions("tcp.options.sack.count", "uint", (_, kind, at, length, end, out) => {
    const isThere = kind === OptionKind.SACK && at + length <= end;
    if (isThere) out.push(Math.floor((length - 2) / 8));
  }),
  sackEdge("tcp.options.sack_le", 0),
  sackEdge("tcp.options.sack_re", 4),
  dsackField("tcp.options.sack.dsack", "none", "mark"),
  dsackField("tcp.options.sack.dsack_le", "uint", 0),
  dsackField("tcp.options.sack.dsack_re", "uint", 4),
  wholeOption("tcp.options.timestamp", OptionKind.TIMESTAMPS),
  inOption("tcp.options.timestamp.tsval", OptionKind.TIMESTAMPS, 10, 6, (v, at) =>
    v.getUint32(at + 2),
  ),
  inOption("tcp.options.timestamp.tsecr", OptionKind.TIMESTAMPS, 10, 10, (v, at) =>
    v.getUint32(at + 6),
  ),
  ofOptions("tcp.options.tfo.cookie", "bytes", (frame, kind, at, length, end, out) => {
    if (at + length > end) return;
    const start = at + cookieAt(frame.segment!.view, kind, at, end);
    if (start < end) out.push(segmentBytes(frame, start, end - start));
  }),
  ofOptions("tcp.analysis.tfo_syn", "none", (frame, kind, at, length, end, out) => {
    const s = frame.segment!;
    const isSyn = (s.tcpFlags & (Flag.SYN | Flag.ACK)) === Flag.SYN;
    if (isSyn && at + length <= end && at + cookieAt(s.view, kind, at, end) < end) out.push(1);
  }),
  ofOptions("tcp.options.md5.digest", "bytes", (frame, kind, at, length, end, out) => {
    if (kind === OptionKind.MD5 && length === 18)
      out.push(segmentBytes(frame, at + 2, end - at - 2));
  }),
];

/** Bytes in front of a fast open cookie, in either of its options; past the end in others. */
function cookieAt(v: DataView, kind: number, at: number, end: number): number {
  if (kind === OptionKind.FAST_OPEN) return 2;
  const isExperiment = kind === OptionKind.EXPERIMENT_1 || kind === OptionKind.EXPERIMENT_2;
  const isFastOpen = isExperiment && at + 4 <= end && v.getUint16(at + 2) === FAST_OPEN_EXPERIMENT;
  return isFastOpen ? 4 : end - at;
}
