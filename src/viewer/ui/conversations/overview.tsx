/**
 * All conversations over time: how many segments there were when, and when each conversation lived.
 * A click on one selects it, a drag chooses the time that every view shows.
 *
 * @module
 */
import type { VNode } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { text } from "../../../base/lang.ts";
import { bars, lifeAt, lives, livesHeight } from "../../draw/overview.ts";
import type { Overview } from "../../model/overview.ts";
import { showCount, showSeconds, showSpan } from "../../model/show.ts";
import type { App } from "../app.ts";

const BARS_HEIGHT = 40;
/** Pixels of a bar. */
const BAR = 3;
/** A drag that moved less is a click. */
const CLICK = 4;

/** Asked for again at each doubling of the recording, and at its end. */
function useOverview(app: App, width: number): Overview | null {
  const [overview, setOverview] = useState<Overview | null>(null);
  const { phase, segments = 0 } = app.progress.value ?? {};
  const growth = segments < 20_000 ? segments : Math.floor(2 * Math.log2(segments));
  useEffect(() => {
    if (width === 0) return;
    let isWanted = true;
    void app.client.ask("overview", { bins: width / BAR }).then((answer) => {
      if (isWanted) setOverview(answer);
    });
    return () => {
      isWanted = false;
    };
  }, [app.inputs.value, phase, growth, width]);
  return overview;
}

/** See the module. */
export function OverviewBar({ app }: { readonly app: App }): VNode {
  const area = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  const [pointer, setPointer] = useState<{ readonly x: number; readonly y: number } | null>(null);
  const start = useRef<number | null>(null);
  useLayoutEffect(() => {
    const element = area.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    setWidth(element.clientWidth);
    return () => observer.disconnect();
  }, []);
  const overview = useOverview(app, width);
  const place = (e: PointerEvent): { readonly x: number; readonly y: number } => {
    const { left = 0, top = 0 } = area.current?.getBoundingClientRect() ?? {};
    return { x: e.clientX - left, y: e.clientY - top };
  };
  const onUp = (e: PointerEvent): void => {
    const [from, { x, y }] = [start.current, place(e)];
    start.current = null;
    if (overview === null || from === null) return;
    const [first, last] = overview.span;
    const timeAt = (at: number): number =>
      Math.round(first + Math.min(Math.max(at / width, 0), 1) * (last - first));
    const stream = lifeAt(overview, width, x, y - BARS_HEIGHT);
    if (Math.abs(x - from) >= CLICK) {
      app.range.value = [timeAt(Math.min(x, from)), timeAt(Math.max(x, from))];
    } else if (stream !== null) app.selectStream(stream);
    else app.range.value = null;
  };
  const height = BARS_HEIGHT + (overview === null ? 0 : livesHeight(overview));
  return (
    <div class="overview">
      <div
        ref={area}
        class="overview-picture"
        role="img"
        aria-label={app.say(text("All conversations over time", "全部连接随时间的分布"))}
        style={{ height: `${height}px` }}
        onPointerDown={(e) => {
          start.current = place(e).x;
          e.currentTarget.setPointerCapture(e.pointerId);
        }}
        onPointerMove={(e) => setPointer(place(e))}
        onPointerLeave={() => setPointer(null)}
        onPointerUp={onUp}
      >
        {overview === null ? null : <Picture app={app} overview={overview} width={width} />}
        {pointer === null ? null : <i class="up" style={{ left: `${pointer.x}px` }} />}
        {pointer === null || start.current === null ? null : (
          <i
            class="zoom-box"
            style={{
              left: `${Math.min(pointer.x, start.current)}px`,
              width: `${Math.abs(pointer.x - start.current)}px`,
            }}
          />
        )}
      </div>
      <p class="quiet">
        {overview === null ? "" : app.say(wordsAt(overview, width, pointer))}
        {overview === null || pointer !== null || !overview.marked.some((n) => n > 0) ? null : (
          <>
            {" · "}
            <i class="overview-key" aria-hidden="true" /> {app.say(WITH_VERDICT)}
          </>
        )}
      </p>
    </div>
  );
}

/** What the colour of the marked bars and lines says. */
const WITH_VERDICT = text("with a verdict", "有判断");

function Picture(props: {
  readonly app: App;
  readonly overview: Overview;
  readonly width: number;
}): VNode {
  const { app, overview, width } = props;
  const { segments, marked, hasVerdict, stream, span } = overview;
  const selected = app.stream.value;
  const range = app.range.value;
  const perNs = width / Math.max(1, span[1] - span[0]);
  return (
    <svg aria-hidden="true">
      {range === null ? null : (
        <rect
          class="range"
          x={(range[0] - span[0]) * perNs}
          width={Math.max(1, (range[1] - range[0]) * perNs)}
          height="100%"
        />
      )}
      <path class="is-all" d={bars(segments, segments, width, BARS_HEIGHT)} />
      <path class="is-marked" d={bars(marked, segments, width, BARS_HEIGHT)} />
      <g transform={`translate(0 ${BARS_HEIGHT})`}>
        <path class="is-plain" d={lives(overview, width, (i) => hasVerdict[i] === 0)} />
        <path class="is-odd" d={lives(overview, width, (i) => hasVerdict[i] !== 0)} />
        <path class="is-selected" d={lives(overview, width, (i) => stream[i] === selected)} />
      </g>
    </svg>
  );
}

/** What is under the pointer, else what there is in all. */
function wordsAt(
  overview: Overview,
  width: number,
  pointer: { readonly x: number; readonly y: number } | null,
): ReturnType<typeof text> {
  const { span, segments, marked, total, stream } = overview;
  const binNs = (span[1] - span[0]) / segments.length;
  if (pointer === null) {
    const [n, all] = [showCount(stream.length), showCount(total)];
    const some = text(`the first ${n} of ${all} conversations`, `${all} 条连接中的前 ${n} 条`);
    const each = text(`${all} conversation${total === 1 ? "" : "s"}`, `${all} 条连接`);
    const shown = stream.length < total ? some : each;
    if (span[0] === span[1]) {
      return text(`all at one moment · below: ${shown.en}`, `都在同一时刻 · 下方：${shown.zh}`);
    }
    return text(
      `${showSpan(span[1] - span[0])} · segments per ${showSpan(binNs)} · below: ${shown.en}`,
      `${showSpan(span[1] - span[0])} · 每 ${showSpan(binNs)} 的报文段数 · 下方：${shown.zh}`,
    );
  }
  const bin = Math.min(
    segments.length - 1,
    Math.max(0, Math.floor((pointer.x / width) * segments.length)),
  );
  const at = `${showSeconds(span[0] + bin * binNs)} s`;
  const [n, odd] = [showCount(segments[bin]!), showCount(marked[bin]!)];
  const life = lifeAt(overview, width, pointer.x, pointer.y - BARS_HEIGHT);
  const en = life === null ? "" : ` · conversation ${life}`;
  const zh = life === null ? "" : ` · 连接 ${life}`;
  return text(
    `${at} · ${n} segments, ${odd} with a verdict${en}`,
    `${at} · ${n} 个报文段，其中 ${odd} 个有判断${zh}`,
  );
}
