/**
 * Our TCP and its rivals: one bulk connection with segments of 1460 bytes and of 64 KiB, checksums on and off, and many
 * connections at once; both ends on this machine, interleaved, in one run.
 *
 * ```sh
 * npm run build && SEQACK_LWIP=FOLDER npx tsx bench/stack.ts [bulk|many]
 * ```
 *
 * `SEQACK_LWIP`: lwIP's source, fetched by whoever wants to compare (the folder that has `src/core`). The kernel is measured
 * by iperf3 in a network namespace (root). `BENCH_RUNS` (5) rounds, `BENCH_BYTES` (1e9) for each transfer of ours, four times as much with long segments, `SEQACK_DIST` for
 * another compiled copy than `dist/`. All figures are by CPU time, of both ends together. What is to be reached
 * is told in the last column and in the last lines.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { reportBulk } from "./stack/bulk.ts";
import { whyNoKernel } from "./stack/kernel.ts";
import { whyNoLwip } from "./stack/lwip.ts";
import { reportMany } from "./stack/many.ts";

const [part] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), "seqack-stack-"));
try {
  main();
} finally {
  rmSync(folder, { recursive: true });
}

function main(): void {
  const noLwip = whyNoLwip();
  const noKernel = whyNoKernel();
  console.log(`${cpus().length} x ${cpus()[0]?.model ?? "?"}, Node ${process.version}`);
  if (noLwip !== null) console.log(`lwIP: skipped, ${noLwip}`);
  if (noKernel !== null) console.log(`kernel: skipped, ${noKernel}`);
  const runs = Number(process.env["BENCH_RUNS"] ?? 5);
  const settings = { folder, runs, hasLwip: noLwip === null, hasKernel: noKernel === null };
  if (part !== "many") reportBulk(settings);
  if (part !== "bulk") reportMany(settings);
}
