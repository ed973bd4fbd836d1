/**
 * The options that the analysis looks at: SACK, fast open, MPTCP.
 *
 * @module
 */
import type { SegmentRecord } from "../../../trace/segment.ts";
import { seqAdd, seqLeq, seqLt } from "../../../wire/seqnum.ts";
import { Flag, TCP_MIN_HEADER_LEN } from "../../../wire/tcp.ts";
import { FAST_OPEN_EXPERIMENT, OPTION_CUT, OptionKind } from "../../../wire/tcp-option.ts";
import { readableOptionLen } from "../../../wire/tcp-option-need.ts";
import { hasOnlyTimestamps } from "../../../wire/tcp-plain-options.ts";
import type { Arrival } from "../arrival.ts";
import { mptcpOperation, NO_PLACE } from "../mptcp/mptcp.ts";
import { Note } from "../verdict.ts";

/** Walks the options up to the end of their list; false where Wireshark gives up in them. */
export function noteOptions(a: Arrival, s: SegmentRecord): boolean {
  if (s.isNewStream) a.mptcp.begin(s.flow);
  const { view } = s;
  const { tcpAt, tcpEnd } = s.path;
  const headerEnd = tcpAt + s.headerLen;
  if (s.headerLen === TCP_MIN_HEADER_LEN) return tcpEnd >= headerEnd;
  if (hasOnlyTimestamps(view, tcpAt, s.headerLen, tcpEnd)) return true;
  let operations = 0;
  for (let at = tcpAt + TCP_MIN_HEADER_LEN; ;) {
    const length = readableOptionLen(view, at, headerEnd, tcpEnd, s.relAck);
    if (length === OPTION_CUT) {
      noteCutSack(a, s, at);
      return false;
    }
    if (length <= 0) break;
    if (length > 1 && !noteOption(a, s, at, length)) return false;
    if (length > 2 && view.getUint8(at) === OptionKind.MPTCP)
      operations |= mptcpOperation(view, at);
    at += length;
  }
  if (operations !== 0) a.mptcp.count(a.connection.mptcp, operations);
  return true;
}

/** One option; false where Wireshark gives up. */
function noteOption(a: Arrival, s: SegmentRecord, at: number, length: number): boolean {
  const { view } = s;
  switch (view.getUint8(at)) {
    case OptionKind.MPTCP:
      return noteMptcp(a, s, at, length);
    case OptionKind.SACK:
      noteSack(a, s, at, length);
      return true;
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

function noteMptcp(a: Arrival, s: SegmentRecord, at: number, length: number): boolean {
  const number = a.mptcp.note(a.connection.mptcp, s, at, length);
  if (number === NO_PLACE) return false;
  a.connection.mptcp = number;
  return true;
}

/**
 * RFC 2018. The first block of a D-SACK lies below the acknowledgement or in the second
 * (RFC 2883 §4); a second SACK option goes on with the blocks of the first one for this, and
 * takes their place for the bytes in flight.
 */
function noteSack(a: Arrival, s: SegmentRecord, at: number, length: number): void {
  const { view } = s;
  const count = keepSack(a, view, at, at + length);
  if (count === 0) return;
  const [left, right] = [view.getUint32(at + 2), view.getUint32(at + 6)];
  const below = seqAdd(s.relAck, s.ackBase);
  const isInSecond =
    count > 1 && seqLt(view.getUint32(at + 10), right) && seqLeq(right, view.getUint32(at + 14));
  if (isInSecond || seqLeq(right, below)) a.give(Note.DSACK, 0, 0, left, right);
}

/** What was captured of a SACK option counts. */
function noteCutSack(a: Arrival, { view, path, headerLen }: SegmentRecord, at: number): void {
  if (at + 2 > path.tcpEnd || view.getUint8(at) !== OptionKind.SACK) return;
  const end = at + view.getUint8(at + 1);
  if (end <= path.tcpAt + headerLen) keepSack(a, view, at, Math.min(end, path.tcpEnd));
}

/** Takes over the whole blocks of the option in `[at, end)`; how many there are. */
function keepSack(a: Arrival, view: DataView, at: number, end: number): number {
  let count = 0;
  a.fwd.sackCount = 0;
  for (let o = at + 2; o + 8 <= end; o += 8, count++) {
    a.fwd.addSack(view.getUint32(o), view.getUint32(o + 4));
  }
  return count;
}

/** RFC 7413 §4.1.1: a SYN with a cookie, and perhaps with data. */
function noteFastOpen(a: Arrival, hasCookie: boolean): void {
  if (!hasCookie || (a.flags & (Flag.SYN | Flag.ACK)) !== Flag.SYN) return;
  a.give(Note.TFO_SYN, 0, 0);
  if (a.len > 0) a.connection.hasFastOpenData = true;
}
