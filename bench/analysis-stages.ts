/**
 * Where the time of the analysis goes: nanoseconds a segment of each stage, in the first pass of a process
 * and once it is warm.
 *
 * ```sh
 * npm run build && npx tsx bench/analysis-stages.ts FILE…
 * ```
 *
 * Each stage is measured with those before it, in a process of its own, all of them interleaved; the second figure
 * of each pair is what it adds. `BENCH_RUNS` (5) processes a stage, `BENCH_PASSES` (8) passes each, of which
 * the last half counts as warm. `SEQACK_DIST` measures another compiled copy than `dist/`.
 */
import { loadavg } from "node:os";
import { median } from "./analysis/measure.ts";
import { runPasses, STAGE_NAMES, stageBefore, type Pass, type StageName } from "./analysis/pass.ts";

const files = process.argv.slice(2);
if (files.length === 0) {
  console.error("Usage: npx tsx bench/analysis-stages.ts FILE…");
  process.exit(2);
}
const runs = Number(process.env["BENCH_RUNS"] ?? 5);
const passes = Number(process.env["BENCH_PASSES"] ?? 8);

/** Columns: a name, and what one process's passes say of it, in nanoseconds a segment. */
const COLUMNS: readonly [string, (passes: readonly Pass[]) => number][] = [
  ["cold wall", ([first]) => nsOf(first!.wallMs, first!)],
  ["cold cpu", ([first]) => nsOf(first!.cpuMs, first!)],
  ["warm wall", (all) => median(all.slice(all.length / 2).map((p) => nsOf(p.wallMs, p)))],
  ["warm cpu", (all) => median(all.slice(all.length / 2).map((p) => nsOf(p.cpuMs, p)))],
];

const nsOf = (ms: number, { segments }: Pass): number => (ms * 1e6) / segments;

for (const file of files) report(file);

function report(file: string): void {
  const measured = new Map<StageName, Pass[][]>(STAGE_NAMES.map((stage) => [stage, []]));
  for (let run = 0; run < runs; run++) {
    for (const [stage, all] of measured) all.push(runPasses(stage, file, passes));
  }
  const segments = measured.get("verdicts")![0]![0]!.segments;
  console.log(`${file}: ${segments} segments, ns each, and what the stage adds`);
  console.log(`load ${loadavg()[0]!.toFixed(1)}, medians of ${runs} processes of ${passes} passes`);
  console.log(["".padEnd(13), ...COLUMNS.map(([name]) => name.padStart(13))].join(" "));
  const totals = new Map<StageName | null, number[]>();
  for (const [stage, all] of measured) {
    const before = totals.get(stageBefore(stage));
    const total = COLUMNS.map(([, of]) => median(all.map(of)));
    totals.set(stage, total);
    const cells = total.map((ns, i) => `${ns.toFixed(0)} +${(ns - (before?.[i] ?? 0)).toFixed(0)}`);
    console.log([stage.padEnd(13), ...cells.map((cell) => cell.padStart(13))].join(" "));
  }
}
