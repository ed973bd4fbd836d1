/**
 * The state diagram of the RFC for both ends, with the way that the connection took, segment by segment.
 *
 * @module
 */
import type { VNode } from "preact";
import type { StateName } from "../../../analysis/states.ts";
import { text, type Text } from "../../../base/lang.ts";
import { stateDiagram } from "../../draw/state-diagram.ts";
import type { Action } from "../../model/keys.ts";
import { lowerBound } from "../../model/ladder.ts";
import type { StatePath } from "../../model/protocol.ts";
import { showCount } from "../../model/show.ts";
import type { App } from "../app.ts";
import { useActions } from "../use-actions.ts";
import { PictureView } from "../picture.tsx";
import { useAnswer } from "../use-answer.ts";
import { StateSteps } from "./steps.tsx";

/** See the module. */
export function StatesView({ app }: { readonly app: App }): VNode {
  const stream = app.stream.value;
  const path = useAnswer(app, "states", stream === null ? null : { stream }).answer;
  if (path === null) {
    return <p class="empty-note">{app.say(text("Drawing …", "正在绘制……"))}</p>;
  }
  return <Shown app={app} path={path} />;
}

const ENDS = [text("client", "客户端"), text("server", "服务端")] as const;

function Shown({ app, path }: { readonly app: App; readonly path: StatePath }): VNode {
  const at = indexOf(path, app.frame.value);
  // Without a selection the whole way is shown.
  const index = at === -1 ? path.frames.length - 1 : at;
  const now = [stateAt(path, index, 0), stateAt(path, index, 1)] as const;
  useWalk(app, path, at);
  const sentence = text(
    `After frame ${path.frames[index] ?? 0}: client ${now[0]}, server ${now[1]}.`,
    `第 ${path.frames[index] ?? 0} 帧之后：客户端 ${now[0]}，服务端 ${now[1]}。`,
  );
  return (
    <div class="states">
      <WalkBar app={app} path={path} at={at} />
      {path.isFromStart ? null : (
        <ul class="view-notes">
          <li>{app.say(UNKNOWN)}</li>
        </ul>
      )}
      <p class="states-now" aria-live="polite">
        {app.say(sentence)}
      </p>
      <div class="states-pair">
        {([0, 1] as const).map((end) => {
          const steps = path.steps.filter((step) => step.end === end);
          const done = steps.filter((step) => step.index <= index).length;
          const picture = stateDiagram({ end, steps, done, now: now[end] });
          const label = text(
            `States of the client and the server by RFC 9293: the ${ENDS[end].en} is in ${now[end]}`,
            `RFC 9293 状态图：${ENDS[end].zh}处于 ${now[end]}`,
          );
          return (
            <figure key={end} class={end === 0 ? "is-client" : "is-server"}>
              <figcaption>
                {app.say(ENDS[end])} <code>{now[end]}</code>
              </figcaption>
              <div class="states-picture" tabIndex={0} role="group" aria-label={app.say(label)}>
                <PictureView picture={picture} label={app.say(label)} />
              </div>
            </figure>
          );
        })}
      </div>
      <StateSteps app={app} path={path} index={index} />
    </div>
  );
}

const UNKNOWN = text(
  "The capture began inside this connection: how it came here is not known, both ends are taken to be ESTABLISHED at first.",
  "抓包开始时这条连接已经存在：之前的过程未知，起初两端都按 ESTABLISHED 处理。",
);

function stateAt(
  { names, client, server, initial }: StatePath,
  index: number,
  end: 0 | 1,
): StateName {
  const found = (end === 0 ? client : server)[index];
  return found === undefined ? initial[end] : names[found]!;
}

function indexOf({ frames }: StatePath, frame: number | null): number {
  if (frame === null) return -1;
  const at = lowerBound(frames, frame);
  return frames[at] === frame ? at : -1;
}

/** Where the walk leads from `at`: -1 is before the first segment. */
function targetsOf(path: StatePath, at: number): Partial<Record<Action, number>> {
  const last = path.frames.length - 1;
  return {
    "next-row": Math.min(last, at + 1),
    "previous-row": Math.max(0, at - 1),
    "next-page": path.steps.find((step) => step.index > at)?.index ?? last,
    "previous-page": path.steps.findLast((step) => step.index < at)?.index ?? 0,
    "first-row": 0,
    "last-row": last,
  };
}

/** Keys: row by row a segment, page by page a change. */
function useWalk(app: App, path: StatePath, at: number): void {
  useActions(app, (action) => {
    const target = targetsOf(path, at)[action];
    const frame = target === undefined ? undefined : path.frames[target];
    if (frame !== undefined) app.select(frame);
    return frame !== undefined;
  });
}

const STEPS: readonly (readonly [Action, string, Text])[] = [
  ["first-row", "|‹", text("First segment (Home)", "第一个报文段（Home）")],
  ["previous-page", "«", text("Change before (PageUp)", "上一次状态变化（PageUp）")],
  ["previous-row", "‹", text("Segment before (k)", "上一个报文段（k）")],
  ["next-row", "›", text("Next segment (j)", "下一个报文段（j）")],
  ["next-page", "»", text("Next change (PageDown)", "下一次状态变化（PageDown）")],
  ["last-row", "›|", text("Last segment (End)", "最后一个报文段（End）")],
];

function WalkBar(props: {
  readonly app: App;
  readonly path: StatePath;
  readonly at: number;
}): VNode {
  const { app, path, at } = props;
  const all = showCount(path.frames.length);
  const n = showCount(at + 1);
  const where =
    at === -1
      ? text(`all ${all} segments`, `全部 ${all} 个报文段`)
      : text(`segment ${n} of ${all}`, `第 ${n} / ${all} 个报文段`);
  return (
    <div class="tools">
      <div class="zoom" role="group" aria-label={app.say(text("Walk", "逐段走"))}>
        {STEPS.map(([action, sign, label]) => (
          <button
            key={action}
            type="button"
            class="icon-button"
            aria-label={app.say(label)}
            title={app.say(label)}
            onClick={() => app.act(action)}
          >
            <span aria-hidden="true">{sign}</span>
          </button>
        ))}
      </div>
      <span class="quiet">{app.say(where)}</span>
    </div>
  );
}
