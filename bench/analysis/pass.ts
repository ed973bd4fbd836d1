/** Runs `pass.mjs`: one stage of the pipeline over a capture in a process of its own. */
import { spawnSync } from "node:child_process";

const PASS = new URL("pass.mjs", import.meta.url).pathname;

/** The stages in their order; each runs those before it too. */
export const STAGE_NAMES = ["read", "find", "track", "verdicts"] as const;

/** One of {@link STAGE_NAMES}. */
export type StageName = (typeof STAGE_NAMES)[number];

/** All of the analysis. */
export const LAST_STAGE: StageName = "verdicts";

/** One pass over a capture. */
export interface Pass {
  readonly wallMs: number;
  /** Of all threads: compiler and collector run beside. */
  readonly cpuMs: number;
  readonly segments: number;
}

/** `count` passes one after the other: the first is cold, the last ones are warm. */
export function runPasses(stage: StageName, file: string, count: number): Pass[] {
  const args = [PASS, stage, file, String(count)];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`Cannot run ${args.join(" ")}: ${stderr}`);
  return stdout.trim().split("\n").map(passOf);
}

function passOf(line: string): Pass {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a line of pass.mjs
  return JSON.parse(line) as Pass;
}
