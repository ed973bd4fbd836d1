/**
 * Window control and congestion control as the stack itself tells of them:
 * from the variables and decisions that a recording of our own stack holds.
 *
 * @module
 */
import { text, type Text } from "../base/lang.ts";
import { visible } from "../base/visible.ts";
import type { DecisionEvent } from "../pcap/event.ts";
import type { Facts } from "./facts.ts";
import { sentence, type Sentence } from "./sentence.ts";
import { stackTruthOf, type StackTruth } from "./stack-truth.ts";
import { tellCongestion } from "./story-congestion.ts";
import { linkDrop, sendReason, tally } from "./story-stack-words.ts";
import { tellPeerWindow, tellWaiting } from "./story-window.ts";
import { count, duration, ENDS, ENDS_FIRST, listOf, plural } from "./words.ts";

/** Reasons of one kind that are told; the rarer ones are counted. */
const REASONS_TOLD = 8;

/** The sentences; none when the recording has no such events of the connection. */
export function tellStack(f: Facts): Sentence[] {
  const truth = stackTruthOf(f);
  if (truth === null) return [];
  const out = [tellSource(f, truth)];
  for (const end of [0, 1] as const) {
    if (sentData(truth, end).length > 0) {
      out.push(
        ...tellCongestion(f, truth, end),
        ...tellWaiting(f, truth, end),
        ...tellPeerWindow(f, truth, end),
        ...tellTimer(f, truth, end),
      );
    }
  }
  for (const end of [0, 1] as const) out.push(...tellReasons(f, truth, end));
  for (const end of [0, 1] as const) {
    out.push(...tellLink(f, truth, end), ...tellDropped(f, truth, end));
  }
  return out;
}

function sentData({ ends }: StackTruth, end: 0 | 1): DecisionEvent[] {
  return ends[end].decisions.filter((d) => d.act === "sent" && (d.len ?? 0) > 0);
}

/** Where the numbers come from. */
function tellSource(f: Facts, { ends }: StackTruth): Sentence {
  const samples = ends[0].samples.length + ends[1].samples.length;
  const decisions = ends[0].decisions.length + ends[1].decisions.length;
  const words = text(
    `These numbers are no guess from the packets: the TCP stack itself wrote down its variables (${plural(samples, "sample")}) and its decisions (${count(decisions)}) as it ran.`,
    `这里的数字不是根据包推测的：是 TCP 协议栈自己在运行时记下的变量（${count(samples)} 个采样）和决定（${count(decisions)} 个）。`,
  );
  return sentence(f.trace, words);
}

function tellTimer(f: Facts, { ends }: StackTruth, end: 0 | 1): Sentence[] {
  const { samples, decisions } = ends[end];
  const srtts = samples.flatMap((s) => (s.srttNs === null ? [] : [s.srttNs]));
  if (srtts.length === 0) return [];
  const [low, high] = [
    srtts.reduce((a, b) => Math.min(a, b)),
    srtts.reduce((a, b) => Math.max(a, b)),
  ];
  const rtos = samples.map((s) => s.rtoNs);
  const rto = rtos.reduce((a, b) => Math.max(a, b));
  const fired = decisions.filter((d) => d.act === "timer" && d.why === "retransmit").length;
  const span =
    high < low * 1.02
      ? text(duration(high), duration(high))
      : text(`${duration(low)} to ${duration(high)}`, `${duration(low)} 到 ${duration(high)}`);
  const words = text(
    `${ENDS_FIRST[end].en} measured round trips of ${span.en} (srtt, smoothed); its retransmission timer waited up to ${duration(rto)} (rto) and ${fired === 0 ? "never fired" : fired === 1 ? "fired once" : `fired ${count(fired)} times`}.`,
    `${ENDS[end].zh}测得的往返时间为 ${span.zh}（srtt，平滑值）；重传定时器最长等待 ${duration(rto)}（rto），${fired === 0 ? "从未触发" : `触发了 ${count(fired)} 次`}。`,
  );
  return [sentence(f.trace, words)];
}

/** Why each segment left. */
function tellReasons(f: Facts, { ends }: StackTruth, end: 0 | 1): Sentence[] {
  const sent = ends[end].decisions.filter((d) => d.act === "sent");
  if (sent.length === 0) return [];
  const all = tally(sent.map((d) => d.why));
  const told = all.slice(0, REASONS_TOLD).map(([why, n]) => {
    const reason = sendReason(why);
    return text(`${count(n)} ${reason.en}`, `${count(n)} 个${reason.zh}`);
  });
  const rest = all.slice(REASONS_TOLD).reduce((sum, [, n]) => sum + n, 0);
  if (rest > 0)
    told.push(text(`${count(rest)} for other reasons`, `${count(rest)} 个出于其他原因`));
  const words = text(
    `${ENDS_FIRST[end].en}'s reasons for its ${plural(sent.length, "segment")}: ${listOf(told).en}.`,
    `${ENDS[end].zh}发送 ${count(sent.length)} 个报文段的原因：${told.map((t) => t.zh).join("，")}。`,
  );
  return [sentence(f.trace, words)];
}

const BEFELL = {
  marked: text("marked (ECN) in place of a drop", "以标记（ECN）代替丢弃"),
  corrupted: text("damaged", "损坏"),
  duplicated: text("delivered twice", "送达两次"),
  held: text("held up, so that others overtook", "被耽搁，让后面的包超过"),
} as const;

/** What the link did to the segments of one end. */
function tellLink(f: Facts, truth: StackTruth, end: 0 | 1): Sentence[] {
  const link = truth.link[end];
  const dropped = link.filter((d) => d.act === "dropped");
  const fates: Text[] = tally(dropped.map((d) => d.why))
    .slice(0, REASONS_TOLD)
    .map(([why, n]) => {
      const words = linkDrop(why);
      return text(`${count(n)} ${words.en}`, `${count(n)} 个${words.zh}`);
    });
  for (const act of ["marked", "corrupted", "duplicated", "held"] as const) {
    const n = link.filter((d) => d.act === act).length;
    if (n > 0) fates.push(text(`${count(n)} ${BEFELL[act].en}`, `${count(n)} 个${BEFELL[act].zh}`));
  }
  if (fates.length === 0) return [];
  const rows = dropped.map((d) => truth.rowOf(d));
  const words = text(
    `Of ${ENDS[end].en}'s segments on the link, ${listOf(fates).en}.`,
    `在链路上，${ENDS[end].zh}的报文段有 ${listOf(fates).zh}。`,
  );
  return [sentence(f.trace, words, rows)];
}

/** Segments that the other end took nothing of. */
function tellDropped(f: Facts, { ends }: StackTruth, end: 0 | 1): Sentence[] {
  const other = end === 0 ? 1 : 0;
  const dropped = ends[other].decisions.filter((d) => d.act === "dropped");
  if (dropped.length === 0) return [];
  const reasons = tally(dropped.map((d) => d.why))
    .slice(0, REASONS_TOLD)
    .map(([why, n]) => `${count(n)} × ${visible(why)}`);
  const words = text(
    `${ENDS_FIRST[other].en} took nothing of ${plural(dropped.length, "segment")} that came: ${reasons.join("; ")}.`,
    `${ENDS[other].zh}没有接受到达的 ${count(dropped.length)} 个报文段：${reasons.join("；")}。`,
  );
  return [sentence(f.trace, words)];
}
