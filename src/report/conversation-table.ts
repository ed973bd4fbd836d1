/**
 * Connections as a table of one line each; where a terminal is too narrow
 * for that, the server stands on a line of its own.
 *
 * @module
 */
import type { Conversation } from "../analysis/conversations/conversation.ts";
import { count, duration } from "../analysis/words.ts";
import { text, type Lang, type Text } from "../base/lang.ts";
import { byteCount, percent } from "./conversation-units.ts";
import { PLAIN, type Paint } from "./paint.ts";
import { fit, textWidth } from "./wrap.ts";

/** How a table is laid out. */
export interface ConversationTableOptions {
  readonly lang: Lang;
  /** Columns that there are; any number of them when left out. */
  readonly columns?: number | undefined;
  /** More measures, however wide it gets. */
  readonly wide?: boolean;
  readonly paint?: Paint;
}

interface Measure {
  readonly head: Text;
  readonly cell: (c: Conversation, lang: Lang) => string;
  /** Only in the wide table. */
  readonly isWide?: true;
}

const GAP = "  ";
const NONE = "–";

const ENDINGS: Readonly<Record<Conversation["ending"], Text>> = {
  closed: text("closed", "关闭"),
  "half-closed": text("half", "半关闭"),
  reset: text("reset", "复位"),
  open: text("open", "未关闭"),
};

const span = (ns: number | null | undefined): string =>
  ns === null || ns === undefined ? NONE : duration(ns);

/** After the ends, from left to right; a narrow terminal loses them from the right. */
const MEASURES: readonly Measure[] = [
  { head: text("→ data", "→ 数据"), cell: (c) => byteCount(c.toServer.payloadBytes) },
  { head: text("← data", "← 数据"), cell: (c) => byteCount(c.toClient.payloadBytes) },
  { head: text("duration", "时长"), cell: (c) => duration(c.durationNs) },
  { head: text("RTT", "RTT"), cell: (c) => span(roundTripOf(c)) },
  { head: text("retr.", "重传"), cell: (c) => count(both(c, "retransmittedSegments")) },
  { head: text("end", "结束"), cell: (c, lang) => ENDINGS[c.ending][lang] },
  wide("→ segs", "→ 报文段", (c) => count(c.toServer.segments)),
  wide("← segs", "← 报文段", (c) => count(c.toClient.segments)),
  wide("→ wire", "→ 线路", (c) => byteCount(c.toServer.wireBytes)),
  wide("← wire", "← 线路", (c) => byteCount(c.toClient.wireBytes)),
  wide("→ retr.", "→ 重传", (c) => percent(c.toServer.retransmittedShare)),
  wide("← retr.", "← 重传", (c) => percent(c.toClient.retransmittedShare)),
  wide("→ RTT 50%", "→ RTT 50%", (c) => span(c.toServer.rtt?.medianNs)),
  wide("95%", "95%", (c) => span(c.toServer.rtt?.p95Ns)),
  wide("← RTT 50%", "← RTT 50%", (c) => span(c.toClient.rtt?.medianNs)),
  wide("95%", "95%", (c) => span(c.toClient.rtt?.p95Ns)),
  wide("→ flight", "→ 在途", (c) => byteCount(c.toServer.maxFlight)),
  wide("← flight", "← 在途", (c) => byteCount(c.toClient.maxFlight)),
  wide("zero window", "零窗口", (c) => {
    const ns = both(c, "zeroWindowNs");
    return both(c, "zeroWindows") === 0 ? NONE : duration(ns);
  }),
  wide("Community ID", "Community ID", (c) => c.communityId),
];

function wide(en: string, zh: string, cell: (c: Conversation) => string): Measure {
  return { head: text(en, zh), cell, isWide: true };
}

type Countable = "retransmittedSegments" | "zeroWindows" | "zeroWindowNs";

const both = (c: Conversation, key: Countable): number => c.toServer[key] + c.toClient[key];

/** From end to end: of the handshake, else the medians of both halves. */
function roundTripOf({ handshake, toServer, toClient }: Conversation): number | null {
  if (handshake.rttNs !== null) return handshake.rttNs;
  if (toServer.rtt === null || toClient.rtt === null) return null;
  return toServer.rtt.medianNs + toClient.rtt.medianNs;
}

/** The table, its heads first, each line ended by a line feed. */
export function formatConversationTable(
  conversations: readonly Conversation[],
  options: ConversationTableOptions,
): string {
  const { lang, columns = Infinity, paint = PLAIN } = options;
  const measures = MEASURES.filter((m) => m.isWide !== true || options.wide === true);
  const heads = measures.map((m) => m.head[lang]);
  const cells = conversations.map((c) => measures.map((m) => m.cell(c, lang)));
  const widths = heads.map((head, i) => widest([head, ...cells.map((row) => row[i]!)]));
  const ends = endsOf(conversations, lang);
  const measured = widths.reduce((sum, width) => sum + GAP.length + width, 0);
  const isStacked = options.wide !== true && ends.lineWidth + measured > columns;
  const left = isStacked ? ends.stackedWidth : ends.lineWidth;
  const shown = isStacked ? fitting(widths, columns - left) : widths;
  const lineOf = (row: readonly string[]): string =>
    shown.map((width, i) => GAP + fit(row[i]!, width, "right")).join("");
  const lines = [paint.bold(fit(isStacked ? ends.stackedHead : ends.head, left) + lineOf(heads))];
  for (const [i, row] of cells.entries()) {
    const [client, server] = isStacked ? ends.stacked[i]! : [ends.lines[i]!, null];
    lines.push(fit(client, left) + lineOf(row));
    if (server !== null) lines.push(server);
  }
  return lines.map((line) => `${line.trimEnd()}\n`).join("");
}

const widest = (texts: readonly string[]): number =>
  texts.reduce((width, t) => Math.max(width, textWidth(t)), 0);

/** The widths that fit into `room`, at least the first two. */
function fitting(widths: readonly number[], room: number): readonly number[] {
  let left = room;
  const length = widths.findIndex((width) => (left -= GAP.length + width) < 0);
  return length === -1 ? widths : widths.slice(0, Math.max(2, length));
}

/** Number and ends, in one line or in two. */
function endsOf(
  conversations: readonly Conversation[],
  lang: Lang,
): {
  head: string;
  lines: readonly string[];
  lineWidth: number;
  stackedHead: string;
  stacked: readonly (readonly [string, string])[];
  stackedWidth: number;
} {
  const [clientHead, serverHead] = [text("client", "客户端")[lang], text("server", "服务端")[lang]];
  const number = widest(["#", ...conversations.map((c) => String(c.stream))]);
  const client = widest([clientHead, ...conversations.map((c) => c.client)]);
  const server = widest([serverHead, ...conversations.map((c) => c.server)]);
  const line = (stream: string, a: string, arrow: string, b: string): string =>
    `${fit(stream, number, "right")}${GAP}${fit(a, client)} ${arrow} ${b}`;
  const lines = conversations.map((c) => line(String(c.stream), c.client, "→", c.server));
  const head = line("#", clientHead, " ", serverHead);
  const stackedHead = `${fit("#", number, "right")}${GAP}${clientHead} → ${serverHead}`;
  const indent = " ".repeat(number + GAP.length);
  const stacked = conversations.map((c) => {
    const first = `${fit(String(c.stream), number, "right")}${GAP}${c.client}`;
    return [first, `${indent}→ ${c.server}`] as const;
  });
  return {
    head,
    lines,
    lineWidth: number + GAP.length + client + 3 + server,
    stackedHead,
    stacked,
    stackedWidth: widest([stackedHead, ...stacked.map(([first]) => first)]),
  };
}
