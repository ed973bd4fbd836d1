/**
 * `seqack demo`: the article's six steps happen on this machine, and are shown.
 *
 * @module
 */
import { access, constants, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text, type Text } from "../base/lang.ts";
import { visible } from "../base/visible.ts";
import { captureAbility } from "../node/abilities.ts";
import {
  canUseNamespace,
  enterNamespace,
  insideNamespace,
  runInNamespace,
} from "../node/namespace.ts";
import { openOutput } from "../node/output.ts";
import { wrap } from "../report/wrap.ts";
import type { Command, Io } from "./command.ts";
import { type DemoRun, runDemo } from "./demo/run.ts";
import { showDemo } from "./demo/show.ts";
import { runStackDemo, sayStack } from "./demo/stack.ts";
import { loadTrace } from "./load.ts";
import { parseOptions } from "./options.ts";

const FILE_NAME = "seqack-demo.pcapng";

/** The command. */
export const demo: Command = {
  name: "demo",
  summary: text(
    "the six steps of a connection, live on this machine",
    "在本机现场演示一条连接的六个步骤并解释",
  ),
  usage: text(
    `Usage: seqack demo [--stack] [-w FILE]

Runs an echo server and a client, captures the packets that the kernel sends
for them, and shows the calls, the segments, one header and the story, all of
it from that recording. Needs no root where ordinary users may have a user
namespace; "seqack doctor" says whether they may. Where nothing can be captured
the programs run over seqack's own TCP stack instead, and the demo says so.

  --stack     over seqack's own TCP stack in any case
  -w FILE     where to save the recording (${FILE_NAME} unless told)`,
    `用法：seqack demo [--stack] [-w 文件]

运行一个回显服务端和一个客户端，抓下内核为它们收发的包，然后展示调用、报文段、
一个包头和整条连接的故事，全部来自这份记录。在普通用户可以使用用户命名空间的
机器上不需要 root；“seqack doctor” 会告诉你是否可以。无法抓包的地方，两个程序
改用 seqack 自己的 TCP 协议栈运行，并会说明这一点。

  --stack     无论如何都用 seqack 自己的 TCP 协议栈
  -w 文件     记录保存到哪里（默认 ${FILE_NAME}）`,
  ),
  async run(args, io) {
    const { values } = parseOptions(args, {
      write: { type: "string", short: "w" },
      stack: { type: "boolean" },
    });
    if (values.stack === true) {
      await sayStack([], io);
      return await show(await runStackDemo(), values.write, io);
    }
    if (insideNamespace()) enterNamespace();
    const capture = captureAbility();
    if (!capture.can) return await runElsewhere(args, capture, values.write, io);

    const progress = new Progress(io);
    const run = await runDemo((what) => progress.say(what)).finally(() => progress.end());
    return await show(run, values.write, io);
  },
};

/** Saves the recording, and shows what it says. */
async function show(run: DemoRun, file: string | undefined, io: Io): Promise<number> {
  const path = file ?? (await defaultPath());
  const output = await openOutput(path, { whole: true });
  await output.write(run.recording);
  await output.close();

  const { trace, finish } = await loadTrace(path, io);
  await showDemo(trace, run.printed, io);
  await io.out(farewell(path, trace.packets.length, run.dropped, io));
  return finish();
}

/** In the current folder, or where one may write. */
async function defaultPath(): Promise<string> {
  const writable = await access(".", constants.W_OK).then(
    () => true,
    () => false,
  );
  return writable ? FILE_NAME : join(await mkdtemp(join(tmpdir(), "seqack-")), FILE_NAME);
}

type Refusal = Extract<ReturnType<typeof captureAbility>, { can: false }>;

async function runElsewhere(
  args: readonly string[],
  capture: Refusal,
  file: string | undefined,
  io: Io,
): Promise<number> {
  const namespace = insideNamespace() ? null : canUseNamespace();
  if (namespace?.can === true) {
    const why = text(
      `${capture.missing.en}: running in a private network of its own instead`,
      `${capture.missing.zh}：改在一个私有网络里运行`,
    );
    if (io.stderrIsTerminal) io.err(io.paint.dim(why[io.lang]));
    return await runInNamespace(["demo", "--lang", io.lang, ...args]);
  }
  const reasons: Text[] = [
    text(
      `Packets cannot be captured here: ${capture.missing.en}. What helps: ${capture.advice.en}.`,
      `这里无法抓包：${capture.missing.zh}。解决办法：${capture.advice.zh}。`,
    ),
  ];
  if (namespace !== null && !namespace.can) {
    reasons.push(
      text(
        `Nor in a private network: ${namespace.missing.en} (${namespace.advice.en}).`,
        `也不能在私有网络里运行：${namespace.missing.zh}（${namespace.advice.zh}）。`,
      ),
    );
  }
  reasons.push(text("seqack doctor has the details.", "详情见 seqack doctor。"));
  await sayStack(reasons, io);
  return await show(await runStackDemo(), file, io);
}

/** One line on a terminal's stderr that says what is going on, and is gone afterwards. */
class Progress {
  readonly #io: Io;

  constructor(io: Io) {
    this.#io = io;
  }

  say(what: Text): void {
    if (!this.#io.stderrIsTerminal) return;
    process.stderr.write(`\r\x1b[K${this.#io.paint.dim(`… ${what[this.#io.lang]}`)}`);
  }

  end(): void {
    if (this.#io.stderrIsTerminal) process.stderr.write("\r\x1b[K");
  }
}

function farewell(path: string, packets: number, dropped: number, io: Io): string {
  const shown = visible(path);
  const saved = text(
    `The recording: ${shown} (${packets} packets, ${dropped} lost). Wireshark opens it as well.`,
    `记录保存在 ${shown}（${packets} 个包，丢失 ${dropped} 个），Wireshark 也能打开。`,
  );
  const next = text("Go on with:", "接下来可以试试：");
  const commands = [
    `npx seqack story ${shown}`,
    `npx seqack read ${shown}`,
    `npx seqack segment ${shown} 1`,
  ];
  const lines = wrap(saved[io.lang], Math.min(io.columns, 100)).map((l) => io.paint.bold(l));
  return `\n${lines.join("\n")}\n${next[io.lang]}\n${commands.map((c) => `  ${c}\n`).join("")}`;
}
