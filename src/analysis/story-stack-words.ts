/**
 * The words of the story for what a stack calls by short names.
 *
 * @module
 */
import { text, type Text } from "../base/lang.ts";
import { visible } from "../base/visible.ts";
import { count } from "./words.ts";

/** Why a segment left, by the stack's name for it. A later version may have others. */
const REASONS = new Map<string, Text>([
  ["syn", text("to open (SYN)", "建立连接（SYN）")],
  ["syn-ack", text("to open (SYN-ACK)", "建立连接（SYN-ACK）")],
  ["data", text("with new data", "携带新数据")],
  ["fin", text("to close (FIN)", "关闭连接（FIN）")],
  ["ack", text("to confirm at once", "立即确认")],
  ["delayed-ack", text("to confirm after a wait (delayed ACK)", "等待后确认（延迟 ACK）")],
  ["duplicate-ack", text("to tell of a gap (duplicate ACK)", "报告空缺（重复 ACK）")],
  ["window-update", text("to tell of new room (window update)", "告知新的空间（窗口更新）")],
  [
    "challenge-ack",
    text("to question a doubtful segment (challenge ACK)", "质询可疑的报文段（challenge ACK）"),
  ],
  ["fast-retransmit", text("sent again at once (fast retransmit)", "立即重传（快速重传）")],
  ["retransmit", text("sent again in recovery", "恢复期间重传")],
  ["timeout", text("sent again after a timeout", "超时后重传")],
  [
    "limited-transmit",
    text(
      "with new data in spite of doubt (limited transmit)",
      "存疑时仍发送新数据（limited transmit）",
    ),
  ],
  ["window-probe", text("to probe a closed window", "探测关闭的窗口")],
  ["keep-alive", text("to see whether the peer lives (keep-alive)", "确认对方还在（保活）")],
  ["reset", text("to break off (RST)", "中断连接（RST）")],
]);

/** `why` of a segment that was sent, in words. */
export function sendReason(why: string): Text {
  return REASONS.get(why) ?? text(visible(why), visible(why));
}

const LINK_DROPS = new Map<string, Text>([
  ["loss", text("lost on the wire", "在线路上丢失")],
  ["queue-full", text("dropped at a full queue", "因队列已满被丢弃")],
  ["codel", text("dropped by CoDel, because the queue stood too long", "因排队太久被 CoDel 丢弃")],
  ["too-big", text("too big for the way", "太大，无法通过")],
]);

/** `why` of a segment that a link dropped, in words. */
export function linkDrop(why: string): Text {
  return LINK_DROPS.get(why) ?? text(visible(why), visible(why));
}

/** Bytes as segments of `mss`: `10`, `2.5`. */
export function segmentsOf(bytes: number, mss: number): string {
  const n = bytes / Math.max(1, mss);
  return n >= 10 || Number.isInteger(n) ? count(Math.round(n)) : n.toFixed(1).replace(/\.0$/, "");
}

/** Counts of equal things, the most frequent first. */
export function tally(things: readonly string[]): [string, number][] {
  const counts = new Map<string, number>();
  for (const thing of things) counts.set(thing, (counts.get(thing) ?? 0) + 1);
  return [...counts].toSorted((a, b) => b[1] - a[1]);
}
