/**
 * What stands above a ladder: how it is drawn, which part of it, and what it can be saved as.
 *
 * @module
 */
import type { VNode } from "preact";
import { text, type Text } from "../../../base/lang.ts";
import type { Caption } from "../../draw/caption.ts";
import {
  columnsOf,
  evenHeights,
  HEAD,
  type Heights,
  rowHeight,
  timeHeights,
} from "../../draw/ladder/layout.ts";
import { ladderLegend } from "../../draw/ladder/legend.ts";
import { ladderScene } from "../../draw/ladder/scene.ts";
import { type SvgFile, svgFile } from "../../draw/svg-file.ts";
import type { Ladder } from "../../model/ladder.ts";
import type { LadderList } from "../../model/ladder-list.ts";
import { MAX_MERMAID_RUNGS, mermaidOf } from "../../model/ladder-mermaid.ts";
import { showCount, showSpan } from "../../model/show.ts";
import type { App } from "../app.ts";
import { captionLine } from "../caption.ts";
import { colourNow, saveBlob, savePicture } from "../picture.tsx";
import { sceneOptions } from "./scene-options.ts";
import type { LadderTime } from "./use-ladder.ts";

/** What the parts of the view share. */
export interface LadderParts {
  readonly app: App;
  readonly ladder: Ladder;
  readonly list: LadderList;
  readonly time: LadderTime;
  /** Index of the selected segment, -1: none. */
  readonly selected: number;
}

const SHOWN_AS: readonly (readonly [string, Text, Text])[] = [
  ["", text("Even", "等距"), text("a row for each segment and call", "每个报文段、每次调用占一行")],
  ["time", text("True time", "真实时间"), text("heights are times", "高度即时间")],
  ["table", text("Table", "表格"), text("the same in words", "同样的内容，用文字表示")],
];

/** Rungs of a saved picture at most. */
const MAX_SAVED_RUNGS = 500;

/** See the module. */
export function LadderTools(props: LadderParts & { readonly width: number }): VNode {
  const { app, list, time } = props;
  // A word of another view's is none of ours: then it is as it is unless told.
  const shown = SHOWN_AS.find(([name]) => name === app.show.value)?.[0] ?? "";
  const zoomButton = (label: Text, sign: string, act: () => void): VNode => (
    <button
      type="button"
      class="icon-button"
      aria-label={app.say(label)}
      title={app.say(label)}
      onClick={act}
    >
      <span aria-hidden="true">{sign}</span>
    </button>
  );
  return (
    <div class="tools ladder-tools">
      <div class="choice" role="group" aria-label={app.say(text("Shown as", "显示方式"))}>
        {SHOWN_AS.map(([name, label, hint]) => (
          <button
            key={name}
            type="button"
            class="text-button"
            aria-pressed={shown === name}
            title={app.say(hint)}
            onClick={() => (app.show.value = name)}
          >
            {app.say(label)}
          </button>
        ))}
      </div>
      <div class="zoom" role="group" aria-label={app.say(text("Time", "时间"))}>
        {zoomButton(text("Zoom in (w)", "放大（w）"), "+", () => time.zoom(1 / 1.6))}
        {zoomButton(text("Zoom out (s)", "缩小（s）"), "−", () => time.zoom(1.6))}
        {time.isPart ? (
          <button type="button" class="text-button" onClick={time.fit}>
            {app.say(text("Show all (f)", "显示全部（f）"))}
          </button>
        ) : null}
      </div>
      <span class="quiet ladder-sum">{app.say(sumOf(list, time))}</span>
      <Saving {...props} />
    </div>
  );
}

function sumOf(list: LadderList, { range, isPart }: LadderTime): Text {
  const { time } = list.ladder;
  // Of all of it from segment to segment, as everywhere: calls may begin before and end later.
  const [from, to] = isPart ? range : [time[0] ?? 0, time.at(-1) ?? 0];
  const span = showSpan(to - from);
  const all = showCount(list.ladder.total);
  const n = showCount(list.to - list.from);
  const some = isPart ? `${n} / ${all}` : all;
  const plural = list.ladder.total === 1 ? "" : "s";
  return text(`${some} segment${plural} · ${span}`, `${some} 个报文段 · ${span}`);
}

function Saving(props: LadderParts & { readonly width: number }): VNode {
  const { app, ladder, list } = props;
  const name = `seqack-stream-${ladder.stream}`;
  const saveMermaid = (): void => {
    tellOfLimit(app, list.length, MAX_MERMAID_RUNGS);
    saveBlob(new Blob([mermaidOf(list, app.lang.value)], { type: "text/plain" }), `${name}.mmd`);
  };
  return (
    <div class="saving" role="group" aria-label={app.say(text("Save the picture as", "保存为"))}>
      <span class="quiet" aria-hidden="true">
        {app.say(text("Save:", "保存："))}
      </span>
      {saveButton("SVG", () => void savePicture(wholePicture(props), "SVG", name))}
      {saveButton("PNG", () => void savePicture(wholePicture(props), "PNG", name))}
      {saveButton("Mermaid", saveMermaid)}
    </div>
  );
}

function saveButton(label: string, act: () => void): VNode {
  return (
    <button type="button" class="text-button" onClick={act}>
      {label}
    </button>
  );
}

/** In true time what is seen; evenly spaced all of the list, as far as a file goes. */
function wholePicture(props: LadderParts & { readonly width: number }): SvgFile {
  const { app, ladder, list, time, selected, width } = props;
  const columns = columnsOf(Math.max(width, 800), ladder.calls.length > 0);
  const isTrueTime = app.show.value === "time";
  if (!isTrueTime) tellOfLimit(app, list.length, MAX_SAVED_RUNGS);
  const rows = Math.min(list.length, MAX_SAVED_RUNGS);
  const height = isTrueTime ? 900 : rows * rowHeight(columns.isNarrow) + 12;
  const heights = isTrueTime
    ? timeHeights(ladder, time.range, height)
    : evenHeights(list, 0, height - 12 - rowHeight(columns.isNarrow), columns.isNarrow);
  const look = { selected, pointed: -1, pointedCall: -1, height: height + HEAD, range: time.range };
  const picture = ladderScene(ladder, columns, heights, sceneOptions(app, ladder, look));
  return svgFile(picture, captionOf(props, heights), colourNow);
}

function captionOf({ app, ladder, list, time, selected }: LadderParts, heights: Heights): Caption {
  return {
    title: `${app.say(text("Ladder", "梯形图"))} · TCP ${ladder.ends[0]} → ${ladder.ends[1]}`,
    lines: [app.say(captionLine(app, ladder.stream, time.range)), app.say(sumOf(list, time))],
    legend: ladderLegend(ladder, heights, selected, app.lang.value),
  };
}

function tellOfLimit(app: App, rungs: number, limit: number): void {
  if (rungs <= limit) return;
  app.notice.value = text(
    `The first ${limit} rungs were saved: zoom to another part for the rest.`,
    `只保存了前 ${limit} 行：其余部分请先缩放到那里。`,
  );
}
