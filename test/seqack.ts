/** Runs `seqack` as a user does, compiled. */
import { spawnSync } from "node:child_process";

/** The compiled command. */
export const MAIN: string = new URL("../dist/bin/main.js", import.meta.url).pathname;

/** How a run ended. */
export interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** How to run. */
export interface RunOptions {
  readonly input?: string | Uint8Array;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

const ENV = { LANG: "C.UTF-8", PATH: process.env["PATH"] ?? "" };

/** Runs `seqack args…` to its end. */
export function seqack(args: readonly string[], options: RunOptions = {}): Outcome {
  const { input = "", env, cwd } = options;
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], {
    input,
    env: { ...ENV, ...env },
    ...(cwd === undefined ? {} : { cwd }),
    encoding: "utf8",
    maxBuffer: 1 << 28,
    timeout: 60_000,
  });
  return { status, stdout, stderr };
}

/** Runs `sh -c` with `seqack` as a word of it. */
export function shell(line: string): Outcome {
  const script = `seqack() { "${process.execPath}" "${MAIN}" "$@"; }\n${line}`;
  const { status, stdout, stderr } = spawnSync("bash", ["--norc", "-c", script], {
    env: ENV,
    encoding: "utf8",
    timeout: 60_000,
  });
  return { status, stdout, stderr };
}
