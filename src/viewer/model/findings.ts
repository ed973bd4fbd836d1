/**
 * What somebody should know about the recording, as `seqack findings` says it: found when it is first
 * asked for, by handing all packets over once more.
 *
 * @module
 */
import { Breaks } from "../../analysis/findings/breaks.ts";
import type { Finding, FindingsReport } from "../../analysis/findings/finding.ts";
import type { Foresight } from "../../analysis/findings/foresight.ts";
import { FindingSink } from "../../analysis/findings/read-findings.ts";
import { ANY_VERDICT } from "../../analysis/verdicts/verdict.ts";
import { NO_ROW } from "../../trace/table.ts";
import type { Recording } from "./recording.ts";
import { Replay } from "./replay.ts";

/** Packets between two pauses, and pauses until what was made on the way is looked for. */
const STEP = 10_000;
const STEPS_OF_LITTER = 10;

const NS = 1_000_000_000n;

/** The findings so far; kept until there are more packets. */
export class FindingsOf {
  readonly #recording: Recording;
  readonly #pause: () => Promise<void>;
  readonly #released: () => void;
  #packets = -1;
  #report: Promise<FindingsReport> | null = null;
  /** Frames where findings show, with their streams. */
  #stops: readonly (readonly [frame: number, stream: number | null])[] = [];

  /** @param released Told now and then while the packets pass: each leaves a little. */
  constructor(recording: Recording, pause: () => Promise<void>, released: () => void = () => {}) {
    this.#recording = recording;
    this.#pause = pause;
    this.#released = released;
  }

  /** All of the recording as far as it has been read. */
  report(): Promise<FindingsReport> {
    const { length } = this.#recording.trace.packets;
    if (this.#report === null || this.#packets !== length) {
      this.#packets = length;
      this.#report = this.#find();
    }
    return this.#report;
  }

  /** Those of one stream; all of them for `null`. */
  async about(stream: number | null): Promise<FindingsReport> {
    const report = await this.report();
    if (stream === null) return report;
    return { ...report, findings: report.findings.filter((found) => found.stream === stream) };
  }

  /**
   * The nearest frame after `frame` (`step` -1: before it) where a finding shows; 0 when there is none. It shows in
   * its segments with a verdict; without any, in its first, unless it is but a note.
   */
  async next(frame: number, step: 1 | -1, stream: number | null): Promise<number> {
    await this.report();
    let best = 0;
    for (const [at, of] of this.#stops) {
      if (stream !== null && of !== stream) continue;
      const isAhead = step > 0 ? at > frame : at < frame;
      if (isAhead && (best === 0 || (step > 0 ? at < best : at > best))) best = at;
    }
    return best;
  }

  async #find(): Promise<FindingsReport> {
    const { trace } = this.#recording;
    const replay = new Replay(trace);
    // More may come of each connection while the recording grows.
    const foresight = this.#recording.isOver ? foresightOf(this.#recording) : null;
    const sink = new FindingSink(undefined, foresight);
    for (let row = 0; row < trace.packets.length; row++) {
      sink.onPacket(replay.packet(row));
      if (row % STEP !== STEP - 1) continue;
      await this.#pause();
      if ((row + 1) % (STEP * STEPS_OF_LITTER) === 0) this.#released();
    }
    for (const stats of trace.stats) sink.onStats(stats);
    const report = sink.finish();
    this.#stops = report.findings.flatMap((found) =>
      this.#stopsOf(found).map((frame) => [frame, found.stream] as const),
    );
    return report;
  }

  #stopsOf({ severity, evidence: { frames } }: Finding): readonly number[] {
    const marked = frames.filter((frame) => this.#hasVerdict(frame));
    return marked.length > 0 || severity === "note" ? marked : frames.slice(0, 1);
  }

  #hasVerdict(frame: number): boolean {
    const { trace, verdicts } = this.#recording;
    const packet = trace.packetOfFrame(frame);
    const row = packet === null ? NO_ROW : trace.packets.columns.segment[packet]!;
    return row !== NO_ROW && (verdicts.columns.verdicts[row]! & ANY_VERDICT) !== 0;
  }
}

function foresightOf({ trace, lastFrames }: Recording): Foresight {
  const { time, frame } = trace.packets.columns;
  const breaks = new Breaks();
  // Findings count from the second that the first packet came in.
  const nsec = Number(((trace.epoch % NS) + NS) % NS);
  for (let row = 0; row < trace.packets.length; row++) breaks.note(frame[row]!, time[row]! + nsec);
  return { breaks, lastFrameOf: (stream) => lastFrames.of(stream) };
}
