/**
 * The keys of the page, in one table: what does something is what the `?` sheet shows.
 *
 * @module
 */
import { text, type Text } from "../../base/lang.ts";

/** What a key can do. A view may know more than the page does: it hears of every action first. */
export type Action =
  | "help"
  | "filter"
  | "next-row"
  | "previous-row"
  | "next-page"
  | "previous-page"
  | "first-row"
  | "last-row"
  | "next-finding"
  | "previous-finding"
  | "next-stream"
  | "previous-stream"
  | "zoom-in"
  | "zoom-out"
  | "pan-left"
  | "pan-right"
  | "zoom-in-values"
  | "zoom-out-values"
  | "pan-up"
  | "pan-down"
  | "fit"
  | "go-to-frame"
  | "time-mode"
  | "copy"
  | "open"
  | "out";

/** One line of the sheet. */
export interface KeyLine {
  readonly action: Action;
  /** Values of `KeyboardEvent.key`; `Ctrl+` before those that need it. */
  readonly keys: readonly string[];
  readonly what: Text;
}

/** In the order of the sheet. */
export const KEYS: readonly KeyLine[] = [
  line("help", ["?"], "this sheet", "本键位表"),
  line("open", ["Ctrl+o"], "open captures", "打开抓包文件"),
  line("filter", ["/"], "to the display filter", "跳到显示过滤器"),
  line(
    "next-row",
    ["j", "ArrowDown"],
    "next row; where there are none, next segment",
    "下一行；没有行时为下一个报文段",
  ),
  line("previous-row", ["k", "ArrowUp"], "previous row or segment", "上一行或上一个报文段"),
  line("next-page", ["PageDown"], "a page down", "下一页"),
  line("previous-page", ["PageUp"], "a page up", "上一页"),
  line("first-row", ["Home"], "first row or segment", "第一行或第一个报文段"),
  line("last-row", ["End"], "last row or segment", "最后一行或最后一个报文段"),
  line(
    "next-finding",
    ["n"],
    "next finding, or verdict where there is none",
    "下一个发现；没有发现时为下一个判断",
  ),
  line("previous-finding", ["N"], "previous one", "上一个"),
  line("next-stream", ["]"], "next connection", "下一条连接"),
  line("previous-stream", ["["], "previous connection", "上一条连接"),
  line(
    "zoom-in",
    ["w", "+", "="],
    "zoom in on time, in Ladder and Graphs",
    "在“梯形图”“曲线图”中放大时间",
  ),
  line("zoom-out", ["s", "-"], "zoom out again", "缩小时间"),
  line("pan-left", ["a"], "earlier", "往前移"),
  line("pan-right", ["d"], "later", "往后移"),
  line("zoom-in-values", ["W"], "zoom in on values, in Graphs", "在“曲线图”中放大数值"),
  line("zoom-out-values", ["S"], "zoom out of values", "缩小数值"),
  line("pan-up", ["D"], "to greater values", "往大值移"),
  line("pan-down", ["A"], "to lesser values", "往小值移"),
  line("fit", ["f"], "show all of the time again", "显示全部时间"),
  line("go-to-frame", ["g"], "go to a frame", "跳到某一帧"),
  line("time-mode", ["t"], "times: relative, delta, absolute", "时间：相对、间隔、绝对"),
  line("copy", ["c"], "copy or save bytes, in Bytes", "在“字节流”视图中复制或保存字节"),
  line("out", ["Escape"], "out of here", "退出"),
];

function line(action: Action, keys: readonly string[], en: string, zh: string): KeyLine {
  return { action, keys, what: text(en, zh) };
}

const BY_KEY: ReadonlyMap<string, Action> = new Map(
  KEYS.flatMap(({ action, keys }) => keys.map((key) => [key, action] as const)),
);

/** What a key event asks for; `null`: nothing of ours. */
export function actionOf(event: {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}): Action | null {
  if (event.altKey) return null;
  const withControl = event.ctrlKey || event.metaKey;
  return BY_KEY.get(withControl ? `Ctrl+${event.key.toLowerCase()}` : event.key) ?? null;
}

/** Where a key leads in a list of so many `rows`. `at`: -1 is before the first; `page`: rows of a page; `null`: it is not about rows. */
export function rowAfter(action: Action, at: number, page: number, rows: number): number | null {
  const targets: Partial<Record<Action, number>> = {
    "next-row": at + 1,
    "previous-row": at - 1,
    "next-page": at + page,
    "previous-page": at - page,
    "first-row": 0,
    "last-row": rows - 1,
  };
  const target = targets[action];
  return target === undefined ? null : Math.max(0, Math.min(target, rows - 1));
}
