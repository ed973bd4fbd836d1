/**
 * The echo server: the article's Go program and ours, under the same load, in
 * the same run, on the same core. Counts the server's CPU per request.
 *
 * ```sh
 * npm run build && npx tsx bench/echo.ts [ROUNDS] [MS] [CASE]
 * ```
 *
 * The server has one core and the load another (one connection: the same). Neither server prints what it
 * receives. The article's program loses what its fresh reader took beyond 128
 * bytes, so with pipelined messages it reads without that reader (one system
 * call for 128 bytes), and in a second version with one reader a connection.
 */
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const ARTICLE = new URL("../../shared/article.md", import.meta.url).pathname;
const HERE = new URL("echo/", import.meta.url).pathname;
const [rounds = 5, lastMs = 2000] = process.argv.slice(2, 4).map(Number);
const WARM_MS = 1000;

interface Case {
  readonly name: string;
  readonly conns: number;
  readonly depth: number;
  readonly size: number;
  /** One connection: on the server's core, or waking the other core is all that is measured. */
  readonly loadCore: 0 | 1;
  readonly go: "article" | "plain" | "kept";
  /** What is to be reached: our CPU at most this part of Go's, or our rate at least this often Go's. */
  readonly reach: { readonly cpu: number } | { readonly rate: number } | null;
}

const ONLY = process.argv[4];

const CASES: readonly Case[] = [
  { name: "1", loadCore: 0, conns: 1, depth: 1, size: 64, go: "article", reach: { cpu: 0.95 } },
  { name: "64", loadCore: 1, conns: 64, depth: 1, size: 64, go: "article", reach: { cpu: 1.05 } },
  {
    name: "1000",
    loadCore: 1,
    conns: 1000,
    depth: 1,
    size: 64,
    go: "article",
    reach: { cpu: 1.25 },
  },
  {
    name: "64 x 16",
    loadCore: 1,
    conns: 64,
    depth: 16,
    size: 128,
    go: "plain",
    reach: { rate: 4 },
  },
  {
    name: "64 x 16, one reader",
    loadCore: 1,
    conns: 64,
    depth: 16,
    size: 128,
    go: "kept",
    reach: null,
  },
];

interface Measure {
  /** Microseconds of server CPU per request. */
  readonly cpuUs: number;
  /** Requests per second. */
  readonly rate: number;
}

const folder = mkdtempSync(join(tmpdir(), "seqack-echo-"));

/** The article's server on any port, which it prints; messages are not printed. */
function goServer(kind: Case["go"]): string {
  const article = readFileSync(ARTICLE, "utf8");
  const blocks = [...article.matchAll(/```go\n(.*?)```/gis)].map(([, code]) => code ?? "");
  const code = blocks.find((b) => b.includes("package main") && b.includes("net.Listen"));
  if (code === undefined) throw new Error("Cannot find the server in the article");
  const quiet = code
    .replace('":8080"', '"127.0.0.1:0"')
    .replace('fmt.Println("server started")', "fmt.Println(listen.Addr().(*net.TCPAddr).Port)")
    .replace('fmt.Println("server accept new connection")', "")
    .replace('fmt.Println("收到client发来的消息:", recvStr)', "")
    .replace('fmt.Println("read from client failed, err:", err)', "");
  const reader = "reader := bufio.NewReader(conn)";
  const kept = quiet.replace(reader, "").replace("defer conn.Close()", `$&\n${reader}`);
  const plain = quiet.replace(reader, "reader := conn").replace('"bufio"', "");
  return { article: quiet, kept, plain }[kind];
}

function goBuild(name: string, code: string): string {
  writeFileSync(join(folder, `${name}.go`), code);
  const env = { ...process.env, GO111MODULE: "off" };
  const built = spawnSync("go", ["build", "-o", name, `${name}.go`], { cwd: folder, env });
  if (built.status !== 0) throw new Error(`Cannot build ${name}: ${String(built.stderr)}`);
  return join(folder, name);
}

/** A program on one core, and its lines. */
function startOn(
  core: number,
  command: readonly string[],
): { child: ChildProcess; line(): Promise<string> } {
  const child = spawn("taskset", ["-c", String(core), ...command], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return { child, line: async () => String((await lines.next()).value) };
}

/** CPU time of a process in microseconds, to the clock tick (10 ms). */
function cpuOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 10_000;
}

async function measure(server: readonly string[], load: string, c: Case): Promise<Measure> {
  const serving = startOn(0, server);
  const port = await serving.line();
  const numbers = [c.conns, c.depth, c.size, WARM_MS, lastMs].map(String);
  const loading = startOn(c.loadCore, [load, `127.0.0.1:${port}`, ...numbers]);
  try {
    await loading.line();
    const before = cpuOf(serving.child.pid!);
    loading.child.stdin?.write("\n");
    const [total = 0, seconds = 1] = (await loading.line()).split(" ").map(Number);
    const cpu = cpuOf(serving.child.pid!) - before;
    return { cpuUs: cpu / total, rate: total / seconds };
  } finally {
    for (const { child } of [loading, serving]) {
      child.kill("SIGKILL");
      await once(child, "close");
    }
  }
}

const median = (values: number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;

function verdict(c: Case, cpu: number, rate: number): string {
  if (c.reach === null) return "";
  if ("cpu" in c.reach)
    return `<= ${c.reach.cpu} CPU: ${cpu <= c.reach.cpu ? "reached" : "missed"}`;
  return `>= ${c.reach.rate} x rate: ${rate >= c.reach.rate ? "reached" : "missed"}`;
}

async function compare(c: Case, load: string): Promise<string> {
  const go = goBuild(c.go, goServer(c.go));
  const ours = [process.execPath, join(HERE, "ours.mjs")];
  const measured: Record<"go" | "ours", Measure[]> = { go: [], ours: [] };
  for (let round = 0; round < rounds; round++) {
    measured.go.push(await measure([go], load, c));
    measured.ours.push(await measure(ours, load, c));
  }
  const ratio = (of: (m: Measure) => number): number =>
    median(measured.ours.map((m, i) => of(m) / of(measured.go[i]!)));
  const show = (ms: readonly Measure[]): string =>
    `${median(ms.map((m) => m.cpuUs))
      .toFixed(2)
      .padStart(6)} us ${(median(ms.map((m) => m.rate)) / 1000).toFixed(0).padStart(5)} k/s`;
  const [cpu, rate] = [ratio((m) => m.cpuUs), ratio((m) => m.rate)];
  const columns = [c.name.padEnd(20), show(measured.go), show(measured.ours)];
  return `${columns.join("  ")}  ${cpu.toFixed(2)}  ${rate.toFixed(2)}  ${verdict(c, cpu, rate)}`;
}

async function main(): Promise<void> {
  if (!existsSync(ARTICLE) || spawnSync("go", ["version"]).status !== 0) {
    console.log("echo: skipped, it needs go and ../shared/article.md");
    return;
  }
  const load = goBuild("load", readFileSync(join(HERE, "load.go"), "utf8"));
  console.log(`medians of ${rounds} interleaved rounds of ${lastMs} ms; ratios are ours to Go's`);
  console.log(
    `${"connections".padEnd(20)}  ${"Go".padStart(18)}  ${"ours".padStart(18)}  CPU   rate  reach`,
  );
  for (const c of CASES.filter((one) => ONLY === undefined || one.name === ONLY))
    console.log(await compare(c, load));
}

try {
  await main();
} finally {
  rmSync(folder, { recursive: true });
}
