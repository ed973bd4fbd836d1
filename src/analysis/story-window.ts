/**
 * What held data back, and the window that the other end offered, from a
 * stack's own account.
 *
 * @module
 */
import { text, type Text } from "../base/lang.ts";
import { visible } from "../base/visible.ts";
import type { DecisionEvent } from "../pcap/event.ts";
import type { Facts } from "./facts.ts";
import { sentence, type Sentence } from "./sentence.ts";
import type { StackTruth } from "./stack-truth.ts";
import { count, duration, ENDS, ENDS_FIRST, listOf, plural } from "./words.ts";

/** A share below this is no limit worth a word. */
const MIN_SHARE = 0.005;

/** More reasons than there are. */
const LIMITS_TOLD = 8;

/** What {@link DecisionEvent.why} of `limited` means. */
function limitWords(by: string, other: 0 | 1): Text {
  switch (by) {
    case "cwnd":
      return text("the congestion window (cwnd)", "拥塞窗口（cwnd）");
    case "window":
      return text(`${ENDS[other].en}'s window`, `${ENDS[other].zh}的接收窗口`);
    case "nagle":
      return text("Nagle's algorithm, which waits for an ACK,", "等待 ACK 的 Nagle 算法");
    case "send-buffer":
      return text(
        "its own send buffer, all of it under way and not yet confirmed,",
        "自己的发送缓冲区（其中的数据都已发出、等待确认）",
      );
    default:
      return text(visible(by), visible(by));
  }
}

/** What held the data of `end` back, for which share of the time. */
export function tellWaiting(f: Facts, { ends }: StackTruth, end: 0 | 1): Sentence[] {
  const { decisions } = ends[end];
  const sent = decisions.filter((d) => d.act === "sent" && (d.len ?? 0) > 0);
  const [first, last] = [sent[0], sent.at(-1)];
  if (first === undefined || last === undefined) return [];
  const wholeNs = Number(last.time - first.time);
  const limits = limitedNs(decisions, first.time, last.time);
  const shares = [...limits]
    .map(([by, ns]) => [by, ns / wholeNs] as const)
    .filter(([by, share]) => by !== "nothing" && share >= MIN_SHARE)
    .toSorted((a, b) => b[1] - a[1]);
  if (wholeNs <= 0 || shares.length === 0) return [];
  const other = end === 0 ? 1 : 0;
  const parts = shares.slice(0, LIMITS_TOLD).map(([by, share], i) => {
    const words = limitWords(by, other);
    return text(
      `${words.en} ${i === 0 ? "was the limit for" : "for"} ${percent(share)}`,
      `${words.zh}占 ${percent(share)}`,
    );
  });
  const rest = 1 - shares.reduce((sum, [, share]) => sum + share, 0);
  const free =
    rest < MIN_SHARE
      ? text("", "")
      : text(
          `; for ${percent(rest)} nothing waited to be sent`,
          `；其余 ${percent(rest)} 的时间没有数据在等待`,
        );
  const words = text(
    `From its first data to its last (${duration(wholeNs)}), what ${ENDS[end].en} wanted to send was held back: ${listOf(parts).en} of the time${free.en}.`,
    `${ENDS[end].zh}从第一个数据到最后一个数据用了 ${duration(wholeNs)}，其间限制发送的是：${listOf(parts).zh}${free.zh}。`,
  );
  return [sentence(f.trace, words)];
}

/** Nanoseconds of `[from, to]` under each limit. */
function limitedNs(
  decisions: readonly DecisionEvent[],
  from: bigint,
  to: bigint,
): Map<string, number> {
  const sums = new Map<string, number>();
  let by = "nothing";
  let since = from;
  const upTo = (time: bigint): void => {
    const end = time < from ? from : time > to ? to : time;
    sums.set(by, (sums.get(by) ?? 0) + Math.max(0, Number(end - since)));
    since = end;
  };
  for (const d of decisions) {
    if (d.act !== "limited") continue;
    upTo(d.time);
    // What is left of the window is too little for a segment: the window is the limit as well.
    by = d.why === "silly-window" ? "window" : d.why;
  }
  upTo(to);
  return sums;
}

function percent(share: number): string {
  const value = share * 100;
  return `${value < 9.95 && value > 0.05 ? Number(value.toFixed(1)) : Math.round(value)} %`;
}

/** The window that `end` was offered: how wide, and for how long it was closed. */
export function tellPeerWindow(f: Facts, { ends }: StackTruth, end: 0 | 1): Sentence[] {
  const { samples, decisions } = ends[end];
  const open = samples.filter((s) => s.srttNs !== null);
  if (open.length === 0) return [];
  const windows = open.map((s) => s.sndWnd);
  const [low, high] = [
    windows.reduce((a, b) => Math.min(a, b)),
    windows.reduce((a, b) => Math.max(a, b)),
  ];
  const other = end === 0 ? 1 : 0;
  const span = text(
    low === high ? plural(low, "byte") : `${count(low)} to ${plural(high, "byte")}`,
    low === high ? `${count(low)} 字节` : `${count(low)} 到 ${count(high)} 字节`,
  );
  const probes = decisions.filter((d) => d.act === "sent" && d.why === "window-probe").length;
  const closed = closedNs(open);
  const shut =
    closed === 0
      ? text("", "")
      : text(
          `; it was closed for ${duration(closed)}, in which ${ENDS[end].en} could only ask (${plural(probes, "window probe")})`,
          `；其中关闭了 ${duration(closed)}，${ENDS[end].zh}只能询问（${count(probes)} 次窗口探测）`,
        );
  const words = text(
    `${ENDS_FIRST[other].en} offered a window of ${span.en}${shut.en}.`,
    `${ENDS[other].zh}给出的窗口为 ${span.zh}${shut.zh}。`,
  );
  return [sentence(f.trace, words)];
}

function closedNs(samples: StackTruth["ends"][0]["samples"]): number {
  let sum = 0;
  for (const [i, s] of samples.entries()) {
    const next = samples[i + 1];
    if (s.sndWnd === 0 && next !== undefined) sum += Number(next.time - s.time);
  }
  return sum;
}
