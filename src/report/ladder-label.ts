/**
 * What is written on the rungs of a ladder, in the room that there is.
 *
 * @module
 */
import { ladderFlagNames } from "../analysis/flag-names.ts";
import { text, type Lang } from "../base/lang.ts";
import { visible } from "../base/visible.ts";
import type { CallEvent } from "../pcap/event.ts";
import type { Row } from "../trace/table.ts";
import type { Trace } from "../trace/trace.ts";
import { Flag } from "../wire/tcp.ts";
import { textWidth } from "./wrap.ts";

/** Columns of a label from which windows are written too. */
const ROOM_FOR_WINDOWS = 38;

/** Columns of a lane from which bytes are called bytes. */
const ROOM_FOR_UNITS = 20;

/** The longest of `texts` that fits; the last one whatever it is. */
function first(texts: readonly string[], width: number): string {
  return texts.find((t) => textWidth(t) <= width) ?? texts.at(-1)!;
}

/** A segment as people write it: `PSH,ACK seq 1 ack 1 len 5`, with less where there is less room. */
export function segmentLabel(
  trace: Trace,
  row: Row,
  isAgain: boolean,
  width: number,
  lang: Lang,
): string {
  const c = trace.segments.columns;
  const f = c.flags[row]!;
  const len = c.payloadLen[row]!;
  const names = ladderFlagNames(f);
  const all = names.join(",") || text("no flags", "无标志")[lang];
  const plain = names.filter((n) => n !== "PSH" && (n !== "ACK" || names.length === 1)).join(",");
  const isNumbered = len > 0 || (f & (Flag.SYN | Flag.FIN | Flag.RST)) !== 0;
  const seq = isNumbered ? ` seq ${c.relSeq[row]}` : "";
  const ack = (f & Flag.ACK) === 0 ? "" : ` ack ${c.relAck[row]}`;
  const size = len > 0 ? ` len ${len}` : "";
  // Where windows do not fit everywhere they stand nowhere.
  const win = width < ROOM_FOR_WINDOWS ? "" : ` win ${c.windowSize[row]}`;
  const again = isAgain ? ` ${text("(again)", "（重发）")[lang]}` : "";
  const cut = wireSegments(trace, row, lang);
  return first(
    [
      `${all}${seq}${ack}${size}${cut}${win}${again}`,
      `${all}${seq}${ack}${size}${cut}${again}`,
      `${all}${seq}${ack}${size}${again}`,
      `${all}${seq}${size}${again}`,
      `${plain}${seq}${size}${again}`.trim(),
      `${plain}${size}${again}`.trim(),
      `${plain}${size}`.trim(),
    ],
    width,
  );
}

/** ` (14 × 1448)`: what the network card makes of it. */
function wireSegments(trace: Trace, row: Row, lang: Lang): string {
  const size = trace.packets.columns.gsoSize[trace.segments.columns.packet[row]!]!;
  const pieces = size === 0 ? 1 : Math.ceil(trace.segments.columns.payloadLen[row]! / size);
  return pieces > 1 ? text(` (${pieces} × ${size})`, `（${pieces} × ${size}）`)[lang] : "";
}

/** A call and its result: `write 5 → ok`, `read → 20`, with less where there is less room. */
export function callLabel(
  call: CallEvent,
  moment: "begin" | "end" | "whole",
  width: number,
  lang: Lang,
): string {
  const { op } = call;
  const result = resultOf(call, lang);
  if (moment === "begin") return first([`${op} ${visible(call.remote ?? "")}`.trim(), op], width);
  switch (op) {
    case "listen":
      return first([`listen ${visible(call.local ?? "")} ${result}`, `listen ${result}`], width);
    case "accept":
      return first(
        call.error === null && call.remote !== null
          ? [`accept → ${visible(call.remote)}`, `accept ${result}`]
          : [`accept ${result}`],
        width,
      );
    case "write":
      return first(writeTexts(call, result, width, lang), width);
    case "read":
      return first(readTexts(call, result, width, lang), width);
    case "dial":
    case "closeWrite":
    case "close":
      return first([`${op} ${result}`, op], width);
  }
}

function writeTexts(call: CallEvent, result: string, width: number, lang: Lang): string[] {
  const n = call.bytes;
  if (n === null) return [`write ${result}`];
  return [`write ${bytesIn(n, width, lang)} ${result}`, `write ${n}`];
}

function readTexts(call: CallEvent, result: string, width: number, lang: Lang): string[] {
  const n = call.bytes;
  if (n === null) return [`read ${result}`];
  return [`read → ${bytesIn(n, width, lang)}`, `read → ${n}`];
}

/** With its unit where the lane is wide enough for it in every call. */
function bytesIn(n: number, width: number, lang: Lang): string {
  if (width < ROOM_FOR_UNITS) return String(n);
  return `${n} ${text(n === 1 ? "byte" : "bytes", "字节")[lang]}`;
}

function resultOf(call: CallEvent, lang: Lang): string {
  if (call.end === null) return text("… waiting", "… 等待")[lang];
  if (call.error !== null) return `→ ${visible(call.error)}`;
  return call.eof ? "→ EOF" : "→ ok";
}
