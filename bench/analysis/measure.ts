/** Programs to compare with: started, timed by the shell, and told apart from those that are not there. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

/** What a run took. */
export interface Taken {
  readonly wallS: number;
  /** User and system time of the whole process. */
  readonly cpuS: number;
}

const TIMED = 'TIMEFORMAT="%R %U %S"; time "$@" 2>/dev/null >/dev/null';

/** Runs a program to its end, its output thrown away. */
export function timeProgram(command: readonly string[]): Taken {
  const { status, stderr } = spawnSync("bash", ["-c", TIMED, "bash", ...command], {
    encoding: "utf8",
    env: { ...process.env, LC_ALL: "C" },
  });
  if (status !== 0) throw new Error(`Cannot run ${command.join(" ")}: exit status ${status}`);
  const [wallS = 0, user = 0, sys = 0] = stderr.trim().split(" ").map(Number);
  return { wallS, cpuS: user + sys };
}

/** Whether a program is installed. */
export function hasProgram(name: string): boolean {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  return folders.some((folder) => existsSync(join(folder, name)));
}

/** Half are less, half are more; of an even number, the lesser of the two in the middle. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? Number.NaN;
}
