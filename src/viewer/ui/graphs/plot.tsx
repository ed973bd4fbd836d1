/**
 * The picture of a graph: canvas, crosshair, and what wheel and pointer do.
 *
 * Wheel: zoom in time where the pointer is; in values with Shift, or over them. Drag: move. Shift and drag: zoom to a box.
 * Click: select the segment. Double click: all.
 *
 * @module
 */
import type { VNode } from "preact";
import { signal } from "@preact/signals";
import { useEffect, useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { text } from "../../../base/lang.ts";
import type { Palette } from "../../draw/graph/pen.ts";
import { paintGraph } from "../../draw/graph/paint.ts";
import { Scale } from "../../draw/graph/scale.ts";
import { GRAPHS } from "../../draw/graph/style.ts";
import type { App } from "../app.ts";
import { CanvasPen, paletteOf } from "./canvas-pen.ts";
import { Crosshair, type Pointer } from "./crosshair.tsx";
import { onDrag, onWheel } from "./gestures.ts";
import type { Stage } from "./stage.ts";

/** Dots for a pixel: more are not seen, and cost. */
const MAX_DOTS = 2;

/** See the module. */
export function Plot({ app, stage }: { readonly app: App; readonly stage: Stage }): VNode {
  const area = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  // Read by the crosshair alone: the picture is not drawn again for it.
  const pointer = useMemo(() => signal<Pointer | null>(null), []);
  useSize(area, stage);
  const graph = stage.picture.value;
  const problem = stage.problem.value;
  const { view } = stage;
  const isDark = app.isDark.value;
  // Looked up once for each theme: a browser works out its styles for it.
  const colors = useRef<Palette | null>(null);
  useLayoutEffect(() => {
    colors.current = null;
  }, [isDark]);
  useLayoutEffect(() => {
    if (canvas.current === null || graph === null || view === null) return;
    const dots = Math.min(MAX_DOTS, devicePixelRatio);
    const [width, height] = [Math.round(view.width * dots), Math.round(view.height * dots)];
    if (canvas.current.width !== width) canvas.current.width = width;
    if (canvas.current.height !== height) canvas.current.height = height;
    const palette = (colors.current ??= paletteOf(canvas.current));
    paintGraph(new CanvasPen(canvas.current, palette, dots), graph, view, palette);
  });
  useEffect(() => {
    const element = area.current;
    if (element === null) return;
    const ends = [onWheel(element, stage), onDrag(element, stage, (to) => (pointer.value = to))];
    return () => ends.forEach((end) => end());
  }, [stage]);
  const isEmpty = graph !== null && graph.series.every(({ total }) => total === 0);
  const kind = stage.shown.value.kind;
  return (
    <div
      ref={area}
      class="plot"
      data-selected={stage.selected.value.length}
      role="img"
      aria-label={app.say(
        text(
          `${GRAPHS[kind].title.en}: a graph; its numbers are in the table`,
          `${GRAPHS[kind].title.zh}：曲线图，数值见表格`,
        ),
      )}
    >
      <canvas ref={canvas} aria-hidden="true" />
      {graph === null && problem === null ? (
        <p class="empty-note">{app.say(text("Drawing…", "正在绘制…"))}</p>
      ) : null}
      {problem === null ? null : (
        <p class="empty-note" role="alert">
          {app.say(problem)}
        </p>
      )}
      {isEmpty ? <p class="empty-note">{app.say(EMPTY[kind])}</p> : null}
      {graph === null || view === null ? null : (
        <Crosshair app={app} stage={stage} pointer={pointer} scale={new Scale(view)} />
      )}
    </div>
  );
}

const EMPTY = {
  sequence: text("This end sent nothing in this connection.", "这一端在这条连接里什么都没有发送。"),
  rtt: text(
    "No round trip can be measured: no data of this end was acknowledged in sight of the capture.",
    "没有可测的往返：抓包里看不到对这一端数据的确认。",
  ),
  throughput: text("This end sent no payload.", "这一端没有发送数据。"),
  window: text("Nothing was in flight, and no window was seen.", "没有在途字节，也没有看到窗口。"),
};

function useSize(area: { readonly current: HTMLDivElement | null }, stage: Stage): void {
  useLayoutEffect(() => {
    const element = area.current;
    if (element === null) return;
    const measure = (): void => {
      stage.width.value = element.clientWidth;
      stage.height.value = element.clientHeight;
    };
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    measure();
    return () => observer.disconnect();
  }, [stage]);
}
