/**
 * `npm run bench [NAME…]`: every benchmark, or those named, one after the other.
 *
 * Each prints a table with its rival's figures from the same run.
 */
import { spawnSync } from "node:child_process";

const BENCHES = ["analysis", "capture", "echo", "stack"];

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !BENCHES.includes(name));
if (unknown.length > 0) {
  console.error(`no benchmark ${unknown.join(", ")}; there are: ${BENCHES.join(", ")}`);
  process.exit(2);
}
for (const name of wanted.length > 0 ? wanted : BENCHES) {
  console.log(`\n== ${name}`);
  const file = new URL(`${name}.ts`, import.meta.url).pathname;
  const { status } = spawnSync("npx", ["tsx", file], { stdio: "inherit" });
  if (status !== 0) process.exitCode = 1;
}
