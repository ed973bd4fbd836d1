/**
 * The options of `seqack conversations`.
 *
 * @module
 */
import { CONVERSATION_ORDERS, type ConversationOrder } from "../analysis/conversations/top.ts";
import { text } from "../base/lang.ts";
import { visible } from "../base/visible.ts";
import { CONVERSATION_FIELDS, type ConversationField } from "../report/conversation-fields.ts";
import { UsageError } from "./command.ts";
import { inputsOf } from "./inputs.ts";
import { parseOptions, toInteger } from "./options.ts";

/** Connections in a table unless told: a file may hold a million. */
export const DEFAULT_LIMIT = 100;

const MAX_LIMIT = 1_000_000;

const FORMATS = ["text", "tsv", "fields", "json"] as const;

/** What `conversations` was asked for. */
export interface ConversationOptions {
  /** Read as one, in the order of time; `-` for standard input. */
  readonly paths: readonly string[];
  readonly format: (typeof FORMATS)[number];
  readonly fields: readonly ConversationField[];
  /** `null`: as they end, all of them. */
  readonly order: ConversationOrder | null;
  readonly limit: number;
  readonly stream: number | null;
  readonly verbose: boolean;
  readonly wide: boolean;
}

/** @throws {UsageError} */
export function parseConversationOptions(args: readonly string[]): ConversationOptions {
  const { values, positionals } = parseOptions(args, {
    format: { type: "string", short: "T" },
    field: { type: "string", short: "e", multiple: true },
    sort: { type: "string" },
    limit: { type: "string" },
    stream: { type: "string" },
    verbose: { type: "boolean", short: "v" },
    wide: { type: "boolean" },
  });
  const paths = inputsOf(positionals);
  const format = formatOf(values.format ?? "text");
  const fields = (values.field ?? []).map(fieldOf);
  if (format === "fields" && fields.length === 0) {
    throw new UsageError(text("-T fields needs -e NAME", "-T fields 需要用 -e 指定字段名"));
  }
  if (fields.length > 0 && format !== "fields" && format !== "tsv") {
    throw new UsageError(text("-e needs -T fields or -T tsv", "-e 需要配合 -T fields 或 -T tsv"));
  }
  const asTable = format === "text";
  const order = values.sort === undefined ? null : orderOf(values.sort);
  const isAll = !asTable && order === null && values.limit === undefined;
  return {
    paths,
    format,
    fields: fields.length === 0 ? CONVERSATION_FIELDS : fields,
    order: isAll ? null : (order ?? "bytes"),
    limit: limitOf(values.limit, asTable),
    stream: values.stream === undefined ? null : toInteger("--stream", values.stream, 0, 2 ** 31),
    verbose: values.verbose === true,
    wide: values.wide === true,
  };
}

function limitOf(value: string | undefined, asTable: boolean): number {
  if (value !== undefined) return toInteger("--limit", value, 1, MAX_LIMIT);
  return asTable ? DEFAULT_LIMIT : MAX_LIMIT;
}

function formatOf(name: string): ConversationOptions["format"] {
  const format = FORMATS.find((f) => f === name);
  if (format !== undefined) return format;
  const shown = visible(name);
  throw new UsageError(
    text(
      `-T ${shown}: text, tsv, fields and json are known`,
      `-T ${shown}：可用的格式有 text、tsv、fields 和 json`,
    ),
  );
}

function orderOf(name: string): ConversationOrder {
  if (isOrder(name)) return name;
  const known = Object.keys(CONVERSATION_ORDERS);
  const shown = visible(name);
  throw new UsageError(
    text(
      `--sort ${shown}: ${known.slice(0, -1).join(", ")} and ${known.at(-1)} are known`,
      `--sort ${shown}：可用的有 ${known.join("、")}`,
    ),
  );
}

function isOrder(name: string): name is ConversationOrder {
  return Object.hasOwn(CONVERSATION_ORDERS, name);
}

function fieldOf(name: string): ConversationField {
  const field = CONVERSATION_FIELDS.find((f) => f.name === name);
  if (field !== undefined) return field;
  const [shown, end] = [visible(name), name.split(".").at(-1)!.toLowerCase()];
  const near = CONVERSATION_FIELDS.filter((f) => f.name.toLowerCase().endsWith(end)).slice(0, 2);
  const names = end === "" ? [] : near.map((f) => f.name);
  throw new UsageError(
    text(
      `"${shown}" is not a field of a connection${names.length === 0 ? "; -T tsv shows all" : `; did you mean ${names.join(" or ")}?`}`,
      `“${shown}”不是连接的字段${names.length === 0 ? "；-T tsv 会显示全部字段" : `；是不是想用 ${names.join(" 或 ")}？`}`,
    ),
  );
}
