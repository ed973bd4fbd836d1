/**
 * What is odd in a capture that was read all the same, as a line of talk.
 *
 * @module
 */
import { text, type Text } from "../base/lang.ts";
import { visible } from "../base/visible.ts";
import { visibleName } from "../node/file-name.ts";
import type { CaptureWarning } from "../pcap/sink.ts";

/** `path: at byte 24, after frame 1: record without a byte`; of several, the path it is about. Safe to show. */
export function captureWarning(paths: string | readonly string[], warning: CaptureWarning): Text {
  const { offset, frame, message, input } = warning;
  const path = (typeof paths === "string" ? paths : paths[input ?? 0]) ?? "";
  const shown = visibleName(path);
  const name = path === "-" ? text("standard input", "标准输入") : text(shown, shown);
  const why = visible(message);
  return text(
    `${name.en}: at byte ${offset}, after frame ${frame}: ${why}`,
    `${name.zh}：第 ${offset} 字节处，第 ${frame} 帧之后：${why}`,
  );
}
