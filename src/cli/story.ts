/**
 * `seqack story`: each connection of a recording in plain words.
 *
 * @module
 */
import { text } from "../base/lang.ts";
import { visibleJson } from "../base/visible.ts";
import { attributeCalls } from "../analysis/calls.ts";
import { sixSteps } from "../analysis/steps.ts";
import { tellStory } from "../analysis/story.ts";
import { count, plural } from "../analysis/words.ts";
import { formatLadder } from "../report/ladder.ts";
import { formatStory } from "../report/story.ts";
import type { Trace } from "../trace/trace.ts";
import { type Command, Exit, Failure, type Io } from "./command.ts";
import { inputsOf } from "./inputs.ts";
import { loadTrace } from "./load.ts";
import { parseOptions, toInteger, wantsJson } from "./options.ts";

/** Connections told unless one is named: a file may hold a hundred thousand. */
const DEFAULT_LIMIT = 10;
const LADDER_ROWS = 200;

/** The command. */
export const story: Command = {
  name: "story",
  summary: text("each connection of a capture in plain words", "用大白话讲述抓包中的每条连接"),
  usage: text(
    `Usage: seqack story FILE… [--stream N] [--ladder]

Tells each TCP connection of a capture: how it was opened and what was agreed,
who sent how much in which segments, which call made them when the recording
holds calls, and how it ended. #12 is frame 12, as Wireshark numbers frames.

  --stream N    this connection alone, numbered as tcp.stream, from 0
  --limit N     connections told, ${DEFAULT_LIMIT} unless told
  --ladder      the picture above the words: calls, states and segments
  -T json       one JSON array: sections, sentences, frames, calls, six steps

Several files are told as one, merged by time. FILE "-" is stdin.
Example: seqack story seqack-demo.pcapng --ladder`,
    `用法：seqack story 文件… [--stream N] [--ladder]

讲述抓包文件里的每条 TCP 连接：怎样建立、双方商定了什么；谁发送了多少数据、
分成哪些报文段；记录里有程序调用时，是哪次调用发出了它们；以及怎样结束。
#12 表示第 12 帧，编号与 Wireshark 相同。

  --stream N    只讲这一条连接，编号即 tcp.stream，从 0 开始
  --limit N     最多讲几条连接，默认 ${DEFAULT_LIMIT}
  --ladder      在文字之前画出时序图：调用、状态和报文段
  -T json       输出一个 JSON 数组：章节、句子、帧号、调用、六个步骤

给出多个文件时，按时间合并后一起讲述。文件名 "-" 表示 stdin。
示例：seqack story seqack-demo.pcapng --ladder`,
  ),
  async run(args, io) {
    const { values, positionals } = parseOptions(args, {
      stream: { type: "string" },
      limit: { type: "string" },
      ladder: { type: "boolean" },
      type: { type: "string", short: "T" },
    });
    const paths = inputsOf(positionals);
    const asJson = wantsJson(values.type);
    const limit = toInteger("--limit", values.limit ?? `${DEFAULT_LIMIT}`, 1, 2 ** 31);
    const only =
      values.stream === undefined ? null : toInteger("--stream", values.stream, 0, 2 ** 31);
    const { trace, finish } = await loadTrace(paths, io);
    const streams = chosen(trace, only, limit);
    if (asJson) await io.out(toJson(trace, streams));
    else await tell(trace, streams, values.ladder === true, io);
    return finish();
  },
};

function chosen(trace: Trace, only: number | null, limit: number): number[] {
  if (only === null) {
    return Array.from({ length: Math.min(limit, trace.streams) }, (_, stream) => stream);
  }
  if (only < trace.streams) return [only];
  throw new Failure(
    text(
      `there is no connection ${only}: the recording has ${trace.streams}${trace.streams === 0 ? "" : ", numbered from 0"}`,
      `没有编号为 ${only} 的连接：记录中共有 ${trace.streams} 条${trace.streams === 0 ? "" : "，从 0 开始编号"}`,
    ),
    Exit.FAILED,
  );
}

async function tell(
  trace: Trace,
  streams: readonly number[],
  withLadder: boolean,
  io: Io,
): Promise<void> {
  const calls = attributeCalls(trace);
  for (const [i, stream] of streams.entries()) {
    if (i > 0) await io.out("\n");
    if (withLadder) {
      await io.out(`${formatLadder(trace, stream, { ...io, calls, maxRows: LADDER_ROWS })}\n`);
    }
    await io.out(formatStory(tellStory(trace, stream, calls), io));
  }
  const left = trace.streams - streams.length;
  if (trace.streams === 0) {
    io.err(
      text("There is no TCP segment in this recording.", "这份记录里没有 TCP 报文段。")[io.lang],
    );
  } else if (left > 0 && streams.length > 1) {
    const more = text(
      `${plural(left, "more connection")}: --limit N tells more, --stream N one of them.`,
      `还有 ${count(left)} 条连接：--limit N 可以多讲几条，--stream N 只讲其中一条。`,
    );
    io.err(more[io.lang]);
  }
}

function toJson(trace: Trace, streams: readonly number[]): string {
  const calls = attributeCalls(trace);
  const stories = streams.map((stream) => ({
    ...tellStory(trace, stream, calls),
    steps: sixSteps(trace, stream, calls),
  }));
  return `${visibleJson(JSON.stringify(stories, plainNumber, 2))}\n`;
}

/** Nanoseconds since 1970 do not fit a number of JSON: they are written as decimal strings. */
function plainNumber(_: string, value: unknown): unknown {
  return typeof value === "bigint" ? value.toString() : value;
}
