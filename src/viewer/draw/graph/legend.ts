/**
 * What the series and marks of a graph mean, for a picture that is saved: those that are in it.
 *
 * @module
 */
import type { Lang } from "../../../base/lang.ts";
import type { Graph, GraphSeries } from "../../model/graph/graph.ts";
import { markWords } from "../../model/marks.ts";
import { type LegendEntry, SWATCH_HEIGHT, SWATCH_WIDTH } from "../caption.ts";
import { markSwatch } from "../mark-shape.ts";
import type { Ink, Shape } from "../shape.ts";
import { markOfPoint } from "./paint.ts";
import type { View } from "./scale.ts";
import { STYLES } from "./style.ts";

/** Entries for what this view shows. */
export function graphLegend(
  { series }: Graph,
  { hidden, times, lang }: View,
): readonly LegendEntry[] {
  const shown = series.filter(({ name, total }) => total > 0 && !hidden.includes(name));
  const marks = new Map<string, LegendEntry>();
  for (const one of shown)
    if (STYLES[one.name].isMarked === true) addMarks(marks, one, times, lang);
  return [
    ...shown
      .filter(({ name }) => STYLES[name].color !== 0)
      .map((one) => ({ swatch: swatchOf(one), label: STYLES[one.name].label[lang] })),
    ...marks.values(),
  ];
}

function addMarks(
  marks: Map<string, LegendEntry>,
  { name, x, bits }: GraphSeries,
  times: View["times"],
  lang: Lang,
): void {
  for (let i = 0; i < x.length; i++) {
    if (x[i]! < times[0] || x[i]! > times[1]) continue;
    const mark = markOfPoint(name, bits[i]!);
    if (mark === null) continue;
    const key = mark.shape + mark.letter;
    if (marks.has(key)) continue;
    const label = name === "control" ? (CONTROL[mark.letter] ?? "") : markWords(mark)[lang];
    marks.set(key, { swatch: markSwatch(mark), label });
  }
}

const CONTROL: Readonly<Record<string, string>> = { S: "SYN", F: "FIN", "×": "RST" };

const MIDDLE = SWATCH_HEIGHT / 2;

function swatchOf({ name, shape }: GraphSeries): readonly Shape[] {
  const { color, dash, width, opacity = 1 } = STYLES[name];
  const stroke = INKS[color - 1] ?? "ink";
  const d =
    shape === "steps"
      ? `M0 ${MIDDLE + 3}H${SWATCH_WIDTH / 2}V${MIDDLE - 3}H${SWATCH_WIDTH}`
      : shape === "bars"
        ? `M6 ${MIDDLE + 6}v-5M12 ${MIDDLE + 3}v-5M18 ${MIDDLE}v-5`
        : `M3 ${MIDDLE + 3}h3M10 ${MIDDLE - 1}h3M17 ${MIDDLE + 1}h3`;
  const across = shape === "points" ? 3 : width + 0.5;
  return [
    {
      kind: "path",
      d,
      stroke,
      width: across,
      opacity,
      ...(dash === null ? {} : { dash: dash.join(" ") }),
    },
  ];
}

const INKS: readonly Ink[] = [
  "series-1",
  "series-2",
  "series-3",
  "series-4",
  "series-5",
  "series-6",
  "series-7",
];
