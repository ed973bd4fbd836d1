#!/usr/bin/env node
/**
 * `seqack`: finds the command, gives it the process, and turns what it throws
 * into a message and an exit status. No stack trace reaches the user.
 *
 * @module
 */
import { text, type Lang, type Text } from "../base/lang.ts";
import { visible } from "../base/visible.ts";
import { findCommand, helpText, nearestCommand, VERSION } from "./commands.ts";
import { wordsWithoutLoss } from "../node/file-name.ts";
import { InputError } from "../node/input-error.ts";
import { OutputError } from "../node/output-error.ts";
import { ClosedPipe, Exit, Failure, UsageError, type Io } from "./command.ts";
import { processIo } from "./io.ts";

async function main(argv: readonly string[]): Promise<number> {
  let io = processIo(null);
  try {
    const { lang, rest } = takeLang(argv);
    if (lang !== null) io = { ...io, lang };
    return await dispatch(rest[0] ?? "", rest.slice(1), io);
  } catch (e) {
    return explain(e, io);
  }
}

async function dispatch(name: string, args: readonly string[], io: Io): Promise<number> {
  if (name === "help" && args[0] !== undefined) return await dispatch(args[0], ["--help"], io);
  if (name === "" || name === "help" || name === "--help" || name === "-h") {
    await io.out(await helpText(io.lang));
    return name === "" ? Exit.USAGE : Exit.OK;
  }
  if (name === "--version" || name === "-V" || name === "version") {
    await io.out(`seqack ${VERSION}\n`);
    return Exit.OK;
  }
  const command = await findCommand(name);
  if (command === null) {
    throw unknownCommand(name);
  }
  if (asksForHelp(args)) {
    await io.out(`${command.usage[io.lang].trim()}\n`);
    return Exit.OK;
  }
  try {
    return await command.run(args, io);
  } catch (e) {
    if (e instanceof UsageError) e.help = `seqack ${name} --help`;
    throw e;
  }
}

function unknownCommand(name: string): UsageError {
  const [shown, near] = [visible(name), nearestCommand(name)];
  return new UsageError(
    text(
      `unknown command "${shown}"${near === null ? "" : `; did you mean ${near}?`}`,
      `未知命令“${shown}”${near === null ? "" : `；是不是想用 ${near}？`}`,
    ),
  );
}

function asksForHelp(args: readonly string[]): boolean {
  const end = args.indexOf("--");
  return args.some((arg, i) => (arg === "--help" || arg === "-h") && (end === -1 || i < end));
}

/** Takes `--lang zh` or `--lang=zh` out, wherever it stands before a `--`. */
function takeLang(argv: readonly string[]): { lang: Lang | null; rest: readonly string[] } {
  const rest: string[] = [];
  let lang: Lang | null = null;
  for (let i = 0; i < argv.length; i++) {
    const arg = argv[i]!;
    if (arg === "--") return { lang, rest: [...rest, ...argv.slice(i)] };
    const value = arg === "--lang" ? (argv[++i] ?? "") : /^--lang=(.*)$/s.exec(arg)?.[1];
    if (value === undefined) rest.push(arg);
    else lang = toLang(value);
  }
  return { lang, rest };
}

function toLang(value: string): Lang {
  if (value === "en" || value === "zh") return value;
  throw new UsageError(
    text(
      `option --lang: "${visible(value)}" is neither en nor zh`,
      `选项 --lang：“${visible(value)}”既不是 en 也不是 zh`,
    ),
  );
}

function explain(e: unknown, io: Io): number {
  if (e instanceof ClosedPipe) return Exit.OK;
  const say = (message: Text): void => io.err(`seqack: ${message[io.lang]}`);
  if (e instanceof UsageError) {
    say(e.text);
    say(text(`try "${e.help}"`, `请看“${e.help}”`));
    return Exit.USAGE;
  }
  if (e instanceof Failure) {
    say(e.text);
    return e.status;
  }
  if (e instanceof InputError || e instanceof OutputError) {
    say(e.text);
    return e instanceof InputError ? Exit.UNREADABLE : Exit.FAILED;
  }
  const message = visible(e instanceof Error ? e.message : String(e));
  say(
    text(
      `${message} (this is a bug in seqack, please report it)`,
      `${message}（这是 seqack 的缺陷，请报告）`,
    ),
  );
  if (process.env["SEQACK_DEBUG"] !== undefined && e instanceof Error) io.err(e.stack ?? "");
  return Exit.FAILED;
}

process.exitCode = await main(wordsWithoutLoss(process.argv.slice(2)));
