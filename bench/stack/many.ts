/** Many connections at once: ours, lwIP's and the kernel's, by CPU time, and the memory of ours. */
import { median } from "../analysis/measure.ts";
import { compile } from "./c-program.ts";
import { outputOf } from "./child.ts";
import { runKernelMany } from "./kernel.ts";
import { buildLwip } from "./lwip.ts";
import { type Many, runMany } from "./ours.ts";

const COUNT = 10_000;
const TURNS = 10;
/** lwIP looks for a connection from the first to the last of them. */
const LWIP_TURNS = 1;
/** Bytes of an end that says nothing, at most. */
const MEMORY_REACH = 2048;

/** Where, how often, against whom. */
export interface Settings {
  readonly folder: string;
  readonly runs: number;
  readonly hasLwip: boolean;
  readonly hasKernel: boolean;
}

/** Microseconds of CPU of a connection's set-up, of a question and its answer, and of a close. */
interface Costs {
  readonly open: number;
  readonly talk: number;
  readonly close: number;
}

/** Measures, and prints two tables. */
export function reportMany({ folder, runs, hasLwip, hasKernel }: Settings): void {
  const manies: Many[] = [];
  const rows: [name: string, once: () => Costs][] = [
    [
      "ours, two hosts",
      () => {
        const many = runMany({ count: COUNT, turns: TURNS });
        manies.push(many);
        const { open, talk, close } = many.phases;
        return costsOf(open.cpuS, talk.cpuS, close.cpuS, COUNT, TURNS);
      },
    ],
  ];
  const lwip = hasLwip ? lwipProgram(folder) : null;
  if (lwip !== null) {
    const command = [lwip, String(COUNT), String(LWIP_TURNS)];
    rows.push(["lwIP", () => costsFrom(outputOf(command), LWIP_TURNS)]);
  }
  const kernel = hasKernel ? kernelProgram(folder) : null;
  if (kernel !== null) {
    const args = [String(COUNT), String(TURNS)];
    rows.push(["kernel", () => costsFrom(runKernelMany(kernel, args), TURNS)]);
  }
  const taken = rows.map((): Costs[] => []);
  for (let round = 0; round < runs; round++)
    for (const [i, [, once]] of rows.entries()) taken[i]!.push(once());
  printCosts(rows.map(([name], i) => [name, taken[i]!]));
  printSegments(manies);
  printMemory(manies);
}

function lwipProgram(folder: string): string | null {
  const build = { mss: 1460, window: 65_535, checksums: false, connections: COUNT };
  return buildLwip("lwip-many", build, folder);
}

function kernelProgram(folder: string): string | null {
  const here = new URL(".", import.meta.url).pathname;
  return compile("kernel-many", folder, [`-I${here}`, `${here}kernel-many.c`]);
}

/** Of seconds. */
function costsOf(open: number, talk: number, close: number, count: number, turns: number): Costs {
  const each = 1e6 / count;
  return { open: open * each, talk: (talk * each) / turns, close: close * each };
}

/** Of the line of a program in C. */
function costsFrom(line: string, turns: number): Costs {
  const [open = 0, talk = 0, close = 0, count = 0] = line.split(" ").map(Number);
  return costsOf(open, talk, close, count, turns);
}

function printCosts(rows: readonly (readonly [string, readonly Costs[]])[]): void {
  console.log(
    `\n${COUNT} connections at once; microseconds of CPU, both ends, and how many a second of CPU`,
  );
  console.log(
    `${"".padEnd(20)} ${["opened", "question and answer", "closed"].map(wide).join(" ")}`,
  );
  for (const [name, costs] of rows) {
    const columns = (["open", "talk", "close"] as const).map((phase) => {
      const us = median(costs.map((c) => c[phase]));
      return wide(`${us.toFixed(1)} (${Math.round(1e6 / us)}/s)`);
    });
    console.log(`${name.padEnd(20)} ${columns.join(" ")}`);
  }
}

const wide = (text: string): string => text.padStart(22);

function printSegments(manies: readonly Many[]): void {
  const rates = (["open", "talk", "close"] as const).map((phase) => {
    const rate = median(manies.map(({ phases }) => phases[phase].segments / phases[phase].cpuS));
    return wide(`${Math.round(rate / 1000)} k/s`);
  });
  console.log(`${"ours, segments".padEnd(20)} ${rates.join(" ")}`);
}

function printMemory(manies: readonly Many[]): void {
  const held = (what: keyof Many["memory"]): number =>
    median(manies.map(({ memory }) => memory[what]));
  const ends = [
    ["either, never used", held("open") / 2],
    ["client, after use", held("client")],
    ["server, after use", held("server")],
  ] as const;
  console.log(`\nmemory of an idle end of a connection, bytes (TIME-WAIT: ${held("timeWait")})`);
  for (const [name, bytes] of ends) {
    const said = bytes <= MEMORY_REACH ? "reached" : "missed";
    console.log(`${name.padEnd(20)} ${bytes.toFixed(0).padStart(22)}  <= ${MEMORY_REACH}: ${said}`);
  }
}
