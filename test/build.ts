/** Before the tests: the command line is tested as it is shipped, compiled. */
import { spawnSync } from "node:child_process";

/** Called by vitest once before all tests. */
export function setup(): void {
  const { status, stdout, stderr } = spawnSync("npm", ["run", "build", "--silent"], {
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`Cannot build:\n${stdout}${stderr}`);
}
