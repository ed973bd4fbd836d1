/**
 * Findings as text: worst first, of each kind one after the other.
 *
 * @module
 */
import { type FindingId, SEVERITIES, type Severity } from "../analysis/findings/catalogue.ts";
import type { Finding, FindingsReport, Looked } from "../analysis/findings/finding.ts";
import { count, duration, plural } from "../analysis/words.ts";
import { type Lang, text, type Text } from "../base/lang.ts";
import { PLAIN, type Paint } from "./paint.ts";
import { frameRefs, type LayoutOptions } from "./story.ts";
import { wrap } from "./wrap.ts";

/** How findings are laid out. */
export interface FindingsLayout extends LayoutOptions {
  /** Connections shown of each kind; 5 unless told. */
  readonly perKind?: number;
  /** Only some kinds were asked for: there may be others. */
  readonly isPart?: boolean;
}

const WIDEST = 100;
const INDENT = "  ";

/** What a severity is called. */
const SEVERITY_NAMES: Readonly<Record<Severity, Text>> = {
  error: text("error", "错误"),
  warning: text("warning", "警告"),
  note: text("note", "提示"),
};

/** The report in lines, each ended by a line feed; a sentence when nothing was found. */
export function formatFindings(report: FindingsReport, options: FindingsLayout): string {
  const { lang, columns = 80, paint = PLAIN, perKind = 5, isPart = false } = options;
  const width = Math.max(20, Math.min(columns, WIDEST));
  const lines: string[] = [];
  for (const group of groupsOf(report)) {
    if (lines.length > 0) lines.push("");
    lines.push(...groupLines(group, lang, width, paint, perKind));
  }
  if (lines.length > 0) lines.push("");
  lines.push(...wrap(summaryOf(report, isPart)[lang], width));
  return lines.map((line) => `${line}\n`).join("");
}

/** Findings of one kind and severity. */
interface Group {
  readonly id: FindingId;
  readonly severity: Severity;
  readonly findings: Finding[];
  /** Further ones that were not kept. */
  more: number;
}

function groupsOf({ findings, more }: FindingsReport): Group[] {
  const groups = new Map<string, Group>();
  for (const finding of findings) {
    const { id, severity } = finding;
    const key = `${severity} ${id}`;
    let group = groups.get(key);
    if (group === undefined) groups.set(key, (group = { id, severity, findings: [], more: 0 }));
    group.findings.push(finding);
  }
  for (const { id, severity, count: n } of more) {
    const group = groups.get(`${severity} ${id}`);
    if (group !== undefined) group.more += n;
  }
  return [...groups.values()];
}

function groupLines(
  { id, severity, findings, more }: Group,
  lang: Lang,
  width: number,
  paint: Paint,
  perKind: number,
): string[] {
  const brush = { error: paint.red, warning: paint.yellow, note: paint.blue }[severity];
  const lines = [`${brush(SEVERITY_NAMES[severity][lang])}  ${paint.bold(id)}`];
  const shown = findings.slice(0, perKind);
  /** Both directions of one connection stand below its name. */
  let named = "";
  for (const [i, finding] of shown.entries()) {
    const where = placeOf(finding)[lang];
    if (where !== named) lines.push(...indented(where, width).map(paint.dim));
    const frames = frameRefs(finding.evidence.frames);
    const sentence = finding.sentence[lang];
    lines.push(
      ...indented(frames === "" ? sentence : `${sentence} ${frames}`, width).map((line) =>
        line.replace(/#\d+(?:–#?\d+)?/g, (ref) => paint.cyan(ref)),
      ),
    );
    // Said once for all that have it in common.
    const isLastOfCause = shown[i + 1]?.cause[lang] !== finding.cause[lang];
    if (isLastOfCause) lines.push(...why(finding, lang, width));
    named = isLastOfCause ? "" : where;
  }
  const left = findings.length - shown.length + more;
  if (left > 0) {
    lines.push(`${INDENT}${text(`… and ${count(left)} more`, `……还有 ${count(left)} 处`)[lang]}`);
  }
  return lines;
}

function why({ cause, advice, certainty }: Finding, lang: Lang, width: number): string[] {
  const label = certainty === "certain" ? text("Why", "原因") : text("Why, probably", "可能的原因");
  return [
    ...labelled(label[lang], cause[lang], lang, width),
    ...labelled(text("What to do", "建议")[lang], advice[lang], lang, width),
  ];
}

/** `Connection 3: 10.0.0.1:40000 → 10.0.0.2:80`; nothing for the whole capture. */
function placeOf({ stream, client, server }: Finding): Text {
  if (stream === null) return text("", "");
  return text(
    `Connection ${stream}: ${client} → ${server}`,
    `连接 ${stream}：${client} → ${server}`,
  );
}

function indented(line: string, width: number): string[] {
  return wrap(line, width - INDENT.length).map((l) => INDENT + l);
}

function labelled(label: string, words: string, lang: Lang, width: number): string[] {
  return indented(`${label}${lang === "en" ? ": " : "："}${words}`, width);
}

/** How many of each severity, or that there is none; and what was looked at. */
function summaryOf({ findings, more, looked }: FindingsReport, isPart: boolean): Text {
  const counts = SEVERITIES.map((severity) => {
    const kept = findings.filter((f) => f.severity === severity).length;
    const dropped = more.filter((m) => m.severity === severity);
    return { severity, n: dropped.reduce((sum, { count: n }) => sum + n, kept) };
  }).filter(({ n }) => n > 0);
  const where = lookedAt(looked);
  if (counts.length === 0) {
    const what = isPart
      ? text("Nothing of that kind was", "没有发现这一类问题")
      : text("Nothing was", "没有发现问题");
    return text(`${what.en} found in ${where.en}.`, `${what.zh}：检查了${where.zh}。`);
  }
  return text(
    `${counts.map(({ severity, n }) => plural(n, severity)).join(", ")} in ${where.en}.`,
    `检查了${where.zh}，共有${counts.map(({ severity, n }) => `${SEVERITY_NAMES[severity].zh} ${count(n)} 处`).join("、")}。`,
  );
}

function lookedAt({ connections, segments, packets, spanNs }: Looked): Text {
  return text(
    `${plural(connections, "connection")} (${plural(segments, "segment")} in ${plural(packets, "packet")}, ${duration(spanNs)})`,
    ` ${count(connections)} 条连接（${count(packets)} 个包中的 ${count(segments)} 个报文段，历时 ${duration(spanNs)}）`,
  );
}
