/**
 * The display filter: completion while it is written, a caret where it is wrong.
 *
 * @module
 */
import type { VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { text } from "../../../base/lang.ts";
import { visible } from "../../../base/visible.ts";
import { complete } from "../../model/completion.ts";
import type { Problem } from "../../model/protocol.ts";
import { showCount } from "../../model/show.ts";
import type { App } from "../app.ts";
import { useActions } from "../use-actions.ts";
import { Icon } from "./icon.tsx";

const LABEL = text("Display filter", "显示过滤器");
const EXAMPLE = text(
  "Display filter, such as tcp.analysis.flags",
  "显示过滤器，例如 tcp.analysis.flags",
);

/** See the module. */
export function FilterBox({ app }: { readonly app: App }): VNode {
  const input = useRef<HTMLInputElement>(null);
  const [words, setWords] = useState(app.filter.value);
  const [caret, setCaret] = useState<number | null>(null);
  const [chosen, setChosen] = useState(0);
  useEffect(() => setWords(app.filter.value), [app.filter.value]);
  useActions(app, (action) => {
    if (action !== "filter") return false;
    input.current?.focus();
    input.current?.select();
    return true;
  });
  const completion = caret === null ? null : complete(words, caret);
  const names = completion?.names ?? [];
  const take = (name: string): void => {
    if (completion === null) return;
    const next = words.slice(0, completion.from) + name + words.slice(completion.to);
    setWords(next);
    setCaret(null);
    const at = completion.from + name.length;
    requestAnimationFrame(() => input.current?.setSelectionRange(at, at));
  };
  const onKeyDown = (e: KeyboardEvent): void => {
    const step = e.key === "ArrowDown" ? 1 : e.key === "ArrowUp" ? -1 : 0;
    if (names.length > 0 && step !== 0) {
      e.preventDefault();
      setChosen((chosen + step + names.length) % names.length);
    } else if (names.length > 0 && e.key === "Tab" && !e.shiftKey) {
      e.preventDefault();
      take(names[chosen] ?? names[0]!);
    } else if (e.key === "Enter") {
      setCaret(null);
      void app.applyFilter(words);
    } else if (e.key === "Escape") {
      if (names.length > 0) setCaret(null);
      else input.current?.blur();
      e.stopPropagation();
    }
  };
  const { phase, problem } = app.filterState.value;
  return (
    <div class={`filter is-${phase}`}>
      <input
        ref={input}
        type="text"
        class="input"
        role="combobox"
        aria-label={app.say(LABEL)}
        aria-autocomplete="list"
        aria-expanded={names.length > 0}
        aria-controls="filter-names"
        aria-activedescendant={names.length === 0 ? undefined : `filter-name-${chosen}`}
        aria-invalid={phase === "wrong"}
        spellcheck={false}
        autocomplete="off"
        placeholder={app.say(EXAMPLE)}
        value={words}
        onInput={(e) => {
          setWords(e.currentTarget.value);
          setCaret(e.currentTarget.selectionStart);
          setChosen(0);
        }}
        onBlur={() => setCaret(null)}
        onKeyDown={onKeyDown}
      />
      {app.filter.value === "" && words === "" ? (
        <kbd class="filter-key">/</kbd>
      ) : (
        <button
          type="button"
          class="icon-button filter-clear"
          aria-label={app.say(text("Clear the filter", "清除过滤器"))}
          onClick={() => {
            setWords("");
            void app.applyFilter("");
          }}
        >
          <Icon name="close" />
        </button>
      )}
      <ul
        class="filter-names"
        id="filter-names"
        role="listbox"
        aria-label={app.say(LABEL)}
        hidden={names.length === 0}
      >
        {names.map((name, i) => (
          <li
            key={name}
            id={`filter-name-${i}`}
            role="option"
            aria-selected={i === chosen}
            ref={(item) => {
              if (i === chosen) item?.scrollIntoView({ block: "nearest" });
            }}
            class={i === chosen ? "is-chosen" : ""}
            onMouseDown={(e) => {
              e.preventDefault();
              take(name);
            }}
          >
            {name}
          </li>
        ))}
      </ul>
      {phase === "wrong" && problem !== null && caret === null ? (
        <div class="filter-problem" role="alert">
          <pre>{pointedOut(app.filter.value, problem)}</pre>
          {app.say(problem.text)}
        </div>
      ) : null}
      <FilterProgress app={app} />
    </div>
  );
}

/** `sign` below each letter; a Chinese one is as wide as two. */
function under(words: string, sign: string): string {
  return Array.from(words, (c) => (c.codePointAt(0)! > 0x2e7f ? sign + sign : sign)).join("");
}

/** The filter, and carets below what is wrong in it. */
function pointedOut(filter: string, { position, length }: Problem): string {
  const at = position ?? 0;
  const [before, wrong] = [visible(filter.slice(0, at)), visible(filter.slice(at, at + length))];
  return `${visible(filter)}\n${under(before, " ")}${under(wrong, "^") || "^"}`;
}

function FilterProgress({ app }: { readonly app: App }): VNode | null {
  const { phase, done, total, matches } = app.filterState.value;
  if (phase === "running") {
    return (
      <div class="filter-progress">
        <progress max={total} value={done} aria-label={app.say(text("Filtering", "正在过滤"))} />
        <button type="button" class="text-button" onClick={() => app.cancelFilter()}>
          {app.say(text("Stop", "停止"))}
        </button>
      </div>
    );
  }
  if (phase !== "done") return null;
  const n = showCount(matches);
  const words = text(`${n} of ${showCount(total)}`, `${n} / ${showCount(total)}`);
  return <output class="filter-count">{app.say(words)}</output>;
}
