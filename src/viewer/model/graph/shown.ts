/**
 * What the graphs keep of themselves in the address:
 *
 *     show=rtt,1,y0:5000000,-rto,table
 *
 * @module
 */
import { GRAPH_KINDS, type GraphKind, type SeriesName } from "./graph.ts";
import type { Span } from "./camera.ts";

/** How a graph is looked at. */
export interface Shown {
  readonly kind: GraphKind;
  /** `null`: of the end that sent more. */
  readonly dir: 0 | 1 | null;
  /** The values in sight; `null`: those of what is seen. */
  readonly values: Span | null;
  readonly hidden: readonly SeriesName[];
  readonly isTable: boolean;
}

/** What is shown at first. */
export const FIRST_SHOWN: Shown = {
  kind: "sequence",
  dir: null,
  values: null,
  hidden: [],
  isTable: false,
};

/** Series that can be hidden: all. */
const NAMES: readonly SeriesName[] = [
  "data",
  "again",
  "late",
  "control",
  "ack",
  "edge",
  "sack",
  "sign",
  "rtt",
  "srtt",
  "rto",
  "throughput",
  "goodput",
  "pacing",
  "flight",
  "room",
  "cwnd",
  "ssthresh",
];

/** Reads what {@link formatShown} wrote; words that are not of graphs are left alone. */
export function parseShown(show: string): Shown {
  const words = show.split(",");
  const kind = GRAPH_KINDS.find((name) => name === words[0]);
  if (kind === undefined) return FIRST_SHOWN;
  return {
    kind,
    dir: words.includes("0") ? 0 : words.includes("1") ? 1 : null,
    values: words.map(spanOf).find((span) => span !== null) ?? null,
    hidden: NAMES.filter((name) => words.includes(`-${name}`)),
    isTable: words.includes("table"),
  };
}

/** Nothing for what is shown at first. */
export function formatShown({ kind, dir, values, hidden, isTable }: Shown): string {
  const words = [
    ...(dir === null ? [] : [String(dir)]),
    ...(values === null ? [] : [`y${values.map((value) => digits(value)).join(":")}`]),
    ...hidden.map((name) => `-${name}`),
    ...(isTable ? ["table"] : []),
  ];
  return words.length === 0 && kind === FIRST_SHOWN.kind ? "" : [kind, ...words].join(",");
}

function spanOf(word: string): Span | null {
  const found = /^y(-?[\d.]{1,20}):(-?[\d.]{1,20})$/.exec(word);
  if (found === null) return null;
  const [from, to] = [Number(found[1]), Number(found[2])];
  return from < to ? [from, to] : null;
}

/** A thousandth of a byte or nanosecond is less than any pixel. */
const digits = (value: number): string => String(Math.round(value * 1000) / 1000);
