/**
 * One connection in words: what was measured of it.
 *
 * @module
 */
import { completenessName, describeCompleteness } from "../analysis/conversations/completeness.ts";
import type {
  Conversation,
  ConversationDirection,
  Side,
} from "../analysis/conversations/conversation.ts";
import { civilDate } from "../analysis/fields/date.ts";
import { count, duration, ENDS, ENDS_FIRST, listOf, plural, times } from "../analysis/words.ts";
import { joinTexts, text, type Lang, type Text } from "../base/lang.ts";
import { byteCount, percent } from "./conversation-units.ts";
import { PLAIN, type Paint } from "./paint.ts";
import { wrap } from "./wrap.ts";

/** How a block is laid out. */
export interface ConversationBlockOptions {
  readonly lang: Lang;
  readonly columns?: number;
  readonly paint?: Paint;
}

/** Lines are not made longer than this: they would be hard to read. */
const WIDEST = 100;

const same = (s: string): Text => text(s, s);

/** The connection in lines, each ended by a line feed. */
export function formatConversation(c: Conversation, options: ConversationBlockOptions): string {
  const { lang, columns = 80, paint = PLAIN } = options;
  const width = Math.max(20, Math.min(columns, WIDEST));
  const title = text(
    `Connection ${c.stream}: ${c.client} → ${c.server}`,
    `连接 ${c.stream}：${c.client} → ${c.server}`,
  );
  const rows: readonly (readonly [Text, Text | null])[] = [
    [text("Time", "时间"), timeOf(c)],
    [text("Captured", "完整性"), capturedOf(c)],
    [text("Handshake", "握手"), handshakeOf(c)],
    [text("To server", "到服务端"), directionOf(c, 0)],
    [text("To client", "到客户端"), directionOf(c, 1)],
    [text("End", "结束"), endOf(c)],
    [same("Community ID"), same(c.communityId)],
  ];
  const lines = wrap(title[lang], width).map(paint.bold);
  for (const [label, body] of rows) {
    if (body === null) continue;
    const head = `${label[lang]}${lang === "en" ? ": " : "："}`;
    const [first = "", ...more] = wrap(head + body[lang], width - 2, 2);
    lines.push(`  ${paint.dim(first.slice(0, head.length))}${first.slice(head.length)}`);
    lines.push(...more.map((line) => `  ${line}`));
  }
  return lines.map((line) => `${line}\n`).join("");
}

const two = (n: number): string => String(Math.floor(n)).padStart(2, "0");

function timeOf(c: Conversation): Text {
  const sec = Number(c.startNs / 1_000_000_000n);
  const { year, month, day } = civilDate(Math.floor(sec / 86_400));
  const ofDay = ((sec % 86_400) + 86_400) % 86_400;
  const clock = `${two(ofDay / 3600)}:${two((ofDay / 60) % 60)}:${two(ofDay % 60)}`;
  const at = `${year}-${two(month)}-${two(day)} ${clock}`;
  const lasted = duration(c.durationNs);
  return text(
    `From ${at} UTC, for ${lasted}; frames ${c.firstFrame} to ${c.lastFrame}.`,
    `从 ${at} UTC 开始，历时 ${lasted}；第 ${c.firstFrame} 到第 ${c.lastFrame} 帧。`,
  );
}

function capturedOf(c: Conversation): Text {
  const words = describeCompleteness(c.completeness);
  const name = completenessName(c.completeness);
  return text(
    `${words.en}. tcp.completeness: ${name}.`,
    `${words.zh}。tcp.completeness：${name}。`,
  );
}

function handshakeOf(c: Conversation): Text | null {
  const { synToSynAckNs, synAckToAckNs, rttNs } = c.handshake;
  const parts: Text[] = [];
  if (rttNs !== null && synToSynAckNs !== null && synAckToAckNs !== null) {
    const [all, a, b] = [duration(rttNs), duration(synToSynAckNs), duration(synAckToAckNs)];
    parts.push(
      text(
        `A round trip of ${all}: SYN to SYN-ACK ${a}, SYN-ACK to ACK ${b}.`,
        `往返时间 ${all}：SYN 到 SYN-ACK ${a}，SYN-ACK 到 ACK ${b}。`,
      ),
    );
  }
  for (const dir of [0, 1] as const) {
    const d = dir === 0 ? c.toServer : c.toClient;
    if (d.syns > 0) parts.push(offerOf(d, dir));
  }
  return parts.length === 0 ? null : joinTexts(parts);
}

function offerOf(d: ConversationDirection, dir: 0 | 1): Text {
  const items: Text[] = [];
  if (d.mss !== null) items.push(same(`MSS ${d.mss}`));
  if (d.windowScale !== null) {
    items.push(text(`window scale ${d.windowScale}`, `窗口扩大因子 ${d.windowScale}`));
  }
  if (d.sackPermitted) items.push(same("SACK"));
  if (d.timestamps) items.push(text("timestamps", "时间戳"));
  const [list, again] = [listOf(items), d.syns - 1];
  const syn = dir === 0 ? "SYN" : "SYN-ACK";
  const repeated =
    again === 0
      ? same("")
      : text(`, its ${syn} sent again ${times(again)}`, `，${syn} 重发了 ${count(again)} 次`);
  if (items.length === 0) {
    return text(
      `${ENDS_FIRST[dir].en} offered no option${repeated.en}.`,
      `${ENDS[dir].zh}没有提出选项${repeated.zh}。`,
    );
  }
  return text(
    `${ENDS_FIRST[dir].en} offered ${list.en}${repeated.en}.`,
    `${ENDS[dir].zh}提出 ${list.zh}${repeated.zh}。`,
  );
}

function directionOf(c: Conversation, dir: 0 | 1): Text {
  const d = dir === 0 ? c.toServer : c.toClient;
  if (d.segments === 0) return text("Nothing was captured.", "什么都没有抓到。");
  const parts = [
    countedOf(d),
    repeatedOf(d),
    flightOf(d),
    rttOf(d, dir),
    windowOf(c, dir),
    verdictsOf(d),
  ];
  return joinTexts(parts.filter((part) => part !== null));
}

function countedOf(d: ConversationDirection): Text {
  const [segments, wire] = [count(d.segments), byteCount(d.wireBytes)];
  const en = `${plural(d.segments, "segment")} (${wire} on the wire)`;
  const zh = `${segments} 个报文段（线路上 ${wire}）`;
  if (d.dataSegments === 0) return text(`${en}, no data.`, `${zh}，没有数据。`);
  const data = byteCount(d.payloadBytes);
  return text(
    `${en}, ${data} of data in ${count(d.dataSegments)} of them.`,
    `${zh}，其中 ${count(d.dataSegments)} 个带数据，共 ${data}。`,
  );
}

function repeatedOf(d: ConversationDirection): Text | null {
  if (d.retransmittedSegments === 0 && d.uniqueBytes === d.payloadBytes) return null;
  const [segments, bytes] = [d.retransmittedSegments, byteCount(d.retransmittedBytes)];
  const share = percent(d.retransmittedShare);
  const unique = byteCount(d.uniqueBytes);
  const again =
    d.retransmittedBytes === 0
      ? text(
          `${plural(segments, "segment")} without data sent again.`,
          `重传了 ${count(segments)} 个不带数据的报文段。`,
        )
      : text(
          `${plural(segments, "segment")} with ${bytes} (${share}) sent again.`,
          `重传了 ${count(segments)} 个报文段、${bytes}（${share}）。`,
        );
  const once = text(`Each byte counted once: ${unique}.`, `每个字节只算一次是 ${unique}。`);
  if (segments === 0) return once;
  return d.uniqueBytes === d.payloadBytes ? again : joinTexts([again, once]);
}

function flightOf(d: ConversationDirection): Text | null {
  if (d.maxFlight === 0) return null;
  const most = byteCount(d.maxFlight);
  return text(`At most ${most} in flight.`, `在途数据最多 ${most}。`);
}

function rttOf({ rtt }: ConversationDirection, dir: 0 | 1): Text | null {
  if (rtt === null) return null;
  const [least, median, p95, most] = [rtt.minNs, rtt.medianNs, rtt.p95Ns, rtt.maxNs].map(duration);
  const other = ENDS[dir === 0 ? 1 : 0];
  const way = text(`From here to ${other.en} and back`, `从抓包处到${other.zh}往返`);
  if (rtt.samples === 1) {
    return text(`${way.en}: ${least}, measured once.`, `${way.zh}：${least}，测得一次。`);
  }
  const samples = text(`${count(rtt.samples)} samples`, `${count(rtt.samples)} 个样本`);
  if (least === most) {
    return text(`${way.en}: ${least} (${samples.en}).`, `${way.zh}：${least}（${samples.zh}）。`);
  }
  return text(
    `${way.en}: ${least} at least, half within ${median}, 95 % within ${p95}, ${most} at most (${samples.en}).`,
    `${way.zh}：最短 ${least}，一半不超过 ${median}，95 % 不超过 ${p95}，最长 ${most}（${samples.zh}）。`,
  );
}

/** Whether windows are known in bytes: both SYNs, which agree on the factor, were captured. */
const isScaleKnown = ({ toServer, toClient }: Conversation): boolean =>
  toServer.syns > 0 && toClient.syns > 0;

function windowOf(c: Conversation, dir: 0 | 1): Text | null {
  const d = dir === 0 ? c.toServer : c.toClient;
  if (d.window === null) return null;
  const [en, zh] = [ENDS_FIRST[dir].en, ENDS[dir].zh];
  const parts: Text[] = [];
  if (isScaleKnown(c)) {
    const [min, max] = [byteCount(d.window.min), byteCount(d.window.max)];
    parts.push(
      min === max
        ? text(`${en} had a window of ${max}.`, `${zh}的接收窗口 ${max}。`)
        : text(`${en} had a window of ${min} to ${max}.`, `${zh}的接收窗口 ${min} 到 ${max}。`),
    );
  } else {
    const [min, max] = [count(d.window.min), count(d.window.max)];
    const range = min === max ? text(max, max) : text(`${min} to ${max}`, `${min} 到 ${max}`);
    parts.push(
      text(
        `${en} wrote a window of ${range.en}, to be multiplied by a factor that is not known: it stands in the two SYNs, which were not both captured.`,
        `${zh}写的接收窗口是 ${range.zh}，还要乘以未知的倍数：它写在双方的 SYN 里，没有全部抓到。`,
      ),
    );
  }
  if (d.zeroWindows > 0) {
    const [often, closed] = [d.zeroWindows, duration(d.zeroWindowNs)];
    parts.push(
      text(
        `It was closed ${times(often)}, for ${closed} altogether.`,
        `窗口关闭过 ${count(often)} 次，共 ${closed}。`,
      ),
    );
  }
  return joinTexts(parts);
}

/** Under the names of Wireshark, which stay as they are. */
function verdictsOf({ verdicts }: ConversationDirection): Text | null {
  const counted = Object.entries(verdicts).map(([name, n]) => `${name} ${count(n)}`);
  if (counted.length === 0) return null;
  return text(`Verdicts: ${counted.join(", ")}.`, `判定：${counted.join("、")}。`);
}

const dirOf = (s: Side): 0 | 1 => (s === "client" ? 0 : 1);

function endOf(c: Conversation): Text {
  const fin = c.firstFin === null ? null : dirOf(c.firstFin);
  if (c.firstRst !== null) {
    const who = dirOf(c.firstRst);
    return fin === null
      ? text(`${ENDS_FIRST[who].en} reset it.`, `${ENDS[who].zh}发 RST 复位了连接。`)
      : text(
          `${ENDS_FIRST[fin].en} sent the first FIN, then ${ENDS[who].en} a RST.`,
          `${ENDS[fin].zh}先发 FIN，${ENDS[who].zh}发了 RST。`,
        );
  }
  if (fin === null) {
    return text("Neither FIN nor RST: still open.", "没有 FIN 也没有 RST：仍未关闭。");
  }
  return c.ending === "closed"
    ? text(
        `${ENDS_FIRST[fin].en} sent the first FIN, and the other side one too.`,
        `${ENDS[fin].zh}先发 FIN，对方也发了 FIN。`,
      )
    : text(
        `${ENDS_FIRST[fin].en} sent a FIN, the other side none: half closed.`,
        `${ENDS[fin].zh}发了 FIN，对方没有：半关闭。`,
      );
}
