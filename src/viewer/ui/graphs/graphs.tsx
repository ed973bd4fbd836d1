/**
 * The graphs of a connection: bytes over time, RTT, throughput, and what is in flight.
 *
 * @module
 */
import type { VNode } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import { text } from "../../../base/lang.ts";
import { GRAPHS } from "../../draw/graph/style.ts";
import { GRAPH_KINDS } from "../../model/graph/graph.ts";
import type { Action } from "../../model/keys.ts";
import type { App } from "../app.ts";
import { useActions } from "../use-actions.ts";
import { Icon } from "../shell/icon.tsx";
import { ExportButtons } from "./export.tsx";
import { Legend } from "./legend.tsx";
import { Plot } from "./plot.tsx";
import { Stage } from "./stage.ts";
import { PointTable } from "./table.tsx";

/** How much nearer at a key or a button. */
const ZOOM = 0.7;
/** How much further, of what is in sight. */
const PAN = 0.15;

/** See the module. */
export function GraphsView({ app }: { readonly app: App }): VNode {
  const stage = useMemo(() => new Stage(app), [app]);
  useEffect(() => () => stage.close(), [stage]);
  useActions(app, (action) => act(stage, action));
  const { isTable } = stage.shown.value;
  return (
    <div class="view-column graphs">
      <Tools app={app} stage={stage} />
      <Legend app={app} stage={stage} />
      {isTable ? <PointTable app={app} stage={stage} /> : <Plot app={app} stage={stage} />}
    </div>
  );
}

const ACTIONS: Partial<Record<Action, (stage: Stage) => void>> = {
  "zoom-in": (stage) => stage.zoomTimes(ZOOM),
  "zoom-out": (stage) => stage.zoomTimes(1 / ZOOM),
  "pan-left": (stage) => stage.panTimes(-PAN),
  "pan-right": (stage) => stage.panTimes(PAN),
  "zoom-in-values": (stage) => stage.zoomValues(ZOOM),
  "zoom-out-values": (stage) => stage.zoomValues(1 / ZOOM),
  "pan-up": (stage) => stage.panValues(PAN),
  "pan-down": (stage) => stage.panValues(-PAN),
  fit: (stage) => stage.fit(),
};

function act(stage: Stage, action: Action): boolean {
  const own = ACTIONS[action];
  own?.(stage);
  return own !== undefined;
}

function Tools({ app, stage }: { readonly app: App; readonly stage: Stage }): VNode {
  const { kind, isTable } = stage.shown.value;
  return (
    <div class="tools graph-tools">
      <div class="choice" role="group" aria-label={app.say(text("Graph", "图"))}>
        {GRAPH_KINDS.map((name) => (
          <button
            type="button"
            key={name}
            aria-pressed={name === kind}
            onClick={() => stage.show({ kind: name, values: null, hidden: [] })}
          >
            {app.say(GRAPHS[name].title)}
          </button>
        ))}
      </div>
      <DirectionSwitch app={app} stage={stage} />
      <span class="spring" />
      <div class="graph-buttons">
        <ToolButton
          icon="minus"
          label={app.say(text("Zoom out", "缩小"))}
          onClick={() => stage.zoomTimes(1 / ZOOM)}
        />
        <ToolButton
          icon="plus"
          label={app.say(text("Zoom in", "放大"))}
          onClick={() => stage.zoomTimes(ZOOM)}
        />
        <button type="button" class="text-button" onClick={() => stage.fit()}>
          {app.say(text("Fit", "全部"))} <kbd>f</kbd>
        </button>
        <button
          type="button"
          class="text-button"
          aria-pressed={isTable}
          onClick={() => stage.show({ isTable: !isTable })}
        >
          {app.say(isTable ? text("Picture", "图形") : text("Table", "表格"))}
        </button>
        <ExportButtons app={app} stage={stage} />
      </div>
    </div>
  );
}

function ToolButton(props: {
  readonly icon: "plus" | "minus";
  readonly label: string;
  readonly onClick: () => void;
}): VNode {
  const { icon, label, onClick } = props;
  return (
    <button type="button" class="icon-button" title={label} aria-label={label} onClick={onClick}>
      <Icon name={icon} />
    </button>
  );
}

/** Whose bytes; the end that sent more at first. */
function DirectionSwitch({
  app,
  stage,
}: {
  readonly app: App;
  readonly stage: Stage;
}): VNode | null {
  const graph = stage.picture.value;
  if (graph === null) return null;
  const { ends, dir } = graph;
  const words = app.say(text("Other direction", "换个方向"));
  return (
    <button
      type="button"
      class="text-button direction"
      title={words}
      onClick={() => stage.show({ dir: dir === 0 ? 1 : 0, values: null })}
    >
      <span class={dir === 0 ? "is-client" : "is-server"}>{ends[dir]}</span>
      <span aria-hidden="true">→</span>
      <span class={dir === 0 ? "is-server" : "is-client"}>{ends[dir === 0 ? 1 : 0]}</span>
      <Icon name="swap" />
      <span class="aloud">{words}</span>
    </button>
  );
}
