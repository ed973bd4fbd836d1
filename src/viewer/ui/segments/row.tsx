/**
 * One row of the segment list, and the list's head.
 *
 * @module
 */
import type { ComponentChildren, VNode } from "preact";
import { text, type Text } from "../../../base/lang.ts";
import { Flag } from "../../../wire/tcp.ts";
import type { TimeMode } from "../../model/address.ts";
import { marksOf } from "../../model/marks.ts";
import { NO_STREAM, type RowPage } from "../../model/rows.ts";
import { flagNames, showClock, showCount, showSeconds } from "../../model/show.ts";
import type { App } from "../app.ts";
import { EndName } from "../end-name.tsx";
import { MarkIcon } from "../marks.tsx";

/** The class of its cells, those with `is-more` only where there is room; and its title. */
const COLUMNS: readonly (readonly [string, Text])[] = [
  ["num", text("No.", "帧号")],
  ["num time", text("Time", "时间")],
  ["end", text("Source", "源")],
  ["end is-more", text("Destination", "目的")],
  ["flags", text("Flags", "标志")],
  ["num is-more", text("Seq", "序号")],
  ["num is-more", text("Ack", "确认号")],
  ["num", text("Len", "长度")],
  ["num is-more", text("Window", "窗口")],
  ["why", text("Verdicts", "判断")],
];

/** What the times of the list are; with their unit. */
const TIMES: Readonly<Record<TimeMode, Text>> = {
  relative: text("Time (s)", "时间（秒）"),
  delta: text("Delta (s)", "间隔（秒）"),
  absolute: text("UTC", "UTC 时刻"),
};
const CHANGE_TIME = text("Times: relative, delta, absolute (t)", "时间：相对、间隔、绝对（t）");

/** The head of the list. */
export function SegmentHead({ app }: { readonly app: App }): VNode {
  return (
    <div class="segment-grid" role="row" aria-rowindex={1}>
      {COLUMNS.map(([kind, title]) => (
        <span key={title.en} class={kind} role="columnheader">
          {kind === "num time" ? <TimeHead app={app} /> : app.say(title)}
        </span>
      ))}
    </div>
  );
}

function TimeHead({ app }: { readonly app: App }): VNode {
  return (
    <button
      type="button"
      class="sort"
      title={app.say(CHANGE_TIME)}
      onClick={() => app.act("time-mode")}
    >
      {app.say(TIMES[app.time.value])}
    </button>
  );
}

interface Props {
  readonly app: App;
  /** `null` while it is on its way. */
  readonly found: { readonly page: RowPage; readonly at: number } | null;
}

/** A row; empty while its page is on its way. */
export function SegmentRow({ app, found }: Props): VNode {
  if (found === null || found.at >= found.page.frame.length) {
    return <WaitingRow />;
  }
  const { page, at } = found;
  if (page.stream[at] === NO_STREAM) return <OtherRow app={app} page={page} at={at} />;
  const [client, server] = page.ends.get(page.stream[at]!) ?? ["", ""];
  const isClient = page.dir[at] === 0;
  const flags = page.flags[at]!;
  const isAside =
    (app.stream.value !== null && app.stream.value !== page.stream[at]) || isOutside(app, page, at);
  // On the cells: Chromium leaves what is inside of a row that is used again in its old colour at times.
  const by = isAside ? "" : isClient ? "by-client" : "by-server";
  return (
    <div
      class={`segment-grid from-${isClient ? "client" : "server"}${isAside ? " is-other" : ""}`}
      role="presentation"
    >
      <Cell kind="num">{page.frame[at]}</Cell>
      <Cell kind="num time">{timeOf(app, page, at)}</Cell>
      <Cell kind={`end ${by}`}>{endOf(isClient ? client : server)}</Cell>
      <Cell kind={`end is-more ${by}`}>{endOf(isClient ? server : client)}</Cell>
      <Cell kind={`flags ${by}`}>{flagNames(flags)}</Cell>
      <Cell kind="num is-more">{showCount(page.relSeq[at]!)}</Cell>
      <Cell kind="num is-more">{(flags & Flag.ACK) === 0 ? "" : showCount(page.relAck[at]!)}</Cell>
      <Cell kind="num">{page.len[at] === 0 ? <i>0</i> : showCount(page.len[at]!)}</Cell>
      <Cell kind="num is-more">{showCount(page.window[at]!)}</Cell>
      <Cell kind="why">
        {marksOf(page.verdicts[at]!).map((mark) => (
          <span key={mark.name} class="verdict">
            <MarkIcon app={app} mark={mark} />
            <span>{mark.name}</span>
          </span>
        ))}
      </Cell>
    </div>
  );
}

/** Letters of an address and a port that have room in the list. */
const SHORT = 17;

/** Most are short: their rows have fewer elements. */
const endOf = (end: string): ComponentChildren =>
  end.length <= SHORT ? end : <EndName end={end} />;

/** The cells of every row: making others would take longer than waiting. */
function WaitingRow(): VNode {
  return (
    <div class="segment-grid is-waiting" role="presentation">
      {COLUMNS.map(([kind], i) => (
        <Cell key={i} kind={kind} />
      ))}
    </div>
  );
}

/** What is no TCP: its line as `seqack read` prints it. */
function OtherRow({
  app,
  page,
  at,
}: {
  readonly app: App;
  readonly page: RowPage;
  readonly at: number;
}): VNode {
  return (
    <div
      class={`segment-grid is-plain${isOutside(app, page, at) ? " is-other" : ""}`}
      role="presentation"
    >
      <Cell kind="num">{page.frame[at]}</Cell>
      <Cell kind="num time">{timeOf(app, page, at)}</Cell>
      <Cell kind="rest">{page.others.get(at) ?? ""}</Cell>
    </div>
  );
}

/** Whether it is not of the time that all views show. */
function isOutside(app: App, page: RowPage, at: number): boolean {
  const range = app.range.value;
  return range !== null && (page.time[at]! < range[0] || page.time[at]! > range[1]);
}

function Cell(props: { readonly kind: string; readonly children?: ComponentChildren }): VNode {
  return (
    <span class={props.kind} role="gridcell">
      {props.children}
    </span>
  );
}

function timeOf(app: App, page: RowPage, at: number): string {
  switch (app.time.value) {
    case "relative":
      return showSeconds(page.time[at]!);
    case "delta":
      return showSeconds(page.delta[at]!);
    case "absolute":
      return showClock(app.progress.value?.epoch ?? 0n, page.time[at]!);
  }
}
