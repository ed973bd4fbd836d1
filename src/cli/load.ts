/**
 * Reading a whole recording for a command that needs all of it.
 *
 * @module
 */
import { text } from "../base/lang.ts";
import { visible } from "../base/visible.ts";
import { readCapture } from "../node/input.ts";
import { TraceBuilder } from "../trace/builder.ts";
import type { Trace } from "../trace/trace.ts";
import { Exit, type Io } from "./command.ts";

/** A recording, and what the command has to say and to exit with after showing it. */
export interface Loaded {
  readonly trace: Trace;
  /** Says on stderr what was wrong with the file; the exit status. */
  readonly finish: () => number;
}

/**
 * Reads `path` into memory. A damaged file is read up to the damage.
 *
 * @throws {InputError} when nothing of it can be read.
 */
export async function loadTrace(path: string, io: Io): Promise<Loaded> {
  const builder = new TraceBuilder();
  const { error } = await readCapture(path, builder, { signal: io.signal });
  const trace = builder.build();
  return {
    trace,
    finish() {
      for (const { message, offset, frame, fatal } of trace.warnings) {
        if (fatal) continue;
        const where = text(
          `at byte ${offset}, after frame ${frame}`,
          `第 ${offset} 字节处，第 ${frame} 帧之后`,
        );
        io.err(`seqack: ${where[io.lang]}: ${visible(message)}`);
      }
      if (error === null) return Exit.OK;
      io.err(`seqack: ${error.text[io.lang]}`);
      return Exit.UNREADABLE;
    },
  };
}
