/**
 * The graph as a file, SVG or PNG, with what it shows in words around it.
 *
 * @module
 */
import type { VNode } from "preact";
import { text } from "../../../base/lang.ts";
import type { Caption } from "../../draw/caption.ts";
import { graphLegend } from "../../draw/graph/legend.ts";
import { paintGraph } from "../../draw/graph/paint.ts";
import type { View } from "../../draw/graph/scale.ts";
import { GRAPHS } from "../../draw/graph/style.ts";
import { SvgPen } from "../../draw/graph/svg-pen.ts";
import { captionedSvg } from "../../draw/svg-file.ts";
import type { Graph } from "../../model/graph/graph.ts";
import type { App } from "../app.ts";
import { captionLine } from "../caption.ts";
import { colourNow, savePicture as saveFile } from "../picture.tsx";
import { paletteOf } from "./canvas-pen.ts";
import type { Stage } from "./stage.ts";

/** See the module. */
export function ExportButtons({ app, stage }: { readonly app: App; readonly stage: Stage }): VNode {
  const button = (kind: "SVG" | "PNG", onClick: () => void): VNode => (
    <button
      type="button"
      class="text-button"
      disabled={stage.shown.value.isTable}
      title={app.say(text(`Save the picture as ${kind}`, `把图另存为 ${kind}`))}
      onClick={onClick}
    >
      {kind}
    </button>
  );
  return (
    <>
      {button("SVG", () => void savePicture(stage, "SVG"))}
      {button("PNG", () => void savePicture(stage, "PNG"))}
    </>
  );
}

async function savePicture(stage: Stage, kind: "SVG" | "PNG"): Promise<void> {
  const [graph, view] = [stage.picture.peek(), stage.view];
  if (graph === null || view === null) return;
  const palette = paletteOf(document.body);
  const pen = new SvgPen(palette);
  paintGraph(pen, graph, view, palette);
  const { width, height } = view;
  const file = captionedSvg(
    { width, height, elements: pen.elements },
    captionOf(stage.app, graph, view),
    colourNow,
  );
  await saveFile(file, kind, `stream-${graph.stream}-${graph.kind}`);
}

function captionOf(app: App, graph: Graph, view: View): Caption {
  const { ends, dir, kind, stream, span } = graph;
  const range = [Math.max(view.times[0], span[0]), Math.min(view.times[1], span[1])] as const;
  const { title, axis } = GRAPHS[kind];
  const axes = text(
    `upwards: ${axis.en}; to the right: time since the recording's first frame`,
    `纵轴：${axis.zh}；横轴：距记录第一帧的时间`,
  );
  return {
    title: `${app.say(title)} · TCP ${ends[dir]} → ${ends[dir === 0 ? 1 : 0]}`,
    lines: [app.say(captionLine(app, stream, range)), app.say(axes)],
    legend: graphLegend(graph, view),
  };
}
