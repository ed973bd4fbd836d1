/**
 * Counts what code does instead of timing it: how often each block of our sources runs, by V8's precise
 * coverage. The count is the same on every machine, and work that grows with the square shows in it.
 *
 * What runs inside the engine (`copyWithin`, `set`, `sort`) counts as one.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What `NODE_V8_COVERAGE` writes. */
interface Coverage {
  readonly result: readonly {
    readonly url: string;
    readonly functions: readonly { readonly ranges: readonly { readonly count: number }[] }[];
  }[];
}

/**
 * Runs of blocks of `dist/` in `node ARGS…`.
 *
 * @throws {Error} when it does not end with status 0.
 */
export function countWork(args: readonly string[]): number {
  const folder = mkdtempSync(join(tmpdir(), "seqack-work-"));
  try {
    // From its start: blocks that were compiled before are not counted.
    const env = { ...process.env, NODE_V8_COVERAGE: folder };
    const { status, stderr } = spawnSync(process.execPath, args, { encoding: "utf8", env });
    if (status !== 0) throw new Error(`Cannot run ${args.join(" ")}: ${stderr}`);
    return readdirSync(folder)
      .map((file) => workIn(readFileSync(join(folder, file), "utf8")))
      .reduce((sum, work) => sum + work, 0);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function workIn(json: string): number {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what V8 writes
  const { result } = JSON.parse(json) as Coverage;
  return result
    .filter(({ url }) => url.includes("/dist/"))
    .flatMap(({ functions }) => functions.flatMap(({ ranges }) => ranges))
    .reduce((sum, { count }) => sum + count, 0);
}
