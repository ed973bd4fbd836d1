/**
 * `npm run parity -- DIR… [--live]`: reads every capture below DIR with tshark and
 * with seqack, and prints how often they agree, per verdict and per field,
 * and of each capture that differs the first differences with their frames.
 *
 * A capture that differs is read once more with those of tshark's dissectors off that
 * meddle with TCP's conversations (FTP, SIP, SOCKS …) or find packets in the data: when it
 * agrees then, it is counted so and named. Exit: 0 when all agree, 1 when not.
 *
 * `--live`: of fresh captures too, of Linux' own TCP over links that lose, double and overtake its
 * packets. Needs root and `/dev/net/tun`.
 */
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { VERDICTS } from "../src/analysis/verdicts/verdict.ts";
import { runScenarios } from "../test/kernel/score.ts";
import { addParity, type Agreement, type CaptureParity, compareFairly } from "../test/parity.ts";

/** Differences shown of a capture. */
const SHOWN = 3;

const args = process.argv.slice(2);
const roots = args.filter((arg) => arg !== "--live");
if (args.length === 0) {
  console.error("Usage: npm run parity -- DIR… [--live]");
  process.exit(2);
}

const live = args.length > roots.length ? mkdtempSync(join(tmpdir(), "seqack-parity-")) : null;
process.on("exit", () => live !== null && rmSync(live, { recursive: true }));
if (live !== null) {
  await runScenarios(live);
  roots.push(live);
}

const paths = roots.flatMap(capturesIn);
const sums = new Map<string, Agreement>();
let captures = 0;
let frames = 0;
let segments = 0;
let differing = 0;
const bareOnly: string[] = [];

// tshark takes a third of a second to start: one for each processor.
await Promise.all(Array.from({ length: availableParallelism() }, compareSome));

const VERDICT_FIELDS = new Set<string>(VERDICTS.map((name) => `tcp.analysis.${name}`));
print(
  "verdict",
  [...sums].filter(([name]) => VERDICT_FIELDS.has(name)),
);
print(
  "field",
  [...sums].filter(([name]) => !VERDICT_FIELDS.has(name)),
);
for (const path of bareOnly.toSorted()) console.log(`with application dissectors off: ${path}`);
console.log(
  `${captures} captures, ${frames} frames, ${segments} of them with TCP; ${differing} captures differ`,
);
process.exitCode = differing === 0 ? 0 : 1;

async function compareSome(): Promise<void> {
  for (let path = paths.shift(); path !== undefined; path = paths.shift()) {
    const parity = await compareFairly(path);
    if (parity.isBare) bareOnly.push(path);
    captures++;
    frames += parity.frames;
    segments += parity.segments;
    addParity(sums, parity);
    if (parity.differing.length > 0) report(path, parity);
  }
}

function report(path: string, { differing: fields, differences }: CaptureParity): void {
  differing++;
  const names = fields.length > 8 ? `${fields.length} fields` : fields.join(" ");
  console.log(`${path}: ${names}`);
  for (const { frame, field, ours, theirs } of differences.slice(0, SHOWN)) {
    console.log(`  frame ${frame} ${field}: ${shown(ours)}, tshark ${shown(theirs)}`);
  }
}

function shown(cell: string): string {
  if (cell === "") return "nothing";
  return cell.length > 60 ? `${cell.slice(0, 60)}… (${cell.length} characters)` : cell;
}

function print(title: string, rows: readonly (readonly [string, Agreement])[]): void {
  console.log(`\n${title.padEnd(42)}${"equal".padStart(10)}${"differ".padStart(10)}   agreement`);
  for (const [name, { equal, differ }] of rows) {
    if (equal + differ === 0) continue;
    const counts = `${String(equal).padStart(10)}${String(differ).padStart(10)}`;
    console.log(`${name.padEnd(42)}${counts}   ${percent(equal, differ)}`);
  }
}

/** All files below `root`, or `root` itself. */
function capturesIn(root: string): string[] {
  if (!statSync(root).isDirectory()) return [root];
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/\.(?:tsv|md|txt|json)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
}

/** Never rounded up to 100. */
function percent(equal: number, differ: number): string {
  const share = (100 * equal) / (equal + differ);
  return differ === 0 ? "100 %" : `${(Math.floor(share * 1000) / 1000).toFixed(3)} %`;
}
