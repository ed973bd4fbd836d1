/**
 * `seqack conversations`: the TCP connections of a capture, or of several merged
 * by time, and what was measured of each.
 *
 * Streaming: memory follows the connections that are open, and those that
 * will be shown.
 *
 * @module
 */
import { AnalysisSink } from "../analysis/analyze-sink.ts";
import { text } from "../base/lang.ts";
import { readCapture } from "../node/input.ts";
import { SegmentTracker } from "../trace/tracker.ts";
import { captureWarning } from "./capture-warning.ts";
import { type Command, Exit, type Io } from "./command.ts";
import { parseConversationOptions } from "./conversations-options.ts";
import { type ConversationOutput, conversationOutput } from "./conversations-output.ts";
import { CONVERSATIONS_USAGE } from "./conversations-usage.ts";

/** See the module. */
export const conversations: Command = {
  name: "conversations",
  summary: text("the TCP connections of a capture, measured", "列出抓包中的 TCP 连接及其各项指标"),
  usage: CONVERSATIONS_USAGE,
  async run(args, io) {
    const options = parseConversationOptions(args);
    const { paths } = options;
    const sink = new AnalysisSink(false);
    const output = conversationOutput(options, io);
    const { errors } = await readCapture(paths, new SegmentTracker(sink), {
      signal: io.signal,
      afterChunk: () => drain(paths, sink, output, io),
    });
    for (let isMore = true; isMore;) {
      isMore = sink.conversations.end(ROWS_AT_ONCE);
      await drain(paths, sink, output, io);
    }
    await io.out(output.end());
    const damage = errors.filter(({ code }) => code !== "aborted");
    for (const error of damage) io.err(`seqack: ${error.text[io.lang]}`);
    output.finish(sink.packets);
    return damage.length === 0 ? Exit.OK : Exit.UNREADABLE;
  },
};

/** Connections that end together are printed so many at a time. */
const ROWS_AT_ONCE = 1024;

/** Takes what is over, and says what is odd. */
async function drain(
  paths: readonly string[],
  sink: AnalysisSink,
  output: ConversationOutput,
  io: Io,
): Promise<void> {
  const { ended } = sink.conversations;
  if (sink.warnings.length > 0) {
    for (const warning of sink.warnings.splice(0)) {
      if (!warning.fatal) io.err(`seqack: ${captureWarning(paths, warning)[io.lang]}`);
    }
  }
  if (ended.length === 0) return;
  const ready = output.take(ended);
  ended.clear();
  if (ready !== "") await io.out(ready);
}
