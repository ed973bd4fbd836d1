/**
 * How far the reading is, what was wrong with the recording, and whether the server is still there.
 *
 * @module
 */
import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { text, type Text } from "../../../base/lang.ts";
import type { Progress } from "../../model/protocol.ts";
import { showBytes, showCount } from "../../model/show.ts";
import type { App } from "../app.ts";

/** Shown while something is read; with a button that ends it. */
export function Reading({ app }: { readonly app: App }): VNode | null {
  const progress = app.progress.value;
  if (progress?.phase !== "reading") return null;
  const { bytes, size, segments } = progress;
  const isLive = size === null;
  const read = size === null ? showBytes(bytes) : `${showBytes(bytes)} / ${showBytes(size)}`;
  const n = showCount(segments);
  const words = text(`${read} · ${n} segments`, `${read} · ${n} 个报文段`);
  const label = isLive ? text("Capturing", "正在抓包") : text("Reading", "正在读取");
  return (
    <div class={isLive ? "reading is-live" : "reading"} role="status">
      <b>{app.say(label)}</b>
      {size === null ? null : <progress max={size} value={bytes} aria-label={app.say(label)} />}
      <span>{app.say(words)}</span>
      <button type="button" class="text-button" onClick={() => app.client.stop()}>
        {app.say(text("Stop", "停止"))}
      </button>
    </div>
  );
}

/** What the reader of the page has to know about the recording. */
export function Banners({ app }: { readonly app: App }): VNode {
  const progress = app.progress.value;
  return (
    <>
      {progress === null ? null : <Ending app={app} progress={progress} />}
      {app.isOtherFile.value ? (
        <div class="banner is-odd" role="alert">
          {app.say(OTHER_FILE)}
        </div>
      ) : null}
      {app.server.value === "gone" ? (
        <div class="banner is-odd" role="alert">
          {app.say(GONE)}
        </div>
      ) : null}
      <div class="notice" role="status">
        {app.notice.value === null ? "" : app.say(app.notice.value)}
      </div>
    </>
  );
}

const OTHER_FILE = text(
  "The link is about another recording than the one that is open: nothing of it was selected.",
  "这个链接指向的不是当前打开的记录，因此没有选中任何内容。",
);

const GONE = text(
  "seqack view has ended. What was read is still here; a reload would not find it again.",
  "seqack view 已经结束。已读取的内容仍在本页；重新加载就找不到了。",
);

const ENDINGS: Readonly<Record<"failed" | "stopped" | "odd", Text>> = {
  failed: text(
    "Reading ended early. What was read before is shown.",
    "读取提前结束，已读到的内容照常显示。",
  ),
  stopped: text(
    "Reading was stopped. What was read until then is shown.",
    "读取已停止，停止前读到的内容照常显示。",
  ),
  odd: text("Something in this recording is not as it should be.", "这份记录里有不正常的地方。"),
};

function Ending({
  app,
  progress,
}: {
  readonly app: App;
  readonly progress: Progress;
}): VNode | null {
  const [isClosed, close] = useState<readonly unknown[] | null>(null);
  const { phase, problems, packets } = progress;
  const kind = phase === "failed" || phase === "stopped" ? phase : "odd";
  if ((kind === "odd" && problems.length === 0) || isClosed === app.inputs.value) return null;
  return (
    <div
      class={`banner is-${kind === "failed" ? "bad" : "odd"}`}
      role={kind === "failed" ? "alert" : "status"}
    >
      <div>
        <b>{app.say(kind === "failed" && packets === 0 ? NOTHING : ENDINGS[kind])}</b>
        {problems.length === 0 ? null : (
          <ul>
            {problems.map((problem, i) => (
              <li key={i}>{app.say(problem.text)}</li>
            ))}
          </ul>
        )}
      </div>
      <button type="button" class="text-button" onClick={() => close(app.inputs.value)}>
        {app.say(text("Close", "关闭"))}
      </button>
    </div>
  );
}

const NOTHING = text("This could not be read.", "无法读取。");
