/**
 * The graph as a file: SVG of rectangles and words, or PNG with two dots a pixel.
 *
 * @module
 */
import type { VNode } from "preact";
import { text } from "../../../base/lang.ts";
import { paintGraph } from "../../draw/graph/paint.ts";
import { GRAPHS } from "../../draw/graph/style.ts";
import { SvgPen } from "../../draw/graph/svg-pen.ts";
import type { App } from "../app.ts";
import { CanvasPen, paletteOf } from "./canvas-pen.ts";
import type { Stage } from "./stage.ts";

/** Dots of a PNG for a pixel. */
const DOTS = 2;

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
      {button("SVG", () => saveSvg(stage))}
      {button("PNG", () => void savePng(stage))}
    </>
  );
}

function saveSvg(stage: Stage): void {
  const [graph, view] = [stage.picture.peek(), stage.view];
  if (graph === null || view === null) return;
  const palette = paletteOf(document.body);
  const pen = new SvgPen(palette);
  paintGraph(pen, graph, view, palette);
  const { ends, dir, kind } = graph;
  const title = `${GRAPHS[kind].title[view.lang]}: ${ends[dir]} → ${ends[dir === 0 ? 1 : 0]}`;
  save(new Blob([pen.file(view.width, view.height, title)], { type: "image/svg+xml" }), stage);
}

async function savePng(stage: Stage): Promise<void> {
  const [graph, view] = [stage.picture.peek(), stage.view];
  if (graph === null || view === null) return;
  const canvas = document.createElement("canvas");
  canvas.width = view.width * DOTS;
  canvas.height = view.height * DOTS;
  const palette = paletteOf(document.body);
  paintGraph(new CanvasPen(canvas, palette, DOTS), graph, view, palette);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/png"));
  if (blob !== null) save(blob, stage);
}

function save(blob: Blob, stage: Stage): void {
  const { stream, kind } = stage.of ?? { stream: 0, kind: "sequence" };
  const extension = blob.type === "image/png" ? "png" : "svg";
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = `stream-${stream}-${kind}.${extension}`;
  link.click();
  // The browser has taken it when the next turn comes.
  setTimeout(() => URL.revokeObjectURL(link.href), 0);
}
