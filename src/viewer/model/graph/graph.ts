/**
 * What the graphs of a connection are made of, and what is asked of them.
 *
 * A graph shows the bytes that one end sent: their segments, and what the other end said to them.
 * Times are nanoseconds since the recording's first packet. A picture holds what can be seen of it:
 * where more points than that share a column of pixels, their least and greatest value.
 *
 * @module
 */

/** `sequence`: bytes over time, as tcptrace draws them; `window`: bytes under way and what limits them. */
export type GraphKind = "sequence" | "rtt" | "throughput" | "window";

/** In the order of the tabs. */
export const GRAPH_KINDS: readonly GraphKind[] = ["sequence", "rtt", "throughput", "window"];

/**
 * - `data`, `again`, `late`: payload sent first, sent again, out of order
 * - `control`: SYN, FIN and RST
 * - `ack`, `edge`, `sack`: how far the other end acknowledged, how far it would take more, what it has beyond a hole
 * - `sign`: its segments with a verdict
 * - `rtt`; `srtt`, `rto`: measured on the wire; known to the sender's own stack
 * - `throughput`, `goodput`: payload per second; the same without bytes that passed before
 * - `pacing`: the rate by which the sender's own stack spaces its segments out
 * - `flight`, `room`: bytes sent and not acknowledged; the window offered
 * - `cwnd`, `ssthresh`: known to the sender's own stack
 */
export type SeriesName =
  | "data"
  | "again"
  | "late"
  | "control"
  | "ack"
  | "edge"
  | "sack"
  | "sign"
  | "rtt"
  | "srtt"
  | "rto"
  | "throughput"
  | "goodput"
  | "pacing"
  | "flight"
  | "room"
  | "cwnd"
  | "ssthresh";

/** Series that are counted anew for each picture: means over {@link Graph.binNs}. */
export const BINNED: ReadonlySet<SeriesName> = new Set(["throughput", "goodput"]);

/** `bars` reach from `lo` to `hi`; `steps` keep a value until the next; `points` stand alone. */
export type SeriesShape = "bars" | "steps" | "points";

/** Which graph. */
export interface GraphOf {
  readonly stream: number;
  readonly kind: GraphKind;
  /** Whose bytes: 0 the client's; `null`: of the end that sent more. */
  readonly dir: 0 | 1 | null;
}

/** A graph between two times, as it looks `columns` pixels wide; all of it without them. */
export interface GraphQuery extends GraphOf {
  readonly range: readonly [number, number] | null;
  readonly columns: number;
}

/** One series of a picture, in the order of time. */
export interface GraphSeries {
  readonly name: SeriesName;
  readonly shape: SeriesShape;
  /** Points of the series altogether, and of those in the picture. */
  readonly total: number;
  readonly seen: number;
  /** Whether each of them is in the columns below; else these hold a column of pixels each. */
  readonly isExact: boolean;
  readonly x: Float64Array<ArrayBuffer>;
  readonly lo: Float64Array<ArrayBuffer>;
  readonly hi: Float64Array<ArrayBuffer>;
  /** Of steps: the value after the last point of the column. */
  readonly end: Float64Array<ArrayBuffer>;
  /** Verdicts of the first point, for `control` its flags; empty for series without marks. */
  readonly bits: Uint32Array<ArrayBuffer>;
}

/** What can be seen of a graph. */
export interface Graph {
  readonly stream: number;
  readonly kind: GraphKind;
  readonly dir: 0 | 1;
  /** Client and server, as Go writes addresses. */
  readonly ends: readonly [string, string];
  /** First and last segment of the connection. */
  readonly span: readonly [number, number];
  /** What was asked for. */
  readonly range: readonly [number, number];
  /** Nanoseconds that a value of `throughput` is the mean of; 0 in other graphs. */
  readonly binNs: number;
  readonly series: readonly GraphSeries[];
}

/** One point, with the numbers of its segment. */
export interface GraphPoint {
  readonly series: SeriesName;
  readonly time: number;
  /** Equal unless the series has bars. */
  readonly lo: number;
  readonly hi: number;
  /** `null` for what is no segment. */
  readonly segment: GraphSegment | null;
}

/** Numbers of a segment, as the list shows them. */
export interface GraphSegment {
  readonly frame: number;
  readonly dir: 0 | 1;
  readonly flags: number;
  readonly relSeq: number;
  readonly relAck: number;
  readonly len: number;
  /** In bytes. */
  readonly window: number;
  readonly verdicts: number;
  /** The frame whose end it acknowledges; 0: none. */
  readonly acksFrame: number;
}

/** Asks for the point next to a place of the picture. */
export interface NearQuery extends GraphOf {
  readonly time: number;
  readonly value: number;
  /** How much a pixel is, of each. */
  readonly perX: number;
  readonly perY: number;
  readonly hidden: readonly SeriesName[];
}

/** Points `[from, from + count)` of a series. */
export interface GraphRowsQuery extends GraphOf {
  readonly series: SeriesName;
  readonly from: number;
  readonly count: number;
}

/** Part of a series as a table. */
export interface GraphRows {
  readonly from: number;
  readonly total: number;
  readonly points: readonly GraphPoint[];
}
