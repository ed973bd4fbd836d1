/**
 * A sink that finds: packets in, findings out.
 *
 * @module
 */
import type { CaptureSink, CaptureStats, PacketRecord } from "../../pcap/sink.ts";
import { SegmentTracker } from "../../trace/tracker.ts";
import { CauseAnalyzer } from "../causes/analyzer.ts";
import { VerdictAnalyzer } from "../verdicts/analyzer.ts";
import { FindingFinder } from "./finder.ts";
import type { FindingsReport } from "./finding.ts";
import type { Detector, Workbench } from "./moment.ts";

/**
 * Tracker, verdicts, causes and {@link FindingFinder} in one, to give to a reader:
 *
 * ```ts
 * const findings = new FindingSink();
 * reader.read(bytes, findings);
 * const { findings: found } = findings.finish();
 * ```
 */
export class FindingSink implements CaptureSink {
  readonly #finder: FindingFinder;
  readonly #tracker: SegmentTracker;

  /** @param more Further detectors. */
  constructor(more?: (bench: Workbench) => readonly Detector[]) {
    this.#finder = new FindingFinder(more);
    const verdicts = new VerdictAnalyzer();
    const causes = new CauseAnalyzer();
    this.#tracker = new SegmentTracker({
      onSegment: (s) => this.#finder.onSegment(s, verdicts.analyze(s), causes.analyze(s)),
      onOther: (packet, path) => this.#finder.onOther(packet, path),
    });
  }

  onPacket(packet: PacketRecord): void {
    this.#tracker.onPacket(packet);
  }

  onStats(stats: CaptureStats): void {
    this.#finder.onStats(stats);
  }

  /** What was found; the sink must not be used after it. */
  finish(): FindingsReport {
    return this.#finder.finish();
  }
}
