/**
 * The story of a connection as text.
 *
 * @module
 */
import type { Sentence } from "../analysis/sentence.ts";
import type { Story } from "../analysis/story.ts";
import type { Lang } from "../base/lang.ts";
import { text } from "../base/lang.ts";
import { PLAIN, type Paint } from "./paint.ts";
import { wrap } from "./wrap.ts";

/** How a report is laid out. */
export interface LayoutOptions {
  readonly lang: Lang;
  /** Columns of the terminal; 80 unless told. */
  readonly columns?: number;
  /** No colours unless told. */
  readonly paint?: Paint;
}

/** Lines are not made longer than this, however wide the terminal is: they would be hard to read. */
const WIDEST = 100;

const INDENT = 2;

/** Columns of frame references that stay on one line. */
const KEPT_TOGETHER = 24;

/** Stands for a space at which no line breaks: of private use, so that it is in no text. */
const NO_BREAK = "\ue000";

/** The story in lines, each ended by a line feed. Frames are written `#12`. */
export function formatStory(story: Story, options: LayoutOptions): string {
  const { lang, columns = 80, paint = PLAIN } = options;
  const width = Math.max(20, Math.min(columns, WIDEST));
  const title = text(
    `Connection ${story.stream}: ${story.client} → ${story.server}`,
    `连接 ${story.stream}：${story.client} → ${story.server}`,
  );
  const lines = wrap(title[lang], width).map(paint.bold);
  for (const section of story.sections) {
    lines.push("", paint.bold(section.title[lang]));
    for (const s of section.sentences) lines.push(...layOut(s, lang, width, paint));
  }
  return lines.map((line) => `${line}\n`).join("");
}

function layOut(s: Sentence, lang: Lang, width: number, paint: Paint): string[] {
  const refs = frameRefs(s.frames);
  const kept = refs.length > KEPT_TOGETHER ? refs : refs.replaceAll(" ", NO_BREAK);
  const whole = refs === "" ? s.text[lang] : `${s.text[lang]} ${kept}`;
  const hang = /^\d\. /.test(whole) ? 3 : 0;
  return wrap(whole, width - INDENT, hang).map(
    (line) =>
      " ".repeat(INDENT) +
      line.replaceAll(NO_BREAK, " ").replace(/#\d+(?:–#?\d+)?|…$/g, (ref) => paint.cyan(ref)),
  );
}

/** Groups of frames that are named; the others are left out. */
const GROUPS = 6;

/** `#4 #7–9`; at most six groups, then `…`. */
export function frameRefs(frames: readonly number[]): string {
  const groups: [number, number][] = [];
  for (const frame of frames) {
    const last = groups.at(-1);
    if (last !== undefined && frame === last[1] + 1) last[1] = frame;
    else groups.push([frame, frame]);
  }
  const shown = groups.slice(0, GROUPS).map(([a, b]) => {
    if (a === b) return `#${a}`;
    return b === a + 1 ? `#${a} #${b}` : `#${a}–${b}`;
  });
  if (groups.length > GROUPS) shown.push("…");
  return shown.join(" ");
}
