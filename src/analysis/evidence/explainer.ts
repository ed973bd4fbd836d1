/**
 * Says why: a sentence for each verdict, note and number of a segment.
 *
 * ```ts
 * const explainer = new Explainer();
 * const tracker = new SegmentTracker({
 *   onSegment(s) {
 *     explainer.pass(s, analyzer.analyze(s));
 *     for (const { text } of explainer.reasons(null)) print(text.en);
 *   },
 * });
 * ```
 *
 * Every segment passes; sentences are made of those that are asked for.
 *
 * @module
 */
import type { Text } from "../../base/lang.ts";
import type { SegmentRecord } from "../../trace/segment.ts";
import type { TcpBase } from "../../wire/tcp-describe.ts";
import type { SegmentCauses } from "../causes/result.ts";
import type { SegmentVerdicts } from "../verdicts/result.ts";
import { type NoteName, NOTES, Verdict, type VerdictName, VERDICTS } from "../verdicts/verdict.ts";
import * as acks from "./acks.ts";
import { causeReasons } from "./cause-reasons.ts";
import { LastWords } from "./last-words.ts";
import * as notes from "./notes.ts";
import type { Case, NumberName, Reason } from "./reason.ts";
import * as sent from "./retransmissions.ts";
import * as windows from "./windows.ts";

const ON_THE_WIRE: TcpBase = { seq: 0, ack: 0 };

const SENTENCES: Readonly<Record<VerdictName | NoteName, (c: Case) => Text>> = {
  zero_window_probe: windows.zeroWindowProbe,
  zero_window: windows.zeroWindow,
  lost_segment: sent.lostSegment,
  keep_alive: windows.keepAlive,
  window_update: windows.windowUpdate,
  window_full: windows.windowFull,
  keep_alive_ack: windows.keepAliveAck,
  zero_window_probe_ack: windows.zeroWindowProbeAck,
  duplicate_ack: acks.duplicateAck,
  ack_lost_segment: acks.ackLostSegment,
  spurious_retransmission: sent.spuriousRetransmission,
  fast_retransmission: sent.fastRetransmission,
  out_of_order: sent.outOfOrder,
  retransmission: sent.retransmission,
  reused_ports: notes.reusedPorts,
  tfo_syn: notes.fastOpenSyn,
  tfo_ack: notes.fastOpenAck,
  tfo_ignored: notes.fastOpenIgnored,
  dsack: notes.duplicateSack,
  fin_active: notes.finActive,
  fin_passive: notes.finPassive,
};

const NUMBERS: Readonly<Record<NumberName, (c: Case) => Text | null>> = {
  rto: sent.retransmissionTimeout,
  acks_frame: acks.acksFrame,
  bytes_in_flight: acks.bytesInFlight,
};

/** See the module. */
export class Explainer {
  readonly #words = new LastWords();
  #s: SegmentRecord | null = null;
  #v: SegmentVerdicts | null = null;
  #c: SegmentCauses | null = null;

  /** The next segment, its verdicts and, if they are to be told too, its causes: all of them, in the order of the capture. */
  pass(s: SegmentRecord, v: SegmentVerdicts, c: SegmentCauses | null = null): void {
    this.#words.pass(s, v);
    this.#s = s;
    this.#v = v;
    this.#c = c;
  }

  /**
   * Sentences of the segment that has just passed: what Wireshark shows, in its order, and before the
   * numbers what the causes say.
   *
   * @param base What positions are counted from; `null` for numbers as on the wire.
   */
  reasons(base: TcpBase | null): readonly Reason[] {
    const [s, v] = [this.#s, this.#v];
    if (s === null || v === null) return [];
    const { sender, receiver } = this.#words;
    const c: Case = { s, v, base: base ?? ON_THE_WIRE, sender, receiver };
    const found: Reason[] = [];
    if (v.isShown) this.#addVerdicts(c, found);
    NOTES.forEach((name, i) => {
      const bit = 1 << (VERDICTS.length + i);
      if ((v.bits & bit) !== 0)
        found.push({ name, kind: "note", frame: 0, text: SENTENCES[name](c) });
    });
    if (v.isShown && this.#c !== null) found.push(...causeReasons(this.#c));
    if (v.isShown) this.#addNumbers(c, found);
    return found;
  }

  #addVerdicts(c: Case, found: Reason[]): void {
    const { bits, evidence } = c.v;
    const isSpurious = (bits & Verdict.SPURIOUS_RETRANSMISSION) !== 0;
    VERDICTS.forEach((name, i) => {
      if ((bits & (1 << i)) === 0) return;
      // A spurious one has said it all.
      if (name === "retransmission" && isSpurious) return;
      found.push({ name, kind: "verdict", frame: evidence.frame[i]!, text: SENTENCES[name](c) });
    });
  }

  #addNumbers(c: Case, found: Reason[]): void {
    const frames: Readonly<Record<NumberName, number>> = {
      rto: c.v.rtoFrame,
      acks_frame: c.v.acksFrame,
      bytes_in_flight: 0,
    };
    for (const name of ["rto", "acks_frame", "bytes_in_flight"] as const) {
      const words = NUMBERS[name](c);
      if (words !== null) found.push({ name, kind: "number", frame: frames[name], text: words });
    }
  }
}
