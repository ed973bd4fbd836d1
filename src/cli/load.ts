/**
 * Reading a whole recording for a command that needs all of it.
 *
 * @module
 */
import { readCapture } from "../node/input.ts";
import { TraceBuilder } from "../trace/builder.ts";
import type { Trace } from "../trace/trace.ts";
import { captureWarning } from "./capture-warning.ts";
import { Exit, type Io } from "./command.ts";

/** A recording, and what the command has to say and to exit with after showing it. */
export interface Loaded {
  readonly trace: Trace;
  /** Says on stderr what was wrong with the file; the exit status. */
  readonly finish: () => number;
}

/**
 * Reads `path` into memory, several captures as one in the order of time. A damaged file is read up to the damage, one that is too large for
 * memory as far as it fits.
 *
 * @throws {InputError} when nothing of it can be read.
 */
export async function loadTrace(path: string | readonly string[], io: Io): Promise<Loaded> {
  const builder = new TraceBuilder();
  const full = new AbortController();
  const { errors } = await readCapture(path, builder, {
    signal: AbortSignal.any([io.signal, full.signal]),
    afterChunk: () => {
      if (builder.isFull) full.abort();
      return Promise.resolve();
    },
  });
  const trace = builder.build();
  return {
    trace,
    finish() {
      for (const warning of trace.warnings) {
        if (!warning.fatal) io.err(`seqack: ${captureWarning(path, warning)[io.lang]}`);
      }
      // The warning has said it.
      if (builder.isFull) return Exit.UNREADABLE;
      for (const error of errors) io.err(`seqack: ${error.text[io.lang]}`);
      return errors.length === 0 ? Exit.OK : Exit.UNREADABLE;
    },
  };
}
