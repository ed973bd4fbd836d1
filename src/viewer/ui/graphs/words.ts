/**
 * Points of a graph in words.
 *
 * @module
 */
import { text, type Text } from "../../../base/lang.ts";
import { labelBy } from "../../draw/graph/ticks.ts";
import { STYLES } from "../../draw/graph/style.ts";
import {
  BINNED,
  type Graph,
  type GraphKind,
  type GraphPoint,
  type GraphSeries,
  type SeriesName,
} from "../../model/graph/graph.ts";
import { marksOf } from "../../model/marks.ts";
import { flagNames, showCount, showSeconds, showSpan } from "../../model/show.ts";

/** A value of the graph, exactly where it is a count. */
export function showValue(kind: GraphKind, value: number): string {
  if (kind === "rtt") return showSpan(value);
  if (kind === "throughput") return labelBy(value, value / 1000, "bits/s")(value);
  const count = showCount(Math.abs(value));
  return value < 0 ? `-${count}` : count;
}

/** Names of the verdicts. */
export function verdictWords(bits: number): string {
  return marksOf(bits)
    .map(({ name }) => name)
    .join(", ");
}

/** What is under the pointer: a heading, and lines. */
export interface PointWords {
  readonly head: Text;
  readonly lines: readonly Text[];
}

/** A point with all its numbers; `time` as the page shows times. */
export function pointWords(kind: GraphKind, point: GraphPoint): PointWords {
  const { series, segment, time, lo, hi } = point;
  const { label } = STYLES[series];
  const at = `${showSeconds(time)} s`;
  if (segment === null) {
    return { head: label, lines: [text(at, at), same(showValue(kind, lo))] };
  }
  const { frame, relSeq, relAck, len, window, verdicts, flags, acksFrame } = segment;
  const head = text(`Frame ${frame} · ${label.en}`, `第 ${frame} 帧 · ${label.zh}`);
  const numbers = [
    `[${flagNames(flags)}]`,
    `seq ${relSeq}`,
    ...(flags & 0x10 ? [`ack ${relAck}`] : []),
    `len ${len}`,
    `win ${window}`,
  ].join(" ");
  const lines = [same(at), same(numbers)];
  const value = valueWords(kind, series, lo, hi);
  if (value !== null) lines.push(value);
  if (series === "rtt" && acksFrame !== 0) {
    lines.push(text(`acknowledges frame ${acksFrame}`, `确认第 ${acksFrame} 帧`));
  }
  const found = verdictWords(verdicts);
  if (found !== "") lines.push(same(found));
  return { head, lines };
}

/** The rates of the bin at `time`; `null` in other graphs, and outside. */
export function rateWords(
  { binNs, series }: Graph,
  hidden: readonly SeriesName[],
  time: number,
): PointWords | null {
  if (binNs === 0) return null;
  const at = Math.floor(time / binNs) - Math.round((series[0]?.x[0] ?? 0) / binNs);
  const start = series[0]?.x[at];
  if (start === undefined) return null;
  const span = `${showSeconds(start)} s + ${showSpan(binNs)}`;
  const lines = series
    .filter(({ name }) => !hidden.includes(name))
    .flatMap((one) => {
      const { label } = STYLES[one.name];
      const value = BINNED.has(one.name) ? one.lo[at]! : valueBefore(one, time);
      if (value === null) return [];
      const rate = showValue("throughput", value);
      return [text(`${label.en} ${rate}`, `${label.zh} ${rate}`)];
    });
  return { head: same(span), lines };
}

/** The value that a step had at `time`; `null` before the first. */
function valueBefore({ x, end }: GraphSeries, time: number): number | null {
  const at = x.findLastIndex((one) => one <= time);
  return end[at] ?? null;
}

/** What the point's height means, where the segment's numbers do not say it already. */
function valueWords(kind: GraphKind, series: SeriesName, lo: number, hi: number): Text | null {
  if (kind !== "sequence") {
    const { label } = STYLES[series];
    const value = showValue(kind, lo);
    return text(`${label.en} ${value}`, `${label.zh} ${value}`);
  }
  const [from, to] = [showCount(lo), showCount(hi)];
  if (series === "sack") return text(`has bytes ${from} to ${to}`, `已有第 ${from} 到 ${to} 字节`);
  if (series === "edge") return text(`takes bytes up to ${from}`, `可接收到第 ${from} 字节`);
  return null;
}

const same = (words: string): Text => text(words, words);
