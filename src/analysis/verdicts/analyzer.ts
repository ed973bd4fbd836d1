/**
 * Wireshark's TCP analysis as a stream: one segment in, its verdicts out.
 *
 * ```ts
 * const analyzer = new VerdictAnalyzer();
 * const tracker = new SegmentTracker({
 *   onSegment(s) {
 *     const { bits } = analyzer.analyze(s);
 *     if ((bits & Verdict.RETRANSMISSION) !== 0) print(s.packet.frame, verdictNames(bits));
 *   },
 * });
 * ```
 *
 * The verdicts are those of tshark 4.0 with its default preferences, in one
 * pass. Memory follows the number of connections, some 400 bytes each (`rows.ts`), and the number of
 * segments that are not acknowledged, of which a direction keeps {@link MAX_UNACKED} at most.
 *
 * @module
 */
import type { PacketRecord } from "../../pcap/sink.ts";
import type { SegmentRecord } from "../../trace/segment.ts";
import { TCP_MIN_HEADER_LEN } from "../../wire/tcp.ts";
import { Arrival } from "./arrival.ts";
import { baseOf, isOrdinary, passOrdinary } from "./ordinary.ts";
import { clearVerdicts, Completeness, type SegmentVerdicts } from "./result.ts";
import { countCompleteness } from "./rules/completeness.ts";
import { noteHandshake } from "./rules/handshake.ts";
import { noteOptions } from "./rules/options.ts";
import { analyzeSequence } from "./rules/sequence.ts";
import { Rows } from "./rows.ts";
import { ANY_VERDICT, Verdict } from "./verdict.ts";

const NS = 1_000_000_000;

/** See the module. Segments must come in the order of the capture, all of them, from one tracker. */
export class VerdictAnalyzer {
  readonly #rows = new Rows();
  readonly #arrival = new Arrival();

  /** What was said last. */
  get result(): SegmentVerdicts {
    return this.#arrival.result;
  }

  /** The verdicts of the next segment: an object that the next call fills again. */
  analyze(s: SegmentRecord): SegmentVerdicts {
    const a = this.#arrival;
    clearVerdicts(a.result);
    this.#rows.moveTo(s.flow);
    this.#rows.seat(a.connection, a.fwd, a.rev);
    // Of the connection that ends here, or whose server side begins anew.
    const before = a.connection.lastFrame;
    this.#read(s);
    if (s.isReusedPorts) a.give(Verdict.REUSED_PORTS, before, a.time);
    // A reset with a wild number may have moved it.
    if (s.isSynAgain) a.fwd.next = a.fwd.edge;
    if (s.isLenKnown) analyzeSequence(a, s);
    if (s.headerLen >= TCP_MIN_HEADER_LEN) this.#noteRest(s);
    return a.result;
  }

  /**
   * The next segment by the short way, where the tracker offers it (see `SegmentSink.onPlain`):
   * false, and nothing done, when a rule may have something to say. Else {@link result} is
   * what {@link analyze} would have given.
   */
  passPlain(
    packet: PacketRecord,
    flow: number,
    seq: number,
    ack: number,
    len: number,
    window: number,
    flags: number,
    slots: Int32Array,
  ): boolean {
    const rows = this.#rows;
    rows.moveTo(flow);
    if (!isOrdinary(rows, flow, seq, ack, len, window, slots)) return false;
    const base = baseOf(slots, flow);
    passOrdinary(this.#arrival, rows, packet, seq, ack, len, window, flags, base);
    return true;
  }

  #read(s: SegmentRecord): void {
    const a = this.#arrival;
    const { connection } = a;
    const { sec, nsec } = s.packet;
    if (s.isNewStream) {
      a.fwd.unacked.clear();
      a.rev.unacked.clear();
      this.#rows.clear();
      connection.epochSec = sec;
      if (s.isReusedPorts) connection.completeness = Completeness.SYN;
    }
    a.read(s, (sec - connection.epochSec) * NS + nsec);
    connection.lastFrame = a.frame;
    a.result.completeness = connection.completeness;
    a.fwd.sackCount = 0;
  }

  /** What goes on behind the header's length. */
  #noteRest(s: SegmentRecord): void {
    const a = this.#arrival;
    const { result, connection } = a;
    countCompleteness(a, s.isNewStream && !s.isReusedPorts);
    noteHandshake(a, s);
    result.isShown = noteOptions(a, s);
    if ((result.bits & ANY_VERDICT) !== 0 || result.acksFrame !== 0) result.hasRecord = true;
    result.initialRttNs = connection.initialRtt;
  }
}
