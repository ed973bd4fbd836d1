/**
 * The points of a series as a table: the graph for those who do not see it.
 *
 * @module
 */
import type { VNode } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import { text } from "../../../base/lang.ts";
import { GRAPHS, STYLES } from "../../draw/graph/style.ts";
import {
  BINNED,
  type GraphPoint,
  type GraphRows,
  type SeriesName,
} from "../../model/graph/graph.ts";
import { showSeconds } from "../../model/show.ts";
import type { App } from "../app.ts";
import { PageCache } from "../page-cache.ts";
import { VirtualList } from "../virtual-list.tsx";
import type { Stage } from "./stage.ts";
import { showValue, verdictWords } from "./words.ts";

const PAGE_ROWS = 256;
/** Pixels that a graph is asked for where no picture of it has been: bins of a rate are so many. */
const TABLE_WIDTH = 1000;

/** See the module. */
export function PointTable({ app, stage }: { readonly app: App; readonly stage: Stage }): VNode {
  const graph = stage.picture.value;
  useEffect(() => {
    if (stage.width.peek() === 0) stage.width.value = TABLE_WIDTH;
  }, [stage]);
  const [wanted, want] = useState<SeriesName | null>(null);
  const series = (graph?.series ?? []).filter(({ total }) => total > 0);
  const chosen =
    series.find(({ name }) => name === wanted) ??
    series.find(({ name }) => FIRST.has(name)) ??
    series[0];
  const name = chosen?.name ?? null;
  const [total, setTotal] = useState(0);
  const cache = useMemo(
    () =>
      new PageCache<GraphRows>(PAGE_ROWS, async (from, count) => {
        const page = await rowsOf(stage, name, from, count);
        setTotal(page.total);
        return page;
      }),
    // The bins of a rate are the picture's own.
    [graph?.kind === "throughput" ? graph : null, graph?.stream, graph?.dir, name, chosen?.total],
  );
  void cache.arrived.value;
  cache.find(0);
  const pointAt = (index: number): GraphPoint | null => {
    const found = cache.find(index);
    return found?.page.points[found.at] ?? null;
  };
  const columns = [
    text("Frame", "帧"),
    text("Time (s)", "时间（秒）"),
    text("From", "从"),
    text("To", "到"),
    text("Verdicts", "判断"),
  ];
  return (
    <>
      <div class="tools">
        <label class="series-choice">
          {app.say(text("Series", "数据列"))}{" "}
          <select
            class="input"
            value={name ?? ""}
            onChange={(e) =>
              want(series.find((s) => s.name === e.currentTarget.value)?.name ?? null)
            }
          >
            {series.map((s) => (
              <option key={s.name} value={s.name}>
                {app.say(STYLES[s.name].label)}
              </option>
            ))}
          </select>
        </label>
        {name === null ? null : <span class="quiet">{app.say(STYLES[name].meaning)}</span>}
      </div>
      <VirtualList
        label={graph === null ? "" : app.say(GRAPHS[graph.kind].title)}
        rows={total}
        rowHeight={24}
        selected={null}
        head={
          <div class="point-grid" role="row" aria-rowindex={1}>
            {columns.map((title) => (
              <span key={title.en} class="num" role="columnheader">
                {app.say(title)}
              </span>
            ))}
          </div>
        }
        row={(index) => <PointRow app={app} stage={stage} point={pointAt(index)} />}
        onSelect={(index) => {
          const frame = pointAt(index)?.segment?.frame;
          if (frame !== undefined) app.select(frame);
        }}
      />
    </>
  );
}

async function rowsOf(
  { app, of, picture }: Stage,
  name: SeriesName | null,
  from: number,
  count: number,
): Promise<GraphRows> {
  const graph = picture.peek();
  if (of === null || name === null || graph === null) return { from, total: 0, points: [] };
  if (!BINNED.has(name)) {
    return await app.client.ask("graphRows", { ...of, series: name, from, count });
  }
  const { x, lo } = graph.series.find((series) => series.name === name) ?? { x: [], lo: [] };
  const points = [...x].slice(from, from + count).map((time, i) => ({
    series: name,
    time,
    lo: lo[from + i]!,
    hi: lo[from + i]!,
    segment: null,
  }));
  return { from, total: x.length, points };
}

/** What a graph is about. */
const FIRST: ReadonlySet<SeriesName> = new Set(["data", "rtt", "throughput", "flight"]);

function PointRow(props: {
  readonly app: App;
  readonly stage: Stage;
  readonly point: GraphPoint | null;
}): VNode {
  const { app, stage, point } = props;
  const kind = stage.shown.value.kind;
  if (point === null) return <div class="point-grid" role="gridcell" />;
  const frame = point.segment?.frame ?? null;
  return (
    <div
      class={frame !== null && frame === app.frame.value ? "point-grid is-selected" : "point-grid"}
      role="presentation"
    >
      {cell(frame === null ? "–" : String(frame))}
      {cell(showSeconds(point.time))}
      {cell(showValue(kind, point.lo))}
      {cell(point.hi === point.lo ? "" : showValue(kind, point.hi))}
      {cell(point.segment === null ? "" : verdictWords(point.segment.verdicts), "rest")}
    </div>
  );
}

function cell(value: string, kind: string = "num"): VNode {
  return (
    <span class={kind} role="gridcell">
      {value}
    </span>
  );
}
