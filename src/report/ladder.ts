/**
 * A connection as a ladder: the calls of the program on the outer lanes, the
 * segments as arrows between the two ends, their states beside them.
 *
 * ```text
 *     #      µs           client │                             │ server
 *             0  dial            │                             │
 *     1      31         SYN-SENT ├─ SYN seq 0 ────────────────▶│
 * ```
 *
 * @module
 */
import { attributeCalls, type CallMap } from "../analysis/calls.ts";
import { handshakeOf } from "../analysis/call-edges.ts";
import { rungsOf, type Rung } from "../analysis/ladder-rungs.ts";
import { streamBytes } from "../analysis/offsets.ts";
import { sentAgainOf } from "../analysis/sent-again.ts";
import { STATES, trackStates, type StateTrack } from "../analysis/states.ts";
import { text, type Lang } from "../base/lang.ts";
import { formatEndpoint } from "../trace/endpoint.ts";
import type { Row } from "../trace/table.ts";
import type { Trace } from "../trace/trace.ts";
import { Flag } from "../wire/tcp.ts";
import { callLabel, segmentLabel } from "./ladder-label.ts";
import { PLAIN, type Paint } from "./paint.ts";
import type { LayoutOptions } from "./story.ts";
import { fit, textWidth, wrap } from "./wrap.ts";

/** How a ladder is drawn. */
export interface LadderOptions extends LayoutOptions {
  /** Rungs at most; from the middle the others are left out, and counted. No limit unless told. */
  readonly maxRows?: number;
  /** When the calls are attributed already. */
  readonly calls?: CallMap;
}

/** Columns of each part of a line. */
interface Layout {
  readonly frame: number;
  readonly time: number;
  readonly lane: number;
  readonly arrow: number;
}

/** The ladder of `stream` in lines, each ended by a line feed. */
export function formatLadder(trace: Trace, stream: number, options: LadderOptions): string {
  const calls = options.calls ?? attributeCalls(trace);
  const rungs = rungsOf(trace, stream, calls);
  const ladder = new Ladder(trace, stream, rungs, options);
  const lines = [...ladder.head(), ...ladder.body(options.maxRows ?? Infinity)];
  return lines.map((line) => `${line.trimEnd()}\n`).join("");
}

class Ladder {
  readonly #trace: Trace;
  readonly #stream: number;
  readonly #rungs: readonly Rung[];
  readonly #lang: Lang;
  readonly #paint: Paint;
  readonly #states: StateTrack;
  readonly #again: ReadonlySet<Row>;
  readonly #clock: TimeScale;
  readonly #layout: Layout;

  constructor(trace: Trace, stream: number, rungs: readonly Rung[], options: LadderOptions) {
    this.#trace = trace;
    this.#stream = stream;
    this.#rungs = rungs;
    this.#lang = options.lang;
    this.#paint = options.paint ?? PLAIN;
    this.#states = trackStates(trace, stream);
    this.#again = rowsAgain(trace, stream);
    this.#clock = timeScale(rungs);
    this.#layout = layoutOf(Math.max(60, options.columns ?? 80), trace, stream);
  }

  /** Who talks with whom, and in which states they begin. */
  head(): string[] {
    const { trace, lang } = { trace: this.#trace, lang: this.#lang };
    const client = formatEndpoint(trace.endpoint(this.#stream, 0));
    const server = formatEndpoint(trace.endpoint(this.#stream, 1));
    const { frame, time, lane, arrow } = this.#layout;
    const title = text(`client ${client}, server ${server}`, `客户端 ${client}，服务端 ${server}`);
    const width = frame + time + 2 * lane + arrow + 6;
    const names = text("client", "客户端");
    const others = text("server", "服务端");
    const bold = this.#paint.bold;
    return [
      ...wrap(title[lang], width),
      "",
      this.#line({
        frame: "#",
        time: this.#clock.unit,
        left: names[lang],
        right: others[lang],
        bars: "  ",
        brush: bold,
      }),
      this.#line({ left: this.#states.initial[0], right: this.#states.initial[1], brush: bold }),
    ];
  }

  /** The rungs, at most `limit`. */
  body(limit: number): string[] {
    const rungs = this.#rungs;
    if (rungs.length <= limit) return rungs.map((r) => this.#draw(r));
    const head = Math.max(1, Math.ceil(limit * 0.6));
    const tail = Math.max(0, Math.floor(limit) - head);
    const hidden = rungs.slice(head, rungs.length - tail);
    return [
      ...rungs.slice(0, head).map((r) => this.#draw(r)),
      this.#omission(hidden),
      ...rungs.slice(rungs.length - tail).map((r) => this.#draw(r)),
    ];
  }

  #omission(hidden: readonly Rung[]): string {
    const segments = hidden.filter((r) => r.kind === "segment").length;
    const calls = hidden.length - segments;
    const en = [
      ...(segments > 0 ? [`${segments} more segment${segments === 1 ? "" : "s"}`] : []),
      ...(calls > 0 ? [`${calls} call${calls === 1 ? "" : "s"}`] : []),
    ].join(", ");
    const zh = [
      ...(segments > 0 ? [`省略 ${segments} 个报文段`] : []),
      ...(calls > 0 ? [`${calls} 次调用`] : []),
    ].join("、");
    const words = text(`… ${en} …`, `… ${zh} …`)[this.#lang];
    const { arrow } = this.#layout;
    const left = Math.max(0, (arrow - textWidth(words)) >> 1);
    const middle = fit(" ".repeat(left) + words, arrow);
    return this.#line({ middle: this.#paint.dim(middle) });
  }

  #draw(rung: Rung): string {
    const time = this.#clock.show(rung.time);
    if (rung.kind === "segment") return this.#drawSegment(rung.row, rung.index, time);
    const label = callLabel(rung.call, rung.moment, this.#layout.lane, this.#lang);
    const brush = rung.call.error === null ? this.#paint.blue : this.#paint.red;
    const sides = rung.end === 0 ? [label, ""] : ["", label];
    const bars = rung.end === 0 ? "┤│" : "│├";
    return this.#line({ time, left: sides[0]!, right: sides[1]!, bars, brush });
  }

  #drawSegment(row: Row, i: number, time: string): string {
    const { client, server, initial } = this.#states;
    const before =
      i === 0 ? initial : ([STATES[client[i - 1]!]!, STATES[server[i - 1]!]!] as const);
    const after = [STATES[client[i]!]!, STATES[server[i]!]!] as const;
    const left = after[0] === before[0] ? "" : after[0];
    const right = after[1] === before[1] ? "" : after[1];
    const frame = String(this.#trace.frameOf(row));
    const { bold } = this.#paint;
    const bars = this.#trace.segments.columns.dir[row] === 0 ? "├│" : "│┤";
    return this.#line({ frame, time, left, middle: this.#arrow(row), right, bars, brush: bold });
  }

  /** `─ label ──────▶` or `◀────── label ─`. */
  #arrow(row: Row): string {
    const { arrow } = this.#layout;
    const { dir, flags, payloadLen } = this.#trace.segments.columns;
    const label = segmentLabel(this.#trace, row, this.#again.has(row), arrow - 5, this.#lang);
    const short = fit(label, Math.min(textWidth(label), arrow - 5));
    const shaft = "─".repeat(Math.max(1, arrow - textWidth(short) - 4));
    const drawn = dir[row] === 0 ? `─ ${short} ${shaft}▶` : `◀${shaft} ${short} ─`;
    return brushOf(this.#paint, flags[row]!, payloadLen[row]!)(drawn);
  }

  #line({ frame = "", time = "", left = "", right = "", ...rest }: Line): string {
    const layout = this.#layout;
    const { dim } = this.#paint;
    const { middle = " ".repeat(layout.arrow), bars = "││", brush = (s: string) => s } = rest;
    return [
      dim(fit(frame, layout.frame, "right")),
      dim(fit(time, layout.time, "right")),
      brush(fit(left, layout.lane, "right")),
      dim(bars[0]!) + middle + dim(bars[1]!),
      brush(fit(right, layout.lane).trimEnd()),
    ].join(" ");
  }
}

/** The parts of a line; what is left out is empty. */
interface Line {
  readonly frame?: string;
  readonly time?: string;
  readonly left?: string;
  readonly right?: string;
  /** Between the two ends, exactly as wide as the arrows. */
  readonly middle?: string;
  /** The lines of the two ends, a character each. */
  readonly bars?: string;
  /** Paints both lanes. */
  readonly brush?: (s: string) => string;
}

/** Arrows need room for a label first; then the lanes grow, to the length of the longest call. */
function layoutOf(columns: number, trace: Trace, stream: number): Layout {
  const last = trace.rowsOf(stream).at(-1);
  const frame = Math.max(2, String(last === undefined ? 0 : trace.frameOf(last)).length);
  const time = 8;
  // Four spaces and two bars.
  const rest = columns - frame - time - 6;
  const lane = Math.max(12, Math.min(30, Math.floor((rest - 34) / 2), Math.floor(rest * 0.27)));
  return { frame, time, lane, arrow: rest - 2 * lane };
}

function brushOf(paint: Paint, flags: number, payloadLen: number): (s: string) => string {
  if ((flags & Flag.RST) !== 0) return paint.red;
  if ((flags & Flag.SYN) !== 0) return paint.green;
  if ((flags & Flag.FIN) !== 0) return paint.magenta;
  return payloadLen > 0 ? paint.cyan : (s) => s;
}

/** Segments that were sent again: SYNs, and data. */
function rowsAgain(trace: Trace, stream: number): Set<Row> {
  const { resent, synAck } = handshakeOf(trace, stream);
  const again = new Set([...resent[0], ...resent[1]].filter((row) => row !== synAck));
  for (const row of sentAgainOf(trace, streamBytes(trace, stream)).again) again.add(row);
  return again;
}

/** Times in one unit for the whole ladder; a listen may stand long before it all, at a negative time. */
interface TimeScale {
  readonly unit: string;
  show(time: number): string;
}

function timeScale(rungs: readonly Rung[]): TimeScale {
  const times = rungs
    .filter((r) => r.kind === "segment" || r.call.op !== "listen")
    .map((r) => r.time);
  const start = times.reduce((a, b) => Math.min(a, b), Infinity);
  const span = times.reduce((a, b) => Math.max(a, b), -Infinity) - start;
  const [unit, ns, digits] = UNITS.find(([, , , limit]) => span < limit) ?? UNITS.at(-1)!;
  return { unit, show: (time) => ((time - start) / ns).toFixed(digits) };
}

/** Name, nanoseconds, digits behind the point, and the span up to which it serves. */
const UNITS = [
  ["µs", 1e3, 0, 1e9],
  ["ms", 1e6, 1, 1e12],
  ["s", 1e9, 1, Infinity],
] as const;
