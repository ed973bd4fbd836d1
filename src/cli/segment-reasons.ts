/**
 * Why one segment of a capture is what it is: all those before it are looked
 * at on the way.
 *
 * @module
 */
import { CauseAnalyzer } from "../analysis/causes/analyzer.ts";
import { Explainer } from "../analysis/evidence/explainer.ts";
import type { Reason } from "../analysis/evidence/reason.ts";
import { StackNotes } from "../analysis/stack-notes.ts";
import { VerdictAnalyzer } from "../analysis/verdicts/analyzer.ts";
import type { Text } from "../base/lang.ts";
import type { RecordedEvent } from "../pcap/event.ts";
import type { PacketRecord } from "../pcap/sink.ts";
import { LineBases } from "../report/line-bases.ts";
import type { SegmentRecord } from "../trace/segment.ts";
import { SegmentTracker } from "../trace/tracker.ts";
import type { TcpBase } from "../wire/tcp-describe.ts";

/** Takes packets in their order; then {@link reasons} are those of the last one. */
export class ReasonSeeker {
  readonly #analyzer = new VerdictAnalyzer();
  readonly #causes = new CauseAnalyzer();
  readonly #explainer = new Explainer();
  readonly #bases = new LineBases();
  readonly #tracker = new SegmentTracker({ onSegment: (s) => this.#onSegment(s) });
  readonly #notes = new StackNotes();
  #base: TcpBase | null = null;
  #note: Text | null = null;
  #hasSegment = false;

  onEvents(events: readonly RecordedEvent[]): void {
    this.#notes.onEvents(events);
  }

  onPacket(packet: PacketRecord): void {
    this.#hasSegment = false;
    this.#note = null;
    this.#tracker.onPacket(packet);
  }

  /** Positions are counted as `seqack read` prints them. */
  reasons(): readonly Reason[] {
    return this.#hasSegment ? this.#explainer.reasons(this.#base) : [];
  }

  /** What the sender's own stack wrote down of the last one; `null`: nothing. */
  get note(): Text | null {
    return this.#note;
  }

  #onSegment(s: SegmentRecord): void {
    this.#explainer.pass(s, this.#analyzer.analyze(s), this.#causes.analyze(s));
    this.#base = this.#bases.of(s);
    this.#note = this.#notes.of(s);
    this.#hasSegment = true;
  }
}
