/**
 * One sentence of the story, with its segments behind it.
 *
 * @module
 */
import type { VNode } from "preact";
import type { Outcome } from "../../../analysis/facts.ts";
import type { Sentence } from "../../../analysis/sentence.ts";
import { text, type Text } from "../../../base/lang.ts";
import type { App } from "../app.ts";
import { FrameRefs, namesAny, type PointedFrames } from "../frame-refs.tsx";

/** How the connection ended, in a word. */
export const OUTCOMES: Readonly<Record<Outcome, Text>> = {
  refused: text("refused", "被拒绝"),
  unanswered: text("not answered", "无应答"),
  reset: text("reset", "被复位"),
  closed: text("closed", "已关闭"),
  "half-closed": text("half closed", "半关闭"),
  open: text("still open", "仍打开"),
};

/** See the module. A click on the sentence selects its first segment. */
export function SaidSentence(props: {
  readonly app: App;
  readonly sentence: Sentence;
  readonly pointed: PointedFrames;
}): VNode {
  const { app, sentence, pointed } = props;
  const { frames } = sentence;
  const frame = app.frame.value;
  const classes = ["sentence"];
  if (frames.length > 0) classes.push("has-frames");
  if (frame !== null && frames.includes(frame)) classes.push("is-here");
  if (namesAny(frames, pointed.value)) classes.push("is-pointed");
  return (
    <p
      class={classes.join(" ")}
      onClick={() => {
        const isMarking = getSelection()?.isCollapsed === false;
        if (frames[0] !== undefined && !isMarking) app.select(frames[0]);
      }}
    >
      <span class="said">{app.say(sentence.text)}</span>{" "}
      <FrameRefs app={app} frames={frames} pointed={pointed} />
    </p>
  );
}
