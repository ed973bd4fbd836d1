/** Rivals in C: compiled when the benchmark begins, into a folder that goes when it ends. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { hasProgram } from "../analysis/measure.ts";

/** The program, or `null` with the reason told. */
export function compile(name: string, folder: string, args: readonly string[]): string | null {
  const program = join(folder, name);
  if (!hasProgram("cc")) {
    console.log(`${name}: skipped, there is no cc`);
    return null;
  }
  const told = ["-O2", "-w", ...args, "-o", program];
  const { status, stderr } = spawnSync("cc", told, { encoding: "utf8" });
  if (status === 0) return program;
  console.log(`${name}: skipped, it does not compile: ${stderr.split("\n")[0] ?? ""}`);
  return null;
}
