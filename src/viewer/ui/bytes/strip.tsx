/**
 * Words about a byte stream: what it is, and what the byte under the pointer belongs to.
 *
 * @module
 */
import type { VNode } from "preact";
import type { Signal } from "@preact/signals";
import { text, type Text } from "../../../base/lang.ts";
import type { ByteSpot } from "../../model/bytes/byte-streams.ts";
import type { DirectionSums } from "../../model/bytes/direction.ts";
import type { ByteSpan } from "../../model/bytes/spans.ts";
import { showCount, showSeconds } from "../../model/show.ts";
import type { App } from "../app.ts";
import type { PointedByte } from "./row.tsx";

/** The answer to "what is a byte stream?", in the numbers of this one. */
export function StreamSentence({
  app,
  sum,
}: {
  readonly app: App;
  readonly sum: DirectionSums;
}): VNode {
  return (
    <div class="stream-sentence" role="row">
      <span role="columnheader">{app.say(sentenceOf(sum))}</span>
    </div>
  );
}

function sentenceOf(sum: DirectionSums): Text {
  const { writes, reads, segments, bytes } = sum;
  const more = moreOf(sum);
  const [w, s, r] = [showCount(writes), showCount(segments), showCount(reads)];
  const b = showCount(bytes);
  if (writes === 0 && reads === 0) {
    return text(
      `${b} bytes in ${s} ${segments === 1 ? "segment" : "segments"}, in the order of the stream.${more.en}`,
      `${s} 个报文段携带 ${b} 字节，按流中的顺序排列。${more.zh}`,
    );
  }
  const isSame = sum.written === bytes && sum.taken === bytes;
  const steps = text(
    [
      writes === 0 ? [] : [`${w} ${writes === 1 ? "write" : "writes"}${of(isSame, sum.written)}`],
      [`${s} ${segments === 1 ? "segment" : "segments"}${of(isSame, bytes)}`],
      reads === 0 ? [] : [`${r} ${reads === 1 ? "read" : "reads"}${of(isSame, sum.taken)}`],
    ]
      .flat()
      .join(" → "),
    [
      writes === 0 ? [] : [`${w} 次 write${zhOf(isSame, sum.written)}`],
      [`${s} 个报文段${zhOf(isSame, bytes)}`],
      reads === 0 ? [] : [`${r} 次 read${zhOf(isSame, sum.taken)}`],
    ]
      .flat()
      .join(" → "),
  );
  const same = isSame
    ? text(`: the same ${b} bytes in the same order`, `：同样的 ${b} 字节，顺序不变`)
    : text("", "");
  return text(
    `${steps.en}${same.en}. TCP keeps the bytes and their order, not where a write ended.${more.en}`,
    `${steps.zh}${same.zh}。TCP 保证字节和顺序，不保留每次 write 的边界。${more.zh}`,
  );
}

const of = (isSame: boolean, n: number): string => (isSame ? "" : ` (${showCount(n)} B)`);
const zhOf = (isSame: boolean, n: number): string => (isSame ? "" : `（${showCount(n)} 字节）`);

/** What is missing, and what came twice. */
function moreOf({ holes, missing, again }: DirectionSums): Text {
  const [m, a] = [showCount(missing), showCount(again)];
  const lost = holes === 0 ? text("", "") : text(` ${m} bytes are missing.`, `缺少 ${m} 字节。`);
  if (again === 0) return lost;
  return text(
    ` ${a} of the segments brought bytes again: the first copy counts.${lost.en}`,
    `其中 ${a} 个报文段重复了已有的字节：以第一份为准。${lost.zh}`,
  );
}

/** What the byte under the pointer is. */
export function ByteStrip(props: {
  readonly app: App;
  readonly sum: DirectionSums;
  readonly pointed: Signal<PointedByte | null>;
  readonly spot: ByteSpot | null;
}): VNode {
  const { app, sum, pointed, spot } = props;
  const now = pointed.value;
  if (now === null) {
    return (
      <p class="byte-strip quiet">{app.say(spot === null ? HINT : selectedWords(app, spot))}</p>
    );
  }
  const hex = now.value.toString(16).padStart(2, "0");
  const raw = (sum.firstSeq + now.offset) >>> 0;
  const at = text(
    `byte ${showCount(now.offset)} · 0x${hex} · seq ${showCount(now.offset + 1)} (${raw})`,
    `第 ${showCount(now.offset)} 字节 · 0x${hex} · seq ${showCount(now.offset + 1)}（${raw}）`,
  );
  return (
    <p class="byte-strip">
      <b>{app.say(at)}</b>
      {now.spans.map((span) => (
        <span key={`${span.lane}${span.number}`} class={`byte-owner is-${span.lane}`}>
          {app.say(ownerOf(span))}
        </span>
      ))}
    </p>
  );
}

const HINT = text(
  "Point at a byte to see what it belongs to; a click selects its segment, a drag bytes to copy.",
  "把鼠标指向一个字节，可以看到它属于谁；点击选中它的报文段，拖动选择要复制的字节。",
);

function selectedWords(app: App, { from, to }: ByteSpot): Text {
  const [low, high] = [showCount(from), showCount(to - 1)];
  const frame = app.frame.value ?? 0;
  return text(
    `Segment #${frame} carries bytes ${low} to ${high}.`,
    `报文段 #${frame} 携带第 ${low} 到 ${high} 字节。`,
  );
}

function ownerOf({ lane, number, from, to, time }: ByteSpan): Text {
  const range = `${showCount(from)}–${showCount(to - 1)}`;
  const at = `${showSeconds(time)} s`;
  switch (lane) {
    case "write":
    case "read":
      return text(`${lane} ${number}: ${range}, ${at}`, `${lane} ${number}：${range}，${at}`);
    case "segment":
      return text(`segment #${number}: ${range}, ${at}`, `报文段 #${number}：${range}，${at}`);
    case "again":
      return text(`again in #${number}, ${at}`, `#${number} 又带了一次，${at}`);
  }
}
