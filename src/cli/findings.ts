/**
 * `seqack findings`: what somebody should know about the connections of a
 * capture, and an exit status for scripts.
 *
 * @module
 */
import {
  type FindingId,
  FINDINGS,
  SEVERITIES,
  type Severity,
} from "../analysis/findings/catalogue.ts";
import type { FindingsReport } from "../analysis/findings/finding.ts";
import { FindingSink } from "../analysis/findings/read-findings.ts";
import { listOf } from "../analysis/words.ts";
import { text, type Text } from "../base/lang.ts";
import { visible, visibleJson } from "../base/visible.ts";
import type { InputError } from "../node/input-error.ts";
import { readCapture } from "../node/input.ts";
import { formatFindings } from "../report/findings.ts";
import { captureWarning } from "./capture-warning.ts";
import { type Command, Exit, type Io, UsageError } from "./command.ts";
import { inputsOf } from "./inputs.ts";
import { parseOptions, toInteger, wantsJson } from "./options.ts";

const DEFAULT_LIMIT = 5;

/** See the module. */
export const findings: Command = {
  name: "findings",
  summary: text(
    "what is wrong in a capture, why, and what to do",
    "抓包里有什么问题、为什么、怎么办",
  ),
  usage: text(
    `Usage: seqack findings FILE… [--fail-on WHAT] [-T text|json]

Looks at every TCP connection of a capture and says what somebody should know:
connections refused or never answered, stalls, losses, closed windows, resets,
and what only looks like an error. Each finding names its frames (#12), the
reason, and what can be done. docs/findings.md lists them all.

  --fail-on WHAT   exit status 1 when one is found: a severity (error, warning,
                   note; worse ones count too) or ids, separated by commas
  --only WHAT      show these alone, in the same words
  --limit N        shown of each kind, ${DEFAULT_LIMIT} unless told, 100 at most
  -T json          one JSON object: findings in both languages, frames, numbers

Several files are looked at as one, merged by time. FILE "-" is stdin.
Examples: seqack findings trace.pcapng
          seqack findings --fail-on warning trace.pcapng
          seqack findings --only retransmissions,reset monday.pcap tuesday.pcap`,
    `用法：seqack findings 文件… [--fail-on 条件] [-T text|json]

检查抓包里的每条 TCP 连接，说出值得知道的事：被拒绝或没有回应的连接、停顿、
丢失、关闭的窗口、复位，以及只是看起来像错误的现象。每一条都给出相关的帧
（#12）、原因和建议。完整列表见 docs/findings.md。

  --fail-on 条件   发现符合条件的问题时退出码为 1：严重程度（error、warning、
                   note，更严重的也算）或问题的 id，用逗号分隔
  --only 条件      只显示符合条件的问题，写法相同
  --limit N        每一类最多显示几处，默认 ${DEFAULT_LIMIT}，至多 100
  -T json          输出一个 JSON 对象：两种语言的说明、帧号、数字

给出多个文件时，按时间合并后一起检查。文件名 "-" 表示 stdin。
示例：seqack findings trace.pcapng
      seqack findings --fail-on warning trace.pcapng
      seqack findings --only retransmissions,reset monday.pcap tuesday.pcap`,
  ),
  async run(args, io) {
    const { values, positionals } = parseOptions(args, {
      "fail-on": { type: "string" },
      only: { type: "string" },
      limit: { type: "string" },
      type: { type: "string", short: "T" },
    });
    const paths = inputsOf(positionals);
    const failOn = toWanted("--fail-on", values["fail-on"] ?? "");
    const only = values.only === undefined ? null : toWanted("--only", values.only);
    const perKind = toInteger("--limit", values.limit ?? `${DEFAULT_LIMIT}`, 1, 100);
    const asJson = wantsJson(values.type);
    const { report, errors } = await findIn(paths, io);
    const shown = only === null ? report : keep(report, only);
    await io.out(
      asJson
        ? toJson(paths, shown, errors)
        : formatFindings(shown, { ...io, perKind, isPart: only !== null }),
    );
    for (const error of errors) io.err(`seqack: ${error.text[io.lang]}`);
    if (errors.length > 0) return Exit.UNREADABLE;
    return has(report, failOn) ? Exit.FAILED : Exit.OK;
  },
};

/** @throws {InputError} when nothing of them can be read. */
async function findIn(
  paths: readonly string[],
  io: Io,
): Promise<{ report: FindingsReport; errors: readonly InputError[] }> {
  const sink = new FindingSink();
  const { errors } = await readCapture(
    paths,
    {
      onPacket: (packet) => sink.onPacket(packet),
      onStats: (stats) => sink.onStats(stats),
      onWarning(warning) {
        if (!warning.fatal) io.err(`seqack: ${captureWarning(paths, warning)[io.lang]}`);
      },
    },
    { signal: io.signal },
  );
  return { report: sink.finish(), errors: errors.filter(({ code }) => code !== "aborted") };
}

/** Which findings are meant. */
interface Wanted {
  readonly severities: ReadonlySet<Severity>;
  readonly ids: ReadonlySet<FindingId>;
}

/** Reads `warning,reset`. @throws {UsageError} */
function toWanted(option: string, list: string): Wanted {
  const severities = new Set<Severity>();
  const ids = new Set<FindingId>();
  for (const word of list.split(",").map((w) => w.trim())) {
    if (word === "") continue;
    const rank = SEVERITIES.findIndex((s) => s === word || `${s}s` === word);
    if (rank !== -1) for (const severity of SEVERITIES.slice(0, rank + 1)) severities.add(severity);
    else if (isFinding(word)) ids.add(word);
    else throw new UsageError(unknown(option, word));
  }
  return { severities, ids };
}

function isFinding(word: string): word is FindingId {
  return Object.hasOwn(FINDINGS, word);
}

function unknown(option: string, word: string): Text {
  const shown = visible(word);
  const near = Object.keys(FINDINGS).filter((id) => word.length > 2 && id.includes(word));
  const names = listOf(
    near.map((id) => text(id, id)),
    "or",
  );
  return text(
    `option ${option}: "${shown}" is neither a severity (error, warning, note) nor a finding${near.length === 0 ? "; docs/findings.md lists them" : `; did you mean ${names.en}?`}`,
    `选项 ${option}：“${shown}”既不是严重程度（error、warning、note）也不是问题的 id${near.length === 0 ? "；完整列表见 docs/findings.md" : `；是不是想用 ${names.zh}？`}`,
  );
}

const isWanted = (
  { severities, ids }: Wanted,
  { id, severity }: { readonly id: FindingId; readonly severity: Severity },
): boolean => severities.has(severity) || ids.has(id);

function has({ findings: found, more }: FindingsReport, wanted: Wanted): boolean {
  return found.some((f) => isWanted(wanted, f)) || more.some((m) => isWanted(wanted, m));
}

function keep(report: FindingsReport, wanted: Wanted): FindingsReport {
  return {
    ...report,
    findings: report.findings.filter((f) => isWanted(wanted, f)),
    more: report.more.filter((m) => isWanted(wanted, m)),
  };
}

function toJson(
  files: readonly string[],
  report: FindingsReport,
  errors: readonly InputError[],
): string {
  const value = { files, ...report, errors: errors.map((error) => error.text.en) };
  return `${visibleJson(JSON.stringify(value, null, 2))}\n`;
}
