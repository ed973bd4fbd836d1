/**
 * Why one segment of a capture is what it is: all those before it are looked
 * at on the way.
 *
 * @module
 */
import { CauseAnalyzer } from "../analysis/causes/analyzer.ts";
import { Explainer } from "../analysis/evidence/explainer.ts";
import type { Reason } from "../analysis/evidence/reason.ts";
import { VerdictAnalyzer } from "../analysis/verdicts/analyzer.ts";
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
  #base: TcpBase | null = null;
  #hasSegment = false;

  onPacket(packet: PacketRecord): void {
    this.#hasSegment = false;
    this.#tracker.onPacket(packet);
  }

  /** Positions are counted as `seqack read` prints them. */
  reasons(): readonly Reason[] {
    return this.#hasSegment ? this.#explainer.reasons(this.#base) : [];
  }

  #onSegment(s: SegmentRecord): void {
    this.#explainer.pass(s, this.#analyzer.analyze(s), this.#causes.analyze(s));
    this.#base = this.#bases.of(s);
    this.#hasSegment = true;
  }
}
