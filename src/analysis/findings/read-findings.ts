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
import type { Foresight } from "./foresight.ts";
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
  readonly #foresight: Foresight | null;
  /** Slots of connections that are over with the packet in hand. */
  readonly #over: number[] = [];

  /**
   * @param more Further detectors.
   * @param foresight Of a capture that has been read before.
   */
  constructor(
    more?: (bench: Workbench) => readonly Detector[],
    foresight: Foresight | null = null,
  ) {
    this.#foresight = foresight;
    this.#finder = new FindingFinder(more);
    const verdicts = new VerdictAnalyzer();
    const causes = new CauseAnalyzer();
    this.#tracker = new SegmentTracker(
      {
        onSegment: (s) => {
          this.#finder.onSegment(s, verdicts.analyze(s), causes.analyze(s));
          if (foresight?.lastFrameOf(s.stream) === s.packet.frame) this.#over.push(s.flow >>> 1);
        },
        onOther: (packet, path) => this.#finder.onOther(packet, path),
      },
      // Which one is forgotten is known here: those that were, when the capture was first read, and more.
      foresight === null ? {} : { forgetFrom: Infinity },
    );
  }

  onPacket(packet: PacketRecord): void {
    this.#tracker.onPacket(packet);
    if (this.#over.length > 0) this.#giveUp();
  }

  /** The connections that are over make room for others. */
  #giveUp(): void {
    for (const slot of this.#over) {
      this.#finder.end(slot, this.#foresight!.breaks);
      this.#tracker.flows.release(slot);
    }
    this.#over.length = 0;
  }

  onStats(stats: CaptureStats): void {
    this.#finder.onStats(stats);
  }

  /** What was found; the sink must not be used after it. */
  finish(): FindingsReport {
    return this.#finder.finish();
  }
}
