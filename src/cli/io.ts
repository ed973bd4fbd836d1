/**
 * The process as commands see it: {@link Io} over stdout, stderr, signals and the environment.
 *
 * @module
 */
import { text, type Lang } from "../base/lang.ts";
import { ANSI, PLAIN, type Paint } from "../report/paint.ts";
import { ClosedPipe, Exit, Failure, type Io } from "./command.ts";

const DEFAULT_COLUMNS = 80;
const MIN_COLUMNS = 40;

/** timeout(1) and some shells signal the process and then its group: that is one wish, not two. */
const SAME_SIGNAL_MS = 300;

/** @param lang `null`: by the locale. */
export function processIo(lang: Lang | null): Io {
  const { stdout, stderr, stdin } = process;
  const broken = new Promise<never>((_, reject) => {
    stdout.on("error", (e: NodeJS.ErrnoException) => reject(outputError(e)));
  });
  // Nobody may be writing when the reader goes away; the next write is told.
  broken.catch(() => {});
  stderr.on("error", () => {});
  return {
    async out(data) {
      if (data.length === 0) return;
      const room = stdout.write(data);
      if (room) return;
      await Promise.race([broken, new Promise<void>((done) => stdout.once("drain", done))]);
    },
    err(line) {
      stderr.write(`${line}\n`);
    },
    stdin,
    lang: lang ?? localeLang(process.env),
    columns: columnsOf(stdout.isTTY ? stdout.columns : undefined, process.env["COLUMNS"]),
    paint: paintFor(stdout.isTTY, process.env),
    stdoutIsTerminal: stdout.isTTY,
    stderrIsTerminal: stderr.isTTY,
    signal: endSignal(),
  };
}

function outputError(e: NodeJS.ErrnoException): Error {
  if (e.code === "EPIPE" || e.code === "ERR_STREAM_DESTROYED") return new ClosedPipe();
  const why = e.code ?? e.message;
  return new Failure(
    text(`cannot write the output: ${why}`, `无法写出结果：${why}`),
    Exit.FAILED,
    e,
  );
}

/** POSIX order: `LC_ALL`, then `LC_MESSAGES`, then `LANG`; the first that is set decides. */
export function localeLang(env: NodeJS.ProcessEnv): Lang {
  const locale = env["LC_ALL"] || env["LC_MESSAGES"] || env["LANG"] || "";
  return /^zh/i.test(locale) ? "zh" : "en";
}

/** `NO_COLOR` and `FORCE_COLOR` as https://no-color.org and Node have them. */
export function paintFor(isTerminal: boolean, env: NodeJS.ProcessEnv): Paint {
  if (env["FORCE_COLOR"] !== undefined) return env["FORCE_COLOR"] === "0" ? PLAIN : ANSI;
  if (env["NO_COLOR"] || env["TERM"] === "dumb") return PLAIN;
  return isTerminal ? ANSI : PLAIN;
}

/** Width to lay text out for; a terminal that says 0 is not believed. */
export function columnsOf(terminal: number | undefined, env: string | undefined): number {
  const wanted = terminal ?? (env !== undefined && /^\d{1,4}$/.test(env) ? Number(env) : 0);
  return wanted > 0 ? Math.max(MIN_COLUMNS, wanted) : DEFAULT_COLUMNS;
}

function endSignal(): AbortSignal {
  const controller = new AbortController();
  let firstAt = 0;
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      const now = performance.now();
      if (!controller.signal.aborted) {
        firstAt = now;
        controller.abort(signal);
      } else if (now - firstAt > SAME_SIGNAL_MS) {
        process.exit(signal === "SIGINT" ? 130 : 143);
      }
    });
  }
  return controller.signal;
}
