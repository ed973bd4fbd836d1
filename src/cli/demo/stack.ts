/**
 * The demo where the kernel cannot be captured: the same two programs over
 * our own TCP stack.
 *
 * @module
 */
import { text, type Text } from "../../base/lang.ts";
import type { Printed } from "../../lab/article.ts";
import { findScenario } from "../../lab/catalogue.ts";
import { runLab } from "../../lab/run.ts";
import { wrap } from "../../report/wrap.ts";
import type { Io } from "../command.ts";
import type { DemoRun } from "./run.ts";

/** Words are not laid out wider than this, however wide the terminal is. */
const WIDEST = 100;

/** Runs it all once, on an emulated link under a virtual clock. */
export async function runStackDemo(): Promise<DemoRun> {
  const echo = findScenario("echo");
  if (echo === null) throw new RangeError("Cannot run the demo: the lab has no scenario echo");
  const { recordings, printed } = await runLab(echo);
  return {
    recording: recordings[0].bytes,
    // What the article's programs print is the same in both languages.
    printed: printed.map(({ program, line }): Printed => ({ program, line: line.en })),
    dropped: 0,
  };
}

/** Says that it was not the kernel, and why; `reasons` are whole sentences. */
export async function sayStack(reasons: readonly Text[], io: Io): Promise<void> {
  const what = text(
    "What follows was not sent by this machine's kernel: the two programs ran over seqack's own TCP stack, on an emulated link (10 Mbit/s, 20 ms each way) and a virtual clock that begins with 2026. The calls, the segments and the rules of TCP are real.",
    "以下内容不是这台机器的内核发送的：两个程序运行在 seqack 自己的 TCP 协议栈上，使用模拟的链路（10 Mbit/s，单程 20 ms）和从 2026 年初开始的虚拟时钟。调用、报文段和 TCP 的规则都是真的。",
  );
  const width = Math.min(io.columns, WIDEST);
  const lines = [what, ...reasons].flatMap((words, i) =>
    wrap(words[io.lang], width).map((line) => (i === 0 ? io.paint.bold(line) : line)),
  );
  await io.out(`${lines.join("\n")}\n`);
}
