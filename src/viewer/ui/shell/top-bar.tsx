/**
 * The bar at the top: what is open, the display filter, language, theme, help.
 *
 * @module
 */
import type { VNode } from "preact";
import { text } from "../../../base/lang.ts";
import { visible } from "../../../base/visible.ts";
import type { Theme } from "../../model/address.ts";
import { showBytes, showCount } from "../../model/show.ts";
import type { App } from "../app.ts";
import { FilterBox } from "./filter-box.tsx";
import { Icon } from "./icon.tsx";

/** See the module. */
export function TopBar({ app, onOpen }: { readonly app: App; readonly onOpen: () => void }): VNode {
  const isOpen = app.progress.value !== null;
  return (
    <header class="top-bar">
      {isOpen ? (
        <button
          type="button"
          class="icon-button side-toggle"
          aria-label={app.say(text("Conversations", "连接列表"))}
          aria-expanded={app.isSideOpen.value}
          onClick={() => (app.isSideOpen.value = !app.isSideOpen.value)}
        >
          <Icon name="menu" />
        </button>
      ) : null}
      <span class="brand">
        <Icon name="brand" /> seqack
      </span>
      {isOpen ? <OpenInputs app={app} onOpen={onOpen} /> : null}
      {isOpen ? <FilterBox app={app} /> : <span class="spring" />}
      <div class="top-tools">
        <Language app={app} />
        <ThemeSwitch app={app} />
        <button
          type="button"
          class="icon-button"
          aria-label={app.say(text("Keys", "快捷键"))}
          title={app.say(text("Keys (?)", "快捷键（?）"))}
          onClick={() => (app.isHelpOpen.value = true)}
        >
          <Icon name="help" />
        </button>
      </div>
    </header>
  );
}

/** Letters of a name, and names, that are told. */
const MAX_NAME = 300;
const NAMES_TOLD = 50;

function OpenInputs({ app, onOpen }: { readonly app: App; readonly onOpen: () => void }): VNode {
  const inputs = app.inputs.value;
  const progress = app.progress.value;
  const names = inputs.map(({ name }) => visible(name.slice(0, MAX_NAME)));
  const more = inputs.length > 1 ? ` +${inputs.length - 1}` : "";
  const segments = showCount(progress?.segments ?? 0);
  const ending = progress?.segments === 1 ? "" : "s";
  const streams = showCount(progress?.streams ?? 0);
  const plural = progress?.streams === 1 ? "" : "s";
  const sums = text(
    `${segments} segment${ending} · ${streams} conversation${plural}`,
    `${segments} 个报文段 · ${streams} 条连接`,
  );
  const packets = progress?.packets ?? 0;
  const others = text(
    `${showCount(packets)} packet${packets === 1 ? "" : "s"}, none of TCP`,
    `${showCount(packets)} 个数据包，没有 TCP`,
  );
  const hasOnlyOthers = packets > 0 && progress?.segments === 0;
  const size = progress?.bytes ?? 0;
  return (
    <button
      type="button"
      class="open-inputs"
      title={names.slice(0, NAMES_TOLD).join("\n")}
      onClick={onOpen}
    >
      <b>
        <bdi>{names[0] ?? ""}</bdi>
        {more}
      </b>
      <small>
        {showBytes(size)} · {app.say(hasOnlyOthers ? others : sums)}
      </small>
    </button>
  );
}

function Language({ app }: { readonly app: App }): VNode {
  const isChinese = app.lang.value === "zh";
  return (
    <button
      type="button"
      class="text-button"
      lang={isChinese ? "en" : "zh-CN"}
      onClick={() => (app.chosenLang.value = isChinese ? "en" : "zh")}
    >
      {isChinese ? "English" : "中文"}
    </button>
  );
}

const NEXT_THEME: Readonly<Record<Theme, Theme>> = { auto: "light", light: "dark", dark: "auto" };
const THEMES = {
  auto: text("Theme: follows the system", "主题：跟随系统"),
  light: text("Theme: light", "主题：浅色"),
  dark: text("Theme: dark", "主题：深色"),
} as const;

function ThemeSwitch({ app }: { readonly app: App }): VNode {
  const theme = app.theme.value;
  const label = app.say(THEMES[theme]);
  return (
    <button
      type="button"
      class="icon-button"
      data-theme-switch
      aria-label={label}
      title={label}
      onClick={() => (app.theme.value = NEXT_THEME[theme])}
    >
      <Icon name={theme} />
    </button>
  );
}
