/**
 * Why bytes were sent again, as a stream: one segment in, its cause out.
 *
 * ```ts
 * const analyzer = new CauseAnalyzer();
 * const tracker = new SegmentTracker({
 *   onSegment(s) {
 *     const { cause } = analyzer.analyze(s);
 *     if (isRetransmission(cause)) print(s.packet.frame, CAUSES[cause]);
 *   },
 * });
 * ```
 *
 * It works from the bytes that passed the point of capture, the acknowledgements,
 * the options and the times, and knows nothing of Wireshark's verdicts. `docs/causes.md`
 * tells how it decides. Memory follows the number of open connections (256 bytes
 * each), the segments in flight (24 bytes each), and connections in trouble; what is kept of
 * a direction, and of all together, has bounds.
 *
 * @module
 */
import type { SegmentRecord } from "../../trace/segment.ts";
import { seqDiff } from "../../wire/seqnum.ts";
import { Flag } from "../../wire/tcp.ts";
import { ConnectionStates } from "../connection-states.ts";
import { onAcknowledgement } from "./acknowledgement.ts";
import { Direction, Directions, Mark } from "./direction.ts";
import { FARTHEST } from "./farthest.ts";
import { judgeOldBytes } from "./old-bytes.ts";
import { passOrdinary } from "./ordinary.ts";
import { Passing } from "./passing.ts";
import { clearCauses, type SegmentCauses } from "./result.ts";
import { judgeNewBytes, judgeWithoutBytes } from "./new-bytes.ts";
import type { DirectionCauses } from "./totals.ts";
import { totalsOf } from "./totals.ts";
import { wireSegments } from "./wire-segments.ts";

/** See the module. Segments must come in the order of the capture, all of them, from one tracker. */
export class CauseAnalyzer {
  readonly #directions = new Directions();
  readonly #p = new Passing();
  readonly #states = new ConnectionStates();

  /** What is to be said of the next segment: an object that the next call fills again. */
  analyze(s: SegmentRecord): SegmentCauses {
    const p = this.#p;
    const { result, fwd, rev } = p;
    const isClean = (result.cause | result.spurious | result.reorderedFrame) === 0;
    if (!isClean) clearCauses(result);
    const directions = this.#directions;
    const isSettled = !s.isNewStream && this.#states.passSettled(s, result);
    if (isSettled && passOrdinary(p, directions, s)) return result;
    if (s.isNewStream) directions.reserve(s.flow | 1);
    directions.seat(fwd, s.flow);
    directions.seat(rev, s.reverseFlow);
    if (s.isNewStream) {
      p.reset(fwd);
      p.reset(rev);
    }
    if (!isSettled) this.#states.pass(s, result);
    if (p.epochSec === -1) p.epochSec = s.packet.sec;
    p.read(s);
    result.wireSegments = s.payloadLen === 0 ? 0 : wireSegments(p, s.packet.gsoSize);
    if (!s.isLenKnown || (s.tcpFlags & Flag.RST) !== 0) return result;
    this.#onSent(p);
    if ((s.tcpFlags & Flag.ACK) !== 0) onAcknowledgement(p, s.windowSize);
    return result;
  }

  /** What was counted of a direction so far, by its slot; `null` when there was nothing to count. */
  totals(flow: number): DirectionCauses | null {
    return totalsOf(this.#p.troubleOf(this.direction(flow)));
  }

  /** A direction as it stands, by its slot: flight, window, pushes, idle. Valid until the next call. */
  direction(flow: number): Direction {
    this.#directions.reserve(flow);
    this.#directions.seat(this.#seen, flow);
    return this.#seen;
  }
  readonly #seen = new Direction();

  #onSent(p: Passing): void {
    const { fwd } = p;
    if (!fwd.has(Mark.SENT)) {
      fwd.mark(Mark.SENT);
      fwd.sndMax = p.seq;
    }
    const ahead = seqDiff(p.seq, fwd.sndMax);
    if (p.end === p.seq) {
      if (ahead === -1) judgeWithoutBytes(p);
      return;
    }
    if (ahead > FARTHEST || ahead < -FARTHEST || isFirstOfItsOwn(p, ahead)) {
      // Begins anew where it says: a SYN with another number, or a capture with a long gap.
      if (!p.hasFlag(Flag.SYN)) return;
      p.log.clear(fwd.words, fwd.logAt);
      fwd.sndMax = fwd.una = p.seq;
      fwd.sendTime = p.time;
      judgeNewBytes(p);
      return;
    }
    if (ahead >= 0) judgeNewBytes(p);
    else judgeOldBytes(p);
    fwd.sendTime = p.time;
    if (p.hasFlag(Flag.PSH)) fwd.pushedTo = p.end;
  }
}

/** A SYN after nothing but acknowledgements that count from elsewhere: they were of the connection before. */
function isFirstOfItsOwn(p: Passing, ahead: number): boolean {
  const { fwd } = p;
  const isFirst = p.hasFlag(Flag.SYN) && !fwd.has(Mark.SYN) && !fwd.has(Mark.ACKED);
  return isFirst && fwd.logCount === 0 && ahead !== 0 && ahead !== -1;
}
