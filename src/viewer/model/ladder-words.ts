/**
 * What a ladder says: on its arrows, beside its calls, and of the segment that is looked at.
 *
 * @module
 */
import { ladderFlagNames } from "../../analysis/flag-names.ts";
import { STATES } from "../../analysis/states.ts";
import { text, type Lang, type Text } from "../../base/lang.ts";
import { Flag } from "../../wire/tcp.ts";
import { linksOf } from "./ladder-links.ts";
import type { Ladder, LadderCall, LadderCallRung } from "./ladder.ts";
import { marksOf } from "./marks.ts";
import { showCount, showSpan } from "./show.ts";

/** What a segment is at a glance; each kind has a colour, and its flags beside it. */
export type SegmentKind = "syn" | "fin" | "rst" | "data" | "ack";

/** The kind of the segment at `index`. */
export function kindOf({ flags, len }: Ladder, index: number): SegmentKind {
  const f = flags[index]!;
  if ((f & Flag.RST) !== 0) return "rst";
  if ((f & Flag.SYN) !== 0) return "syn";
  if ((f & Flag.FIN) !== 0) return "fin";
  return len[index]! > 0 ? "data" : "ack";
}

/** `"PSH,ACK"`. */
export function flagsOf(flags: number, lang: Lang): string {
  const names = ladderFlagNames(flags);
  return names.join(",") || text("no flags", "无标志")[lang];
}

/** Labels of an arrow, the longest first; the last one always stands. */
export function arrowLabels(ladder: Ladder, index: number, lang: Lang): readonly string[] {
  const flags = ladder.flags[index]!;
  const all = flagsOf(flags, lang);
  const len = ladder.len[index]!;
  const hasNumber = len > 0 || (flags & (Flag.SYN | Flag.FIN | Flag.RST)) !== 0;
  const seq = hasNumber ? ` seq ${ladder.relSeq[index]}` : "";
  const ack = (flags & Flag.ACK) === 0 ? "" : ` ack ${ladder.relAck[index]}`;
  const size = len > 0 ? ` len ${len}` : "";
  const gso = ladder.gso[index]!;
  const cut = gso > 0 && len > gso ? ` (${Math.ceil(len / gso)} × ${gso})` : "";
  const win = ` win ${ladder.window[index]}`;
  return [
    `${all}${seq}${ack}${size}${cut}${win}`,
    `${all}${seq}${ack}${size}${cut}`,
    `${all}${seq}${ack}${size}`,
    `${all}${seq}${size || ack}`,
    `${all}${size || ack}`,
    all,
  ];
}

/** Labels of a call where it stands, the longest first: `write 5 → ok`. */
export function callLabels(ladder: Ladder, rung: LadderCallRung, lang: Lang): readonly string[] {
  const call = ladder.calls[rung.call]!;
  const { op, remote, local, bytes } = call;
  if (rung.moment === "begin") return [`${op} ${remote ?? ""}`.trim(), op];
  const result = resultOf(call, lang);
  switch (op) {
    case "listen":
      return [`listen ${local ?? ""} ${result}`, `listen ${result}`, op];
    case "accept":
      return call.error === null && remote !== null
        ? [`accept → ${remote}`, `accept ${result}`, op]
        : [`accept ${result}`, op];
    case "write":
      if (bytes === null) return [`write ${result}`, op];
      return [
        `write ${bytesIn(bytes)[lang]} ${result}`,
        `write ${bytes} ${result}`,
        `write ${bytes}`,
      ];
    case "read":
      if (bytes === null) return [`read ${result}`, op];
      return [`read → ${bytesIn(bytes)[lang]}`, `read → ${bytes}`];
    case "dial":
    case "closeWrite":
    case "close":
      return [`${op} ${result}`, op];
  }
}

function bytesIn(n: number): Text {
  return text(`${showCount(n)} ${n === 1 ? "byte" : "bytes"}`, `${showCount(n)} 字节`);
}

function resultOf(call: LadderCall, lang: Lang): string {
  if (call.finish === null) return text("… waiting", "… 等待")[lang];
  if (call.error !== null) return `→ ${call.error}`;
  return call.eof ? "→ EOF" : "→ ok";
}

/** The state of an end before and after a segment, as indices of `STATES`. */
export function statesAround(
  ladder: Ladder,
  index: number,
  end: 0 | 1,
): { readonly before: number; readonly after: number } {
  const states = end === 0 ? ladder.client : ladder.server;
  const before = index > 0 ? states[index - 1]! : STATES.indexOf(ladder.initial[end]);
  return { before, after: states[index]! };
}

/** Everything about one segment in a sentence or some: what it is, and what it belongs to. */
export function sentenceOf(ladder: Ladder, index: number): Text {
  const frame = ladder.frame[index]!;
  const isClient = ladder.dir[index] === 0;
  const who = isClient ? text("client", "客户端") : text("server", "服务端");
  const [en, zh] = arrowLabelsBoth(ladder, index);
  const parts = [
    text(`Frame ${frame}, from the ${who.en}: ${en}`, `第 ${frame} 帧，${who.zh}发出：${zh}`),
    ...marksOf(ladder.verdicts[index]!).map(({ name, label }) =>
      text(`${name} (${label.en})`, `${name}（${label.zh}）`),
    ),
    ...linkWords(ladder, index),
    ...stateWords(ladder, index),
  ];
  return text(
    `${parts.map((part) => part.en).join("; ")}.`,
    `${parts.map((part) => part.zh).join("；")}。`,
  );
}

/** Everything about one call: whose it is, how it ended, which segments are its own. */
export function callSentenceOf(ladder: Ladder, number: number): Text {
  const call = ladder.calls[number]!;
  const who = call.end === 0 ? text("client", "客户端") : text("server", "服务端");
  const rung = { call: number, moment: "end", time: 0, slot: 0 } as const;
  const [en = "", zh = ""] = LANGS.map((lang) => callLabels(ladder, rung, lang)[0] ?? "");
  const parts = [
    text(`The ${who.en} calls ${en}`, `${who.zh}调用 ${zh}`),
    ...ownWords(ladder, call),
  ];
  return text(
    `${parts.map((part) => part.en).join("; ")}.`,
    `${parts.map((part) => part.zh).join("；")}。`,
  );
}

const LANGS = ["en", "zh"] as const;

function ownWords({ frame }: Ladder, call: LadderCall): Text[] {
  const words: Text[] = [];
  if (call.segments.length > 0) {
    const own = frameWords(frame, call.segments);
    words.push(ownBy(call, own));
  }
  if (call.resent.length > 0) {
    const again = frameWords(frame, call.resent);
    words.push(text(`sent again in ${again.en}`, `在${again.zh}重发`));
  }
  // The acknowledgement of a handshake is one of its segments.
  if (call.ackedBy !== -1 && !call.segments.includes(call.ackedBy)) {
    const by = frame[call.ackedBy];
    words.push(text(`acknowledged by frame ${by}`, `由第 ${by} 帧确认`));
  }
  return words;
}

function ownBy({ op, eof }: LadderCall, { en, zh }: Text): Text {
  switch (op) {
    case "dial":
    case "accept":
      return text(`the handshake is ${en}`, `握手是${zh}`);
    case "read":
      return eof
        ? text(`met the end in ${en}`, `在${zh}遇到结尾`)
        : text(`took what came in ${en}`, `取走${zh}带来的字节`);
    case "write":
      return text(`its bytes left in ${en}`, `它的字节由${zh}发出`);
    case "listen":
    case "closeWrite":
    case "close":
      return text(`made ${en}`, `产生${zh}`);
  }
}

/** Frames that a sentence names one by one. */
const MAX_NAMED = 8;

function frameWords(frame: Uint32Array, indices: readonly number[]): Text {
  const named = indices.slice(0, MAX_NAMED).map((i) => String(frame[i]));
  const more = indices.length - named.length;
  const [en, zh] = [named.join(", "), named.join("、")];
  if (more > 0) return text(`frames ${en} and ${more} more`, `第 ${zh} 帧等 ${indices.length} 帧`);
  return text(`${named.length === 1 ? "frame" : "frames"} ${en}`, `第 ${zh} 帧`);
}

function arrowLabelsBoth(ladder: Ladder, index: number): readonly [string, string] {
  return [arrowLabels(ladder, index, "en")[1]!, arrowLabels(ladder, index, "zh")[1]!];
}

function linkWords(ladder: Ladder, index: number): Text[] {
  const { frame, time, madeBy, takenBy, calls } = ladder;
  const { ackedBy: ack, acks: acked, original: first, resentAs: again } = linksOf(ladder, index);
  const words: Text[] = [];
  if (first !== -1) {
    const since = showSpan(time[index]! - time[first]!);
    words.push(
      text(
        `carries again what frame ${frame[first]} carried ${since} before`,
        `重发 ${since} 前第 ${frame[first]} 帧带过的内容`,
      ),
    );
  }
  if (again !== -1) {
    words.push(text(`sent again in frame ${frame[again]}`, `在第 ${frame[again]} 帧重发`));
  }
  if (ack !== -1) {
    const after = showSpan(time[ack]! - time[index]!);
    words.push(
      text(
        `acknowledged by frame ${frame[ack]}, ${after} later`,
        `${after} 后由第 ${frame[ack]} 帧确认`,
      ),
    );
  }
  if (acked !== -1) {
    const after = showSpan(time[index]! - time[acked]!);
    words.push(
      text(
        `acknowledges frame ${frame[acked]}, ${after} after it`,
        `${after} 后确认第 ${frame[acked]} 帧`,
      ),
    );
  }
  const maker = calls[madeBy[index]!];
  if (maker !== undefined) words.push(text(`made by ${maker.op}`, `由 ${maker.op} 调用产生`));
  const taker = calls[takenBy[index]!];
  if (taker !== undefined) words.push(text("taken by a read", "被 read 调用取走"));
  return words;
}

function stateWords(ladder: Ladder, index: number): Text[] {
  return ([0, 1] as const).flatMap((end) => {
    const { before, after } = statesAround(ladder, index, end);
    if (before === after) return [];
    const who = end === 0 ? text("client", "客户端") : text("server", "服务端");
    return [
      text(
        `${who.en} ${STATES[before]!} → ${STATES[after]!}`,
        `${who.zh} ${STATES[before]!} → ${STATES[after]!}`,
      ),
    ];
  });
}
