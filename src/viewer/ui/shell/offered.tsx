/**
 * Captures that were dropped or chosen while others are open: in their place, or together with them?
 *
 * @module
 */
import type { VNode } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { text, type Text } from "../../../base/lang.ts";
import { visible } from "../../../base/visible.ts";
import type { Input } from "../../model/protocol.ts";
import { showBytes } from "../../model/show.ts";
import type { App } from "../app.ts";

/** Names that are told; of more only how many there are. */
const NAMES_TOLD = 3;
/** Letters of a name that are told. */
const MAX_NAME = 300;

/** What becomes of them. */
type Answer = "replace" | "merge" | "leave";

const ANSWERS: readonly (readonly [Answer, string, Text, Text])[] = [
  [
    "replace",
    "r",
    text("Replace", "替换"),
    text("What is open is closed, what is new is shown alone.", "关闭当前内容，只显示新的。"),
  ],
  [
    "merge",
    "m",
    text("Merge", "合并"),
    text("All of it as one recording, in the order of time.", "合成一份记录，按时间排序。"),
  ],
  [
    "leave",
    "Escape",
    text("Leave it", "保持不变"),
    text("What is open stays as it is.", "当前打开的内容不变。"),
  ],
];

const KEY_NAMES: Readonly<Record<string, string>> = { Escape: "Esc" };

/** Asks as long as {@link App.offered} holds any; asked anew each time. */
export function Offered({ app }: { readonly app: App }): VNode {
  const dialog = useRef<HTMLDialogElement>(null);
  const first = useRef<HTMLButtonElement>(null);
  const offered = app.offered.value;
  const isOpen = offered.length > 0;
  useLayoutEffect(() => {
    if (!isOpen) return dialog.current?.close();
    dialog.current?.showModal();
    first.current?.focus();
  }, [isOpen]);
  const canMerge = app.canMerge.value;
  const answer = (given: Answer): void => {
    if (given === "merge" && !canMerge) return;
    app.takeOffered(given);
  };
  return (
    <dialog
      ref={dialog}
      class="sheet is-choice"
      aria-label={app.say(TITLE)}
      onClose={() => app.takeOffered("leave")}
      onKeyDown={(e) => {
        const found = ANSWERS.find(([, key]) => key === e.key);
        if (found === undefined || e.ctrlKey || e.metaKey || e.altKey) return;
        e.preventDefault();
        answer(found[0]);
      }}
    >
      <h2>{app.say(TITLE)}</h2>
      <dl class="offer">
        <dt>{app.say(text("Open", "已打开"))}</dt>
        <dd>
          <Names app={app} inputs={app.inputs.value} />
        </dd>
        <dt>{app.say(text("New", "新的"))}</dt>
        <dd>
          <Names app={app} inputs={offered} />
        </dd>
      </dl>
      {ANSWERS.map(([name, key, label, what], i) => {
        const isBarred = name === "merge" && !canMerge;
        return (
          <button
            type="button"
            key={name}
            ref={i === 0 ? first : null}
            class="answer"
            aria-disabled={isBarred}
            onClick={() => answer(name)}
          >
            <b>{app.say(label)}</b>
            <span>{app.say(isBarred ? BARRED : what)}</span>
            <kbd aria-hidden="true">{KEY_NAMES[key] ?? key}</kbd>
          </button>
        );
      })}
    </dialog>
  );
}

const TITLE = text("A recording is open already", "已经打开了一份记录");
const BARRED = text(
  "Not possible: what is open still goes on, or its server has gone.",
  "无法合并：当前抓包还在继续，或者它的服务器已经退出。",
);

function Names({ app, inputs }: { readonly app: App; readonly inputs: readonly Input[] }): VNode {
  const more = inputs.length - NAMES_TOLD;
  return (
    <>
      {inputs.slice(0, NAMES_TOLD).map(({ name, size }, i) => (
        <span key={i}>
          <bdi>{visible(name.slice(0, MAX_NAME))}</bdi>
          {size === null ? null : <small>{showBytes(size)}</small>}
        </span>
      ))}
      {more > 0 ? <span>{app.say(text(`and ${more} more`, `还有 ${more} 个`))}</span> : null}
    </>
  );
}
