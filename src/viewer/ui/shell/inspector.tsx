/**
 * What there is to say of the selected frame, below every view.
 *
 * @module
 */
import type { VNode } from "preact";
import { formatPlace } from "../../model/address.ts";
import { text, type Text } from "../../../base/lang.ts";
import { visible } from "../../../base/visible.ts";
import type { Reason } from "../../../analysis/evidence/reason.ts";
import { markOf } from "../../model/marks.ts";
import { VERDICTS, type VerdictName } from "../../../analysis/verdicts/verdict.ts";
import { showClock, showCount, showSeconds } from "../../model/show.ts";
import type { App } from "../app.ts";
import { dayOf } from "../day.ts";
import { MarkIcon } from "../marks.tsx";
import { Icon } from "./icon.tsx";

/** See the module. */
export function Inspector({ app }: { readonly app: App }): VNode {
  const frame = app.frame.value;
  const details = app.details.value;
  const { reasons, note } = app.explanation.value;
  const label = app.say(text("Selected segment", "选中的报文段"));
  if (frame === null) {
    return (
      <section class="inspector is-empty" aria-label={label}>
        {app.say(
          text(
            "No segment selected: j and k move, n goes to the next finding, ? shows all keys.",
            "还没有选中报文段：j、k 上下移动，n 跳到下一个发现，? 显示全部快捷键。",
          ),
        )}
      </section>
    );
  }
  const number = app.say(text(`Frame ${frame}`, `第 ${frame} 帧`));
  return (
    <section class="inspector" aria-label={label}>
      <div class="inspector-head">
        <h2>{number}</h2>
        {details === null ? null : (
          <span class="quiet">
            {showSeconds(details.time)} s · {dayOf(details.timeNs)} {showClock(details.timeNs, 0)}{" "}
            UTC
            {details.stream === null ? "" : ` · tcp.stream ${details.stream}`}
          </span>
        )}
        <CopyLink app={app} />
      </div>
      {isMissing(app) ? (
        <p class="quiet">{app.say(missingWords(app))}</p>
      ) : (
        <p class="line">{details?.line ?? ""}</p>
      )}
      <ul class="reasons" aria-live="polite">
        {reasons.map((reason, i) => (
          <ReasonLine key={i} app={app} reason={reason} />
        ))}
        {note === null ? null : <FieldLine name="seqack.stack" words={app.say(note)} />}
        {(details?.comments ?? []).map((comment, i) => (
          <FieldLine key={i} name="frame.comment" words={commentWords(comment)} />
        ))}
      </ul>
    </section>
  );
}

/** Whether the recording, read to its end, has no such frame: a link may name any. */
function isMissing(app: App): boolean {
  const progress = app.progress.value;
  return progress?.phase !== "reading" && (app.frame.value ?? 0) > (progress?.packets ?? 0);
}

function missingWords(app: App): Text {
  const n = showCount(app.progress.value?.packets ?? 0);
  return text(
    `There is no such frame: the last one of this recording is ${n}.`,
    `没有这一帧：这份记录的最后一帧是第 ${n} 帧。`,
  );
}

/** Letters of a comment that are shown. */
const MAX_COMMENT = 2000;

function commentWords(comment: string): string {
  const words = visible(comment.slice(0, MAX_COMMENT));
  return comment.length > MAX_COMMENT ? `${words}…` : words;
}

function FieldLine({ name, words }: { readonly name: string; readonly words: string }): VNode {
  return (
    <li class="is-note">
      <span class="dot" />
      <code>{name}</code>
      <span class="told">{words}</span>
    </li>
  );
}

const isVerdict = (name: string): name is VerdictName =>
  (VERDICTS as readonly string[]).includes(name);

function ReasonLine({ app, reason }: { readonly app: App; readonly reason: Reason }): VNode {
  const { name, frame, kind } = reason;
  return (
    <li class={`is-${kind}`}>
      {isVerdict(name) ? <MarkIcon app={app} mark={markOf(name)} /> : <span class="dot" />}
      <code>{name}</code>
      <span>{app.say(reason.text)}</span>
      {frame === 0 ? null : (
        <button type="button" class="frame-link" onClick={() => app.select(frame)}>
          #{frame}
        </button>
      )}
    </li>
  );
}

function CopyLink({ app }: { readonly app: App }): VNode {
  const label = app.say(text("Copy link", "复制链接"));
  const copy = async (): Promise<void> => {
    try {
      const file = app.progress.value?.fingerprint ?? null;
      const link = new URL(formatPlace({ ...app.place, file }), location.href);
      await navigator.clipboard.writeText(link.href);
      app.notice.value = text("The link was copied.", "链接已复制。");
    } catch {
      // Without a permission, or from plain http elsewhere: the address bar has it.
      app.notice.value = text("Copy the link from the address bar.", "请从地址栏复制链接。");
    }
  };
  return (
    <button type="button" class="text-button copy-link" onClick={() => void copy()}>
      <Icon name="link" /> {label}
    </button>
  );
}
