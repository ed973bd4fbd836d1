/**
 * The ladder as a table: the same rungs in words, for reading line by line.
 *
 * @module
 */
import type { VNode } from "preact";
import { useRef } from "preact/hooks";
import { STATES } from "../../../analysis/states.ts";
import { text, type Text } from "../../../base/lang.ts";
import { Flag } from "../../../wire/tcp.ts";
import { ackedByOf } from "../../model/ladder-links.ts";
import type { Ladder } from "../../model/ladder.ts";
import { callLabels, flagsOf, statesAround } from "../../model/ladder-words.ts";
import { marksOf } from "../../model/marks.ts";
import { showCount, showSeconds } from "../../model/show.ts";
import type { App } from "../app.ts";
import { MarkIcon } from "../marks.tsx";
import { VirtualList } from "../virtual-list.tsx";
import { useLadderKeys } from "./ladder-keys.ts";
import { selectCall } from "./call-buttons.tsx";
import type { LadderParts } from "./ladder-tools.tsx";
import { sceneOptions } from "./scene-options.ts";
import { useFollowedSelection } from "./use-ladder.ts";

const ROW_HEIGHT = 24;

const COLUMNS: readonly (readonly [string, Text])[] = [
  ["num", text("No.", "帧号")],
  ["num", text("Time", "时间")],
  ["who", text("From", "发出")],
  ["flags", text("What", "内容")],
  ["num", text("Seq", "序号")],
  ["num", text("Ack", "确认号")],
  ["num", text("Len", "长度")],
  ["num", text("ACKed by", "被确认")],
  ["states", text("States after it", "之后的状态")],
  ["why", text("Verdicts", "判断")],
];

/** See the module. */
export function LadderTable(parts: LadderParts): VNode {
  const { app, ladder, list, time, selected } = parts;
  const page = useRef(20);
  useFollowedSelection(app, list, time, selected, false);
  useLadderKeys(app, list, selected, page.current, time);
  const look = { selected, pointed: -1, pointedCall: -1, height: 0, range: time.range };
  const { timeOf } = sceneOptions(app, ladder, look);
  return (
    <VirtualList
      label={app.say(text("Ladder as a table", "梯形图表格"))}
      rows={list.length}
      rowHeight={ROW_HEIGHT}
      selected={selected === -1 ? null : list.rowOf(selected)}
      head={
        <div class="ladder-grid" role="row" aria-rowindex={1}>
          {COLUMNS.map(([kind, title]) => (
            <span key={title.en} class={kind} role="columnheader">
              {app.say(title)}
            </span>
          ))}
        </div>
      }
      row={(at) => {
        const rung = list.at(at);
        if (rung === null) return <div class="ladder-grid" role="gridcell" />;
        return rung.kind === "call"
          ? callRow(app, ladder, rung.index)
          : segmentRow(app, ladder, rung.index, timeOf(rung.index));
      }}
      onSelect={(at) => {
        const rung = list.at(at);
        if (rung?.kind === "segment") app.select(ladder.frame[rung.index]!, ladder.stream);
        if (rung?.kind === "call") selectCall(app, ladder, ladder.rungs[rung.index]!.call);
      }}
      onPage={(rows) => (page.current = rows)}
    />
  );
}

const ENDS = [text("client", "客户端"), text("server", "服务端")] as const;

function segmentRow(app: App, ladder: Ladder, index: number, time: string): VNode {
  const end = ladder.dir[index] === 0 ? 0 : 1;
  const flags = ladder.flags[index]!;
  const ackedBy = ackedByOf(ladder, index);
  const states = ([0, 1] as const).map((e) => STATES[statesAround(ladder, index, e).after]!);
  const by = end === 0 ? "by-client" : "by-server";
  const cells: readonly (string | VNode | VNode[])[] = [
    String(ladder.frame[index]),
    time,
    app.say(ENDS[end]),
    flagsOf(flags, app.lang.value),
    showCount(ladder.relSeq[index]!),
    (flags & Flag.ACK) === 0 ? "" : showCount(ladder.relAck[index]!),
    showCount(ladder.len[index]!),
    ackedBy === -1 ? "" : `#${ladder.frame[ackedBy]}`,
    states.join(" · "),
    marksOf(ladder.verdicts[index]!).map((mark) => (
      <span key={mark.name} class="verdict">
        <MarkIcon app={app} mark={mark} />
        {mark.name}
      </span>
    )),
  ];
  return (
    <div class="ladder-grid" role="presentation">
      {cells.map((cell, i) => (
        <span key={i} class={`${COLUMNS[i]![0]} ${by}`} role="gridcell">
          {cell}
        </span>
      ))}
    </div>
  );
}

function callRow(app: App, ladder: Ladder, rung: number): VNode {
  const { call, time } = ladder.rungs[rung]!;
  const { end } = ladder.calls[call]!;
  const [label = ""] = callLabels(ladder, ladder.rungs[rung]!, app.lang.value);
  return (
    <div class="ladder-grid is-call" role="presentation">
      <span class="num" role="gridcell" />
      <span class="num" role="gridcell">
        {showSeconds(time)}
      </span>
      <span class="who" role="gridcell">
        {app.say(ENDS[end])}
      </span>
      <span class="call" role="gridcell">
        {label}
      </span>
    </div>
  );
}
