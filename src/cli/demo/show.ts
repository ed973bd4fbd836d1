/**
 * What the demo shows, all of it made from the recording: the six steps, the
 * ladder, one header, the story.
 *
 * @module
 */
import { viewOf } from "../../base/bytes.ts";
import { joinTexts, text, type Text } from "../../base/lang.ts";
import { visible } from "../../base/visible.ts";
import { attributeCalls, type CallMap } from "../../analysis/calls.ts";
import { checkCausality } from "../../analysis/causality.ts";
import { sixSteps, type Step } from "../../analysis/steps.ts";
import { tellStory } from "../../analysis/story.ts";
import { formatLadder } from "../../report/ladder.ts";
import { renderHeaders } from "../../report/header.ts";
import { formatStory, frameRefs } from "../../report/story.ts";
import { textWidth, wrap } from "../../report/wrap.ts";
import type { Trace } from "../../trace/trace.ts";
import { layoutPacket } from "../../wire/layout/packet.ts";
import type { Io } from "../command.ts";
import type { Printed } from "../../lab/article.ts";

/** Of the header picture's packet only a taste of the data. */
const DATA_BYTES = 64;
/** Words are not laid out wider than this, however wide the terminal is. */
const WIDEST = 100;
/** The demo's connection: its capture filter lets nothing else pass. */
const STREAM = 0;

/** Everything between the run and the farewell. */
export async function showDemo(trace: Trace, printed: readonly Printed[], io: Io): Promise<void> {
  const calls = attributeCalls(trace);
  await heading(text("What the two programs printed", "两个程序的输出"), io);
  await io.out(programs(printed, io));
  await heading(text("The six steps", "六个步骤"), io);
  await io.out(steps(sixSteps(trace, STREAM, calls), io));
  await heading(
    text("Calls, states and segments, in true order", "调用、状态与报文段（按真实顺序）"),
    io,
  );
  await io.out(formatLadder(trace, STREAM, { ...io, calls }));
  await io.out(clockNote(trace, calls, io));
  await showHeader(trace, io);
  await heading(text("The story", "连接的故事"), io);
  const story = tellStory(trace, STREAM, calls);
  const sections = story.sections.filter((s) => s.kind !== "steps");
  await io.out(formatStory({ ...story, sections }, io));
}

function widthOf(io: Io): number {
  return Math.min(io.columns, WIDEST);
}

async function heading(title: Text, io: Io): Promise<void> {
  const line = title[io.lang];
  const rule = "─".repeat(Math.max(3, widthOf(io) - textWidth(line) - 4));
  await io.out(`\n${io.paint.bold(`── ${line} ${rule}`)}\n\n`);
}

function programs(printed: readonly Printed[], io: Io): string {
  const names = { server: text("server", "服务端"), client: text("client", "客户端") };
  return printed
    .map(({ program, line }) => {
      const name = names[program][io.lang];
      const paint = program === "server" ? io.paint.green : io.paint.blue;
      return `  ${paint(name)} │ ${visible(line)}\n`;
    })
    .join("");
}

function steps(list: readonly Step[], io: Io): string {
  const { lang, paint } = io;
  return list
    .map((step) => {
      const frames = step.frames.length === 0 ? "" : `  ${paint.cyan(frameRefs(step.frames))}`;
      const title = `${step.number}. ${step.title[lang]}`;
      const body = wrap(step.text[lang], widthOf(io) - 5).map((l) => `     ${l}\n`);
      return `  ${paint.bold(title)}${frames}\n${body.join("")}`;
    })
    .join("");
}

/** How far the two clocks can be apart, and whether any call stands on the wrong side of its segments. */
function clockNote(trace: Trace, calls: CallMap, io: Io): string {
  const { checked, violations, errorNs } = checkCausality(trace, calls);
  if (errorNs === null || checked === 0) return "";
  const error = (errorNs / 1000).toFixed(1);
  const clock =
    errorNs === 0
      ? text("one virtual clock", "同一个虚拟时钟")
      : text(`one clock, read to ±${error} µs`, `同一个时钟，读数误差 ±${error} µs`);
  const fine = text(
    `Calls and packets are on ${clock.en}: ${checked} times compared, every call stands on the right side of its segments.`,
    `调用和数据包使用${clock.zh}：比较了 ${checked} 处时间，每次调用都在其报文段的正确一侧。`,
  );
  const wrong = text(
    `Calls and packets are on ${clock.en}: of ${checked} times compared, ${violations.length} stand on the wrong side of their segments.`,
    `调用和数据包使用${clock.zh}：比较了 ${checked} 处时间，其中 ${violations.length} 处在其报文段的错误一侧。`,
  );
  const note = violations.length === 0 ? fine : wrong;
  const places = text(
    "A call that sends stands where it began, one that waits where it had its result.",
    "发送的调用画在它开始的时刻，等待的调用画在它得到结果的时刻。",
  );
  const lines = wrap(joinTexts([places, note])[io.lang], widthOf(io));
  return `\n${lines.map((l) => io.paint.dim(l)).join("\n")}\n`;
}

/** The first segment that carries data from the client. */
async function showHeader(trace: Trace, io: Io): Promise<void> {
  const { dir, payloadLen, packet: packets } = trace.segments.columns;
  const row = trace.rowsOf(STREAM).find((r) => dir[r] === 0 && payloadLen[r]! > 0);
  if (row === undefined) return;
  const packet = packets[row]!;
  const { origLen, linkType } = trace.packets.columns;
  const bytes = trace.bytesOf(packet);
  const layouts = layoutPacket(viewOf(bytes), 0, bytes.length, origLen[packet]!, linkType[packet]!);
  const frame = trace.frameOf(row);
  await heading(
    text(`Byte by byte: the first data segment, #${frame}`, `逐字节看第一个数据报文段 #${frame}`),
    io,
  );
  const tcp = layouts.filter((l) => l.protocol === "tcp" || l.protocol === "data");
  await io.out(renderHeaders(tcp, bytes, { ...io, dataBytes: DATA_BYTES }));
}
