/**
 * The frame around the views: bar, navigation, conversations at the side, inspector below.
 *
 * @module
 */
import type { VNode } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { text } from "../../../base/lang.ts";
import { showSeconds } from "../../model/show.ts";
import { collectGarbageNow } from "../../model/garbage.ts";
import { NOTHING_READ } from "../../model/protocol.ts";
import type { App } from "../app.ts";
import { type View, viewNamed, VIEWS } from "../views.ts";
import { Empty } from "./empty.tsx";
import { GoTo, Help } from "./help.tsx";
import { Inspector } from "./inspector.tsx";
import { useFileDrop, usePageKeys } from "./input.ts";
import { Offered } from "./offered.tsx";
import { Side } from "./side.tsx";
import { Banners, Reading } from "./status.tsx";
import { TopBar } from "./top-bar.tsx";

/** Packets of a recording from which on that is looked after. */
const MANY_PACKETS = 100_000;

/** The whole page. */
export function Shell({ app }: { readonly app: App }): VNode {
  const chooser = useRef<HTMLInputElement>(null);
  const onOpen = (): void => chooser.current?.click();
  usePageKeys(app, onOpen);
  const isDropping = useFileDrop(app);
  useNotices(app);
  return (
    <div class={isDropping ? "page is-dropping" : "page"} style={columnWidths(app)}>
      <input
        ref={chooser}
        type="file"
        multiple
        hidden
        aria-hidden="true"
        onChange={(e) => {
          app.openFiles(e.currentTarget.files ?? []);
          e.currentTarget.value = "";
        }}
      />
      <TopBar app={app} onOpen={onOpen} />
      <Banners app={app} />
      {app.progress.value === null ? <Empty app={app} onOpen={onOpen} /> : <Open app={app} />}
      <Help app={app} />
      <GoTo app={app} />
      <Offered app={app} />
    </div>
  );
}

/** Pixels of a letter in a list. */
const LETTER = 7.3;
/** Letters of a time of day, and pixels of the narrowest columns. */
const CLOCK = 15;
const LEAST = { time: 76, frame: 46, stream: 36 } as const;

const px = (letters: number, least: number): string =>
  `${Math.max(least, Math.ceil(letters * LETTER) + 2)}px`;

/** Room for the longest time of the recording, and for its greatest numbers of frames and connections. */
function columnWidths(app: App): Readonly<Record<string, string>> {
  const { durationNs = 0, packets = 0, streams = 0 } = app.progress.value ?? {};
  const isClock = app.time.value === "absolute";
  return {
    "--time-width": px(isClock ? CLOCK : showSeconds(durationNs).length, LEAST.time),
    "--frame-width": px(String(packets).length, LEAST.frame),
    "--stream-width": px(String(streams).length, LEAST.stream),
  };
}

function Open({ app }: { readonly app: App }): VNode {
  const view = viewNamed(app.view.value);
  const tabs = useRef<HTMLElement>(null);
  // On a narrow page the tabs are wider than their row.
  useEffect(() => {
    tabs.current?.querySelector(".is-here")?.scrollIntoView({ block: "nearest", inline: "center" });
  }, [view.name, app.lang.value]);
  // What a view leaves behind, 60 MB of a ladder of a million segments, would stay until much more is wanted.
  useEffect(() => {
    if ((app.progress.peek()?.packets ?? 0) < MANY_PACKETS) return undefined;
    const timer = setTimeout(collectGarbageNow, 50);
    return () => clearTimeout(timer);
  }, [app, view.name, app.stream.value]);
  return (
    <div class="body">
      {app.isSideOpen.value ? <Veil app={app} /> : null}
      <Side app={app} />
      <div class="center">
        <div class="views-row">
          <nav class="views" ref={tabs} aria-label={app.say(text("Views", "视图"))}>
            {VIEWS.map(({ name, title }) => (
              <button
                type="button"
                key={name}
                class={name === view.name ? "tab is-here" : "tab"}
                aria-current={name === view.name ? "page" : undefined}
                onClick={() => (app.view.value = name === VIEWS[0]!.name ? "" : name)}
              >
                {app.say(title)}
              </button>
            ))}
          </nav>
          {isTimeline(view) ? null : <TimeChip app={app} />}
          <Reading app={app} />
        </div>
        <main class="view" aria-label={app.say(view.title)}>
          <Shown app={app} view={view} />
        </main>
        {app.isRead.value ? <Inspector app={app} /> : null}
      </div>
    </div>
  );
}

/** Views whose own picture shows which time is seen. */
const isTimeline = ({ name }: View): boolean => name === "ladder" || name === "graphs";

/** The time that all views show, where it is not everything; a click shows everything again. */
function TimeChip({ app }: { readonly app: App }): VNode | null {
  const range = app.range.value;
  if (range === null || !app.isRead.value) return null;
  const [from, to] = range;
  const span = `${showSeconds(from)}–${showSeconds(to)} s`;
  return (
    <button
      type="button"
      class="time-chip"
      title={app.say(text("Show all of the time again (f)", "显示全部时间（f）"))}
      aria-label={app.say(text(`Only ${span}; show all of the time`, `只看 ${span}；显示全部时间`))}
      onClick={() => (app.range.value = null)}
    >
      {span} ✕
    </button>
  );
}

/** What the list at the side lies over on a narrow page: a touch there closes it. */
function Veil({ app }: { readonly app: App }): VNode {
  return (
    <button
      type="button"
      class="side-veil"
      aria-label={app.say(text("Close the list", "关闭列表"))}
      onClick={() => (app.isSideOpen.value = false)}
    />
  );
}

const NEEDS = {
  recording: text("Nothing has been read yet.", "还没有读到内容。"),
  stream: text(
    "Select a conversation first: at the left, or with ].",
    "请先选择一条连接：在左侧列表里选，或按 ]。",
  ),
  frame: text(
    "Select a segment first: in the list, or with n.",
    "请先选择一个报文段：在列表里选，或按 n。",
  ),
} as const;

const NO_TCP = text(
  "There is no TCP connection in this recording. What it has is listed under Segments.",
  "这份记录里没有 TCP 连接。其中的内容都列在“报文段”里。",
);
const NO_SUCH = text("There is no such connection in this recording.", "这份记录里没有这条连接。");

const WAITING = text("Waiting for the first packet…", "正在等待第一个数据包……");
const NO_PACKETS = text(
  "There are no packets to show. Ctrl O opens another capture.",
  "没有可以显示的数据包。按 Ctrl O 打开别的抓包文件。",
);

function Shown({ app, view }: { readonly app: App; readonly view: View }): VNode {
  const has = {
    recording: app.isRead.value,
    stream: app.stream.value !== null && app.isRead.value,
    frame: app.frame.value !== null && app.isRead.value,
  };
  if (!has[view.needs]) {
    const isReading = app.progress.value?.phase === "reading";
    if (view.needs === "recording" && isReading) {
      const isLive = app.progress.value?.size === null;
      return isLive ? <p class="empty-note">{app.say(WAITING)}</p> : <Skeleton />;
    }
    if (!app.isRead.value && !isReading) {
      return <p class="empty-note">{app.say(NO_PACKETS)}</p>;
    }
    if (view.needs === "stream" && !isReading && app.progress.value?.streams === 0) {
      return <p class="empty-note">{app.say(NO_TCP)}</p>;
    }
    if (view.needs === "stream" && app.progress.value?.streams === 1) return <Only app={app} />;
    return <p class="empty-note">{app.say(NEEDS[view.needs])}</p>;
  }
  const { phase, streams } = app.progress.value ?? NOTHING_READ;
  if (view.name === "conversations" && phase !== "reading" && streams === 0) {
    return <p class="empty-note">{app.say(NO_TCP)}</p>;
  }
  if (view.needs === "stream" && phase !== "reading" && (app.stream.value ?? 0) >= streams) {
    return <p class="empty-note">{app.say(streams === 0 ? NO_TCP : NO_SUCH)}</p>;
  }
  const Component = view.component;
  return <Component app={app} />;
}

/** Of a single conversation there is nothing to choose. */
function Only({ app }: { readonly app: App }): VNode {
  return (
    <div class="empty-note">
      <p>{app.say(NEEDS.stream)}</p>
      <button type="button" class="text-button" onClick={() => app.selectStream(0)}>
        {app.say(text("Show the only one", "显示唯一的这条连接"))}
      </button>
    </div>
  );
}

/** Before the first rows have come. */
function Skeleton(): VNode {
  return (
    <div class="skeleton" aria-hidden="true">
      {Array.from({ length: 12 }, (_, i) => (
        <span key={i} />
      ))}
    </div>
  );
}

/** Notices go away by themselves. */
function useNotices(app: App): void {
  const notice = app.notice.value;
  useEffect(() => {
    if (notice === null) return;
    const timer = setTimeout(() => (app.notice.value = null), 4000);
    return () => clearTimeout(timer);
  }, [notice]);
}
