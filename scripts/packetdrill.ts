/**
 * `npm run packetdrill -- [--profile linux|freebsd|generic] [--whole-profile] [--strict-psh]
 * [-D NAME=VALUE] [-q] FILES…`: runs packetdrill scripts against our stack on a virtual clock.
 *
 * One line for each file, `PASS path` or `FAIL path: line N, expected …, got …`, then the count.
 * A folder means every `.pkt` in it. `--list TABLE --root FOLDER` runs the scripts of a table
 * instead, with totals by class and suite. Exit status 0: all pass; 1: one fails; 2: usage.
 */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { visible } from "../src/base/visible.ts";
import type { Choice, ProfileName } from "../src/testing/packetdrill/environment.ts";
import { runLine } from "../src/testing/packetdrill/run-text.ts";
import { isThere, ListTotals, readList } from "./packetdrill-list.ts";

const PROFILES: readonly string[] = ["linux", "freebsd", "generic"] satisfies ProfileName[];
const isProfile = (name: string): name is ProfileName => PROFILES.includes(name);

// What is not ours is packetdrill's own option, as a script would have it.
const OURS = /^--(?:profile|whole-profile|strict-psh|define|quiet|list|root)(?:=|$)/;
const args = process.argv.slice(2);
const isOfScript = (arg: string): boolean => /^--\w+(?:=|$)/.test(arg) && !OURS.test(arg);
const { values, positionals } = parseArgs({
  args: args.filter((arg) => !isOfScript(arg)),
  allowPositionals: true,
  options: {
    profile: { type: "string" },
    "whole-profile": { type: "boolean", default: false },
    "strict-psh": { type: "boolean", default: false },
    define: { type: "string", short: "D", multiple: true, default: [] },
    quiet: { type: "boolean", short: "q", default: false },
    list: { type: "string" },
    root: { type: "string", default: "." },
  },
});

const hasFiles = positionals.length > 0 || values.list !== undefined;
if (!hasFiles || (values.profile !== undefined && !isProfile(values.profile))) {
  console.error(
    "usage: npm run packetdrill -- [--profile linux|freebsd|generic] FILES… | --list TABLE --root FOLDER",
  );
  process.exit(2);
}
const choice: Choice = {
  ...(values.profile === undefined ? {} : { profile: values.profile }),
  wholeProfile: values["whole-profile"],
  strictPush: values["strict-psh"],
  options: new Map(args.filter(isOfScript).map(optionOf)),
  defines: new Map(values.define.map(defineOf)),
};

// Who reads may have seen enough: `| head`.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit();
});

const counts = { passed: 0, failed: 0 };
if (values.list !== undefined) runList(values.list, values.root);
for (const path of positionals.flatMap(filesOf)) runFile(path, choice);
console.log(`${counts.passed} passed, ${counts.failed} failed`);
process.exitCode = counts.failed === 0 ? 0 : 1;

function runList(table: string, root: string): void {
  const totals = new ListTotals();
  for (const script of readList(table, root)) {
    const options = new Map([...script.options.map(optionOf), ...(choice.options ?? [])]);
    totals.add(script, isThere(script) ? runFile(script.path, { ...choice, options }) : null);
  }
  for (const line of totals.lines()) console.log(visible(line));
}

function runFile(path: string, how: Choice): boolean {
  const line = lineOf(path, how);
  const hasPassed = line.startsWith("PASS");
  if (hasPassed) counts.passed++;
  else counts.failed++;
  if (!values.quiet || !hasPassed) console.log(visible(line));
  return hasPassed;
}

function filesOf(path: string): string[] {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) return [path];
  const names = readdirSync(path, { recursive: true, encoding: "utf8" });
  return names
    .filter((name) => name.endsWith(".pkt"))
    .toSorted()
    .map((name) => join(path, name));
}

/** One script that cannot be read or run does not end the others. */
function lineOf(path: string, how: Choice): string {
  try {
    return runLine(readFileSync(path, "utf8"), path, how);
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
