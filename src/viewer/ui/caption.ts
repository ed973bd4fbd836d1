/**
 * What saved pictures say of themselves: which recording, which connection, which part of it.
 *
 * @module
 */
import { text, type Text } from "../../base/lang.ts";
import { visible } from "../../base/visible.ts";
import { showClock, showSeconds } from "../model/show.ts";
import type { TimeRange } from "../model/time-range.ts";
import type { App } from "./app.ts";
import { dayOf } from "./day.ts";

/** Letters of a file's name that are told. */
const MAX_NAME = 200;

/** `"echo.pcapng · conversation 0 · 0.000000 to 0.256000 s · from 2026-05-11 11:48:30.095221 UTC"`. */
export function captionLine(app: App, stream: number, [from, to]: TimeRange): Text {
  const [name, more] = namesOf(app);
  const [first, last] = [showSeconds(from), showSeconds(to)];
  const epoch = app.progress.value?.epoch ?? 0n;
  const start = `${dayOf(epoch)} ${showClock(epoch, 0)} UTC`.trim();
  return text(
    `${name}${more === 0 ? "" : ` and ${more} more`} · conversation ${stream} · ${first} to ${last} s, counted from ${start}`,
    `${name}${more === 0 ? "" : ` 等 ${more + 1} 个文件`} · 连接 ${stream} · ${first} 至 ${last} s，从 ${start} 起计`,
  );
}

function namesOf({ inputs }: App): readonly [string, number] {
  const [first, ...rest] = inputs.value;
  const name = (first?.name ?? "").slice(0, MAX_NAME);
  return [visible(name), rest.length];
}
