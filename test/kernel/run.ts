/**
 * Runs every scenario, all at once, and writes to the folder that is named:
 * captures of both ends, and `truth.json`, what the kernel says it did. Its own
 * process: it blocks, and enters namespaces.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Ends } from "./ends.ts";
import { libc, nowNs } from "./libc.ts";
import { Link, type Passed } from "./link.ts";
import { Namespace } from "./namespace.ts";
import { SCENARIOS, type Scenario } from "./scenarios.ts";
import { hasTracing, type TraceEvent, Tracing } from "./tracing.ts";

const CLIENT_IP = "10.77.0.1";
const SERVER_IP = "10.77.0.2";
const FIRST_PORT = 7001;
/** After the last byte, for what is still on its way. */
const LINGER_NS = 0.15e9;
const LONGEST_NS = 12e9;

const COMMON = {
  tcp_slow_start_after_idle: 0,
  tcp_no_metrics_save: 1,
  // So that an empty connection is not mistaken for a lossy one.
  tcp_ecn: 0,
} as const;

/** What is known of a scenario that has run. */
export interface Truth {
  readonly name: string;
  readonly port: number;
  readonly rttNs: number;
  /** Whether the client may use SACK, and RACK takes three segments behind a hole for a loss. */
  readonly hasSack: boolean;
  readonly hasThreshold: boolean;
  readonly passed: readonly Passed[];
  readonly client: Readonly<Record<string, number>>;
  readonly server: Readonly<Record<string, number>>;
  /** `null` without tracefs. */
  readonly events: readonly TraceEvent[] | null;
}

/** File name of a scenario without the end that was captured at. */
export function captureName(index: number): string {
  return `scenario-${String(index + 1).padStart(2, "0")}`;
}

class Run {
  readonly scenario: Scenario;
  readonly port: number;
  readonly client: Namespace;
  readonly server: Namespace;
  readonly link: Link;
  ends: Ends | null = null;
  #beginNs = Infinity;
  #doneNs = -1;

  constructor(scenario: Scenario, index: number, folder: string) {
    this.scenario = scenario;
    this.port = FIRST_PORT + index;
    this.client = new Namespace(`${CLIENT_IP}/24`, { ...COMMON, ...scenario.sysctl });
    this.server = new Namespace(`${SERVER_IP}/24`, COMMON);
    const path = join(folder, captureName(index));
    this.link = new Link([this.client.tun, this.server.tun], scenario.rttMs, scenario.rules, path);
  }

  /** Connects: not before all is made, so that no packet waits for it. */
  begin(): void {
    this.#beginNs = nowNs();
    this.ends = new Ends(this.client, this.server, SERVER_IP, this.port, this.scenario);
  }

  /** When it wants to run again. */
  step(): number {
    this.link.run(nowNs);
    const now = nowNs();
    const { ends } = this;
    if (ends === null) return Infinity;
    if (ends.isDone && this.#doneNs === -1) this.#doneNs = now;
    const next = ends.isDone ? this.#doneNs + LINGER_NS : ends.run(now);
    this.link.run(nowNs);
    return Math.min(next, this.link.dueNs);
  }

  /** Whether what `event` tells of is on the link: the kernel goes on when nobody looks any more. */
  hasSeen({ sport, dport, timeNs }: TraceEvent): boolean {
    return [sport, dport].includes(this.port) && timeNs <= this.link.lookedNs;
  }

  get isOver(): boolean {
    const now = nowNs();
    if (now - this.#beginNs > LONGEST_NS) return true;
    const { dueNs, passed } = this.link;
    const lastNs = Math.max(this.#doneNs, passed.at(-1)?.timeNs ?? 0);
    return this.#doneNs !== -1 && dueNs === Infinity && now - lastNs >= LINGER_NS;
  }

  close(): void {
    this.ends?.close();
    this.client.close();
    this.server.close();
  }
}

/** Waits until one of the devices has a packet, at most until `untilNs`. */
function wait(runs: readonly Run[], untilNs: number): void {
  const tuns = runs.flatMap(({ client, server }) => [client.tun, server.tun]);
  const fds = new DataView(new ArrayBuffer(8 * tuns.length));
  for (const [i, fd] of tuns.entries()) {
    fds.setInt32(8 * i, fd, true);
    fds.setInt16(8 * i + 4, 1, true);
  }
  const ms = Math.ceil((untilNs - nowNs()) / 1e6);
  libc.poll(new Uint8Array(fds.buffer), tuns.length, Math.max(0, Math.min(5, ms)));
}

function main(folder: string): void {
  const last = FIRST_PORT + SCENARIOS.length - 1;
  const tracing = hasTracing() ? new Tracing(FIRST_PORT, last) : null;
  try {
    const runs = SCENARIOS.map((scenario, i) => new Run(scenario, i, folder));
    for (const run of runs) run.begin();
    for (let open = runs; open.length > 0; open = open.filter((run) => !run.isOver)) {
      wait(open, Math.min(...open.map((run) => run.step())));
    }
    const events = tracing?.read() ?? null;
    const truths = runs.map((run): Truth => ({
      name: run.scenario.name,
      port: run.port,
      rttNs: run.scenario.rttMs * 1e6,
      hasSack: run.scenario.sysctl?.["tcp_sack"] !== 0,
      hasThreshold: run.scenario.sysctl?.["tcp_recovery"] === undefined,
      passed: run.link.passed,
      client: run.client.counters(),
      server: run.server.counters(),
      events: events?.filter((event) => run.hasSeen(event)) ?? null,
    }));
    writeFileSync(join(folder, "truth.json"), JSON.stringify(truths));
    for (const run of runs) run.close();
  } finally {
    tracing?.close();
  }
}

// Run, not imported.
if (process.argv[1] === new URL(import.meta.url).pathname) main(process.argv[2]!);
