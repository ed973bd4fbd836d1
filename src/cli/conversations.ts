/**
 * `seqack conversations`: the TCP connections of captures, and what was
 * measured of each.
 *
 * Streaming: memory follows the connections that are open, and those that
 * will be shown.
 *
 * @module
 */
import { AnalysisSink } from "../analysis/analyze-sink.ts";
import { text } from "../base/lang.ts";
import { visible } from "../base/visible.ts";
import { readCapture } from "../node/input.ts";
import { SegmentTracker } from "../trace/tracker.ts";
import { captureWarning } from "./capture-warning.ts";
import { type Command, Exit, type Io } from "./command.ts";
import { type ConversationOptions, parseConversationOptions } from "./conversations-options.ts";
import { type ConversationOutput, conversationOutput } from "./conversations-output.ts";
import { CONVERSATIONS_USAGE } from "./conversations-usage.ts";

/** See the module. */
export const conversations: Command = {
  name: "conversations",
  summary: text("the TCP connections of a capture, measured", "列出抓包中的 TCP 连接及其各项指标"),
  usage: CONVERSATIONS_USAGE,
  async run(args, io) {
    const options = parseConversationOptions(args);
    let status: number = Exit.OK;
    for (const [i, path] of options.paths.entries()) {
      if (options.paths.length > 1) {
        await io.out(`${i === 0 ? "" : "\n"}${io.paint.bold(visible(path))}\n`);
      }
      status = Math.max(status, await measure(path, options, io));
    }
    return status;
  },
};

/** Connections that end together are printed so many at a time. */
const ROWS_AT_ONCE = 1024;

/** Reads one capture and shows its connections; the exit status. */
async function measure(path: string, options: ConversationOptions, io: Io): Promise<number> {
  const sink = new AnalysisSink(false);
  const output = conversationOutput(options, io);
  const { error } = await readCapture(path, new SegmentTracker(sink), {
    signal: io.signal,
    afterChunk: () => drain(path, sink, output, io),
  });
  for (let isMore = true; isMore;) {
    isMore = sink.conversations.end(ROWS_AT_ONCE);
    await drain(path, sink, output, io);
  }
  await io.out(output.end());
  output.talk(sink.packets);
  if (error === null || error.code === "aborted") return Exit.OK;
  io.err(`seqack: ${error.text[io.lang]}`);
  return Exit.UNREADABLE;
}

/** Takes what is over, and says what is odd. */
async function drain(
  path: string,
  sink: AnalysisSink,
  output: ConversationOutput,
  io: Io,
): Promise<void> {
  const { ended } = sink.conversations;
  if (sink.warnings.length > 0) {
    for (const warning of sink.warnings.splice(0)) {
      if (!warning.fatal) io.err(`seqack: ${captureWarning(path, warning)[io.lang]}`);
    }
  }
  if (ended.length === 0) return;
  const ready = output.take(ended);
  ended.clear();
  if (ready !== "") await io.out(ready);
}
