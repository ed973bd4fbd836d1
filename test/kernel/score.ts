/**
 * How right the causes are: what seqack says of the captures of every
 * scenario, and what tshark says, beside what the kernel did.
 */
import { execFile, spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { CauseAnalyzer } from "../../src/analysis/causes/analyzer.ts";
import { CAUSES, type CauseName, isRetransmission } from "../../src/analysis/causes/cause.ts";
import { CaptureReader } from "../../src/pcap/reader.ts";
import { SegmentTracker } from "../../src/trace/tracker.ts";
import { captureName, type Truth } from "./run.ts";
import { type Resent, resentOf } from "./truth.ts";

/** What tshark may call a retransmission. */
export const WIRESHARK = ["fast", "spurious", "out of order", "plain", "nothing"] as const;

/** One cause. */
export interface CauseScore {
  readonly cause: CauseName;
  /** Retransmissions of the kernel's for this cause. */
  kernel: number;
  /** Segments that seqack gives it to. */
  ours: number;
  /** Of them, right ones. */
  right: number;
  /** By {@link WIRESHARK}: what tshark calls the kernel's. */
  readonly wireshark: number[];
}

/** A count of the kernel's own beside ours. */
export interface CounterScore {
  readonly name: string;
  readonly kernel: number;
  readonly ours: number;
}

/** Captured at the sender's end, or at the receiver's. */
export type Place = "sender" | "receiver";

/** Everything that was compared at one place. */
export interface Score {
  readonly causes: readonly CauseScore[];
  /** Retransmissions whose bytes the receiver got twice; ours: told so by a later segment. */
  readonly needless: { kernel: number; ours: number; right: number };
  /** Held back on purpose, so that later segments overtook them; as above. */
  readonly reordered: { kernel: number; ours: number; right: number };
  readonly counters: readonly CounterScore[];
}

/** Runs all scenarios; what comes of it is in `folder`. */
export async function runScenarios(folder: string): Promise<readonly Truth[]> {
  // Tracefs is mounted where nobody else sees it.
  const script = 'mount -t tracefs none /sys/kernel/tracing 2>/dev/null; exec "$0" "$@"';
  const run = new URL("run.ts", import.meta.url).pathname;
  const node = [process.execPath, "--import", "tsx", run, folder];
  await promisify(execFile)("unshare", ["-m", "sh", "-c", script, ...node], { timeout: 35_000 });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by run.ts
  return JSON.parse(readFileSync(join(folder, "truth.json"), "utf8")) as Truth[];
}

/** Compares what was captured at `place`. @throws {Error} when the kernel's word does not fit what passed. */
export function scoreOf(folder: string, truths: readonly Truth[], place: Place): Score {
  const ends = truths.flatMap((_, i) =>
    ["client", "server"].map((end) => `${captureName(i)}-${end}`),
  );
  const paths = ends.map((name) => join(folder, `${name}.pcap`));
  const sums = new Sums(new Wireshark(paths, join(folder, "all.pcap")));
  for (const [index, truth] of truths.entries()) {
    const path = join(folder, captureName(index));
    for (const side of ["client", "server"] as const) {
      const isOwn = place === "sender";
      const end = isOwn === (side === "client") ? "client" : "server";
      sums.add(truth, side, isOwn, `${path}-${end}.pcap`);
    }
  }
  return sums;
}

class Sums implements Score {
  readonly #causes = new Map<CauseName, CauseScore>();
  readonly needless = { kernel: 0, ours: 0, right: 0 };
  readonly reordered = { kernel: 0, ours: 0, right: 0 };
  readonly #counters = new Map<string, { kernel: number; ours: number }>();
  readonly #wireshark: Wireshark;

  constructor(wireshark: Wireshark) {
    this.#wireshark = wireshark;
  }

  get causes(): readonly CauseScore[] {
    return CAUSES.flatMap((cause) => this.#causes.get(cause) ?? []);
  }

  get counters(): readonly CounterScore[] {
    return [...this.#counters].map(([name, { kernel, ours }]) => ({ name, kernel, ours }));
  }

  /** What one side of a connection sent, in a capture of its own end or of the other one. */
  add(truth: Truth, side: "client" | "server", isOwn: boolean, path: string): void {
    const frameOf = ({ packet }: Resent): number => (isOwn ? packet.frame : packet.farFrame);
    const all = truth.events === null ? [] : resentOf(truth);
    const resent = all.filter(
      ({ packet }) => packet.from === side && isVisible(truth, packet, isOwn),
    );
    const kernel = new Map(resent.map((one) => [frameOf(one), one]));
    for (const [frame, { cause }] of kernel) {
      const score = this.#score(cause);
      score.kernel++;
      score.wireshark[this.#wireshark.verdictOf(path, frame)]!++;
    }
    const found = causesOf(path, side, truth.port);
    this.#addNeedless(kernel, found);
    this.#addReordered(truth, side, isOwn, found);
    for (const [frame, cause] of found.causes) {
      if (cause === "window_probe") continue;
      const score = this.#score(sameKind(cause));
      score.ours++;
      if (kernel.get(frame)?.cause === sameKind(cause)) score.right++;
    }
    if (isOwn) this.#addCounters(truth[side], [...found.causes.values()], found.reordered.size);
  }

  #score(cause: CauseName): CauseScore {
    const known = this.#causes.get(cause);
    if (known !== undefined) return known;
    const score = { cause, kernel: 0, ours: 0, right: 0, wireshark: WIRESHARK.map(() => 0) };
    this.#causes.set(cause, score);
    return score;
  }

  #addNeedless(kernel: ReadonlyMap<number, Resent>, found: Found): void {
    for (const { isNeedless } of kernel.values()) if (isNeedless) this.needless.kernel++;
    this.needless.ours += found.needless.size;
    for (const frame of found.needless) if (kernel.get(frame)?.isNeedless) this.needless.right++;
  }

  #addReordered(truth: Truth, side: "client" | "server", isOwn: boolean, found: Found): void {
    const held = truth.passed.filter((p) => p.from === side && p.isHeld && p.farFrame !== 0);
    const frames = new Set(held.map((p) => (isOwn ? p.frame : p.farFrame)));
    this.reordered.kernel += frames.size;
    this.reordered.ours += found.reordered.size;
    for (const frame of found.reordered) if (frames.has(frame)) this.reordered.right++;
  }

  #addCounters(
    counted: Readonly<Record<string, number>>,
    causes: readonly CauseName[],
    reordered: number,
  ): void {
    const count = (...names: CauseName[]): number =>
      causes.filter((cause) => names.includes(cause)).length;
    const pairs: readonly (readonly [string[], number])[] = [
      [["TCPTimeouts"], count("rto", "fin_timer", "syn_timer", "syn_ack_timer")],
      [["TCPLossProbes"], count("tlp")],
      [["TCPSynRetrans"], count("syn_timer", "syn_ack_timer", "syn_again")],
      [["TCPFastRetrans", "TCPSlowStartRetrans"], count(...IN_RECOVERY)],
      [["TCPSACKReorder", "TCPTSReorder"], reordered],
      [["TCPWinProbe"], count("window_probe")],
    ];
    for (const [names, ours] of pairs) {
      const sum = this.#counters.get(names.join(" + ")) ?? { kernel: 0, ours: 0 };
      for (const name of names) sum.kernel += counted[name] ?? 0;
      sum.ours += ours;
      this.#counters.set(names.join(" + "), sum);
    }
  }
}

const IN_RECOVERY: readonly CauseName[] = [
  "fast_dup_ack",
  "fast_partial_ack",
  "fast_sack",
  "rack",
  "rto_recovery",
  "after_spurious_rto",
];

/** The kernel has one word for both. */
const sameKind = (cause: CauseName): CauseName =>
  cause === "after_spurious_rto" ? "rto_recovery" : cause;

/** At the other end, what was lost before it looks new, unless later bytes came first. */
function isVisible(truth: Truth, packet: Truth["passed"][number], isOwn: boolean): boolean {
  if (isOwn) return true;
  if (packet.farFrame === 0) return false;
  return truth.passed.some(
    (p) =>
      p.from === packet.from &&
      p.copy > 0 &&
      p.farFrame !== 0 &&
      p.farFrame < packet.farFrame &&
      ((p.seq - packet.seq) | 0) >= 0,
  );
}

interface Found {
  readonly causes: ReadonlyMap<number, CauseName>;
  /** Frames told to have been needless. */
  readonly needless: ReadonlySet<number>;
  /** Frames told to have been overtaken. */
  readonly reordered: ReadonlySet<number>;
}

/** What seqack says of the segments of one side. */
function causesOf(path: string, side: "client" | "server", port: number): Found {
  const causes = new Map<number, CauseName>();
  const needless = new Set<number>();
  const reordered = new Set<number>();
  const analyzer = new CauseAnalyzer();
  const tracker = new SegmentTracker({
    onSegment(s) {
      const c = analyzer.analyze(s);
      const isOwn = (s.srcPort === port) === (side === "server");
      const name = CAUSES[c.cause]!;
      if (isOwn && (isRetransmission(c.cause) || name === "window_probe")) {
        causes.set(s.packet.frame, name);
      }
      if (isOwn && name === "reordered") reordered.add(s.packet.frame);
      if (!isOwn && c.spurious !== 0) needless.add(c.spuriousFrame);
      if (!isOwn && c.reorderedFrame !== 0) reordered.add(c.reorderedFrame);
    },
  });
  const reader = new CaptureReader(tracker);
  reader.push(readFileSync(path));
  reader.end();
  return { causes, needless, reordered };
}

const FIELDS = ["fast_retransmission", "spurious_retransmission", "out_of_order", "retransmission"];

/** Bytes before the first record of a pcap file. */
const FILE_HEADER_LEN = 24;

/** What tshark calls the frames of several captures, all read at once. */
class Wireshark {
  /** Frames before each capture. */
  readonly #before = new Map<string, number>();
  readonly #verdicts = new Map<number, number>();

  /** `all` is where they are put together. */
  constructor(paths: readonly string[], all: string) {
    const parts: Buffer[] = [];
    let frames = 0;
    for (const [i, path] of paths.entries()) {
      const bytes = readFileSync(path);
      this.#before.set(path, frames);
      // Both ends of a connection in one: each gets ports of its own.
      frames += moveClient(bytes, i);
      parts.push(i === 0 ? bytes : bytes.subarray(FILE_HEADER_LEN));
    }
    writeFileSync(all, Buffer.concat(parts));
    this.#read(all);
  }

  /** Index of {@link WIRESHARK}; the most special name counts. */
  verdictOf(path: string, frame: number): number {
    const verdict = this.#verdicts.get((this.#before.get(path) ?? 0) + frame);
    return verdict ?? WIRESHARK.indexOf("nothing");
  }

  #read(path: string): void {
    const fields = ["frame.number", ...FIELDS.map((name) => `tcp.analysis.${name}`)];
    const args = ["-n", "-r", path, "-T", "fields", ...fields.flatMap((name) => ["-e", name])];
    const { stdout } = spawnSync("tshark", args, { encoding: "utf8", maxBuffer: 1 << 26 });
    for (const line of stdout.split("\n").slice(0, -1)) {
      const [frame, ...cells] = line.split("\t");
      const at = cells.findIndex((cell) => cell !== "");
      if (at !== -1) this.#verdicts.set(Number(frame), at);
    }
  }
}

/** Gives the client of every packet the address `10.78.0.N`. @returns How many packets there are. */
function moveClient(bytes: Buffer, n: number): number {
  let count = 0;
  for (let at = FILE_HEADER_LEN; at < bytes.length; count++) {
    const ip = at + 16;
    const isFromClient = bytes[ip + 15] === 1;
    bytes.set([10, 78, 0, n + 1], isFromClient ? ip + 12 : ip + 16);
    at = ip + bytes.readUInt32LE(at + 8);
  }
  return count;
}
