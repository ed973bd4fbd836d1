/** Runs `pass.mjs`: one stage of the pipeline over a capture in a process of its own. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

const PASS = new URL("pass.mjs", import.meta.url).pathname;

/** Compiled, as it is shipped; `SEQACK_DIST` names another copy. */
export const DIST: string =
  process.env["SEQACK_DIST"] ?? new URL("../../dist", import.meta.url).pathname;

/** Each stage, the one before it, and the file that it is in. */
const STAGES = {
  read: { after: null, file: "pcap/reader.js" },
  find: { after: "read", file: "wire/path.js" },
  track: { after: "find", file: "trace/tracker.js" },
  verdicts: { after: "track", file: "analysis/verdicts/analyzer.js" },
  causes: { after: "verdicts", file: "analysis/causes/analyzer.js" },
  findings: { after: "verdicts", file: "analysis/findings/finder.js" },
  conversations: { after: "verdicts", file: "analysis/conversations/tracker.js" },
} as const satisfies Record<string, { readonly after: string | null; readonly file: string }>;

/** A part of the pipeline. */
export type StageName = keyof typeof STAGES;

/** The stages of this copy, in their order; each runs those before it too. */
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of what is written above
export const STAGE_NAMES: readonly StageName[] = (Object.keys(STAGES) as StageName[]).filter(
  (name) => existsSync(join(DIST, STAGES[name].file)),
);

/** All that `seqack conversations` computes. */
export const LAST_STAGE: StageName = STAGE_NAMES.includes("conversations")
  ? "conversations"
  : "verdicts";

/** The stage that `name` is added to. */
export function stageBefore(name: StageName): StageName | null {
  return STAGES[name].after;
}

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
