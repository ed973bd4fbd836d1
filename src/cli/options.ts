/**
 * Reading a command's options: `util.parseArgs` with its errors in both languages.
 *
 * @module
 */
import { parseArgs, type ParseArgsConfig } from "node:util";
import { text } from "../base/lang.ts";
import { visible } from "../base/visible.ts";
import { UsageError } from "./command.ts";

type Options = NonNullable<ParseArgsConfig["options"]>;

/** What {@link parseOptions} returns: `values` by long name, and the rest in order. */
export type Parsed<O extends Options> = ReturnType<
  typeof parseArgs<{ options: O; allowPositionals: true; strict: true; args: string[] }>
>;

/** @throws {UsageError} on an unknown option or a missing value. */
export function parseOptions<const O extends Options>(
  args: readonly string[],
  options: O,
): Parsed<O> {
  const config = { args: [...args], options, allowPositionals: true, strict: true } as const;
  refuseRepeats(parseArgs({ ...config, strict: false, tokens: true }).tokens, options);
  try {
    return parseArgs(config);
  } catch (e) {
    throw usageErrorOf(e);
  }
}

/** An option given twice is a slip of which nobody knows what was meant. @throws {UsageError} */
function refuseRepeats(
  tokens: readonly { readonly kind: string; readonly name?: string; readonly rawName?: string }[],
  options: Options,
): void {
  const given = new Set<string>();
  for (const { kind, name, rawName } of tokens) {
    if (kind !== "option" || name === undefined || !Object.hasOwn(options, name)) continue;
    if (given.has(name) && options[name]?.multiple !== true) {
      throw new UsageError(text(`option ${rawName} is given twice`, `选项 ${rawName} 给了两次`));
    }
    given.add(name);
  }
}

function usageErrorOf(e: unknown): unknown {
  if (!(e instanceof Error && "code" in e)) return e;
  const name = visible(/'([^']*)'/.exec(e.message)?.[1]?.replace(/ <value>$/, "") ?? "");
  switch (e.code) {
    case "ERR_PARSE_ARGS_UNKNOWN_OPTION":
      return new UsageError(text(`unknown option ${name}`, `未知选项 ${name}`));
    case "ERR_PARSE_ARGS_INVALID_OPTION_VALUE":
      return new UsageError(
        /does not take/.test(e.message)
          ? text(`option ${name} takes no value`, `选项 ${name} 不带参数`)
          : text(`option ${name} needs a value`, `选项 ${name} 缺少参数`),
      );
    default:
      return e;
  }
}

/**
 * A whole number from `min` to `max`.
 *
 * @throws {UsageError} when `value` is anything else.
 */
export function toInteger(option: string, value: string, min: number, max: number): number {
  const n = /^\d{1,15}$/.test(value) ? Number(value) : Number.NaN;
  if (n >= min && n <= max) return n;
  throw new UsageError(
    text(
      `option ${option}: "${visible(value)}" is not a whole number from ${min} to ${max}`,
      `选项 ${option}：“${visible(value)}”不是 ${min} 到 ${max} 之间的整数`,
    ),
  );
}

/**
 * Whether `-T` asks for JSON, of a command that knows text and JSON.
 *
 * @throws {UsageError} when it asks for anything else.
 */
export function wantsJson(format: string | undefined): boolean {
  if (format === undefined || format === "text") return false;
  if (format === "json") return true;
  const shown = visible(format);
  throw new UsageError(
    text(`-T ${shown}: text and json are known`, `-T ${shown}：可用的格式有 text 和 json`),
  );
}
