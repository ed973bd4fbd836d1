/**
 * The analysis and its rivals, over a capture of few connections with much to say and one of many short
 * ones: side by side, interleaved, in one run.
 *
 * ```sh
 * npm run build && npx tsx bench/analysis.ts [BULK SHORT]
 * ```
 *
 * Without captures it makes two (`bench/captures.ts`). `BENCH_RUNS` (5) rounds, of which tshark takes
 * part in `BENCH_TSHARK_RUNS` (3); `SEQACK_DIST` measures another compiled copy than `dist/`. Cold is a process
 * from its start to its end; warm is the library in a process that has read the capture before.
 * Ratios are the rival's time to ours, of wall and of CPU time. What is to be reached depends on the machine only as
 * far as ratios do: a rival that gains more from a machine than we do moves the mark.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { writeBulk, writeShort } from "./analysis/captures.ts";
import { hasProgram, median, type Taken, timeProgram } from "./analysis/measure.ts";
import { DIST, LAST_STAGE, runPasses } from "./analysis/pass.ts";

const MAIN = join(DIST, "bin/main.js");
const PASS = new URL("analysis/pass.mjs", import.meta.url).pathname;
const LOOP = new URL("pcap-loop.c", import.meta.url).pathname;
const RUNS = Number(process.env["BENCH_RUNS"] ?? 5);
const TSHARK_RUNS = Number(process.env["BENCH_TSHARK_RUNS"] ?? 3);
/** Passes of the warm process; the last half counts. */
const WARM_PASSES = 8;

type CaptureName = "bulk" | "short";

/** Something that reads a capture from one end to the other. */
interface Contender {
  readonly name: string;
  readonly runs: number;
  run(file: string): Taken;
  /** Against which of ours it is set. */
  readonly against: "cold" | "warm" | null;
  /** How many times our time its time is to be, at least. */
  readonly reach: Partial<Record<CaptureName, number>>;
}

const folder = mkdtempSync(join(tmpdir(), "seqack-analysis-"));
try {
  main();
} finally {
  rmSync(folder, { recursive: true });
}

function main(): void {
  const [bulk = made("bulk"), short = made("short")] = process.argv.slice(2);
  const all = contenders();
  console.log(`${cpus().length} x ${cpus()[0]?.model ?? "?"}, Node ${process.version}`);
  report("bulk", bulk, all);
  report("short", short, all);
}

function made(name: CaptureName): string {
  const path = join(folder, `${name}.pcap`);
  console.log(`making ${name}.pcap (npx tsx bench/captures.ts FOLDER keeps it)`);
  if (name === "bulk") writeBulk(path, 1_800_000);
  else writeShort(path, 100_000);
  return path;
}

function contenders(): Contender[] {
  const found = [cold(), warm()];
  const rival = (
    command: readonly string[],
    reach: Contender["reach"],
    runs = RUNS,
    name = command.join(" "),
  ): void => {
    const [program = ""] = command;
    if (!hasProgram(program) && !existsSync(program)) return console.log(`${name}: not installed`);
    const at = command.indexOf("FILE");
    const run = (file: string): Taken => timeProgram(command.with(at, file));
    found.push({ name, runs, run, against: "cold", reach });
  };
  rival(["tshark", "-r", "FILE", "-q", "-z", "conv,tcp"], { bulk: 40 }, TSHARK_RUNS);
  rival(["tshark", "-r", "FILE", "-Y", "tcp.analysis.flags"], {}, TSHARK_RUNS);
  rival(["tcptrace", "-l", "FILE"], { bulk: 1.3, short: 10 });
  rival(["capinfos", "-c", "FILE"], {});
  const loop = compileLoop();
  if (loop !== null) {
    const run = (file: string): Taken => timeProgram([loop, file]);
    const reach = { bulk: 0.5, short: 0.5 };
    found.push({ name: "libpcap loop, headers", runs: RUNS, run, against: "warm", reach });
  }
  return found;
}

/** The command as a user starts it. */
function cold(): Contender {
  const isThere = spawnSync(process.execPath, [MAIN, "conversations", "--help"]).status === 0;
  const name = isThere ? "seqack conversations, cold" : `${LAST_STAGE} only, cold`;
  const run = (file: string): Taken =>
    timeProgram(
      isThere
        ? [process.execPath, MAIN, "conversations", file]
        : [process.execPath, PASS, LAST_STAGE, file],
    );
  return { name, runs: RUNS, run, against: null, reach: {} };
}

function warm(): Contender {
  const name = `library to ${LAST_STAGE}, warm`;
  return { name, runs: RUNS, run: runWarm, against: null, reach: {} };
}

function runWarm(file: string): Taken {
  const passes = runPasses(LAST_STAGE, file, WARM_PASSES).slice(WARM_PASSES / 2);
  return {
    wallS: median(passes.map((p) => p.wallMs)) / 1000,
    cpuS: median(passes.map((p) => p.cpuMs)) / 1000,
  };
}

/** The loop in C, or `null` with the reason told. */
function compileLoop(): string | null {
  const program = join(folder, "pcap-loop");
  if (!hasProgram("cc")) {
    console.log("libpcap loop: skipped, there is no cc");
    return null;
  }
  const args = ["-O2", LOOP, "-lpcap", "-o", program];
  const { status, stderr } = spawnSync("cc", args, { encoding: "utf8" });
  if (status === 0) return program;
  console.log(`libpcap loop: skipped, it does not compile: ${stderr.split("\n")[0] ?? ""}`);
  return null;
}

function report(capture: CaptureName, file: string, all: readonly Contender[]): void {
  const taken = all.map((): Taken[] => []);
  for (let round = 0; round < RUNS; round++) {
    for (const [i, one] of all.entries()) if (round < one.runs) taken[i]!.push(one.run(file));
  }
  const medians = taken.map(medianOf);
  const packets = runPasses("read", file, 1)[0]!.segments;
  const mb = (statSync(file).size / 1e6).toFixed(0);
  const load = loadavg()[0]!.toFixed(1);
  console.log(`\n${capture}: ${packets} packets, ${mb} MB; medians of ${RUNS}, load ${load}`);
  console.log(`${"".padEnd(36)} wall s   cpu s  M pkt/s  x wall   x cpu  reach`);
  for (const [i, one] of all.entries()) {
    const t = medians[i]!;
    const rate = (packets / t.wallS / 1e6).toFixed(2);
    const times = [t.wallS.toFixed(3).padStart(6), t.cpuS.toFixed(3).padStart(7), rate.padStart(8)];
    const ours = one.against === null ? null : medians[one.against === "cold" ? 0 : 1]!;
    console.log([one.name.padEnd(36), ...times, compared(t, ours, one.reach[capture])].join(" "));
  }
}

function medianOf(taken: readonly Taken[]): Taken {
  return { wallS: median(taken.map((t) => t.wallS)), cpuS: median(taken.map((t) => t.cpuS)) };
}

function compared(rival: Taken, ours: Taken | null, reach: number | undefined): string {
  if (ours === null) return "";
  const [wall, cpu] = [rival.wallS / ours.wallS, rival.cpuS / ours.cpuS];
  const ratios = `${wall.toFixed(2).padStart(7)} ${cpu.toFixed(2).padStart(7)}`;
  if (reach === undefined) return ratios;
  const said = [wall, cpu].map((ratio) => (ratio >= reach ? "reached" : "missed"));
  return `${ratios}  >= ${reach} x: wall ${said[0]}, cpu ${said[1]}`;
}
