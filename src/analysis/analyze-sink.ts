/**
 * Everything that the analysis makes of a capture, as the segments pass.
 *
 * @module
 */
import type { CaptureWarning, PacketRecord } from "../pcap/sink.ts";
import { scaledWindow } from "../trace/flows.ts";
import type { SegmentRecord, SegmentSink } from "../trace/segment.ts";
import { Segments } from "./analyze-segments.ts";
import { ConversationTracker } from "./conversations/tracker.ts";
import { VerdictAnalyzer } from "./verdicts/analyzer.ts";

/** Warnings between two looks at them. */
const MAX_WARNINGS = 1000;

/** Takes what a `SegmentTracker` finds. */
export class AnalysisSink implements SegmentSink {
  readonly conversations: ConversationTracker = new ConversationTracker();
  readonly segments: Segments = new Segments();
  /** TCP or not. */
  packets = 0;
  /** For the caller to take out. */
  readonly warnings: CaptureWarning[] = [];
  readonly #analyzer = new VerdictAnalyzer();
  readonly #keepsSegments: boolean;

  constructor(keepsSegments: boolean) {
    this.#keepsSegments = keepsSegments;
  }

  onSegment(s: SegmentRecord): void {
    this.packets++;
    const v = this.#analyzer.analyze(s);
    this.conversations.note(s, v);
    if (this.#keepsSegments) this.segments.add(s, v);
  }

  onPlain(
    packet: PacketRecord,
    flow: number,
    seq: number,
    ack: number,
    len: number,
    window: number,
    flags: number,
    slots: Int32Array,
  ): boolean {
    const { conversations } = this;
    const analyzer = this.#analyzer;
    if (this.#keepsSegments) return false;
    if (!analyzer.passPlain(packet, flow, seq, ack, len, window, flags, slots)) return false;
    this.packets++;
    const size = scaledWindow(slots, flow, window);
    conversations.notePlain(packet, flow, seq, ack, len, size, analyzer.result);
    return true;
  }

  onOther(_packet: PacketRecord): void {
    this.packets++;
  }

  onWarning(warning: CaptureWarning): void {
    if (this.warnings.length < MAX_WARNINGS || warning.fatal) this.warnings.push(warning);
  }
}
