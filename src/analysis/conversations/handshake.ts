/**
 * What SYN, FIN and RST say of a connection.
 *
 * @module
 */
import type { SegmentRecord } from "../../trace/segment.ts";
import { OptionKind, tcpOptionLen } from "../../wire/tcp-option.ts";
import { Flag, TCP_MIN_HEADER_LEN } from "../../wire/tcp.ts";
import { SynOption } from "./columns.ts";
import { Conn, Mark, type OpenRows, Shake, Word, WORDS } from "./open-rows.ts";

/** Takes a segment with one of these flags; `now` as in the rows. */
export function noteControl(open: OpenRows, s: SegmentRecord, now: number): void {
  const { words: w, connections } = open;
  const i = s.flow * WORDS;
  const at = open.connectionAt(s.flow >>> 1);
  if ((s.tcpFlags & Flag.SYN) !== 0) noteSyn(open, s, now);
  if ((s.tcpFlags & Flag.FIN) !== 0) {
    w[i + Word.FINS] = w[i + Word.FINS]! + 1;
    if (connections[at + Conn.FIRST_FIN] === 0) connections[at + Conn.FIRST_FIN] = s.dir + 1;
  }
  if ((s.tcpFlags & Flag.RST) !== 0) {
    w[i + Word.RSTS] = w[i + Word.RSTS]! + 1;
    if (connections[at + Conn.FIRST_RST] === 0) connections[at + Conn.FIRST_RST] = s.dir + 1;
  }
}

function noteSyn(open: OpenRows, s: SegmentRecord, now: number): void {
  const { words: w, handshakes } = open;
  const i = s.flow * WORDS;
  const at = open.handshakeAt(s.flow >>> 1);
  w[i + Word.SYNS] = w[i + Word.SYNS]! + 1;
  if (w[i + Word.DATA_SEGMENTS] === 0 && s.headerLen >= TCP_MIN_HEADER_LEN)
    w[i + Word.HIGH] = (s.seq + 1) | 0;
  if (s.headerLen >= TCP_MIN_HEADER_LEN) noteOptions(w, i, s);
  if ((s.tcpFlags & Flag.ACK) === 0) {
    if (Number.isNaN(handshakes[at + Shake.SYN_TO_SYN_ACK]!)) handshakes[at + Shake.SYN] = now;
    return;
  }
  if (Number.isNaN(handshakes[at + Shake.SYN_TO_SYN_ACK]!)) {
    // NaN when there was no SYN.
    handshakes[at + Shake.SYN_TO_SYN_ACK] = now - handshakes[at + Shake.SYN]!;
  }
  if (!Number.isNaN(handshakes[at + Shake.SYN_ACK_TO_ACK]!)) return;
  handshakes[at + Shake.SYN_ACK] = now;
  const other = s.reverseFlow * WORDS + Word.MARKS;
  w[other] = w[other]! | Mark.AWAITS_ACK;
}

function noteOptions(w: Int32Array, i: number, s: SegmentRecord): void {
  const { view, path } = s;
  const headerEnd = path.tcpAt + s.headerLen;
  let options = 0;
  for (let o = path.tcpAt + TCP_MIN_HEADER_LEN, len = 1; len > 0; o += len) {
    len = tcpOptionLen(view, o, headerEnd, path.tcpEnd);
    if (len < 2) continue;
    const kind = view.getUint8(o);
    if (kind === OptionKind.MSS && len === 4) w[i + Word.MSS] = view.getUint16(o + 2);
    if (kind === OptionKind.WINDOW_SCALE && len === 3) w[i + Word.SHIFT] = view.getUint8(o + 2) + 1;
    if (kind === OptionKind.SACK_PERMITTED) options |= SynOption.SACK_PERMITTED;
    if (kind === OptionKind.TIMESTAMPS) options |= SynOption.TIMESTAMPS;
  }
  w[i + Word.OPTIONS] = options;
}
