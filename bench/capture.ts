/**
 * Capture under load: seqack and tcpdump, one after the other, on a loopback
 * of their own (root needed).
 *
 *     npx tsx bench/capture.ts
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { bringUp } from "../src/node/interfaces.ts";

const SECONDS = 5;
const RATE = 275_000;
const REACH = { rate: 250_000, dropped: 0, cores: 0.25 } as const;
const CLOCK_TICKS = 100;

interface Result {
  readonly captured: number;
  readonly dropped: number;
  readonly cpuMs: number;
}

type Load = readonly string[];

const UDP: Load = ["udp", String(SECONDS), String(RATE), "64"];
const TCP: Load = ["tcp", String(SECONDS)];

async function main(): Promise<void> {
  if (process.argv[2] !== "inside") {
    const again = [...process.execArgv, process.argv[1] ?? "", "inside"];
    const { status } = spawnSync("unshare", ["-n", process.execPath, ...again], {
      stdio: "inherit",
    });
    process.exitCode = status ?? 1;
    return;
  }
  bringUp("lo");
  const folder = mkdtempSync(join(tmpdir(), "seqack-bench-"));
  try {
    const load = buildLoad(folder);
    await headers(load);
    await wholePackets(load);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function buildLoad(folder: string): string {
  const program = join(folder, "load");
  const source = new URL("capture/load.go", import.meta.url).pathname;
  const built = spawnSync("go", ["build", "-o", program, source], { stdio: "inherit" });
  if (built.status !== 0) throw new Error("Cannot build the load: it needs Go");
  return program;
}

async function headers(load: string): Promise<void> {
  console.log(`UDP, 64 bytes, ${RATE} packets/s asked for, ${SECONDS} s; headers kept`);
  title();
  const ours = await run(load, UDP, () => startOurs("headers", "/dev/null"));
  row("seqack -w /dev/null", ours);
  row("seqack, packets to a sink", await run(load, UDP, () => startOurs("headers", "sink")));
  row("tcpdump -s 128", await run(load, UDP, () => startTcpdump("-s", "128")));
  row(
    "tcpdump -s 128 -B 65536",
    await run(load, UDP, () => startTcpdump("-s", "128", "-B", "65536")),
  );
  const rate = (ours.captured + ours.dropped) / SECONDS;
  const cores = ours.cpuMs / 1000 / SECONDS;
  const met = rate >= REACH.rate && ours.dropped === REACH.dropped && cores < REACH.cores;
  console.log(
    `reach (0 dropped at ${REACH.rate}/s under ${REACH.cores} core): ${met ? "met" : "NOT MET"}\n`,
  );
}

async function wholePackets(load: string): Promise<void> {
  console.log("TCP, one connection as fast as it goes, super-segments of 64 KiB kept whole");
  title();
  row("seqack -s 0 -w /dev/null", await run(load, TCP, () => startOurs("262144", "/dev/null")));
  row("seqack (headers)", await run(load, TCP, () => startOurs("headers", "/dev/null")));
  row("tcpdump", await run(load, TCP, () => startTcpdump()));
  row("tcpdump -B 65536", await run(load, TCP, () => startTcpdump("-B", "65536")));
}

function title(): void {
  console.log("                            offered/s     captured   dropped   CPU of a core");
}

function row(name: string, { captured, dropped, cpuMs }: Result): void {
  const rate = Math.round((captured + dropped) / SECONDS);
  const share = `${(cpuMs / 10 / SECONDS).toFixed(1)} %`;
  console.log(
    name.padEnd(26) +
      String(rate).padStart(11) +
      String(captured).padStart(13) +
      String(dropped).padStart(10) +
      share.padStart(16),
  );
}

/** A capture that runs: ends with its counters. */
interface Running {
  end(): Promise<Result>;
}

async function run(load: string, args: Load, start: () => Promise<Running>): Promise<Result> {
  const running = await start();
  const sender = spawn(load, args, { stdio: "ignore" });
  await once(sender, "exit");
  return running.end();
}

async function startOurs(snapLen: string, to: string): Promise<Running> {
  const script = new URL("capture/ours.ts", import.meta.url).pathname;
  const child = spawn(process.execPath, [...process.execArgv, script, snapLen, to], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  await lines.next();
  return {
    async end() {
      child.stdin.end();
      const { value } = await lines.next();
      await once(child, "exit");
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- ours.ts prints it
      return JSON.parse(String(value)) as Result;
    },
  };
}

async function startTcpdump(...options: string[]): Promise<Running> {
  const child = spawn("tcpdump", ["-i", "lo", "-n", "-w", "/dev/null", ...options], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said += text));
  while (!said.includes("listening on")) await once(child.stderr, "data");
  return {
    async end() {
      const cpuMs = cpuOf(child);
      child.kill("SIGINT");
      await once(child, "close");
      return {
        captured: counter(said, "captured"),
        dropped: counter(said, "dropped by kernel"),
        cpuMs,
      };
    },
  };
}

function counter(said: string, what: string): number {
  return Number(new RegExp(`(\\d+) packets? ${what}`).exec(said)?.[1] ?? Number.NaN);
}

/** User and system time so far, from /proc (in ticks of 10 ms). */
function cpuOf({ pid }: ChildProcess): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
    .replace(/^.*\) /s, "")
    .split(" ");
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / CLOCK_TICKS;
}

await main();
