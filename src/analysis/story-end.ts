/**
 * How the connection ended, in words.
 *
 * @module
 */
import { text, type Text } from "../base/lang.ts";
import type { Row } from "../trace/table.ts";
import { Flag } from "../wire/tcp.ts";
import type { CallMap } from "./calls.ts";
import type { CallSegments } from "./call-segments.ts";
import type { Facts } from "./facts.ts";
import { sentence, type Sentence } from "./sentence.ts";
import { count, duration, ENDS, ENDS_FIRST, lapse, plural, times } from "./words.ts";

/** A year: connections live that long more rarely than clocks are wrong. */
const DOUBTFUL_NS = 365 * 86_400e9;

/** The sentences of the end; at least one. */
export function tellEnd(f: Facts, calls: CallMap): Sentence[] {
  return [...tellOutcome(f, calls), ...tellStrays(f), tellSpan(f), ...tellCopies(f)];
}

function tellOutcome(f: Facts, calls: CallMap): Sentence[] {
  switch (f.outcome) {
    case "refused":
      return [say(f, "There was never a connection.", "连接从未建立。")];
    case "unanswered":
      return [
        say(
          f,
          "As far as the capture goes there was no connection.",
          "在抓包范围内，连接没有建立。",
        ),
      ];
    case "open":
      return [
        say(
          f,
          "When the capture ends the connection is still open: neither end has closed it.",
          "抓包结束时连接仍然打开：双方都没有关闭。",
        ),
      ];
    case "half-closed":
      return [
        ...tellFirstFin(f, calls),
        ...tellRepeats(f),
        say(
          f,
          `When the capture ends ${ENDS[f.firstToClose === 0 ? 1 : 0].en} has not closed its own direction.`,
          `抓包结束时，${ENDS[f.firstToClose === 0 ? 1 : 0].zh}还没有关闭自己的方向。`,
        ),
      ];
    case "reset":
      return [...tellFirstFin(f, calls), ...tellReset(f, calls)];
    case "closed":
      return tellClosed(f, calls);
  }
}

function say(f: Facts, en: string, zh: string, rows: readonly (Row | null)[] = []): Sentence {
  return sentence(f.trace, text(en, zh), rows);
}

function tellClosed(f: Facts, calls: CallMap): Sentence[] {
  const first = f.firstToClose ?? 0;
  const out = isCrossed(f) ? [tellBothFins(f)] : tellFirstFin(f, calls);
  if (!isCrossed(f)) out.push(tellCount(f));
  out.push(...tellRepeats(f));
  const { rst } = f.ends[0].rst === null ? f.ends[1] : f.ends[0];
  if (rst !== null) {
    out.push(say(f, "Afterwards a RST was seen as well.", "之后还看到了 RST。", [rst]));
  } else if (f.ends[first].ackedBy !== null && f.ends[first === 0 ? 1 : 0].ackedBy !== null) {
    out.push(tellTimeWait(f));
  }
  return out;
}

/** Whether the second FIN left before its end had seen the first. */
function isCrossed(f: Facts): boolean {
  const first = f.firstToClose;
  if (first === null) return false;
  const second = f.ends[first === 0 ? 1 : 0].fin;
  const { fin, ackedBy } = f.ends[first];
  if (second === null || fin === null || f.trace.isSelfConnected(f.stream)) return false;
  return ackedBy === null || ackedBy > second;
}

function tellBothFins(f: Facts): Sentence {
  return say(
    f,
    "Both ends closed at the same time: each sent its FIN before it had confirmed the other's.",
    "双方同时关闭：各自在确认对方的 FIN 之前就发出了自己的 FIN。",
    [f.ends[0].fin, f.ends[1].fin, f.ends[0].ackedBy, f.ends[1].ackedBy],
  );
}

function tellFirstFin(f: Facts, calls: CallMap): Sentence[] {
  const end = f.firstToClose;
  if (end === null) return [];
  const { fin, ackedBy } = f.ends[end];
  const made = fin === null ? undefined : closer(calls, f, fin);
  const data = fin === null ? 0 : f.trace.segments.columns.payloadLen[fin]!;
  const by =
    made === undefined ? text("", "") : text(` with ${made.call.op}`, `用 ${made.call.op} `);
  const withData =
    data === 0
      ? text("", "")
      : text(
          `, on the segment with its last ${plural(data, "byte")}`,
          `，与最后 ${count(data)} 字节数据在同一个报文段里`,
        );
  const words = text(
    `${ENDS_FIRST[end].en} closed its direction first${by.en} (FIN: nothing more will come from it)${withData.en}.`,
    `${ENDS[end].zh}先${by.zh}关闭了自己的方向（FIN：不再发送数据）${withData.zh}。`,
  );
  const out = [sentence(f.trace, words, [fin], made === undefined ? [] : [made.call])];
  if (ackedBy === null && f.outcome !== "reset") {
    out.push(say(f, "No confirmation of this is in the capture.", "抓包中没有对它的确认。"));
  }
  out.push(...tellHalfClose(f, end));
  return out;
}

function closer(calls: CallMap, f: Facts, row: Row): CallSegments | undefined {
  return calls
    .madeBy(row)
    .find((c) => c.stream === f.stream && (c.call.op === "close" || c.call.op === "closeWrite"));
}

/** What the other end still sent after it had confirmed the first FIN. */
function tellHalfClose(f: Facts, end: 0 | 1): Sentence[] {
  const { dir } = f.trace.segments.columns;
  const { ackTo, dirs, newLen } = f.bytes;
  const rows: Row[] = [];
  let bytes = 0;
  for (let i = 0; i < f.rows.length; i++) {
    const row = f.rows[i]!;
    if (dir[row] === end || !(ackTo[i]! > dirs[end].finAt) || newLen[i] === 0) continue;
    if (f.ends[end].fin === null || row < f.ends[end].fin) continue;
    rows.push(row);
    bytes += newLen[i]!;
  }
  if (bytes === 0) return [];
  const other = end === 0 ? 1 : 0;
  return [
    say(
      f,
      `After that ${ENDS[other].en} still sent ${plural(bytes, "byte")}: one direction may be closed while the other goes on.`,
      `在这之后${ENDS[other].zh}又发送了 ${count(bytes)} 字节：一个方向关闭后，另一个方向仍可继续。`,
      rows,
    ),
  ];
}

/** Three segments or four, and why. */
function tellCount(f: Facts): Sentence {
  const first = f.firstToClose ?? 0;
  const second = first === 0 ? 1 : 0;
  const [a, b] = [f.ends[first], f.ends[second]];
  const rows = [a.fin, a.ackedBy, b.fin, b.ackedBy];
  const { time } = f.trace.segments.columns;
  if (b.ackedBy === null) {
    return say(
      f,
      `${ENDS_FIRST[second].en} closed in turn; the last confirmation is not in the capture.`,
      `${ENDS[second].zh}随后也关闭了；最后的确认不在抓包中。`,
      rows,
    );
  }
  if (a.ackedBy === b.fin) {
    return say(
      f,
      `The end took 3 segments instead of 4: ${ENDS[second].en} closed at once, so that one segment confirms ${ENDS[first].en}'s FIN and is ${ENDS[second].en}'s own.`,
      `关闭只用了 3 个报文段而不是 4 个：${ENDS[second].zh}也立刻关闭，所以同一个报文段既确认了${ENDS[first].zh}的 FIN，又是${ENDS[second].zh}自己的 FIN。`,
      rows,
    );
  }
  const wait = lapse(time[b.fin!]! - time[a.ackedBy!]!);
  const after = wait === null ? text("later", "之后") : text(`${wait} later`, `${wait} 后`);
  return say(
    f,
    `The end took 4 segments: ${ENDS[second].en} confirmed first and sent its own FIN ${after.en}.`,
    `关闭用了 4 个报文段：${ENDS[second].zh}先确认，${after.zh}才发出自己的 FIN。`,
    rows,
  );
}

function tellRepeats(f: Facts): Sentence[] {
  return ([0, 1] as const).flatMap((end) => {
    const again = f.ends[end].again.filter((row) => !f.copies.has(row));
    if (again.length === 0) return [];
    return [
      say(
        f,
        `${ENDS_FIRST[end].en}'s FIN was sent again ${times(again.length)}.`,
        `${ENDS[end].zh}的 FIN 又发送了 ${count(again.length)} 次。`,
        again,
      ),
    ];
  });
}

function tellTimeWait(f: Facts): Sentence {
  const words = isCrossed(f)
    ? text(
        "Both now keep the connection in mind for a while (TIME-WAIT), in case a last segment was lost.",
        "双方都会把这个连接保留一段时间（TIME-WAIT），以防最后的报文段丢失。",
      )
    : text(
        `${ENDS_FIRST[f.firstToClose ?? 0].en}, having closed first, keeps the connection in mind for a while (TIME-WAIT), in case the last segment was lost.`,
        `${ENDS[f.firstToClose ?? 0].zh}先关闭，所以由它把这个连接保留一段时间（TIME-WAIT），以防最后的报文段丢失。`,
      );
  return sentence(f.trace, words);
}

function tellReset(f: Facts, calls: CallMap): Sentence[] {
  const [a, b] = [f.ends[0].rst, f.ends[1].rst];
  const end = a === null ? 1 : b === null || a < b ? 0 : 1;
  const rst = f.ends[end].rst;
  if (rst === null) return [];
  const made = closer(calls, f, rst);
  const before = beforeReset(f, rst);
  const by =
    made === undefined
      ? text("", "")
      : text(` (made by ${made.call.op})`, `（由 ${made.call.op} 引起）`);
  const words = text(
    `${ENDS_FIRST[end].en} broke the connection off (RST)${by.en}${before.en}. A RST ends both directions at once; what is still on its way is lost.`,
    `${before.zh}${ENDS[end].zh}中断了连接（RST）${by.zh}。RST 立刻结束两个方向，还在路上的数据都会丢失。`,
  );
  const out = [sentence(f.trace, words, [rst], made === undefined ? [] : [made.call])];
  const more = f.ends[0].resets + f.ends[1].resets - 1;
  if (more > 0) {
    out.push(say(f, `${plural(more, "more RST")} followed.`, `之后还有 ${count(more)} 个 RST。`));
  }
  return out;
}

/** What the segment in front of the RST was. */
function beforeReset(f: Facts, rst: Row): Text {
  const i = f.rows.indexOf(rst);
  const row = i <= 0 ? undefined : f.rows[i - 1];
  if (row === undefined) return text("", "");
  const { dir, flags, payloadLen } = f.trace.segments.columns;
  const who = ENDS[dir[row] === 0 ? 0 : 1];
  const whose = dir[row] === dir[rst] ? "its own" : `${who.en}'s`;
  const len = payloadLen[row]!;
  if (len > 0) {
    return text(
      ` after ${dir[row] === dir[rst] ? "it" : who.en} had sent ${plural(len, "byte")}`,
      `在${who.zh}发送 ${count(len)} 字节之后，`,
    );
  }
  if ((flags[row]! & Flag.FIN) !== 0) {
    return text(` after ${whose} FIN`, `在${who.zh}的 FIN 之后，`);
  }
  if ((flags[row]! & Flag.SYN) !== 0) {
    return text(` after ${whose} SYN`, `在${who.zh}的 SYN 之后，`);
  }
  return text("", "");
}

/** A RST ends the connection for who sent it; one that was followed by more came from elsewhere, or before. */
function tellStrays(f: Facts): Sentence[] {
  return ([0, 1] as const).flatMap((end) => {
    const { strays } = f.ends[end];
    if (strays.length === 0) return [];
    return [
      say(
        f,
        `${plural(strays.length, "RST")} in the name of ${ENDS[end].en} did not end it: ${ENDS[end].en} sent more afterwards.`,
        `有 ${count(strays.length)} 个以${ENDS[end].zh}名义发送的 RST 没有结束连接：${ENDS[end].zh}之后仍在发送。`,
        strays,
      ),
    ];
  });
}

function tellCopies(f: Facts): Sentence[] {
  const n = f.copies.size;
  if (n === 0) return [];
  return [
    say(
      f,
      `${count(n)} of these ${n === 1 ? "is" : "are"} in it a second time: the same packet, as it passed two places, or a mirror.`,
      `其中 ${count(n)} 个是重复抓到的：同一个包经过了两个抓包点，或者来自镜像端口。`,
      [...f.copies],
    ),
  ];
}

function tellSpan(f: Facts): Sentence {
  const { time } = f.trace.segments.columns;
  let from = Infinity;
  let to = -Infinity;
  for (const row of f.rows) {
    from = Math.min(from, time[row]!);
    to = Math.max(to, time[row]!);
  }
  const span = Math.max(0, to - from);
  if (f.rows.length === 1) {
    return say(f, "The capture holds a single segment of it.", "抓包中只有它的一个报文段。", [
      f.rows[0]!,
    ]);
  }
  const doubt =
    span < DOUBTFUL_NS
      ? text("", "")
      : text(", if the times in the file are right", "（如果文件里的时间无误）");
  return say(
    f,
    `The capture holds ${plural(f.rows.length, "segment")} of it, over ${duration(span)}${doubt.en}.`,
    `这个连接在抓包中共有 ${count(f.rows.length)} 个报文段，历时 ${duration(span)}${doubt.zh}。`,
  );
}
