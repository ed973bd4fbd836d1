/**
 * What `seqack lab` says after a run: what the programs printed, what became
 * of the packets, what the analysis found, and how to go on.
 *
 * @module
 */
import { joinTexts, text, type Text } from "../../base/lang.ts";
import { visible } from "../../base/visible.ts";
import { analyze } from "../../analysis/analyze.ts";
import { VERDICTS, type VerdictName } from "../../analysis/verdicts/verdict.ts";
import { count, duration, listOf, plural } from "../../analysis/words.ts";
import { visibleName } from "../../node/file-name.ts";
import type { LabRun } from "../../lab/run.ts";
import type { Scenario } from "../../lab/scenario.ts";
import { wrap } from "../../report/wrap.ts";
import type { LinkCounters } from "../../stack/link/link-event.ts";
import type { Io } from "../command.ts";

/** Words are not laid out wider than this, however wide the terminal is. */
const WIDEST = 100;
/** Lines of the programs that are shown; the others are counted. */
const LINES_SHOWN = 12;

/** A run and where it was saved. */
export interface SavedRun {
  readonly scenario: Scenario;
  readonly run: LabRun;
  /** Of its recordings, in their order; none when it went to standard output. */
  readonly paths: readonly string[];
}

type Counts = readonly (readonly [VerdictName, number])[];

/** The summary as text. */
export async function summaryText(saved: SavedRun, io: Io): Promise<string> {
  const { scenario, run, paths } = saved;
  const width = Math.min(io.columns, WIDEST);
  const paragraph = (words: Text): string =>
    wrap(words[io.lang], width - 2)
      .map((line) => `  ${line}\n`)
      .join("");
  const colon = io.lang === "zh" ? "：" : ": ";
  const { verdicts, connections } = await found(run);
  return [
    `${io.paint.bold(scenario.name)}${colon}${scenario.title[io.lang]}\n`,
    paragraph(scenario.shows),
    "\n",
    printedLines(run, io),
    paragraph(joinTexts([whatHappened(run, connections), howItEnded(run)])),
    paragraph(joinTexts([linkWords(run), verdictWords(verdicts)])),
    "\n",
    howToGoOn(paths, scenario, io),
  ].join("");
}

/** The summary as JSON. */
export async function summaryJson({ scenario, run, paths }: SavedRun): Promise<string> {
  const { verdicts, connections } = await found(run);
  const { setup, up, down, end, isDone, printed } = run;
  const [{ packets, lengthNs }] = run.recordings;
  const { seed, at, bytes, count: rounds, ipv6 } = setup;
  const summary = {
    scenario: scenario.name,
    files: paths.map(visibleName),
    setup: { seed, at, bytes, count: rounds, ipv6, congestion: setup.client.congestion },
    packets,
    lengthNs,
    connections,
    end,
    isDone,
    verdicts: Object.fromEntries(verdicts),
    link: { up, down },
    printed: printed.map(({ program, line }) => ({ program, line: line.en })),
  };
  return `${JSON.stringify(summary, null, 2)}\n`;
}

async function found(run: LabRun): Promise<{ verdicts: Counts; connections: number }> {
  const { conversations } = await analyze(run.recordings[0].bytes);
  const sums = new Map<VerdictName, number>();
  for (const c of conversations) {
    for (const direction of [c.toServer, c.toClient]) {
      for (const name of VERDICTS) {
        const n = direction.verdicts[name] ?? 0;
        if (n > 0) sums.set(name, (sums.get(name) ?? 0) + n);
      }
    }
  }
  return { verdicts: [...sums], connections: conversations.length };
}

function printedLines({ printed }: LabRun, io: Io): string {
  if (printed.length === 0) return "";
  const names = { server: text("server", "服务端"), client: text("client", "客户端") };
  const lines = printed.slice(0, LINES_SHOWN).map(({ program, line }) => {
    const paint = program === "server" ? io.paint.green : io.paint.blue;
    return `  ${paint(names[program][io.lang])} │ ${visible(line[io.lang])}\n`;
  });
  const more = printed.length - LINES_SHOWN;
  const rest = text(`  … and ${plural(more, "more line")}\n`, `  …… 还有 ${count(more)} 行\n`);
  return `${lines.join("")}${more > 0 ? rest[io.lang] : ""}\n`;
}

const MACHINES = {
  client: text("the client's machine", "客户端的机器"),
  server: text("the server's machine", "服务端的机器"),
} as const;

function whatHappened({ recordings }: LabRun, connections: number): Text {
  const [{ at, packets, lengthNs }] = recordings;
  const machine = MACHINES[at];
  return text(
    `${plural(packets, "packet")} of ${plural(connections, "connection")} in ${duration(lengthNs)} of virtual time, as ${machine.en} saw them.`,
    `从${machine.zh}看到 ${count(connections)} 条连接的 ${count(packets)} 个包，虚拟时间历时 ${duration(lengthNs)}。`,
  );
}

function howItEnded({ end, isDone, setup }: LabRun): Text {
  if (end === "deadline") {
    const limit = duration(setup.untilMs * 1e6);
    return text(
      `The run was cut off after ${limit} (--until).`,
      `运行在 ${limit} 后被截断（--until）。`,
    );
  }
  if (isDone) return text("Both programs came to their end.", "两个程序都运行结束。");
  return text(
    "Nothing was left to do, but a program still waited.",
    "已经无事可做，但还有程序在等待。",
  );
}

function linkWords({ up, down }: LabRun): Text {
  const [toServer, toClient] = [fates(up), fates(down)];
  if (toServer === null && toClient === null) {
    return text(
      "The link delivered every packet, once and unharmed.",
      "链路把每个包都完好地送达一次。",
    );
  }
  const parts: Text[] = [];
  if (toServer !== null)
    parts.push(text(`to the server ${toServer.en}`, `去往服务端的 ${toServer.zh}`));
  if (toClient !== null)
    parts.push(text(`to the client ${toClient.en}`, `去往客户端的 ${toClient.zh}`));
  return text(
    `The link: ${parts.map((p) => p.en).join("; ")}.`,
    `链路：${parts.map((p) => p.zh).join("；")}。`,
  );
}

/** What became of packets that did not simply arrive; `null`: all did. */
function fates(c: LinkCounters): Text | null {
  const all: [number, Text][] = [
    [c.lost, text("lost", "丢失")],
    [c.queueFull, text("dropped at a full queue", "因队列已满被丢弃")],
    [c.codel, text("dropped by CoDel", "被 CoDel 丢弃")],
    [c.tooBig, text("too big", "太大")],
    [c.marked, text("marked (ECN)", "被标记（ECN）")],
    [c.corrupted, text("damaged", "损坏")],
    [c.duplicated, text("delivered twice", "送达两次")],
    [c.held, text("held up", "被耽搁")],
  ];
  const told = all
    .filter(([n]) => n > 0)
    .map(([n, words]) => text(`${count(n)} ${words.en}`, `${count(n)} 个${words.zh}`));
  if (told.length === 0) return null;
  const of = plural(c.offered, "packet");
  return text(`${listOf(told).en} of ${of}`, `${count(c.offered)} 个包中有 ${listOf(told).zh}`);
}

function verdictWords(verdicts: Counts): Text {
  if (verdicts.length === 0) {
    return text(
      "The analysis of the packets found nothing unusual.",
      "对这些包的分析没有发现异常。",
    );
  }
  const list = verdicts.map(([name, n]) => `${count(n)} ${name}`);
  return text(
    `The analysis of the packets, which knows nothing of that, found ${list.join(", ")}.`,
    `对这些包的分析并不知道链路的情况，它发现了 ${list.join("、")}。`,
  );
}

function howToGoOn(paths: readonly string[], scenario: Scenario, io: Io): string {
  const [path, other] = paths.map(visibleName);
  if (path === undefined) return "";
  const beside = text(
    other === undefined ? "" : ` What the server's machine saw is in ${other}.`,
    other === undefined ? "" : `服务端的机器看到的在 ${other} 中。`,
  );
  const saved = text(
    `Recorded in ${path}: packets, calls and the stack's own variables. Wireshark opens it as well.${beside.en}`,
    `记录保存在 ${path}：包、程序调用和协议栈自己的变量。Wireshark 也能打开。${beside.zh}`,
  );
  const look = text(`Look at: ${scenario.look.en}`, `看什么：${scenario.look.zh}`);
  const next = text("Go on with:", "接下来可以试试：");
  const commands = ["story", "read", "findings"].map((name) => `  npx seqack ${name} ${path}\n`);
  const width = Math.min(io.columns, WIDEST);
  const lines = [
    ...wrap(saved[io.lang], width).map(io.paint.bold),
    ...wrap(look[io.lang], width),
    next[io.lang],
  ];
  return lines.map((line) => `${line}\n`).join("") + commands.join("");
}
