/**
 * The options that the analysis looks at: SACK, fast open, MPTCP.
 *
 * @module
 */
import type { SegmentRecord } from "../../../trace/segment.ts";
import { seqAdd, seqLeq, seqLt, type SeqNum } from "../../../wire/seqnum.ts";
import { Flag, TCP_MIN_HEADER_LEN } from "../../../wire/tcp.ts";
import {
  FAST_OPEN_EXPERIMENT,
  OPTION_CUT,
  OptionKind,
  tcpOptionLen,
} from "../../../wire/tcp-option.ts";
import { hasOnlyTimestamps } from "../../../wire/tcp-plain-options.ts";
import type { Arrival } from "../arrival.ts";
import { Note } from "../verdict.ts";

/** Walks the options up to the end of their list; false where Wireshark gives up in them. */
export function noteOptions(a: Arrival, s: SegmentRecord): boolean {
  const { view } = s;
  const { tcpAt, tcpEnd } = s.path;
  const headerEnd = tcpAt + s.headerLen;
  if (s.headerLen === TCP_MIN_HEADER_LEN) return tcpEnd >= headerEnd;
  if (hasOnlyTimestamps(view, tcpAt, s.headerLen, tcpEnd)) return true;
  for (let at = tcpAt + TCP_MIN_HEADER_LEN; at < headerEnd;) {
    const length = tcpOptionLen(view, at, headerEnd, tcpEnd);
    if (length === OPTION_CUT) return false;
    if (length <= 0) break;
    if (length > 1 && !noteOption(a, s, at, length)) return false;
    at += length;
  }
  return tcpEnd >= headerEnd;
}

/** One option; false where Wireshark finds no end. */
function noteOption(a: Arrival, s: SegmentRecord, at: number, length: number): boolean {
  const { view } = s;
  switch (view.getUint8(at)) {
    case OptionKind.MPTCP: {
      const { connection, mptcp } = a;
      connection.mptcp = mptcp.note(connection.mptcp, view, at, length, a.flags);
      return true;
    }
    case OptionKind.SACK:
      return noteSack(a, s, at, length);
    case OptionKind.FAST_OPEN:
      noteFastOpen(a, length > 2);
      return true;
    case OptionKind.EXPERIMENT_1:
    case OptionKind.EXPERIMENT_2:
      noteFastOpen(a, length > 4 && view.getUint16(at + 2) === FAST_OPEN_EXPERIMENT);
      return true;
    default:
      return true;
  }
}

/**
 * RFC 2018; the first block of a D-SACK lies below the acknowledgement or in
 * the second (RFC 2883 §4). A block that is not there counts as 0: Wireshark takes
 * that for a D-SACK too, and runs past the option's end for its edges.
 */
function noteSack(a: Arrival, s: SegmentRecord, at: number, length: number): boolean {
  const { view } = s;
  const edge = (n: number): SeqNum =>
    length >= 6 + 4 * n ? seqAdd(view.getUint32(at + 2 + 4 * n), -s.ackBase) : 0;
  for (let o = at + 2; o + 8 <= at + length; o += 8) {
    a.fwd.addSack(view.getUint32(o), view.getUint32(o + 4));
  }
  const [left, right] = [edge(0), edge(1)];
  const isInSecond = length >= 18 && seqLt(edge(2), right) && seqLeq(right, edge(3));
  if (!isInSecond && !seqLeq(right, s.relAck)) return true;
  if (length < 10) return false;
  a.give(Note.DSACK, 0, 0, seqAdd(left, s.ackBase), seqAdd(right, s.ackBase));
  return true;
}

/** RFC 7413 §4.1.1: a SYN with a cookie, and perhaps with data. */
function noteFastOpen(a: Arrival, hasCookie: boolean): void {
  if (!hasCookie || (a.flags & (Flag.SYN | Flag.ACK)) !== Flag.SYN) return;
  a.give(Note.TFO_SYN, 0, 0);
  if (a.len > 0) a.connection.hasFastOpenData = true;
}
