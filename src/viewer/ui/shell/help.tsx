/**
 * The sheet of keys, and the form that goes to a frame.
 *
 * @module
 */
import type { VNode } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { text } from "../../../base/lang.ts";
import { KEYS } from "../../model/keys.ts";
import { showCount } from "../../model/show.ts";
import type { App } from "../app.ts";
import { Icon } from "./icon.tsx";
import { useActions } from "../use-actions.ts";

const NAMES: Readonly<Record<string, string>> = {
  ArrowDown: "↓",
  ArrowUp: "↑",
  "Ctrl+o": "Ctrl O",
  Escape: "Esc",
};

/** All keys, from the table that they are looked up in. */
export function Help({ app }: { readonly app: App }): VNode {
  const dialog = useRef<HTMLDialogElement>(null);
  const isOpen = app.isHelpOpen.value;
  useEffect(() => {
    if (isOpen) dialog.current?.showModal();
    else dialog.current?.close();
  }, [isOpen]);
  const title = app.say(text("Keys", "快捷键"));
  return (
    <dialog
      ref={dialog}
      class="sheet"
      aria-label={title}
      onClose={() => (app.isHelpOpen.value = false)}
    >
      <form method="dialog" class="sheet-head">
        <h2>{title}</h2>
        <button type="submit" class="icon-button" aria-label={app.say(text("Close", "关闭"))}>
          <Icon name="close" />
        </button>
      </form>
      <dl>
        {KEYS.map(({ action, keys, what }) => (
          <div key={action}>
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{NAMES[key] ?? key}</kbd>
              ))}
            </dt>
            <dd>{app.say(what)}</dd>
          </div>
        ))}
      </dl>
    </dialog>
  );
}

/** Asks for a frame number. */
export function GoTo({ app }: { readonly app: App }): VNode {
  const dialog = useRef<HTMLDialogElement>(null);
  const input = useRef<HTMLInputElement>(null);
  useActions(app, (action) => {
    if (action !== "go-to-frame" || app.progress.value === null) return false;
    dialog.current?.showModal();
    input.current?.select();
    return true;
  });
  const label = app.say(text("Go to frame", "跳到帧"));
  const packets = app.progress.value?.packets ?? 0;
  const last = showCount(packets);
  // While it is read, frames are still to come.
  const isRead = app.progress.value?.phase !== "reading";
  return (
    <dialog ref={dialog} class="sheet is-small" aria-label={label}>
      <form
        method="dialog"
        onSubmit={() => {
          const frame = Number(input.current?.value);
          // A key that follows at once is none for the input.
          input.current?.blur();
          if (Number.isInteger(frame) && frame > 0) app.select(frame);
        }}
      >
        <label>
          {label} <span class="quiet">1–{last}</span>
          <input
            ref={input}
            class="input"
            type="number"
            min="1"
            max={isRead && packets > 0 ? packets : undefined}
            step="1"
            required
          />
        </label>
        <button type="submit" class="primary">
          {app.say(text("Go", "跳转"))}
        </button>
      </form>
    </dialog>
  );
}
