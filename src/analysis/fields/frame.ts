/**
 * A packet as fields see it: its bytes, its headers, its segment, and its
 * time beside the packets before it.
 *
 * ```ts
 * const tracker = new SegmentTracker(new FrameFeed((frame) => print(frame.segment?.stream)));
 * ```
 *
 * @module
 */
import type { RecordedEvent } from "../../pcap/event.ts";
import type { PacketRecord } from "../../pcap/sink.ts";
import type { SegmentRecord, SegmentSink } from "../../trace/segment.ts";
import { CauseAnalyzer } from "../causes/analyzer.ts";
import type { SegmentCauses } from "../causes/result.ts";
import { type StackNote, StackNotes } from "../stack-notes.ts";
import { VerdictAnalyzer } from "../verdicts/analyzer.ts";
import type { SegmentVerdicts } from "../verdicts/result.ts";
import { type Layer, type LayerKind, layersOf } from "../../wire/layers.ts";
import { LinkType } from "../../wire/linktype.ts";
import { copyOfSegment, copyOfVerdicts } from "./sample.ts";

const NS = 1_000_000_000;

/** The frame being handed over. One object, reused: valid only during the call. */
export interface Frame {
  readonly packet: PacketRecord;
  /** `null` when there is no TCP header to read in it. */
  readonly segment: SegmentRecord | null;
  /** What the analysis says of the segment; `null` without one. */
  readonly verdicts: SegmentVerdicts | null;
  /** Why the segment was sent again, and what else is to be said of it; `null` without one. */
  readonly causes: SegmentCauses | null;
  /** What the sender's own stack wrote down of the segment; `null` where the recording has nothing of it. */
  readonly stack: StackNote | null;
  /**
   * The frames that it tells of, when it does (sFlow), each with its segment; else none. Their `packet` is
   * the one that tells.
   */
  readonly samples: readonly Frame[];
  /** Its headers from the outside in; found when first asked for. */
  readonly layers: readonly Layer[];
  /** End of the captured bytes in `packet.view`. */
  readonly end: number;
  /** Since 1970. */
  readonly timeNs: bigint;
  /** Since the first frame. */
  readonly relativeNs: bigint;
  /** Since the frame before, 0 for the first. */
  readonly deltaNs: bigint;
  /** Since the first segment of its stream; 0 without a segment. */
  readonly streamRelativeNs: bigint;
  /** Since the segment before in its stream, 0 for the first. */
  readonly streamDeltaNs: bigint;
}

/** A header and where its bytes are. */
export interface Header extends Layer {
  readonly view: DataView;
  /** End of the captured bytes in `view`. */
  readonly end: number;
}

/** All headers from the outside in, those of a packet put together from fragments behind those of its last one. */
export function headersOf(frame: Frame): readonly Header[] {
  const { view } = frame.packet;
  const outer = headersIn(frame.layers, view, frame.end);
  const whole = frame.segment?.view ?? view;
  if (whole === view) return outer;
  const end = whole.byteLength;
  // Its IP header is the last fragment's.
  const inner = layersOf(whole, 0, end, end, LinkType.RAW).slice(1);
  return [...outer, ...headersIn(inner, whole, end)];
}

function headersIn(layers: readonly Layer[], view: DataView, end: number): Header[] {
  return layers.map(({ kind, at, len, number, wireEnd, why }) => ({
    kind,
    at,
    len,
    number,
    wireEnd,
    why,
    view,
    end,
  }));
}

/** Headers of one kind. */
export function headersOfKind(frame: Frame, kind: LayerKind): readonly Header[] {
  return headersOf(frame).filter((header) => header.kind === kind);
}

/** Puts what a `SegmentTracker` finds into frames, all packets in their order. */
export class FrameFeed implements SegmentSink {
  readonly #notes = new StackNotes();
  readonly #frame = new CurrentFrame(this.#notes);
  readonly #analyzer = new VerdictAnalyzer();
  readonly #causes = new CauseAnalyzer();
  readonly #onFrame: (frame: Frame) => void;
  #samples: Frame[] = [];

  constructor(onFrame: (frame: Frame) => void) {
    this.#onFrame = onFrame;
  }

  onSegment(segment: SegmentRecord): void {
    const verdicts = this.#analyzer.analyze(segment);
    this.#frame.set(segment.packet, segment, verdicts, this.#causes.analyze(segment));
    if (segment.path.isSample) this.#samples.push(this.#frame.copy());
    else this.#onFrame(this.#frame);
  }

  /** Those of the recording before the packets that follow. */
  onEvents(events: readonly RecordedEvent[]): void {
    this.#notes.onEvents(events);
  }

  onSamples(packet: PacketRecord): void {
    this.#frame.set(packet, null, null, null);
    this.#frame.samples = this.#samples;
    this.#onFrame(this.#frame);
    this.#samples = [];
  }

  onOther(packet: PacketRecord): void {
    this.#frame.set(packet, null, null, null);
    this.#onFrame(this.#frame);
  }
}

/** Times of the first and the last packet of each connection, by its slot: 32 bytes, where an object has a hundred. */
class Spans {
  /** Four a slot: seconds and nanoseconds of the first packet, then of the last. */
  #times = new Float64Array(4 * 64);

  /**
   * Nanoseconds since the connection's first packet, which `packet` is when it `isFirst`, and since the
   * one before; `packet` becomes the last.
   */
  pass(
    slot: number,
    isFirst: boolean,
    { sec, nsec }: PacketRecord,
  ): { relative: bigint; delta: bigint } {
    const at = slot * 4;
    if (isFirst) this.#begin(at, sec, nsec);
    const t = this.#times;
    const relative = nanoseconds(sec - t[at]!, nsec - t[at + 1]!);
    const delta = nanoseconds(sec - t[at + 2]!, nsec - t[at + 3]!);
    t[at + 2] = sec;
    t[at + 3] = nsec;
    return { relative, delta };
  }

  #begin(at: number, sec: number, nsec: number): void {
    if (at >= this.#times.length) {
      const old = this.#times;
      this.#times = new Float64Array(at * 2);
      this.#times.set(old);
    }
    this.#times.set([sec, nsec, sec, nsec], at);
  }
}

class CurrentFrame implements Frame {
  packet!: PacketRecord;
  segment: SegmentRecord | null = null;
  samples: readonly Frame[] = [];
  verdicts: SegmentVerdicts | null = null;
  causes: SegmentCauses | null = null;
  relativeNs = 0n;
  deltaNs = 0n;
  streamRelativeNs = 0n;
  streamDeltaNs = 0n;
  #layers: readonly Layer[] | null = null;
  /** Of the whole capture, as one stream. */
  readonly #all = new Spans();
  readonly #streams = new Spans();
  #frame = 0;
  readonly #notes: StackNotes;

  constructor(notes: StackNotes) {
    this.#notes = notes;
  }

  get stack(): StackNote | null {
    return this.segment === null ? null : this.#notes.noteOf(this.segment);
  }

  get end(): number {
    return Math.min(this.packet.at + this.packet.capLen, this.packet.view.byteLength);
  }

  get layers(): readonly Layer[] {
    const { view, at, capLen, origLen, linkType } = this.packet;
    return (this.#layers ??= layersOf(view, at, capLen, origLen, linkType));
  }

  get timeNs(): bigint {
    return nanoseconds(this.packet.sec, this.packet.nsec);
  }

  set(
    packet: PacketRecord,
    segment: SegmentRecord | null,
    verdicts: SegmentVerdicts | null,
    causes: SegmentCauses | null,
  ): void {
    this.packet = packet;
    this.segment = segment;
    this.verdicts = verdicts;
    this.causes = causes;
    this.#layers = null;
    this.samples = [];
    if (packet.frame !== this.#frame) this.#pass(packet);
    const stream =
      segment === null
        ? NO_TIMES
        : this.#streams.pass(segment.flow >>> 1, segment.isNewStream, packet);
    this.streamRelativeNs = stream.relative;
    this.streamDeltaNs = stream.delta;
  }

  /** The frame as it is now, to be kept for the length of its packet. */
  copy(): Frame {
    const { packet, segment, verdicts, end, timeNs, relativeNs, deltaNs } = this;
    return {
      packet,
      segment: segment === null ? null : copyOfSegment(segment),
      samples: [],
      verdicts: verdicts === null ? null : copyOfVerdicts(verdicts),
      causes: null,
      stack: null,
      layers: [],
      end,
      timeNs,
      relativeNs,
      deltaNs,
      streamRelativeNs: this.streamRelativeNs,
      streamDeltaNs: this.streamDeltaNs,
    };
  }

  #pass(packet: PacketRecord): void {
    const all = this.#all.pass(0, this.#frame === 0, packet);
    this.#frame = packet.frame;
    this.relativeNs = all.relative;
    this.deltaNs = all.delta;
  }
}

const NO_TIMES = { relative: 0n, delta: 0n } as const;

/** Exact beyond 2^53; the short way where it is not needed. */
function nanoseconds(sec: number, nsec: number): bigint {
  const ns = sec * NS + nsec;
  return Number.isSafeInteger(ns) ? BigInt(ns) : BigInt(sec) * BigInt(NS) + BigInt(nsec);
}
