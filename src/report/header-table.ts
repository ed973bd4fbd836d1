/**
 * The fields of a header as a table: letter, bytes, field, value, and what the
 * value means.
 *
 * @module
 */
import { formatHex } from "../base/bytes.ts";
import { text, type Lang } from "../base/lang.ts";
import type { FieldLayout } from "../wire/layout/field.ts";
import type { ByteGroup } from "./header-keys.ts";
import { fit, textWidth, wrap, wrapLabel } from "./wrap.ts";
import type { Paint } from "./paint.ts";

/** How a table is drawn. */
export interface TableOptions {
  readonly lang: Lang;
  readonly columns: number;
  readonly paint: Paint;
}

interface Widths {
  readonly bytes: number;
  readonly label: number;
  /** 0: the filter names are left out. */
  readonly name: number;
  readonly value: number;
  readonly meaning: number;
}

/** Columns from which Wireshark's filter names have a place. */
const WITH_NAMES = 110;
const GAP = "  ";

/** The lines of the table. */
export function tableLines(
  groups: readonly ByteGroup[],
  bytes: Uint8Array,
  options: TableOptions,
): string[] {
  const widths = widthsOf(groups, options);
  const lines = [options.paint.dim(headLine(widths, options.lang))];
  for (const group of groups) {
    const hex = formatHex(bytes.subarray(group.at, group.at + Math.min(group.len, 4)));
    const first = group.len > 4 ? `${hex.slice(0, 8)} …` : hex;
    for (const [i, field] of group.fields.entries()) {
      const start = i === 0 ? group.brush(`${group.key}${GAP}${fit(first, widths.bytes)}`) : "";
      lines.push(...fieldLines(field, start, widths, options));
    }
  }
  return lines;
}

const HEAD = {
  bytes: text("bytes", "字节"),
  label: text("field", "字段"),
  name: text("filter name", "过滤名"),
  value: text("value", "值"),
  meaning: text("meaning", "含义"),
};

function headLine(widths: Widths, lang: Lang): string {
  const parts = [
    fit(HEAD.bytes[lang], widths.bytes),
    fit(HEAD.label[lang], widths.label),
    ...(widths.name === 0 ? [] : [fit(HEAD.name[lang], widths.name)]),
    fit(HEAD.value[lang], widths.value),
    HEAD.meaning[lang],
  ];
  return `   ${parts.join(GAP)}`;
}

function widthsOf(groups: readonly ByteGroup[], { columns, lang }: TableOptions): Widths {
  const fields = groups.flatMap((g) => g.fields);
  const most = (of: (f: FieldLayout) => string, limit: number): number =>
    Math.min(limit, Math.max(5, ...fields.map((f) => textWidth(of(f)))));
  const isWide = columns >= WITH_NAMES;
  const bytes = 11;
  const label = most((f) => f.label[lang], isWide ? 21 : 14);
  const name = isWide ? most((f) => f.name, 28) : 0;
  const value = most((f) => f.value, 17);
  const gaps = (isWide ? 5 : 4) * GAP.length;
  const used = 1 + bytes + label + name + value + gaps;
  return { bytes, label, name, value, meaning: Math.max(16, columns - used) };
}

function fieldLines(
  field: FieldLayout,
  start: string,
  widths: Widths,
  { lang, paint }: TableOptions,
): string[] {
  const isUnset = field.bits === 1 && field.value === "0";
  const label = wrapLabel(field.label[lang], widths.label);
  const value = wrap(field.value, widths.value).slice(0, 4);
  const meaning = wrap(field.meaning[lang], widths.meaning);
  const name = widths.name === 0 ? [] : wrap(field.name, widths.name);
  const height = Math.max(label.length, value.length, meaning.length, name.length);
  const blank = " ".repeat(1 + GAP.length + widths.bytes);
  const main = isUnset ? paint.dim : (s: string): string => s;
  return Array.from({ length: height }, (_, y) => {
    const parts = [
      main(fit(label[y] ?? "", widths.label)),
      ...(widths.name === 0 ? [] : [paint.dim(fit(name[y] ?? "", widths.name))]),
      main(fit(value[y] ?? "", widths.value)),
      main(meaning[y] ?? ""),
    ];
    return `${y === 0 && start !== "" ? start : blank}${GAP}${parts.join(GAP)}`.trimEnd();
  });
}
