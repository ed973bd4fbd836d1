/**
 * The changes of state as a list: what the diagrams show, in words.
 *
 * @module
 */
import type { VNode } from "preact";
import { MAX_STATE_STEPS, STATE_EDGES, type StateStep } from "../../../analysis/state-steps.ts";
import { text } from "../../../base/lang.ts";
import type { StatePath } from "../../model/protocol.ts";
import type { App } from "../app.ts";

/** Changes in the list at once: those around what is looked at. */
const SHOWN = 60;

/** @param props.index Of the segment that is looked at. */
export function StateSteps(props: {
  readonly app: App;
  readonly path: StatePath;
  readonly index: number;
}): VNode {
  const { app, path, index } = props;
  const { steps } = path;
  const done = steps.filter((step) => step.index <= index).length;
  const from = Math.max(0, Math.min(done - SHOWN / 2, steps.length - SHOWN));
  const shown = steps.slice(from, from + SHOWN);
  const isCut = steps.length === MAX_STATE_STEPS || shown.length < steps.length;
  return (
    <section class="state-steps">
      <h3>{app.say(text("Changes of state", "状态变化"))}</h3>
      {steps.length === 0 ? (
        <p class="quiet">
          {app.say(text("No segment changed a state.", "没有报文段引起状态变化。"))}
        </p>
      ) : (
        <table>
          <thead>
            <tr>
              {[
                text("Frame", "帧"),
                text("End", "哪一端"),
                text("From", "从"),
                text("To", "到"),
                text("Event / action (RFC 9293)", "事件 / 动作（RFC 9293）"),
                text("What happened", "发生了什么"),
              ].map((title) => (
                <th key={title.en} scope="col">
                  {app.say(title)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((step, i) => (
              <StepRow key={from + i} app={app} step={step} isHere={step.index === index} />
            ))}
          </tbody>
        </table>
      )}
      {isCut ? (
        <p class="quiet">
          {app.say(
            text(
              `${steps.length} changes are known; those near the selected segment are listed.`,
              `已知 ${steps.length} 次变化；这里列出选中报文段附近的。`,
            ),
          )}
        </p>
      ) : null}
    </section>
  );
}

function StepRow(props: {
  readonly app: App;
  readonly step: StateStep;
  readonly isHere: boolean;
}): VNode {
  const { app, step, isHere } = props;
  const edge = STATE_EDGES[step.edge];
  const cause = edge === undefined ? "–" : [edge.event, edge.action ?? "–"].join(" / ");
  const isClient = step.end === 0;
  return (
    <tr class={isHere ? "is-here" : undefined} aria-current={isHere ? "step" : undefined}>
      <td>
        <button type="button" class="frame-link" onClick={() => app.select(step.frame)}>
          #{step.frame}
        </button>
      </td>
      <td class={isClient ? "is-client" : "is-server"}>
        {app.say(isClient ? text("client", "客户端") : text("server", "服务端"))}
      </td>
      <td>
        <code>{step.from}</code>
      </td>
      <td>
        <code>{step.to}</code>
      </td>
      <td>{cause}</td>
      <td>{app.say(step.text)}</td>
    </tr>
  );
}
