/**
 * The congestion window's way up and down, from a stack's own account.
 *
 * @module
 */
import { text } from "../base/lang.ts";
import { visible } from "../base/visible.ts";
import type { DecisionEvent, SampleEvent } from "../pcap/event.ts";
import type { Row } from "../trace/table.ts";
import type { Facts } from "./facts.ts";
import { sentence, type Sentence } from "./sentence.ts";
import type { StackTruth } from "./stack-truth.ts";
import { segmentsOf } from "./story-stack-words.ts";
import { bitRate, count, duration, ENDS, ENDS_FIRST } from "./words.ts";

/** Losses that are told one by one; the others are counted. */
const EPISODES_TOLD = 4;

/** Among so many decisions of the same moment the first retransmission is looked for. */
const DECISIONS_SEEN = 64;

/** One time that the sender gave way. */
interface Episode {
  readonly is: "recovery" | "loss" | "cwr";
  readonly time: bigint;
  /** Just before. */
  readonly before: SampleEvent;
  /** When all of it was decided. */
  readonly after: SampleEvent;
  /** What was sent for it first. */
  readonly row: Row | null;
  /** The link tells what it did, and dropped nothing. */
  readonly isMistaken: boolean;
}

/** How cwnd of `end` went. */
export function tellCongestion(f: Facts, truth: StackTruth, end: 0 | 1): Sentence[] {
  const { samples } = truth.ends[end];
  const first = samples.find((s) => s.state === "ESTABLISHED" || s.srttNs !== null);
  const last = samples.at(-1);
  if (first === undefined || last === undefined) return [];
  const episodes = episodesOf(truth, end);
  const out = [tellStart(f, end, first, episodes[0]?.before ?? highest(samples))];
  for (const e of episodes.slice(0, EPISODES_TOLD)) out.push(tellEpisode(f, end, e));
  if (episodes.length > 0) out.push(tellRest(f, end, episodes, last));
  out.push(...tellPacing(f, end, samples));
  return out;
}

/** How fast it let itself send; nothing when it never paced. */
function tellPacing(f: Facts, end: 0 | 1, samples: readonly SampleEvent[]): Sentence[] {
  const rates = samples.flatMap((s) => (s.pacingRate === null ? [] : [s.pacingRate]));
  if (rates.length === 0) return [];
  const low = bitRate(rates.reduce((a, b) => Math.min(a, b)));
  const high = bitRate(rates.reduce((a, b) => Math.max(a, b)));
  const [en, zh] = low === high ? [high, high] : [`${low} to ${high}`, `${low} 到 ${high}`];
  const words = text(
    `${ENDS_FIRST[end].en} spaced its segments out (pacing) instead of sending them in bursts, at a rate of ${en}.`,
    `${ENDS[end].zh}把报文段均匀地发出（pacing），而不是成批突发，速率为 ${zh}。`,
  );
  return [sentence(f.trace, words)];
}

function highest(samples: readonly SampleEvent[]): SampleEvent {
  return samples.reduce((a, b) => (b.cwnd > a.cwnd ? b : a));
}

function tellStart(f: Facts, end: 0 | 1, first: SampleEvent, top: SampleEvent): Sentence {
  const from = segmentsOf(first.cwnd, first.mss);
  const to = segmentsOf(top.cwnd, top.mss);
  const grew =
    top.cwnd <= first.cwnd
      ? text("and stayed there: it was never filled", "并且一直如此：从未被填满")
      : text(
          `and grew to ${to} in slow start, by what each acknowledgement confirmed`,
          `在慢启动中随着每次确认增长到 ${to} 个报文段`,
        );
  const words = text(
    `${ENDS_FIRST[end].en}'s congestion window (cwnd, ${visible(first.congestion)}) began with ${from} segments of ${count(first.mss)} bytes ${grew.en}.`,
    `${ENDS[end].zh}的拥塞窗口（cwnd，${visible(first.congestion)}）从 ${from} 个报文段（每个 ${count(first.mss)} 字节）开始，${grew.zh}。`,
  );
  return sentence(f.trace, words);
}

function tellEpisode(f: Facts, end: 0 | 1, e: Episode): Sentence {
  const { before, after } = e;
  const at = duration(f.trace.toTime(e.time));
  const [was, now] = [segmentsOf(before.cwnd, before.mss), segmentsOf(after.cwnd, after.mss)];
  const limit = segmentsOf(after.ssthresh ?? after.cwnd, after.mss);
  switch (e.is) {
    case "recovery":
      if (e.isMistaken) return tellMistake(f, end, e);
      return sentence(
        f.trace,
        text(
          `At ${at} acknowledgements told ${ENDS[end].en} of a loss: cwnd went from ${was} to ${limit} segments (ssthresh), and what was lost was sent again at once.`,
          `${at} 时，确认让${ENDS[end].zh}得知丢包：cwnd 从 ${was} 个报文段降到 ${limit} 个（ssthresh），丢失的数据立即重传。`,
        ),
        [e.row],
      );
    case "loss":
      return sentence(
        f.trace,
        text(
          `At ${at} ${ENDS[end].en}'s retransmission timer fired: cwnd fell from ${was} to ${now}, for slow start to begin again up to ${limit} segments (ssthresh).`,
          `${at} 时，${ENDS[end].zh}的重传定时器触发：cwnd 从 ${was} 降到 ${now} 个报文段，重新慢启动，直到 ${limit} 个（ssthresh）。`,
        ),
        [e.row],
      );
    case "cwr":
      return sentence(
        f.trace,
        text(
          `At ${at} the network marked congestion (ECN), with nothing lost: cwnd went from ${was} to ${limit} segments.`,
          `${at} 时，网络标记了拥塞（ECN），没有丢包：cwnd 从 ${was} 个报文段降到 ${limit} 个。`,
        ),
        [e.row],
      );
  }
}

function tellMistake(f: Facts, end: 0 | 1, { time, before, after, row }: Episode): Sentence {
  const at = duration(f.trace.toTime(time));
  const was = segmentsOf(before.cwnd, before.mss);
  const limit = segmentsOf(after.ssthresh ?? after.cwnd, after.mss);
  const words = text(
    `At ${at} acknowledgements looked to ${ENDS[end].en} like a loss, though the link lost nothing: cwnd went from ${was} to ${limit} segments (ssthresh), and what was only late was sent again.`,
    `${at} 时，确认在${ENDS[end].zh}看来像是丢包，其实链路什么也没丢：cwnd 从 ${was} 个报文段降到 ${limit} 个（ssthresh），只是迟到的数据也被重传。`,
  );
  return sentence(f.trace, words, [row]);
}

function tellRest(f: Facts, end: 0 | 1, episodes: readonly Episode[], last: SampleEvent): Sentence {
  const more = episodes.length - EPISODES_TOLD;
  const rest = episodes.slice(EPISODES_TOLD);
  const cwnd = segmentsOf(last.cwnd, last.mss);
  const again =
    more <= 0
      ? text("", "")
      : text(
          `That happened ${more === 1 ? "once" : `${count(more)} times`} more. `,
          `这样的事又发生了 ${count(more)} 次。`,
        );
  const words = text(
    `${again.en}Above ssthresh cwnd grows slowly (congestion avoidance); when the connection ended ${ENDS[end].en}'s was ${cwnd} segments.`,
    `${again.zh}超过 ssthresh 后 cwnd 缓慢增长（拥塞避免）；连接结束时${ENDS[end].zh}的 cwnd 是 ${cwnd} 个报文段。`,
  );
  return sentence(
    f.trace,
    words,
    rest.map((e) => e.row),
  );
}

function episodesOf(truth: StackTruth, end: 0 | 1): Episode[] {
  const { samples, decisions } = truth.ends[end];
  const link = truth.link[end];
  const isMistaken = link.length > 0 && link.every((d) => d.act !== "dropped");
  const out: Episode[] = [];
  let at = 0;
  for (const [i, d] of decisions.entries()) {
    const is = d.act === "recovery" ? stateEntered(d.why) : null;
    if (is === null) continue;
    while (at < samples.length && samples[at]!.time < d.time) at++;
    const before = samples[at - 1];
    const after = samples[at];
    if (before === undefined || after === undefined) continue;
    const row = firstResent(truth, decisions, i);
    out.push({ is, time: d.time, before, after, row, isMistaken });
  }
  return out;
}

/** Of `open -> recovery: …` the state entered, if it is one in which the sender gives way. */
function stateEntered(why: string): Episode["is"] | null {
  const to = /-> (\w+)/.exec(why)?.[1];
  return to === "recovery" || to === "loss" || to === "cwr" ? to : null;
}

function firstResent(
  truth: StackTruth,
  decisions: readonly DecisionEvent[],
  from: number,
): Row | null {
  const to = Math.min(decisions.length, from + DECISIONS_SEEN);
  for (let i = from; i < to; i++) {
    const d = decisions[i]!;
    if (d.time !== decisions[from]!.time) return null;
    if (d.act === "sent" && RESENT.has(d.why)) return truth.rowOf(d);
  }
  return null;
}

const RESENT: ReadonlySet<string> = new Set(["fast-retransmit", "retransmit", "timeout"]);
