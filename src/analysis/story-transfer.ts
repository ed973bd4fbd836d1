/**
 * Who sent how much, in how many calls, segments and acknowledgements.
 *
 * @module
 */
import { text, type Text } from "../base/lang.ts";
import type { Row } from "../trace/table.ts";
import { Flag } from "../wire/tcp.ts";
import type { CallMap } from "./calls.ts";
import { FARTHEST } from "./causes/farthest.ts";
import type { CallSegments } from "./call-segments.ts";
import type { Facts } from "./facts.ts";
import { MAX_GAPS } from "./offsets.ts";
import { sentAgainOf, type SentAgain } from "./sent-again.ts";
import { sentence, type Sentence } from "./sentence.ts";
import { count, ENDS, ENDS_FIRST, lapse, plural } from "./words.ts";

/** Writes of one end that are told one by one; the others are counted. */
const WRITES_TOLD = 6;

/** The sentences of the transfer; none when there was nothing to transfer. */
export function tellTransfer(f: Facts, calls: CallMap): Sentence[] {
  if (f.outcome === "refused" || f.outcome === "unanswered") return [];
  const out: Sentence[] = [...tellOneWay(f)];
  const moved = f.bytes.dirs[0].dataSegments + f.bytes.dirs[1].dataSegments;
  if (moved === 0 && out.length === 0 && isWhole(f)) out.push(tellEmpty(f));
  const sentAgain = sentAgainOf(f.trace, f.bytes);
  for (const end of [0, 1] as const) out.push(...tellDirection(f, end, calls, sentAgain));
  return [...out, ...tellProbes(f, sentAgain), ...tellOffload(f), ...tellClosedWindows(f)];
}

/** Whether the capture has the connection from its start. */
function isWhole(f: Facts): boolean {
  return f.handshake.syn !== null;
}

function tellEmpty(f: Facts): Sentence {
  return sentence(
    f.trace,
    text("Nobody sent a single byte of data.", "双方一个字节的数据也没有发送。"),
  );
}

function tellOneWay(f: Facts): Sentence[] {
  if (f.rows.length < 2 || f.trace.isSelfConnected(f.stream)) return [];
  const silent = f.bytes.dirs.findIndex((d) => d.segments === 0);
  if (silent === -1 || f.handshake.isSimultaneous) return [];
  const other = silent === 0 ? 1 : 0;
  const words = text(
    `The capture holds only what ${ENDS[other].en} sent; ${ENDS[silent]!.en}'s segments are not in it.`,
    `抓包中只有${ENDS[other].zh}发送的报文段，没有${ENDS[silent]!.zh}的。`,
  );
  return [sentence(f.trace, words), ...tellUnseen(f, silent === 0 ? 0 : 1)];
}

/** What the acknowledgements say of the end whose segments are missing. */
function tellUnseen(f: Facts, silent: 0 | 1): Sentence[] {
  const acks = f.bytes.ackTo.filter((upTo) => !Number.isNaN(upTo));
  const bytes = acks.reduce((a, b) => Math.max(a, b), 0) - (acks[0] ?? 0);
  if (bytes <= 0) return [];
  const leap = acks.findIndex((to, i) => i > 0 && Math.abs(to - acks[i - 1]!) > FARTHEST);
  if (leap !== -1) return [tellLeap(f, Math.abs(acks[leap]! - acks[leap - 1]!), silent)];
  const words = text(
    `They confirm ${plural(bytes, "byte")} from ${ENDS[silent].en} (a FIN counts as one).`,
    `它们确认了${ENDS[silent].zh}的 ${count(bytes)} 字节（FIN 也算一个字节）。`,
  );
  return [sentence(f.trace, words)];
}

/** No window reaches so far: how much was confirmed cannot be told from such numbers. */
function tellLeap(f: Facts, bytes: number, silent: 0 | 1): Sentence {
  const words = text(
    `Their acknowledgements leap by ${count(bytes)}, farther than any window reaches (1 GiB): how much came from ${ENDS[silent].en} cannot be told.`,
    `它们的确认号跳跃了 ${count(bytes)}，超出任何窗口所及的范围（1 GiB）：无法判断${ENDS[silent].zh}发送了多少。`,
  );
  return sentence(f.trace, words);
}

/** Segments that carry nothing and want an answer. */
function tellProbes(f: Facts, { probes }: SentAgain): Sentence[] {
  const { dir } = f.trace.segments.columns;
  return ([0, 1] as const).flatMap((end) => {
    const rows = probes.filter((row) => dir[row] === end);
    if (rows.length === 0) return [];
    const other = ENDS[end === 0 ? 1 : 0];
    const words = text(
      `${plural(rows.length, "segment")} from ${ENDS[end].en} carried nothing new, only to see whether ${other.en} is still there or has room again (keep-alive or window probe).`,
      `${ENDS[end].zh}的 ${count(rows.length)} 个报文段没有携带新数据，只是为了确认${other.zh}还在，或者是否又有了空间（保活或窗口探测）。`,
    );
    return [sentence(f.trace, words, rows)];
  });
}

function tellDirection(f: Facts, end: 0 | 1, map: CallMap, { again }: SentAgain): Sentence[] {
  const d = f.bytes.dirs[end];
  if (d.dataSegments === 0) return [];
  const calls = map.ofStream(f.stream);
  const writes = calls.filter((c) => c.end === end && c.call.op === "write" && c.range !== null);
  const reads = calls.filter((c) => c.end !== end && c.call.op === "read" && c.range !== null);
  const out = [tellAmount(f, end, writes)];
  out.push(...tellResent(f, end, again));
  const missing = d.sent - d.newBytes - startOf(f, end);
  if (missing > 0) out.push(tellHoles(f, end, missing));
  if (d.forgottenGaps > 0) out.push(tellForgotten(f, end));
  out.push(...tellWrites(f, end, writes));
  if (reads.length > 0 && writes.length > 0) out.push(tellReads(f, end, writes, reads));
  return out;
}

/** A limit of ours was met: said, because the sums above are less exact for it. */
function tellForgotten(f: Facts, end: 0 | 1): Sentence {
  const words = text(
    `Segments from ${ENDS[end].en} are in such disorder that more than ${count(MAX_GAPS)} gaps stood open at once: bytes that filled the others are counted as not in the capture.`,
    `${ENDS[end].zh}的报文段次序极为混乱，同时存在的空缺超过 ${count(MAX_GAPS)} 处：填补其余空缺的字节按不在抓包中计算。`,
  );
  return sentence(f.trace, words);
}

/** Offset of the first byte that the capture could have held. */
function startOf(f: Facts, end: 0 | 1): number {
  if (f.bytes.dirs[end].isFromStart) return 0;
  const { dir, payloadLen } = f.trace.segments.columns;
  const i = f.rows.findIndex((row) => dir[row] === end && payloadLen[row]! > 0);
  return f.bytes.from[i] ?? 0;
}

function tellAmount(f: Facts, end: 0 | 1, writes: readonly CallSegments[]): Sentence {
  const d = f.bytes.dirs[end];
  const acks = ackCount(f, end);
  const { dir, payloadLen } = f.trace.segments.columns;
  const copied = [...f.copies].filter((row) => dir[row] === end && payloadLen[row]! > 0).length;
  const carriers = d.dataSegments - copied;
  const wrote =
    writes.length === 0
      ? text("", "")
      : text(` in ${plural(writes.length, "write")}`, `，调用了 ${count(writes.length)} 次 write`);
  const confirmed = acks.all === 0 ? text("", "") : tellAcks(acks);
  const words = text(
    `${ENDS_FIRST[end].en} sent ${plural(d.newBytes, "byte")}${wrote.en}, carried by ${plural(carriers, "segment")}${confirmed.en}.`,
    `${ENDS[end].zh}发送了 ${count(d.newBytes)} 字节${wrote.zh}，由 ${count(carriers)} 个报文段携带${confirmed.zh}。`,
  );
  return sentence(
    f.trace,
    words,
    [],
    writes.map((w) => w.call),
  );
}

/** The acknowledgements of one direction. */
interface Acks {
  /** Segments of the other end that confirmed bytes for the first time. */
  readonly all: number;
  /** Those that carried nothing else. */
  readonly pure: number;
  /** Bytes sent that none of them confirmed. */
  readonly open: number;
}

function tellAcks({ all, pure, open }: Acks): Text {
  const own =
    all > 1
      ? text(
          `${pure === all ? "all" : pure === 0 ? "none" : count(pure)} of them in segments of their own`,
          `对方确认了 ${count(all)} 次，${pure === 0 ? "都没有" : `其中 ${count(pure)} 次`}用单独的报文段`,
        )
      : pure === 1
        ? text("in a segment of its own", "对方用 1 个单独的报文段确认")
        : text("on a segment with data that came back", "对方在返回数据的报文段里顺便确认");
  const rest =
    open === 0
      ? text("", "")
      : text(`, all but the last ${plural(open, "byte")}`, `，最后 ${count(open)} 字节还没有确认`);
  return text(
    `; ${plural(all, "acknowledgement")} confirmed them${rest.en}, ${own.en}`,
    `；${own.zh}${rest.zh}`,
  );
}

function ackCount(f: Facts, end: 0 | 1): Acks {
  const { dir, payloadLen, flags } = f.trace.segments.columns;
  const { rows, ackTo, dirs } = f.bytes;
  let upTo = startOf(f, end);
  let all = 0;
  let pure = 0;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    if (dir[row] === end || (flags[row]! & Flag.RST) !== 0) continue;
    const to = Math.min(ackTo[i]!, dirs[end].sent);
    if (!(to > upTo)) continue;
    upTo = to;
    all++;
    if (payloadLen[row] === 0) pure++;
  }
  return { all, pure, open: dirs[end].sent - upTo };
}

function tellResent(f: Facts, end: 0 | 1, again: readonly Row[]): Sentence[] {
  const { dir, payloadLen } = f.trace.segments.columns;
  const rows = again.filter((row) => dir[row] === end);
  if (rows.length === 0) return [];
  const bytes = rows.reduce((sum, row) => sum + payloadLen[row]!, 0);
  const words = text(
    `${plural(rows.length, "segment")} with ${plural(bytes, "byte")} ${rows.length === 1 ? "was" : "were"} sent again.`,
    `重传了 ${count(rows.length)} 个报文段，共 ${count(bytes)} 字节。`,
  );
  return [sentence(f.trace, words, rows)];
}

function tellHoles(f: Facts, end: 0 | 1, missing: number): Sentence {
  return sentence(
    f.trace,
    text(
      `${plural(missing, "byte")} of what ${ENDS[end].en} sent ${missing === 1 ? "is" : "are"} not in the capture.`,
      `${ENDS[end].zh}发送的数据中有 ${count(missing)} 字节不在抓包里。`,
    ),
  );
}

function tellWrites(f: Facts, end: 0 | 1, writes: readonly CallSegments[]): Sentence[] {
  const told = writes.slice(0, WRITES_TOLD).map((w, k) => tellWrite(f, end, w, k + 1));
  const rest = writes.slice(WRITES_TOLD);
  if (rest.length === 0) return told;
  const words = text(
    `So it went on for ${plural(rest.length, "more write")}.`,
    `之后的 ${count(rest.length)} 次 write 也是这样。`,
  );
  return [
    ...told,
    sentence(
      f.trace,
      words,
      [],
      rest.map((w) => w.call),
    ),
  ];
}

function tellConfirmed(laterNs: number | null): Text {
  if (laterNs === null) return text("", "");
  if (laterNs === 0) return text(", confirmed at once", "，立即得到确认");
  const later = lapse(laterNs);
  return text(`, confirmed ${later} later`, `，${later} 后得到确认`);
}

function tellWrite(f: Facts, end: 0 | 1, w: CallSegments, k: number): Sentence {
  const { trace } = f;
  const bytes = w.call.bytes ?? 0;
  const shape = shapeOf(f, w);
  const made =
    w.rows.length === 0
      ? text("is in no segment of the capture", "在抓包中没有对应的报文段")
      : text(`became ${shape.en}`, `变成了${shape.zh}`);
  const { time } = trace.segments.columns;
  const last = w.rows.at(-1);
  const laterNs = w.ackedBy === null || last === undefined ? null : time[w.ackedBy]! - time[last]!;
  const confirmed = tellConfirmed(laterNs);
  const words = text(
    `${ENDS_FIRST[end].en}'s write ${k} of ${plural(bytes, "byte")} ${made.en}${confirmed.en}.`,
    `${ENDS[end].zh}的第 ${k} 次 write（${count(bytes)} 字节）${made.zh}${confirmed.zh}。`,
  );
  return sentence(trace, words, [...w.rows, w.ackedBy], [w.call]);
}

/** In how many segments the bytes left, and what the network card would make of them. */
function shapeOf(f: Facts, w: CallSegments): Text {
  const { payloadLen, packet } = f.trace.segments.columns;
  const { gsoSize } = f.trace.packets.columns;
  let wire = 0;
  for (const row of w.rows) {
    const size = gsoSize[packet[row]!]!;
    wire += size > 0 ? Math.max(1, Math.ceil(payloadLen[row]! / size)) : 1;
  }
  const n = w.rows.length;
  if (wire === n) return text(plural(n, "segment"), ` ${count(n)} 个报文段`);
  return text(
    `${plural(n, "segment")} on this interface, which the network card would cut into ${count(wire)}`,
    ` ${count(n)} 个报文段（就这个接口而言；网卡会把它切成 ${count(wire)} 个）`,
  );
}

function tellReads(
  f: Facts,
  end: 0 | 1,
  writes: readonly CallSegments[],
  reads: readonly CallSegments[],
): Sentence {
  const other = end === 0 ? 1 : 0;
  const isSame =
    writes.length === reads.length && writes.every((w, i) => w.range?.to === reads[i]!.range?.to);
  const words = isSame
    ? text(
        `${ENDS_FIRST[other].en}'s program took them with ${plural(reads.length, "read")}, each as large as the write had been: that happens, but TCP does not promise it.`,
        `${ENDS[other].zh}的程序用 ${count(reads.length)} 次 read 取走了这些数据，每次恰好与 write 的大小相同：这只是碰巧，TCP 并不保证。`,
      )
    : text(
        `${ENDS_FIRST[other].en}'s program took them with ${plural(reads.length, "read")}, cut otherwise than the ${plural(writes.length, "write")}: TCP carries a stream of bytes, not messages.`,
        `${ENDS[other].zh}的程序用 ${count(reads.length)} 次 read 取走了这些数据，与 ${count(writes.length)} 次 write 的边界并不一致：TCP 传送的是字节流，没有消息边界。`,
      );
  return sentence(
    f.trace,
    words,
    [],
    reads.map((r) => r.call),
  );
}

/** Segments larger than the receiver wants: the network card cuts them up behind the capture. */
function tellOffload(f: Facts): Sentence[] {
  const { dir, payloadLen } = f.trace.segments.columns;
  const rows = f.rows.filter((row) => {
    const mss = f.offers[dir[row] === 0 ? 1 : 0]?.mss ?? null;
    return mss !== null && payloadLen[row]! > mss;
  });
  const large: Row[] = [...rows];
  if (large.length === 0) return [];
  const words = text(
    `${plural(large.length, "segment")} ${large.length === 1 ? "is" : "are"} larger than the receiver wants: captured before the network card cut them up, or after it had joined them.`,
    `有 ${count(large.length)} 个报文段比接收方要求的更大：它们是在网卡切分之前（或合并之后）抓到的。`,
  );
  return [sentence(f.trace, words, large)];
}

function tellClosedWindows(f: Facts): Sentence[] {
  const { dir, flags, window } = f.trace.segments.columns;
  const out: Sentence[] = [];
  for (const end of [0, 1] as const) {
    const closed = f.rows.filter(
      (row) =>
        dir[row] === end &&
        window[row] === 0 &&
        (flags[row]! & (Flag.SYN | Flag.FIN | Flag.RST)) === 0,
    );
    const rows: Row[] = [...closed];
    if (rows.length === 0) continue;
    const words = text(
      `${ENDS_FIRST[end].en} said in ${plural(rows.length, "segment")} that it has no room left (window 0): ${ENDS[end === 0 ? 1 : 0].en} then has to wait until its program has read.`,
      `${ENDS[end].zh}在 ${count(rows.length)} 个报文段里声明已经没有空间（窗口为 0）：${ENDS[end === 0 ? 1 : 0].zh}必须等待它的程序读走数据。`,
    );
    out.push(sentence(f.trace, words, rows));
  }
  return out;
}
