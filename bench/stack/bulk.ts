/** One bulk connection: ours, lwIP's and the kernel's, by CPU time. */
import { loadavg } from "node:os";
import { median } from "../analysis/measure.ts";
import { outputOf, type Transfer } from "./child.ts";
import { runKernel } from "./kernel.ts";
import { buildLwip } from "./lwip.ts";
import type { Settings } from "./many.ts";
import { type BulkOptions, runBulk } from "./ours.ts";

const BYTES = Number(process.env["BENCH_BYTES"] ?? 1e9);
/** lwIP is quick, and so are we with long segments: so many times as much is moved, or starting would be what is measured. */
const QUICK_TIMES = 4;
const KERNEL_SECONDS = 2;
/** Ours is to be so many times as fast as the kernel with long segments. */
const KERNEL_REACH = 2;

/** What is compared with each other. */
interface Case {
  readonly title: string;
  readonly mss: number;
  readonly checksums: boolean;
  /** Bytes of lwIP's window and of both of our buffers. */
  readonly window: number;
  readonly kernelMtu: number;
  /** The least of ours to what rival, and how many times. */
  readonly reach: { readonly rival: "lwip" | "kernel"; readonly times: number };
}

// lwIP has 16 bits for the length of a buffer, headers and padding in it.
const LONG = { mss: 65_000, window: 260_000, kernelMtu: 65_536 };
const SHORT = { mss: 1460, window: 65_535, kernelMtu: 1500 };
const LIKE_LWIP = { rival: "lwip", times: 1 } as const;
const ABOVE_KERNEL = { rival: "kernel", times: KERNEL_REACH } as const;
const CASES: readonly Case[] = [
  { title: "MSS 1460, no checksum", checksums: false, reach: LIKE_LWIP, ...SHORT },
  { title: "MSS 1460, checksum at both ends", checksums: true, reach: LIKE_LWIP, ...SHORT },
  { title: "64 KiB segments, no checksum", checksums: false, reach: ABOVE_KERNEL, ...LONG },
  {
    title: "64 KiB segments, checksum at both ends",
    checksums: true,
    reach: ABOVE_KERNEL,
    ...LONG,
  },
];

/** What its receiver does. */
const LWIP_MODES = [
  ["lwIP", "copy"],
  ["lwIP, what comes is not read", "keep"],
] as const;

/** Something that moves bytes. */
interface Contender {
  readonly name: string;
  readonly who: "ours" | "lwip" | "kernel";
  run(): Transfer;
}

/** Measures, and prints a table a case. */
export function reportBulk(settings: Settings): void {
  for (const one of CASES) report(one, [...ours(one), ...rivalsOf(one, settings)], settings.runs);
}

function ours({ mss, checksums, window }: Case): Contender[] {
  const bytes = mss === LONG.mss ? BYTES * QUICK_TIMES : BYTES;
  const how = (
    name: string,
    options: Pick<BulkOptions, "over"> & Partial<BulkOptions>,
  ): Contender => ({
    name: `ours, ${name}`,
    who: "ours",
    run: () => runBulk({ mss, checksums, buffer: window, bytes, ...options }),
  });
  const hosts = [
    how("two hosts", { over: "hosts" }),
    how("two hosts, Linux's buffers", { over: "hosts", buffer: null }),
  ];
  if (mss < SHORT.mss * 2)
    hosts.push(how("two hosts, timestamps", { over: "hosts", timestamps: true }));
  // Segments that are handed over have no checksum.
  if (checksums) return hosts;
  return [
    how("two endpoints, no packets", { over: "endpoints" }),
    how("one host, its loopback", { over: "loopback" }),
    ...hosts,
  ];
}

function rivalsOf(
  { mss, checksums, window, kernelMtu }: Case,
  { folder, hasLwip, hasKernel }: Settings,
): Contender[] {
  const found: Contender[] = [];
  const program = hasLwip ? buildLwip("lwip-loop", { mss, window, checksums }, folder) : null;
  if (program !== null) {
    for (const [name, mode] of LWIP_MODES) {
      const command = [program, String(BYTES * QUICK_TIMES), mode];
      found.push({ name, who: "lwip", run: () => transferOf(outputOf(command)) });
    }
  }
  if (hasKernel) {
    const run = (): Transfer => runKernel(kernelMtu, KERNEL_SECONDS);
    found.push({ name: `kernel, iperf3, MTU ${kernelMtu}`, who: "kernel", run });
  }
  return found;
}

function transferOf(line: string): Transfer {
  const [bytes = 0, cpuS = 0] = line.split(" ").map(Number);
  return { bytes, cpuS, segments: null };
}

/** Runs all of them in turns, and prints a table. */
function report({ title, reach }: Case, all: readonly Contender[], runs: number): void {
  const taken = all.map((): Transfer[] => []);
  for (let round = 0; round < runs; round++)
    for (const [i, one] of all.entries()) taken[i]!.push(one.run());
  const rates = taken.map((each) => median(each.map(gbitPerCpu)));
  const best = (who: Contender["who"]): number =>
    Math.max(...all.map((one, i) => (one.who === who ? rates[i]! : Number.NaN)).filter(isNumber));
  console.log(`\n${title}; medians of ${runs}, load ${loadavg()[0]!.toFixed(1)}`);
  console.log(`${"".padEnd(34)} Gbit/s a CPU  ns/segment  x lwIP  x kernel  reach`);
  for (const [i, one] of all.entries()) {
    const ns = median(
      taken[i]!.map(({ cpuS, segments }) => (cpuS * 1e9) / (segments ?? Number.NaN)),
    );
    const ratios = { lwip: rates[i]! / best("lwip"), kernel: rates[i]! / best("kernel") };
    const columns = [
      one.name.padEnd(34),
      rates[i]!.toFixed(2).padStart(12),
      shown(ns, 0).padStart(11),
      shown(ratios.lwip, 2).padStart(7),
      shown(ratios.kernel, 2).padStart(9),
    ];
    if (one.who === "ours") columns.push(` ${judged(ratios[reach.rival], reach)}`);
    console.log(columns.join(" "));
  }
}

const isNumber = (n: number): boolean => !Number.isNaN(n);
const gbitPerCpu = ({ bytes, cpuS }: Transfer): number => (bytes * 8) / cpuS / 1e9;
const shown = (n: number, digits: number): string => (Number.isFinite(n) ? n.toFixed(digits) : "-");

function judged(ratio: number, { rival, times }: Case["reach"]): string {
  const wanted = `>= ${times} x ${rival === "lwip" ? "lwIP" : "kernel"}`;
  if (!Number.isFinite(ratio) || ratio <= 0) return `${wanted}: not compared`;
  return `${wanted}: ${ratio >= times ? "reached" : "missed"}`;
}
