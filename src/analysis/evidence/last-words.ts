/**
 * What each end of a connection said last: its acknowledgement, how often it
 * was repeated, and its window. Nine words a direction, by slot.
 *
 * @module
 */
import { SCALE_UNKNOWN, type SegmentRecord } from "../../trace/segment.ts";
import { type SeqNum, seqAdd, seqDiff } from "../../wire/seqnum.ts";
import { Flag } from "../../wire/tcp.ts";
import type { SegmentVerdicts } from "../verdicts/result.ts";
import { Verdict } from "../verdicts/verdict.ts";

/** The last segment of a direction. One object, reused. */
export interface LastWord {
  /** 0: it has sent nothing yet, and the rest means nothing. */
  frame: number;
  /** Of the header. */
  flags: number;
  ack: SeqNum;
  /** In bytes, scaled; {@link WINDOW_UNKNOWN} without the handshake. */
  window: number;
  /** Duplicates of its acknowledgement, and the frame that brought the number first. */
  copies: number;
  copied: number;
  /** Frames of its first SYN and FIN; 0: none. */
  syn: number;
  fin: number;
  /** The number after that FIN. */
  finEnd: SeqNum;
}

/** The window's scale is not known. */
export const WINDOW_UNKNOWN = 0xffff_ffff;

const FRAME = 0;
const FLAGS = 1;
const ACK = 2;
const WINDOW = 3;
const COPIES = 4;
const COPIED = 5;
const SYN = 6;
const FIN = 7;
const FIN_END = 8;
const WORDS = 9;

/** Remembers the last word of every direction. */
export class LastWords {
  #words = new Uint32Array(WORDS * 64);
  /** Of the segment's sender and of its receiver, before the segment of the last {@link pass}. */
  readonly sender: LastWord = newWord();
  readonly receiver: LastWord = newWord();

  /** The next segment. */
  pass(s: SegmentRecord, v: SegmentVerdicts): void {
    this.#reach(Math.max(s.flow, s.reverseFlow));
    if (s.isNewStream) this.#forget(s);
    this.#read(s.flow, this.sender);
    this.#read(s.reverseFlow, this.receiver);
    if (s.isLenKnown) this.#note(s, v);
  }

  #reach(flow: number): void {
    if ((flow + 1) * WORDS <= this.#words.length) return;
    const old = this.#words;
    this.#words = new Uint32Array((flow + 1) * WORDS * 2);
    this.#words.set(old);
  }

  #forget({ flow, reverseFlow }: SegmentRecord): void {
    for (const one of [flow, reverseFlow]) this.#words.fill(0, one * WORDS, (one + 1) * WORDS);
  }

  #read(flow: number, into: LastWord): void {
    const at = flow * WORDS;
    into.frame = this.#words[at + FRAME]!;
    into.flags = this.#words[at + FLAGS]!;
    into.ack = this.#words[at + ACK]!;
    into.window = this.#words[at + WINDOW]!;
    into.copies = this.#words[at + COPIES]!;
    into.copied = this.#words[at + COPIED]!;
    into.syn = this.#words[at + SYN]!;
    into.fin = this.#words[at + FIN]!;
    into.finEnd = this.#words[at + FIN_END]!;
  }

  #note(s: SegmentRecord, v: SegmentVerdicts): void {
    const words = this.#words;
    const at = s.flow * WORDS;
    const { frame } = s.packet;
    if (words[at + FRAME] === 0 || words[at + ACK] !== s.ack) {
      words[at + COPIES] = 0;
      words[at + COPIED] = frame;
    }
    if ((v.bits & Verdict.DUPLICATE_ACK) !== 0) words[at + COPIES] = words[at + COPIES]! + 1;
    if ((s.tcpFlags & Flag.SYN) !== 0) words[at + SYN] ||= frame;
    if ((s.tcpFlags & Flag.FIN) !== 0 && words[at + FIN] === 0) {
      words[at + FIN] = frame;
      words[at + FIN_END] = seqAdd(s.seq, s.payloadLen + 1);
    }
    words[at + FRAME] = frame;
    words[at + FLAGS] = s.tcpFlags;
    words[at + ACK] = s.ack;
    words[at + WINDOW] = windowOf(s);
  }
}

/** In bytes, or {@link WINDOW_UNKNOWN}. The window of a SYN is never scaled (RFC 7323 §2.2). */
export function windowOf({ scale, tcpFlags, windowSize }: SegmentRecord): number {
  const isKnown = scale !== SCALE_UNKNOWN || (tcpFlags & Flag.SYN) !== 0 || windowSize === 0;
  return isKnown ? windowSize : WINDOW_UNKNOWN;
}

/** Whether `word` acknowledged more than the number `seq`: how many numbers more, or 0. */
export function ackedFrom({ flags, ack }: LastWord, seq: SeqNum): number {
  return (flags & Flag.ACK) === 0 ? 0 : Math.max(0, seqDiff(ack, seq));
}

function newWord(): LastWord {
  return { frame: 0, flags: 0, ack: 0, window: 0, copies: 0, copied: 0, syn: 0, fin: 0, finEnd: 0 };
}
