/**
 * Answers what is asked of graphs: what can be seen, what is next to the pointer, where a segment is.
 *
 * The graph that was asked for last is kept, and grows with the recording; the page keeps no points.
 * Of a million segments in one connection it takes 30 MB.
 *
 * @module
 */
import type { Row } from "../../../trace/table.ts";
import type { Recording } from "../recording.ts";
import { endsOf } from "../rows.ts";
import type {
  Graph,
  GraphOf,
  GraphPoint,
  GraphQuery,
  GraphRows,
  GraphRowsQuery,
  GraphSegment,
  GraphSeries,
  NearQuery,
  SeriesName,
} from "./graph.ts";
import { nearestIn } from "./near.ts";
import { Plot } from "./plot.ts";
import { Rates } from "./rates.ts";
import type { Track } from "./track.ts";

/** Segments that are taken before others have their turn. */
const STEP = 100_000;

/** Most pixels that a picture may ask for, and points of one part of a table. */
const MAX_COLUMNS = 8192;
const MAX_POINTS = 1024;

/** Points of one segment, as of an acknowledgement with its SACK blocks. */
const MAX_OF_FRAME = 16;

/** See the module. */
export class Graphs {
  readonly #recording: Recording;
  readonly #pause: () => Promise<void>;
  readonly #released: () => void;
  #plot: Plot | null = null;
  /** Whoever comes while a graph is made waits for it. */
  #turn: Promise<unknown> = Promise.resolve();

  /** @param released Told before a graph is made in place of the one that was kept. */
  constructor(recording: Recording, pause: () => Promise<void>, released: () => void = () => {}) {
    this.#recording = recording;
    this.#pause = pause;
    this.#released = released;
  }

  /** Keeps nothing of the graph that was asked for last. */
  forget(): void {
    this.#plot = null;
  }

  /** @returns `null` for a stream that is not there. @throws What `signal` was aborted with. */
  async picture(query: GraphQuery, signal: AbortSignal): Promise<Graph | null> {
    const plot = await this.#ready(query, signal);
    if (plot === null) return null;
    const { stream, kind, dir, span } = plot;
    const columns = Math.max(1, Math.min(MAX_COLUMNS, Math.floor(query.columns)));
    const range = rangeOf(query.range ?? span);
    const binNs = plot.rates === null ? 0 : Rates.binNs(range[1] - range[0], columns);
    const series = [
      ...(plot.rates?.cut(range, binNs) ?? []),
      ...plot.tracks.map((track) => this.#cut(track, range, columns)),
      ...plot.sampled.map((track) => track.cut(range, columns)),
    ];
    return { stream, kind, dir, ends: endsOf(this.#recording, stream), span, range, binNs, series };
  }

  /** The point next to the pointer; `null`: none is near. */
  async near(query: NearQuery, signal: AbortSignal): Promise<GraphPoint | null> {
    const plot = await this.#ready(query, signal);
    if (plot === null) return null;
    const tracks = [...plot.tracks, ...plot.sampled];
    const found = nearestIn(
      tracks.filter(({ name }) => !query.hidden.includes(name)),
      query,
    );
    return found === null ? null : this.#point(plot, found.track, found.at);
  }

  /** Where `frame` is in the graph: its points, of all series. */
  async pointsOf(
    query: GraphOf & { readonly frame: number },
    signal: AbortSignal,
  ): Promise<readonly GraphPoint[]> {
    const plot = await this.#ready(query, signal);
    const { trace } = this.#recording;
    const row = trace.segmentOfFrame(query.frame);
    if (plot === null || row === null) return [];
    const points: GraphPoint[] = [];
    for (const track of plot.tracks) {
      const time = trace.segments.columns.time[row]!;
      for (let i = track.firstAt(time); i < track.length && track.timeAt(i) === time; i++) {
        if (track.rows[i] === row) points.push(this.#point(plot, track, i));
      }
    }
    return points.slice(0, MAX_OF_FRAME);
  }

  /** A series as a table; empty for one that the graph has not. */
  async rows(query: GraphRowsQuery, signal: AbortSignal): Promise<GraphRows> {
    const plot = await this.#ready(query, signal);
    const track = [...(plot?.tracks ?? []), ...(plot?.sampled ?? [])].find(
      ({ name }) => name === query.series,
    );
    if (plot === null || track === undefined) return { from: 0, total: 0, points: [] };
    const from = Math.max(0, Math.min(query.from, track.length));
    const count = Math.min(query.count, MAX_POINTS, track.length - from);
    const points = Array.from({ length: count }, (_, i) => this.#point(plot, track, from + i));
    return { from, total: track.length, points };
  }

  async #ready(of: GraphOf, signal: AbortSignal): Promise<Plot | null> {
    const turn = this.#turn.then(() => this.#make(of, signal));
    this.#turn = turn.catch(() => null);
    return await turn;
  }

  async #make({ stream, kind, dir }: GraphOf, signal: AbortSignal): Promise<Plot | null> {
    const { trace, sums } = this.#recording;
    if (stream >= trace.streams || (sums.columns.segments[stream] ?? 0) === 0) return null;
    const { sent, received } = sums.columns;
    const side = dir ?? (received[stream]! > sent[stream]! ? 1 : 0);
    let plot = this.#plot;
    if (plot?.stream !== stream || plot.kind !== kind || plot.dir !== side) {
      // What is no more needed goes before the new one is made.
      this.#plot = null;
      if (plot !== null) this.#released();
      plot = new Plot(this.#recording, stream, kind, side);
    }
    while (plot.advance(this.#recording, STEP)) {
      await this.#pause();
      if (signal.aborted) throw signal.reason;
    }
    plot.settle(this.#recording);
    return (this.#plot = plot);
  }

  #cut(track: Track, range: readonly [number, number], columns: number): GraphSeries {
    const { trace, verdicts } = this.#recording;
    const { verdicts: bits } = verdicts.columns;
    const marks = track.name === "control" ? trace.segments.columns.flags : bits;
    return track.cut(range, columns, MARKED.has(track.name) ? marks : null);
  }

  #point(plot: Plot, track: Track, i: number): GraphPoint {
    const isSample = plot.sampled.includes(track);
    return {
      series: track.name,
      time: track.timeAt(i),
      lo: track.lo[i]!,
      hi: track.hiAt(i),
      segment: isSample ? null : this.#segment(track.rows[i]!),
    };
  }

  #segment(row: Row): GraphSegment {
    const { trace, verdicts } = this.#recording;
    const c = trace.segments.columns;
    const v = verdicts.columns;
    return {
      frame: trace.frameOf(row),
      dir: c.dir[row] === 0 ? 0 : 1,
      flags: c.flags[row]!,
      relSeq: c.relSeq[row]!,
      relAck: c.relAck[row]!,
      len: c.payloadLen[row]!,
      window: c.windowSize[row]!,
      verdicts: v.verdicts[row]!,
      acksFrame: v.acksFrame[row]!,
    };
  }
}

/** Series whose points carry marks. */
const MARKED: ReadonlySet<SeriesName> = new Set(["again", "late", "sign", "control"]);

/** A picture is at least a microsecond wide: one segment has a place in it, too. */
function rangeOf([from, to]: readonly [number, number]): readonly [number, number] {
  return to - from >= 1000 ? [from, to] : [from - 500, from + 500];
}
