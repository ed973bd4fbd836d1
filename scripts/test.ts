/**
 * `npm test`: all tests, then what was skipped and why, then one line of counts.
 *
 * What a test needs beyond Node (Chromium, tshark, root …) may be missing: it
 * is skipped with the reason. With `CI=true` such a skip is a failure, and a
 * test of a browser or a kernel that fails is run once more (docs/decisions/0010).
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { findChromium } from "./chromium.ts";

interface Assertion {
  readonly fullName: string;
  readonly status: "passed" | "failed" | "skipped" | "pending" | "todo";
}
interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numFailedTestSuites: number;
  readonly numPendingTests: number;
  readonly testResults: readonly {
    readonly status: string;
    readonly assertionResults: readonly Assertion[];
  }[];
}

const folder = new URL("../node_modules/.cache/seqack/", import.meta.url).pathname;
const file = `${folder}tests.json`;
mkdirSync(folder, { recursive: true });
rmSync(file, { force: true });

const vitest = new URL("../node_modules/vitest/vitest.mjs", import.meta.url).pathname;
const flaky = new URL("flaky-reporter.ts", import.meta.url).pathname;
const reporters = ["default", "json", flaky].map((name) => `--reporter=${name}`);
const args = ["run", ...reporters, `--outputFile.json=${file}`];
const { status } = spawnSync(process.execPath, [vitest, ...args, ...process.argv.slice(2)], {
  stdio: "inherit",
});

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- vitest's own report
const report = JSON.parse(readFileSync(file, "utf8")) as Report;
const tests = report.testResults.flatMap((f) => f.assertionResults);
// A file that fails before its first test has no test to count.
const brokenFiles = report.testResults.filter(
  (f) => f.status === "failed" && !f.assertionResults.some((t) => t.status === "failed"),
).length;
const reasons = tests.filter((t) => t.status !== "passed" && t.status !== "failed");
for (const skipped of reasons) console.log(`skipped: ${skipped.fullName}`);

let failed = report.numFailedTests + brokenFiles;
let skipped = reasons.length;
if (findChromium() === null && process.argv.length === 2) {
  console.log("skipped: all tests in Chromium: it is not installed (apt-get install chromium)");
  skipped++;
}
if (process.env["CI"] === "true" && skipped > 0) {
  console.log(`${skipped} skipped with CI=true: each counts as failed`);
  failed += skipped;
}
console.log(`${report.numPassedTests} passed, ${failed} failed, ${skipped} skipped`);
process.exitCode = failed > 0 || status !== 0 ? 1 : 0;
