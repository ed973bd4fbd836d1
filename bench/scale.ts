/**
 * What the analysis makes of captures of any length: memory that follows the open connections, time that
 * follows the bytes.
 *
 * ```sh
 * npm run build && npx tsx bench/scale.ts [pipe | connections | refused | unacked]…
 * ```
 *
 * - `pipe`: `SCALE_BYTES` (20e9) of capture through a pipe, `SCALE_OPEN` (10,000) connections open at a time;
 * - `connections`: files of 125,000 to 1,000,000 short connections (`SCALE_CONNECTIONS` at most);
 * - `refused`: 131,071 connections that stay open while others come and are refused, one after the other;
 * - `unacked`: one connection with 15,000 to 60,000 segments that nobody acknowledges, in several orders.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import {
  ORDERS,
  writeExchanges,
  writeRefused,
  writeTo,
  writeUnacked,
} from "./analysis/captures.ts";
import { runChild, type Used } from "./analysis/child.ts";
import { median } from "./analysis/measure.ts";
import { DIST, LAST_STAGE, runPasses } from "./analysis/pass.ts";
import { REPETITION_NAMES, repeatTo } from "./analysis/repeat.ts";

const MAIN = join(DIST, "bin/main.js");
const PASS = new URL("analysis/pass.mjs", import.meta.url).pathname;
const BYTES = Number(process.env["SCALE_BYTES"] ?? 20e9);
const OPEN = Number(process.env["SCALE_OPEN"] ?? 10_000);
const MOST = Number(process.env["SCALE_CONNECTIONS"] ?? 1_000_000);
/** What a capture of any length may take with 10,000 connections open. */
const MAX_MB = 300;

const isThere = spawnSync(process.execPath, [MAIN, "conversations", "--help"]).status === 0;
/** The command that reads a capture from `file`. */
const commandFor = (file: string): string[] =>
  isThere ? [MAIN, "conversations", file] : [PASS, LAST_STAGE, file];

async function pipe(): Promise<void> {
  console.log(`\n${BYTES / 1e9} GB through a pipe, ${OPEN} connections open at a time`);
  for (const name of REPETITION_NAMES) {
    const used = await runChild(commandFor("-"), (write) => repeatTo(write, name, OPEN, BYTES));
    const rate = (BYTES / 1e6 / used.wallS).toFixed(0);
    const judged = name === "abandoned" ? "no limit, all stay open" : said(used.maxRssMb <= MAX_MB);
    console.log(`${name.padEnd(10)} ${shown(used)} ${rate.padStart(5)} MB/s  ${judged}`);
  }
}

const said = (isReached: boolean): string => `<= ${MAX_MB} MB: ${isReached ? "reached" : "missed"}`;

function shown({ maxRssMb, cpuS, wallS }: Used): string {
  return `${maxRssMb.toFixed(0).padStart(5)} MB  ${wallS.toFixed(2).padStart(7)} s  cpu ${cpuS.toFixed(2).padStart(7)} s`;
}

async function connections(): Promise<void> {
  for (const open of ["16 open at a time", "all open at once"] as const) {
    console.log(`\nconnections in one file, ${open}; microseconds of CPU each`);
    let first: number | null = null;
    for (let count = MOST / 8; count <= MOST; count *= 2) {
      const file = join(folder, "connections.pcap");
      writeTo(file, (out) => writeExchanges(out, count, open === "all open at once" ? count : 16));
      const used = await runChild(commandFor(file));
      const each = (used.cpuS * 1e6) / count;
      first ??= each;
      const ratio = `${(each / first).toFixed(2)} x the first`;
      console.log(`${String(count).padStart(9)} ${shown(used)} ${each.toFixed(2)} us ${ratio}`);
    }
  }
}

/** The table of connections is full, and one place at a time becomes free. */
async function refused(): Promise<void> {
  const [open, counts] = [131_071, [4000, 8000, 16_000]];
  console.log(`\nconnections refused while ${open} stay open; microseconds of CPU each`);
  const file = join(folder, "refused.pcap");
  const cpuOf = async (count: number): Promise<number> => {
    writeRefused(file, open, count);
    return (await runChild(commandFor(file))).cpuS;
  };
  const alone = await cpuOf(1);
  for (const count of counts) {
    const each = (((await cpuOf(count)) - alone) * 1e6) / count;
    console.log(`${String(count).padStart(9)} ${each.toFixed(1).padStart(8)} us`);
  }
}

/** Warm and in one process: starting one would take longer than what is measured. */
async function unacked(): Promise<void> {
  const counts = [15_000, 30_000, 60_000];
  console.log("\nsegments never acknowledged, nanoseconds of CPU each");
  console.log(["".padEnd(12), ...counts.map((n) => String(n).padStart(8))].join(" "));
  for (const order of ORDERS) {
    const cells = counts.map((count) => {
      const file = join(folder, "unacked.pcap");
      writeUnacked(file, count, order);
      const passes = runPasses(LAST_STAGE, file, 12).slice(6);
      return ((median(passes.map((p) => p.cpuMs)) * 1e6) / count).toFixed(0).padStart(8);
    });
    console.log([order.padEnd(12), ...cells].join(" "));
  }
}

const PARTS: Readonly<Record<string, () => Promise<void>>> = {
  pipe,
  connections,
  refused,
  unacked,
};
const folder = mkdtempSync(join(tmpdir(), "seqack-scale-"));
try {
  console.log(`seqack ${commandFor("FILE").slice(1).join(" ")}, load ${loadavg()[0]!.toFixed(1)}`);
  const wanted = process.argv.slice(2);
  for (const [name, run] of Object.entries(PARTS)) {
    if (wanted.length === 0 || wanted.includes(name)) await run();
  }
} finally {
  rmSync(folder, { recursive: true });
}
