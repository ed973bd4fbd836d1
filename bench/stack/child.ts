/** Runs programs that end with a line of what they took. */
import { spawnSync } from "node:child_process";

/** What one transfer took. */
export interface Transfer {
  readonly bytes: number;
  /** Of all threads, and of both ends. */
  readonly cpuS: number;
  /** Data and ACKs; `null` when it does not tell. */
  readonly segments: number | null;
}

/** Longer than any of them lasts, on a busy machine too. */
const LIMIT_MS = 300_000;

/** @throws {Error} when it does not end with status 0, or not at all. */
export function outputOf(command: readonly string[]): string {
  const [program = "", ...args] = command;
  const { status, signal, stdout, stderr, error } = spawnSync(program, args, {
    encoding: "utf8",
    timeout: LIMIT_MS,
  });
  if (error !== undefined || status !== 0)
    throw new Error(`Cannot run ${command.join(" ")}: ${error?.message ?? signal ?? stderr}`);
  return stdout;
}
