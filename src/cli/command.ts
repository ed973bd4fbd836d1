/**
 * What a command of `seqack` is, and what it may touch.
 *
 * @module
 */
import type { Readable } from "node:stream";
import type { Lang, Text } from "../base/lang.ts";
import type { Paint } from "../report/paint.ts";

/** Exit statuses, the same for every command. */
export const Exit = {
  OK: 0,
  /** A finding that was asked for (`--fail-on`), or the job could not be done. */
  FAILED: 1,
  USAGE: 2,
  NOT_PERMITTED: 3,
  /** Input that cannot be read, or only up to some point. */
  UNREADABLE: 4,
} as const;

/** Everything outside of the program that a command uses. */
export interface Io {
  /** Data, to stdout. Resolves when there is room for more. @throws {@link ClosedPipe}, to be let through. */
  out(data: string | Uint8Array): Promise<void>;
  /** Talk, to stderr; a newline is added. */
  err(line: string): void;
  readonly stdin: Readable;
  readonly lang: Lang;
  /** Width to lay text out for: the terminal's, `COLUMNS`, or 80. */
  readonly columns: number;
  /** For stdout: plain unless it is a terminal. */
  readonly paint: Paint;
  readonly stdoutIsTerminal: boolean;
  readonly stderrIsTerminal: boolean;
  /** Aborted by the first Ctrl-C or SIGTERM; the second ends the process at once. */
  readonly signal: AbortSignal;
}

/** A command: `seqack NAME …`. */
export interface Command {
  readonly name: string;
  /** One line, for the list of commands. */
  readonly summary: Text;
  /** What `seqack NAME --help` prints: usage line, examples, options. */
  readonly usage: Text;
  /** @returns The exit status, one of {@link Exit}. */
  run(args: readonly string[], io: Io): Promise<number>;
}

/** The command was called wrongly: printed with how to get help, exit status 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
  readonly text: Text;
  /** The command line that helps. */
  help = "seqack --help";

  constructor(text: Text) {
    super(text.en);
    this.text = text;
  }
}

/** The job cannot be done, and why: printed as it is. */
export class Failure extends Error {
  override readonly name = "Failure";
  readonly text: Text;
  readonly status: number;

  constructor(text: Text, status: number = Exit.FAILED, cause?: unknown) {
    super(text.en, { cause });
    this.text = text;
    this.status = status;
  }
}

/** Whoever read our stdout has gone; no error: the command ends quietly with status 0. */
export class ClosedPipe extends Error {
  override readonly name = "ClosedPipe";
}
