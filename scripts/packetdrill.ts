/**
 * `npm run packetdrill -- [--profile linux|freebsd|generic] [--strict-psh] [-D NAME=VALUE] [-q] FILES…`:
 * runs packetdrill scripts against our stack on a virtual clock.
 *
 * One line for each file, `PASS path` or `FAIL path: line N, expected …, got …`, then the count.
 * A folder means every `.pkt` in it. Exit status 0: all pass; 1: one fails; 2: usage.
 */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { visible } from "../src/base/visible.ts";
import type { Choice, ProfileName } from "../src/testing/packetdrill/environment.ts";
import { describeOutcome, runText } from "../src/testing/packetdrill/run-text.ts";

const PROFILES: readonly string[] = ["linux", "freebsd", "generic"] satisfies ProfileName[];
const isProfile = (name: string): name is ProfileName => PROFILES.includes(name);

// What is not ours is packetdrill's own option, as a script would have it.
const OURS = /^--(?:profile|strict-psh|define|quiet)(?:=|$)/;
const args = process.argv.slice(2);
const isOfScript = (arg: string): boolean => /^--\w+(?:=|$)/.test(arg) && !OURS.test(arg);
const { values, positionals } = parseArgs({
  args: args.filter((arg) => !isOfScript(arg)),
  allowPositionals: true,
  options: {
    profile: { type: "string" },
    "strict-psh": { type: "boolean", default: false },
    define: { type: "string", short: "D", multiple: true, default: [] },
    quiet: { type: "boolean", short: "q", default: false },
  },
});

if (positionals.length === 0 || (values.profile !== undefined && !isProfile(values.profile))) {
  console.error("usage: npm run packetdrill -- [--profile linux|freebsd|generic] FILES…");
  process.exit(2);
}
const choice: Choice = {
  ...(values.profile === undefined ? {} : { profile: values.profile }),
  strictPush: values["strict-psh"],
  options: new Map(args.filter(isOfScript).map(optionOf)),
  defines: new Map(values.define.map(defineOf)),
};

const files = positionals.flatMap(filesOf);
let passed = 0;
for (const path of files) {
  const line = lineOf(path);
  if (line.startsWith("PASS")) passed++;
  if (!values.quiet || !line.startsWith("PASS")) console.log(visible(line));
}
console.log(`${passed} passed, ${files.length - passed} failed`);
process.exitCode = passed === files.length ? 0 : 1;

function filesOf(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  const names = readdirSync(path, { recursive: true, encoding: "utf8" });
  return names
    .filter((name) => name.endsWith(".pkt"))
    .toSorted()
    .map((name) => join(path, name));
}

function lineOf(path: string): string {
  try {
    return describeOutcome(path, runText(readFileSync(path, "utf8"), path, choice));
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return `FAIL ${path}: ${error.message}`;
  }
}

function optionOf(arg: string): [string, string | null] {
  const m = /^--(\w+)(?:=(.*))?$/.exec(arg);
  return [m?.[1] ?? arg, m?.[2] ?? null];
}

function defineOf(text: string): [string, string] {
  const at = text.indexOf("=");
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
}
