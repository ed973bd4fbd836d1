/**
 * The headers of a packet for people: the bytes with a letter for each field,
 * then each header as a picture of its bits and a table of what they say.
 *
 * ```ts
 * const bytes = parseHex("cb cc 1f 90 …");
 * const layouts = layoutGuess(bytes, guessStart(bytes));
 * renderHeaders(layouts, bytes, { lang: "en", columns: 80, paint: PLAIN });
 * ```
 *
 * @module
 */
import { text, type Lang } from "../base/lang.ts";
import type { HeaderLayout } from "../wire/layout/field.ts";
import { byteGroups, type ByteGroup } from "./header-keys.ts";
import { pictureLines } from "./header-picture.ts";
import { tableLines } from "./header-table.ts";
import { wrap } from "./wrap.ts";
import { hexDumpLines } from "./hexdump.ts";
import type { Paint } from "./paint.ts";

/** How headers are shown. */
export interface HeaderOptions {
  readonly lang: Lang;
  /** Width of the terminal; 80 at least. */
  readonly columns: number;
  readonly paint: Paint;
  /** Bytes of data that the dump shows; 128 when left out. */
  readonly dataBytes?: number;
}

/**
 * Draws the headers. Their offsets count from the start of `bytes`; leave out
 * the layouts that are not wanted, and the dump leaves out their bytes.
 */
export function renderHeaders(
  layouts: readonly HeaderLayout[],
  bytes: Uint8Array,
  options: HeaderOptions,
): string {
  if (layouts.length === 0) return `${NOTHING[options.lang]}\n`;
  const groups = byteGroups(layouts, options.paint);
  const blocks = [dump(layouts, groups, bytes, options)];
  for (const [i, layout] of layouts.entries()) {
    const next = layouts[i + 1];
    const data = next?.protocol === "data" && next.fields.length > 0 ? next : null;
    const picture = isDrawn(layout) ? pictureLines(layout, data, bytes, options) : [];
    const table = layout.fields.length === 0 ? [] : tableLines(groups.get(layout)!, bytes, options);
    const head = headLines(layout, layouts[0]!.at, options);
    blocks.push([...head, ...picture, ...(picture.length > 0 ? [""] : []), ...table]);
  }
  return `${blocks.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

const NOTHING = text("no bytes", "没有字节");

/** Data is drawn under the header in front of it. */
function isDrawn(layout: HeaderLayout): boolean {
  return layout.fields.length > 0 && layout.protocol !== "data" && layout.protocol !== "trailer";
}

function headLines(layout: HeaderLayout, start: number, options: HeaderOptions): string[] {
  const { lang, paint, columns } = options;
  const count = layout.len;
  const size = {
    en: `${count} ${count === 1 ? "byte" : "bytes"} at ${layout.at - start}`,
    zh: `${count} 字节，从第 ${layout.at - start} 字节起`,
  }[lang];
  const title = `${paint.bold(layout.title[lang])}${paint.dim(` · ${size}`)}`;
  if (layout.problem === null) return [title];
  return [title, ...wrap(`! ${layout.problem[lang]}`, columns).map(paint.yellow)];
}

function dump(
  layouts: readonly HeaderLayout[],
  groups: ReadonlyMap<HeaderLayout, readonly ByteGroup[]>,
  bytes: Uint8Array,
  options: HeaderOptions,
): string[] {
  const first = layouts[0]!.at;
  const last = layouts.at(-1)!;
  const data = layouts.find((l) => l.protocol === "data");
  const whole = last.at + last.len;
  const dataEnd = data === undefined ? whole : data.at + (options.dataBytes ?? 128);
  const end = Math.min(whole, dataEnd);
  const marks = [...groups.values()]
    .flat()
    .map(({ key, brush, at, len }) => ({ key, brush, at: at - first, len }));
  const lines = hexDumpLines(bytes.subarray(first, end), { paint: options.paint, marks });
  if (end === whole) return lines;
  const more = whole - end;
  const note = { en: `… ${more} more bytes`, zh: `…… 还有 ${more} 字节` }[options.lang];
  return [...lines, options.paint.dim(note)];
}
