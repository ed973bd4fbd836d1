/**
 * The segment in hand, as the rules of this folder see it: what its sender
 * sent before (`fwd`), what it acknowledges (`rev`), and where it enters what it
 * turns out to be.
 *
 * @module
 */
import type { SegmentRecord } from "../../trace/segment.ts";
import { type SeqNum, seqAdd } from "../../wire/seqnum.ts";
import { Flag, TCP_MIN_HEADER_LEN } from "../../wire/tcp.ts";
import { OptionKind, tcpOptionLen } from "../../wire/tcp-option.ts";
import { Direction, Mark } from "./direction.ts";
import { type MutableCauses, newCauses } from "./result.ts";
import { measurePath, type Path } from "./rtt.ts";
import { Resent } from "./resent.ts";
import { SentLog } from "./sent-log.ts";
import { Trouble, TroubleRoom } from "./trouble.ts";

const NS = 1_000_000_000;

/** NOP, NOP, timestamps: the options of most segments. */
export const ONLY_TIMESTAMPS = 0x0101_080a;
/** Blocks that fit into the options (RFC 2018 §3). */
const SACK_BLOCKS = 4;

/** See the module. One object, reused. */
export class Passing {
  readonly fwd: Direction = new Direction();
  readonly rev: Direction = new Direction();
  readonly log: SentLog = new SentLog();
  readonly resent: Resent = new Resent();
  readonly result: MutableCauses = newCauses();
  readonly path: Path = { near: 0.5, srtt: 0.5, rto: 0.5, prompt: 0.5 };
  /** By the number that its direction knows; number 0 is none. */
  readonly #troubles: (Trouble | null)[] = [null];
  readonly #free: number[] = [];
  readonly #room = new TroubleRoom();

  /** The first second of the capture; -1 before it. */
  epochSec = -1;
  flow = 0;
  reverseFlow = 0;
  frame = 0;
  /** Nanoseconds since the first second of the capture. */
  time = 0.5;
  seq: SeqNum = 0;
  ack: SeqNum = 0;
  flags = 0;
  payloadLen = 0;
  /** Behind its last number; SYN and FIN take one. */
  end: SeqNum = 0;
  /** Bytes of options. */
  optionsLen = 0;
  hasTs = false;
  tsVal = 0;
  tsEcr = 0;
  /** 0 with IPv6. */
  ipId = 0;
  /** Edges of the SACK blocks, two each. */
  readonly sack: Uint32Array = new Uint32Array(2 * SACK_BLOCKS);
  sackCount = 0;

  /** Takes over the numbers of `s`; the cursors are moved there before by the caller. */
  read(s: SegmentRecord): void {
    this.flow = s.flow;
    this.reverseFlow = s.reverseFlow;
    const { frame, sec, nsec } = s.packet;
    this.frame = frame;
    this.time = (sec - this.epochSec) * NS + nsec;
    this.seq = s.seq;
    this.ack = s.ack;
    this.flags = s.tcpFlags;
    this.payloadLen = s.payloadLen;
    const isOne = (s.tcpFlags & (Flag.SYN | Flag.FIN)) !== 0;
    this.end = isOne ? seqAdd(s.seq, s.payloadLen + 1) : seqAdd(s.seq, s.payloadLen);
    this.#readOptions(s);
    const { path } = s;
    const hasId = path.ipVersion === 4 && this.end !== this.seq;
    this.ipId = hasId ? s.view.getUint16(path.ipAt + 4) : 0;
  }

  /** Numbers that it takes: bytes, SYN and FIN. */
  get len(): number {
    return (this.end - this.seq) >>> 0;
  }

  hasFlag(flag: number): boolean {
    return (this.flags & flag) !== 0;
  }

  /** What is remembered of trouble with what its sender sends; made when there is none. */
  get trouble(): Trouble {
    this.fwd.mark(Mark.TROUBLED);
    return this.troubleOf(this.fwd) ?? this.#begin(this.fwd);
  }

  /** The same of what it acknowledges. */
  get reverseTrouble(): Trouble {
    this.rev.mark(Mark.TROUBLED);
    return this.troubleOf(this.rev) ?? this.#begin(this.rev);
  }

  /** Of a direction; `null` when there was none. */
  troubleOf(d: Direction): Trouble | null {
    return this.#troubles[d.trouble] ?? null;
  }

  /** Forgets what `d` remembers of a connection before. */
  reset(d: Direction): void {
    this.log.clear(d.words, d.logAt);
    if (d.trouble !== 0) {
      this.troubleOf(d)?.release();
      this.#troubles[d.trouble] = null;
      this.#free.push(d.trouble);
    }
    d.reset();
  }

  /** Enters the segment into the log of its sender. */
  noteSent(): void {
    const { log, fwd } = this;
    log.now = this.time;
    log.push(fwd.words, fwd.logAt, this.end, this.frame, this.tsVal, this.ipId);
  }

  /** Fills {@link path} for what the sender of this sends. */
  measure(): Path {
    measurePath(this.path, this.fwd, this.rev);
    return this.path;
  }

  #begin(d: Direction): Trouble {
    const trouble = new Trouble(this.#room);
    d.trouble = this.#free.pop() ?? this.#troubles.length;
    this.#troubles[d.trouble] = trouble;
    return trouble;
  }

  #readOptions(s: SegmentRecord): void {
    const { view, headerLen } = s;
    const { tcpAt, tcpEnd } = s.path;
    this.sackCount = 0;
    this.hasTs = false;
    this.tsVal = this.tsEcr = 0;
    this.optionsLen = headerLen - TCP_MIN_HEADER_LEN;
    if (headerLen <= TCP_MIN_HEADER_LEN) return;
    const first = tcpAt + TCP_MIN_HEADER_LEN;
    if (headerLen === 32 && tcpEnd >= first + 12 && view.getUint32(first) === ONLY_TIMESTAMPS) {
      this.#noteTimestamps(view, first + 2);
      return;
    }
    const headerEnd = tcpAt + headerLen;
    for (let at = first, len; ; at += len) {
      len = tcpOptionLen(view, at, headerEnd, tcpEnd);
      if (len <= 0) return;
      if (len > 1) this.#noteOption(view, at, len);
    }
  }

  #noteOption(view: DataView, at: number, len: number): void {
    switch (view.getUint8(at)) {
      case OptionKind.TIMESTAMPS:
        if (len === 10) this.#noteTimestamps(view, at);
        return;
      case OptionKind.SACK:
        for (let o = at + 2; o + 8 <= at + len && this.sackCount < SACK_BLOCKS; o += 8) {
          this.sack[2 * this.sackCount] = view.getUint32(o);
          this.sack[2 * this.sackCount++ + 1] = view.getUint32(o + 4);
        }
        return;
      case OptionKind.SACK_PERMITTED:
        if (this.hasFlag(Flag.SYN)) this.fwd.mark(Mark.SACK);
        return;
      case OptionKind.MSS:
        if (len === 4 && this.hasFlag(Flag.SYN)) this.fwd.mss = view.getUint16(at + 2);
        return;
      default:
    }
  }

  #noteTimestamps(view: DataView, at: number): void {
    this.hasTs = true;
    this.tsVal = view.getUint32(at + 2);
    this.tsEcr = view.getUint32(at + 6);
  }
}
