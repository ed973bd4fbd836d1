/**
 * The options of `seqack read`.
 *
 * @module
 */
import { type DisplayFilter, parseDisplayFilter } from "../analysis/display/parser.ts";
import type { Field } from "../analysis/fields/field.ts";
import { findField, nearestFields } from "../analysis/fields/registry.ts";
import { text } from "../base/lang.ts";
import { visible } from "../base/visible.ts";
import { parseFilter } from "../pcap/filter/parser.ts";
import { FieldSettingError, type FieldSettings, parseFieldSettings } from "../report/fields.ts";
import type { LineOptions } from "../report/lines.ts";
import { TIME_STYLES } from "../report/lines-time.ts";
import { UsageError } from "./command.ts";
import { withFilter } from "./filter-error.ts";
import { inputsAndFilter, inputsOf } from "./inputs.ts";
import { parseOptions, toInteger } from "./options.ts";

/** What `read` was asked for. */
export interface ReadOptions {
  /** Read as one, in the order of time; `-` for standard input. */
  readonly paths: readonly string[];
  /** Empty for every packet. */
  readonly captureFilter: string;
  readonly displayFilter: DisplayFilter | null;
  readonly format: "text" | "fields" | "json";
  readonly fields: readonly Field[];
  readonly settings: FieldSettings;
  /** Packets to show, at most. */
  readonly count: number;
  readonly lines: LineOptions;
  /** Verdicts at the end of lines, on what is no terminal too. */
  readonly tags: boolean;
}

const OPTIONS = {
  read: { type: "string", short: "r", multiple: true },
  "display-filter": { type: "string", short: "Y" },
  format: { type: "string", short: "T" },
  field: { type: "string", short: "e", multiple: true },
  setting: { type: "string", short: "E", multiple: true },
  absolute: { type: "boolean", short: "S" },
  count: { type: "string", short: "c" },
  numeric: { type: "boolean", short: "n", multiple: true },
  verbose: { type: "boolean", short: "v", multiple: true },
  quiet: { type: "boolean", short: "q" },
  tags: { type: "boolean" },
  time: { type: "boolean", short: "t", multiple: true },
  nano: { type: "boolean" },
  "link-header": { type: "boolean" },
} as const;

/** @throws {UsageError} */
export function parseReadOptions(args: readonly string[]): ReadOptions {
  const { values, positionals } = parseOptions(args, OPTIONS);
  const { paths, filter: captureFilter } =
    values.read === undefined
      ? inputsAndFilter(positionals)
      : { paths: inputsOf(values.read), filter: positionals.join(" ") };
  withFilter(captureFilter, parseFilter);
  const filter = values["display-filter"];
  const format = formatOf(values.format ?? "text");
  const fields = (values.field ?? []).map(fieldOf);
  if (format === "fields" && fields.length === 0) {
    throw new UsageError(text("-T fields needs -e NAME", "-T fields 需要用 -e 指定字段名"));
  }
  const timeStyle = TIME_STYLES[(values.time ?? []).length];
  if (timeStyle === undefined) throw new UsageError(text("-t at most five times", "-t 最多五次"));
  return {
    paths,
    captureFilter,
    displayFilter: filter === undefined ? null : withFilter(filter, parseDisplayFilter),
    format,
    fields,
    settings: settingsOf(values.setting ?? []),
    count: values.count === undefined ? Infinity : toInteger("-c", values.count, 1, 2 ** 40),
    tags: values.tags === true,
    lines: {
      time: timeStyle,
      nano: values.nano === true,
      absolute: values.absolute === true,
      verbose: values.verbose !== undefined,
      quiet: values.quiet === true,
      link: values["link-header"] === true,
    },
  };
}

function formatOf(name: string): ReadOptions["format"] {
  if (name === "text" || name === "fields" || name === "json") return name;
  const shown = visible(name);
  throw new UsageError(
    text(
      `-T ${shown}: text, fields and json are known`,
      `-T ${shown}：可用的格式有 text、fields 和 json`,
    ),
  );
}

function fieldOf(name: string): Field {
  const field = findField(name);
  if (field !== null && field.type !== "protocol") return field;
  const near = nearestFields(name).filter((n) => findField(n)?.type !== "protocol");
  const shown = visible(name);
  throw new UsageError(
    text(
      `"${shown}" is not a known field${near.length === 0 ? "" : `; did you mean ${near.join(" or ")}?`}`,
      `未知字段“${shown}”${near.length === 0 ? "" : `；是不是想用 ${near.join(" 或 ")}？`}`,
    ),
  );
}

function settingsOf(settings: readonly string[]): FieldSettings {
  try {
    return parseFieldSettings(settings);
  } catch (e) {
    if (!(e instanceof FieldSettingError)) throw e;
    const known = "header=y, separator=, occurrence=f, aggregator=, quote=d";
    throw new UsageError(text(`${e.message} (known: ${known})`, `${e.message}（可用：${known}）`));
  }
}
