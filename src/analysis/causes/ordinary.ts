/**
 * The short way for ordinary segments: the next data, or an acknowledgement of
 * which no rule has anything to say. It leaves behind what the long way would.
 *
 * @module
 */
import type { PacketRecord } from "../../pcap/sink.ts";
import type { SegmentRecord } from "../../trace/segment.ts";
import { Flag, TCP_MIN_HEADER_LEN } from "../../wire/tcp.ts";
import { Mark, Time, Word, WORDS } from "./direction.ts";
import type { Directions } from "./direction.ts";
import { FARTHEST } from "./farthest.ts";
import { ONLY_TIMESTAMPS, type Passing } from "./passing.ts";
import { addSample } from "./rtt.ts";

const NS = 1_000_000_000;
/** A direction has half as many times as words. */
const TIMES_SHIFT = 1;
/** Of the flags, those that decide. */
const DECISIVE = Flag.SYN | Flag.FIN | Flag.RST | Flag.ACK;
/** A header with time stamps and nothing else. */
const STAMPED_LEN = 32;

/** Takes `s` when it is ordinary; false, and nothing done, when it is not. */
export function passOrdinary(p: Passing, directions: Directions, s: SegmentRecord): boolean {
  const { flow, reverseFlow, payloadLen: len, tcpFlags } = s;
  if ((tcpFlags & DECISIVE) !== Flag.ACK || !s.isLenKnown || flow === reverseFlow) return false;
  const { words } = directions;
  const fwd = flow * WORDS;
  const rev = reverseFlow * WORDS;
  const seq = s.seq | 0;
  const ack = s.ack | 0;
  const window = s.windowSize;
  const stamp = stampAt(s);
  if (stamp < 0) return false;
  if (!isAckOrdinary(words, fwd, rev, seq, ack, len, window)) return false;
  if (len > 0 && !isDataOrdinary(words, fwd, seq, len, stamp, s.packet.gsoSize)) return false;
  setTime(p, s.packet);
  p.result.wireSegments = 0;
  if (len > 0) send(p, directions, s, fwd, len, stamp);
  acknowledge(p, directions, s.packet.frame, rev, ack, window);
  return true;
}

/** Where the time stamps stand, 0: no options, -1: others. */
function stampAt({ view, headerLen, path }: SegmentRecord): number {
  if (headerLen === TCP_MIN_HEADER_LEN) return 0;
  const at = path.tcpAt + TCP_MIN_HEADER_LEN;
  if (headerLen !== STAMPED_LEN || path.tcpEnd < at + 12) return -1;
  return view.getInt32(at) === ONLY_TIMESTAMPS ? at + 4 : -1;
}

function isAckOrdinary(
  words: Int32Array,
  fwd: number,
  rev: number,
  seq: number,
  ack: number,
  len: number,
  window: number,
): boolean {
  const known = words[fwd + Word.MARKS]! & Mark.SENT;
  const marks = words[rev + Word.MARKS]! & (Mark.ACKED | Mark.TROUBLED);
  if (known === 0 || marks !== Mark.ACKED) return false;
  const una = words[rev + Word.UNA]!;
  const ahead = (ack - una) | 0;
  if (ahead > FARTHEST) return false;
  if (len > 0) return true;
  if (((seq - words[fwd + Word.SND_MAX]!) | 0) === -1) return false;
  // A duplicate (RFC 5681 §2).
  const isRepeated = ahead === 0 && window === words[rev + Word.WINDOW] && window !== 0;
  return !isRepeated || una === words[rev + Word.SND_MAX];
}

function isDataOrdinary(
  words: Int32Array,
  fwd: number,
  seq: number,
  len: number,
  stamp: number,
  gsoSize: number,
): boolean {
  const marks = words[fwd + Word.MARKS]!;
  if (seq !== words[fwd + Word.SND_MAX] || (marks & Mark.TROUBLED) !== 0) return false;
  if (len === 1 && words[fwd + Word.WINDOW] === 0) return false;
  if (gsoSize > 0) return true;
  const isNew = stamp > 0 && (marks & Mark.TIMESTAMPS) === 0;
  return !isNew && words[fwd + Word.SEGMENT_SIZE] !== 0;
}

/** A double that is handed over is boxed: the time stays in a field. */
function setTime(p: Passing, { sec, nsec }: PacketRecord): void {
  p.time = (sec - p.epochSec) * NS + nsec;
}

function send(
  p: Passing,
  { words, times }: Directions,
  s: SegmentRecord,
  fwd: number,
  len: number,
  stamp: number,
): void {
  const { view, path, packet } = s;
  const seq = words[fwd + Word.SND_MAX]!;
  const end = (seq + len) | 0;
  const at = fwd >> TIMES_SHIFT;
  const isAcked = (words[fwd + Word.MARKS]! & Mark.ACKED) !== 0;
  if (!isAcked || words[fwd + Word.UNA] === seq) times[at + Time.TIMER] = p.time;
  times[at + Time.SEND] = p.time;
  const tsVal = stamp === 0 ? 0 : view.getInt32(stamp);
  const ipId = path.ipVersion === 4 ? view.getUint16(path.ipAt + 4) : 0;
  words[fwd + Word.SND_MAX] = end;
  words[fwd + Word.TS_VAL] = tsVal;
  words[fwd + Word.IP_ID] = ipId;
  if ((s.tcpFlags & Flag.PSH) !== 0) words[fwd + Word.PUSHED_TO] = end;
  p.log.now = p.time;
  p.log.push(words, fwd + Word.LOG, end, packet.frame, tsVal, ipId);
  const size = packet.gsoSize > 0 ? packet.gsoSize : words[fwd + Word.SEGMENT_SIZE]!;
  p.result.wireSegments = len <= size ? 1 : Math.ceil(len / size);
}

function acknowledge(
  p: Passing,
  { words, times }: Directions,
  frame: number,
  rev: number,
  ack: number,
  window: number,
): void {
  const ahead = (ack - words[rev + Word.UNA]!) | 0;
  if (ahead < 0) return;
  const at = rev >> TIMES_SHIFT;
  if (ahead > 0) {
    const { log } = p;
    const row = log.acknowledge(words, rev + Word.LOG, ack);
    if (row !== 0 && log.tries[row] === 0) {
      times[at + Time.SAMPLE] = p.time - log.time[row]!;
      addSample(times, at);
    }
    if (((words[rev + Word.SND_MAX]! - ack) | 0) < 0) words[rev + Word.SND_MAX] = ack;
    words[rev + Word.UNA] = ack;
    words[rev + Word.DUP_ACKS] = 0;
    times[at + Time.TIMER] = p.time;
  }
  words[rev + Word.WINDOW] = window;
  words[rev + Word.ACK_FRAME] = frame;
  times[at + Time.ACK] = p.time;
}
