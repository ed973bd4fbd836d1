/**
 * The ladder: two hosts, the segments between them, their states, and the program's calls outside.
 *
 * @module
 */
import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { text } from "../../../base/lang.ts";
import type { Ladder } from "../../model/ladder.ts";
import { segmentOfFrame } from "../../model/ladder-list.ts";
import { callSentenceOf, sentenceOf } from "../../model/ladder-words.ts";
import { showCount } from "../../model/show.ts";
import type { App } from "../app.ts";
import { LadderPicture } from "./ladder-picture.tsx";
import { LadderTable } from "./ladder-table.tsx";
import { LadderTools } from "./ladder-tools.tsx";
import { useLadder, useLadderList, useLadderTime } from "./use-ladder.ts";

/** See the module. */
export function LadderView({ app }: { readonly app: App }): VNode {
  const ladder = useLadder(app);
  if (ladder === null) {
    return <p class="empty-note">{app.say(text("Drawing …", "正在绘制……"))}</p>;
  }
  return <Shown app={app} ladder={ladder} />;
}

function Shown({ app, ladder }: { readonly app: App; readonly ladder: Ladder }): VNode {
  const time = useLadderTime(app, ladder);
  const list = useLadderList(ladder, time);
  const [pointed, setPointed] = useState(-1);
  const [pointedCall, setPointedCall] = useState(-1);
  const [width, setWidth] = useState(800);
  const selected = app.frame.value === null ? -1 : segmentOfFrame(ladder, app.frame.value);
  const parts = { app, ladder, list, time, selected };
  const said = (index: number): string => (index === -1 ? "" : app.say(sentenceOf(ladder, index)));
  const looked =
    pointedCall === -1
      ? said(pointed === -1 ? selected : pointed)
      : app.say(callSentenceOf(ladder, pointedCall));
  return (
    <div class="view-column">
      <LadderTools {...parts} width={width} />
      <Notes app={app} ladder={ladder} />
      {app.show.value === "table" ? (
        <LadderTable {...parts} />
      ) : (
        <LadderPicture
          {...parts}
          pointed={pointed}
          isTrueTime={app.show.value === "time"}
          pointedCall={pointedCall}
          onPoint={(index, call) => {
            setPointed(index);
            setPointedCall(call);
          }}
          onWidth={setWidth}
        />
      )}
      <p class="ladder-sentence" aria-hidden={pointed !== -1 || pointedCall !== -1}>
        {looked === "" ? app.say(HINT) : looked}
      </p>
      <p class="only-heard" aria-live="polite">
        {said(selected)}
      </p>
    </div>
  );
}

const HINT = text(
  "Point at a segment: its acknowledgement, its original and its call light up; at a call: its segments.",
  "把指针移到报文段上：它的确认、原件和产生它的调用会一起亮起；移到调用上：它的报文段会亮起。",
);

/** What the picture cannot know, or leaves out. */
function Notes({ app, ladder }: { readonly app: App; readonly ladder: Ladder }): VNode | null {
  const notes = [
    ladder.isFromStart
      ? null
      : text(
          "The capture began inside this connection: what was before is not known, both ends are taken to be ESTABLISHED.",
          "抓包开始时这条连接已经存在：之前的情况未知，两端都按 ESTABLISHED 显示。",
        ),
    hasOneWay(ladder)
      ? text(
          "Only one direction was captured: acknowledgements and states of the other end are missing.",
          "只抓到一个方向：缺少对方的确认和状态。",
        )
      : null,
    ladder.total > ladder.frame.length
      ? text(
          `The first ${showCount(ladder.frame.length)} of ${showCount(ladder.total)} segments are shown.`,
          `显示 ${showCount(ladder.total)} 个报文段中的前 ${showCount(ladder.frame.length)} 个。`,
        )
      : null,
    ladder.totalCalls > ladder.calls.length
      ? text(
          `The first calls of ${showCount(ladder.totalCalls)} are shown.`,
          `只显示 ${showCount(ladder.totalCalls)} 次调用中最前面的一部分。`,
        )
      : null,
    app.show.value === "time" && ladder.delay === null
      ? text(
          "No whole handshake was captured, so how long segments were on their way is not known: arrows have a slight slope of no meaning.",
          "没有抓到完整的握手，不知道报文段在路上用了多久：箭头的倾斜没有含义。",
        )
      : null,
  ].filter((note) => note !== null);
  if (notes.length === 0) return null;
  return (
    <ul class="view-notes">
      {notes.map((note) => (
        <li key={note.en}>{app.say(note)}</li>
      ))}
    </ul>
  );
}

function hasOneWay({ dir }: Ladder): boolean {
  return dir.length > 3 && dir.every((d) => d === dir[0]);
}
