/**
 * The segment in hand: what a rule looks at, and where it enters what it finds.
 *
 * `fwd` is the direction of the segment, `rev` the other one. Of a socket that is
 * connected to itself all segments are in one direction, and `rev` stays as it began.
 *
 * @module
 */
import type { SegmentRecord } from "../../trace/segment.ts";
import { Flag } from "../../wire/tcp.ts";
import { Connection } from "./connection.ts";
import { Endpoint } from "./endpoint.ts";
import { MptcpConnections } from "./mptcp/mptcp.ts";
import { type MutableVerdicts, newVerdicts } from "./result.ts";
import { UnackedPool } from "./unacked/unacked.ts";
import { plus, type Word } from "./word.ts";

const SYN_FIN = Flag.SYN | Flag.FIN;
const SYN_FIN_RST = SYN_FIN | Flag.RST;

/** See the module. One object, reused. */
export class Arrival {
  readonly #pool = new UnackedPool();
  readonly fwd: Endpoint = new Endpoint(this.#pool);
  readonly rev: Endpoint = new Endpoint(this.#pool);
  /** At the segment's connection. */
  readonly connection: Connection = new Connection();
  readonly mptcp: MptcpConnections = new MptcpConnections();
  readonly result: MutableVerdicts = newVerdicts();

  frame = 0;
  /** Nanoseconds since the stream's first second. */
  time = 0.5;
  seq: Word = 0;
  /** The field, also when the ACK flag is clear. */
  ack: Word = 0;
  len = 0;
  /** SEG.SEQ + len: SYN and FIN do not count. */
  end: Word = 0;
  /** As sent, not scaled. */
  window = 0;
  flags = 0;
  /** Kinds of MPTCP options seen in the connection before this segment. */
  mpOperations = 0;

  /** Takes over the numbers of `s`; the cursors are moved there before by the caller. */
  read(s: SegmentRecord, time: number): void {
    this.frame = s.packet.frame;
    this.time = time;
    this.seq = s.seq | 0;
    this.ack = s.ack | 0;
    this.len = s.payloadLen;
    this.end = plus(this.seq, this.len);
    this.window = s.window;
    this.flags = s.tcpFlags;
    const number = this.connection.mptcp;
    this.mpOperations = number === 0 ? 0 : this.mptcp.operations(number);
  }

  get hasAck(): boolean {
    return (this.flags & Flag.ACK) !== 0;
  }

  get isRst(): boolean {
    return (this.flags & Flag.RST) !== 0;
  }

  /** Whether a SYN or a FIN takes one more number. */
  get takesOne(): boolean {
    return (this.flags & SYN_FIN) !== 0;
  }

  /** Neither SYN nor FIN nor RST. */
  get isPlain(): boolean {
    return (this.flags & SYN_FIN_RST) === 0;
  }

  /** Nothing in it that would have to be sent again. */
  get isEmpty(): boolean {
    return this.len === 0 && !this.takesOne;
  }

  /** An acknowledgement that tells nothing new but perhaps its window, which is open. */
  get repeatsAck(): boolean {
    const { fwd } = this;
    return (
      this.len === 0 &&
      this.window !== 0 &&
      this.seq === fwd.next &&
      this.ack === fwd.lastAck &&
      this.isPlain
    );
  }

  /** Gives a verdict or a note that rests on `frame`, seen at `time`, and the bytes `[from, to)`. */
  give(
    kind: number,
    frame: number,
    time: number,
    from: Word = this.seq,
    to: Word = this.end,
  ): void {
    const { evidence } = this.result;
    const i = 31 - Math.clz32(kind);
    this.result.bits |= kind;
    evidence.frame[i] = frame;
    evidence.sinceNs[i] = frame === 0 ? 0 : this.time - time;
    evidence.from[i] = from;
    evidence.to[i] = to;
  }

  has(kind: number): boolean {
    return (this.result.bits & kind) !== 0;
  }
}
