/** Views that show one segment each time: the list, the columns of a stream, frames in full. */
import { showTime } from "../../../src/analysis/fields/field.ts";
import { verdictNames } from "../../../src/analysis/verdicts/verdict.ts";
import { Flag } from "../../../src/wire/tcp.ts";
import { NO_STREAM, type RowPage } from "../../../src/viewer/model/rows.ts";
import type { Comparing } from "./comparing.ts";
import type { ToldFrame, ToldSegment } from "./told.ts";

/** Rows of a page. */
const PAGE = 8192;

const seconds = (ns: number): string => showTime(BigInt(ns));

type Listed = Pick<
  ToldSegment,
  "frame" | "stream" | "dir" | "flags" | "seq" | "ack" | "len" | "window" | "verdicts"
>;

/** Numbers as a list shows them; an acknowledgement only where there is one. */
function words(s: Listed): string {
  const ack = (s.flags & Flag.ACK) === 0 ? "-" : s.ack;
  return `#${s.frame} stream ${s.stream} dir ${s.dir} flags ${s.flags} seq ${s.seq} ack ${ack} len ${s.len} window ${s.window} ${s.verdicts}`;
}

type Columns = Pick<RowPage, "dir" | "flags" | "relSeq" | "relAck" | "len" | "window" | "verdicts">;

/** {@link words} of a row of columns. */
function wordsAt(c: Columns, i: number, frame: number, stream: number): string {
  return words({
    frame,
    stream,
    dir: c.dir[i] === 0 ? 0 : 1,
    flags: c.flags[i]!,
    seq: c.relSeq[i]!,
    ack: c.relAck[i]!,
    len: c.len[i]!,
    window: c.window[i]!,
    verdicts: verdictNames(c.verdicts[i]!).join(),
  });
}

/** The list of segments against `seqack read`: every frame. */
export async function compareRows(comparing: Comparing): Promise<void> {
  const { told, isExact } = comparing;
  for (let from = 0; from === 0 || from < told.frames.length; from += PAGE) {
    const page = await comparing.ask("rows", { from, count: PAGE, filtered: false });
    const frames = told.frames.slice(from, from + PAGE);
    comparing.same("frames of the list", page.total, told.frames.length);
    comparing.sameList("list", rowsOf(page), frames.map(frameWords));
    if (!isExact) continue;
    comparing.sameList(
      "times of the list",
      Array.from(page.time, (time, i) => `${seconds(time)} ${seconds(page.delta[i]!)}`),
      frames.map(({ time, delta }) => `${time} ${delta}`),
    );
  }
}

function frameWords({ frame, origLen, segment, line }: ToldFrame): string {
  return `${origLen} ${segment === null ? `#${frame} ${line}` : words(segment)}`;
}

function rowsOf(page: RowPage): string[] {
  return Array.from(page.frame, (frame, i) => {
    const stream = page.stream[i]!;
    const shown =
      stream === NO_STREAM ? `#${frame} ${page.others.get(i)}` : wordsAt(page, i, frame, stream);
    return `${page.origLen[i]} ${shown}`;
  });
}

/** The columns that drawings are made of against `seqack read`: every segment of a stream. */
export async function compareColumns(
  comparing: Comparing,
  stream: number,
  segments: readonly ToldSegment[],
): Promise<void> {
  const { isExact } = comparing;
  const c = await comparing.ask("stream", { stream, from: 0, count: segments.length + 1 });
  const ours = Array.from(c.frame, (frame, i) => {
    const seen = wordsAt(c, i, frame, stream);
    const rtt = c.ackRttNs[i] === 0 ? "" : seconds(c.ackRttNs[i]!);
    const times = isExact ? ` ${seconds(c.time[i]!)} rtt ${rtt}` : "";
    return `${seen} acks ${c.acksFrame[i]} flight ${c.bytesInFlight[i]} duplicate ${c.duplicateAckFrame[i]} rto ${c.rtoFrame[i]}${times}`;
  });
  const theirs = segments.map((s) => {
    const times = isExact ? ` ${s.time} rtt ${s.ackRtt}` : "";
    return `${words(s)} acks ${s.acksFrame} flight ${s.flight} duplicate ${s.duplicateAckFrame} rto ${s.rtoFrame}${times}`;
  });
  comparing.sameList(`columns of stream ${stream}`, ours, theirs);
}

/** Frames in full, header and reasons among it, against `seqack read -v`. */
export async function compareFrames(
  comparing: Comparing,
  frames: ReadonlySet<number>,
): Promise<void> {
  for (const told of comparing.told.frames) {
    if (!frames.has(told.frame)) continue;
    const details = await comparing.ask("frame", { frame: told.frame });
    const { segment } = told;
    comparing.same(
      `details of frame ${told.frame}`,
      [details?.origLen, details?.stream, details?.dir],
      [told.origLen, segment?.stream ?? null, segment?.dir ?? 0],
    );
    if (details === null) continue;
    if (comparing.isExact) comparing.same("its time", seconds(details.time), told.time);
    if (segment === null) comparing.same("its line", details.line, told.line);
    const { reasons } = await comparing.ask("reasons", { frame: told.frame });
    if (comparing.isExact) comparing.same(`why frame ${told.frame}`, reasons, told.reasons);
    if (segment !== null) compareLine(comparing, details.line, segment);
  }
}

/** The numbers in a line that are the list's. */
function compareLine(comparing: Comparing, line: string, s: ToldSegment): void {
  const find = (pattern: RegExp): number | null => {
    const found = pattern.exec(line.slice(line.indexOf("Flags [")))?.[1];
    return found === undefined ? null : Number(found);
  };
  if (!line.includes("Flags [") || !s.isLenKnown) return;
  const [seq, ack] = [find(/, seq (\d+)/), find(/, ack (\d+)/)];
  const numbers = [seq === null ? null : s.seq, ack === null ? null : s.ack];
  comparing.same(`line of frame ${s.frame}, ${line}`, [seq, ack], numbers);
}
