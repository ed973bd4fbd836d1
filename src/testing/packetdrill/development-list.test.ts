/**
 * Scripts of public suites: they lie in a folder outside the project (never in it), which the
 * environment names with `SEQACK_PACKETDRILL=FOLDER`. Without it there is nothing to read here.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { DEFINES } from "./defines.ts";
import { parseScript } from "./language/parse-script.ts";
import { printScript } from "./language/print-script.ts";

function scriptsIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return files.filter((path) => path.endsWith(".pkt"));
}

test("every script of the folder that the environment names, if any, comes back from its text", () => {
  const folder = process.env["SEQACK_PACKETDRILL"] ?? "";
  for (const path of scriptsIn(folder)) {
    const options = { path, defines: DEFINES.ipv4 };
    const printed = printScript(parseScript(readFileSync(join(folder, path), "utf8"), options));
    expect(printScript(parseScript(printed, options))).toBe(printed);
  }
});
