/**
 * The tracks of a graph, made from the segments of a connection.
 *
 * @module
 */
import { Verdict } from "../../../analysis/verdicts/verdict.ts";
import type { SampleEvent } from "../../../pcap/event.ts";
import type { Row } from "../../../trace/table.ts";
import { Flag } from "../../../wire/tcp.ts";
import type { Recording } from "../recording.ts";
import { endsOf } from "../rows.ts";
import { Direction, type DirectionListener } from "./direction.ts";
import type { GraphKind, SeriesName } from "./graph.ts";
import { Rates } from "./rates.ts";
import { eachSackBlock } from "./sack-blocks.ts";
import { Track } from "./track.ts";

const AGAIN =
  Verdict.RETRANSMISSION | Verdict.FAST_RETRANSMISSION | Verdict.SPURIOUS_RETRANSMISSION;

/** Verdicts of segments that acknowledge, which are marked at what they acknowledge. */
const SIGNS =
  Verdict.DUPLICATE_ACK |
  Verdict.ZERO_WINDOW |
  Verdict.ACK_LOST_SEGMENT |
  Verdict.ZERO_WINDOW_PROBE_ACK |
  Verdict.KEEP_ALIVE_ACK;

/** Variables of the sender's own stack. */
const SAMPLED: Readonly<
  Record<GraphKind, readonly (readonly [SeriesName, (sample: SampleEvent) => number | null])[]>
> = {
  sequence: [],
  throughput: [["pacing", (s) => (s.pacingRate === null ? null : s.pacingRate * 8)]],
  rtt: [
    ["srtt", (s) => s.srttNs],
    ["rto", (s) => (s.srttNs === null ? null : s.rtoNs)],
  ],
  window: [
    ["cwnd", (s) => s.cwnd],
    ["ssthresh", (s) => s.ssthresh],
  ],
};

/** Samples that are drawn of one end. */
const MAX_SAMPLES = 2 ** 20;

/** One graph in full; `advance` until it returns false, then `settle`. */
export class Plot {
  readonly stream: number;
  readonly kind: GraphKind;
  readonly dir: 0 | 1;
  /** Of segments: rows of the segment table; none of `throughput`, which has {@link rates}. */
  readonly tracks: readonly Track[];
  /** Of samples: rows of {@link sampleTimes}. */
  readonly sampled: readonly Track[];
  /** Only of `throughput`. */
  readonly rates: Rates | null;
  #sampleTimes: Float64Array = new Float64Array(0);
  #samples = 0;
  readonly #direction: Direction;

  constructor(recording: Recording, stream: number, kind: GraphKind, dir: 0 | 1) {
    this.stream = stream;
    this.kind = kind;
    this.dir = dir;
    const {
      tracks,
      listener,
      rates = null,
    } = LINES[kind](recording, recording.sums.columns.segments[stream]!);
    this.rates = rates;
    this.tracks = tracks;
    this.sampled = SAMPLED[kind].map(([name]) => new Track(name, "steps"));
    this.#direction = new Direction(dir, listener);
  }

  /** From the earliest segment taken to the latest. */
  get span(): readonly [number, number] {
    return this.#direction.span;
  }

  /** Takes at most `most` segments. @returns Whether there are more. */
  advance({ trace }: Recording, most: number): boolean {
    return this.#direction.advance(trace, trace.rowsOf(this.stream), most);
  }

  /** All segments so far are taken. */
  settle(recording: Recording): void {
    const { time } = recording.trace.segments.columns;
    this.#addSamples(recording);
    for (const track of this.tracks) track.settle(time);
    for (const track of this.sampled) track.settle(this.#sampleTimes);
    this.rates?.settle(time);
  }

  #addSamples(recording: Recording): void {
    if (this.sampled.length === 0) return;
    const { trace } = recording;
    const ends = endsOf(recording, this.stream);
    const [local, remote] = [ends[this.dir], ends[this.dir === 0 ? 1 : 0]];
    const samples = trace.samplesOf(local, remote).slice(0, MAX_SAMPLES);
    if (samples.length === this.#samples) return;
    const times = (this.#sampleTimes = Float64Array.from(samples, (s) => trace.toTime(s.time)));
    for (const [i, [, valueOf]] of SAMPLED[this.kind].entries()) {
      const track = this.sampled[i]!;
      for (let row = this.#samples; row < samples.length; row++) {
        const value = valueOf(samples[row]!);
        if (value !== null) track.add(times, row, value);
      }
    }
    this.#samples = samples.length;
  }
}

interface Lines {
  readonly tracks: readonly Track[];
  readonly listener: DirectionListener;
  readonly rates?: Rates;
}

// Columns are looked up for each segment: they are replaced as the tables grow.
const LINES: Readonly<Record<GraphKind, (recording: Recording, room: number) => Lines>> = {
  sequence: sequenceLines,
  rtt: rttLines,
  throughput: rateLines,
  window: windowLines,
};

function sequenceLines(recording: Recording, room: number): Lines {
  const [edge, sack] = [new Track("edge", "steps", room), new Track("sack", "bars")];
  const [ack, sign] = [new Track("ack", "steps", room), new Track("sign", "points")];
  const [data, late] = [new Track("data", "bars", room), new Track("late", "bars")];
  const [again, control] = [new Track("again", "bars"), new Track("control", "points")];
  const timeOf = (): Float64Array => recording.trace.segments.columns.time;
  const bitsOf = (row: Row): number => recording.verdicts.columns.verdicts[row]!;
  return {
    tracks: [edge, sack, ack, data, late, again, sign, control],
    listener: {
      onSent(row, at, len, flags) {
        const time = timeOf();
        if ((flags & (Flag.SYN | Flag.FIN | Flag.RST)) !== 0) control.add(time, row, at + len);
        if (len === 0) return;
        const bits = bitsOf(row);
        const track =
          (bits & AGAIN) !== 0 ? again : (bits & Verdict.OUT_OF_ORDER) !== 0 ? late : data;
        track.add(time, row, at, len);
      },
      onAck(row, at, toAt) {
        const time = timeOf();
        const { windowSize, flags } = recording.trace.segments.columns;
        ack.add(time, row, at);
        // The window of a SYN is not scaled (RFC 7323 §2.2), and the next one soon replaces it.
        if ((flags[row]! & Flag.SYN) === 0) edge.add(time, row, at + windowSize[row]!);
        if ((bitsOf(row) & SIGNS) !== 0) sign.add(time, row, at);
        eachSackBlock(recording.trace, row, (left, right) => {
          const len = (right - left) | 0;
          if (len > 0) sack.add(time, row, toAt(left), len);
        });
      },
    },
  };
}

function rttLines(recording: Recording, room: number): Lines {
  const rtt = new Track("rtt", "points", room);
  return {
    tracks: [rtt],
    listener: {
      onAck(row) {
        const ns = recording.ackRttNs(row);
        if (ns > 0) rtt.add(recording.trace.segments.columns.time, row, ns);
      },
    },
  };
}

function rateLines(recording: Recording, room: number): Lines {
  const rates = new Rates(room);
  const onSent = (row: Row, at: number, len: number, flags: number): void => {
    if ((flags & Flag.SYN) !== 0 && len === 0) rates.begin(at + 1);
    rates.add(recording.trace.segments.columns.time, row, at, len);
  };
  return { tracks: [], listener: { onSent }, rates };
}

function windowLines(recording: Recording, room: number): Lines {
  const [offered, flight] = [new Track("room", "steps", room), new Track("flight", "points", room)];
  const timeOf = (): Float64Array => recording.trace.segments.columns.time;
  return {
    tracks: [offered, flight],
    listener: {
      onSent(row) {
        const bytes = recording.verdicts.columns.bytesInFlight[row]!;
        if (bytes > 0) flight.add(timeOf(), row, bytes);
      },
      onAck(row) {
        const { windowSize, flags } = recording.trace.segments.columns;
        if ((flags[row]! & Flag.SYN) === 0) offered.add(timeOf(), row, windowSize[row]!);
      },
    },
  };
}
