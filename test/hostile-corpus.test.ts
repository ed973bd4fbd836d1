// oxlint-disable vitest/no-standalone-expect -- testWith() makes the test blocks
/**
 * Every capture of the corpus, cut and damaged at random: nothing is thrown, what stands before the
 * damage is handed over and judged as if there were none, and it is said where the reading ended.
 *
 * `SEQACK_DAMAGE=50` makes 50 cuts and 50 flips of each file instead of one.
 */
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { gzipSync } from "node:zlib";
import { expect } from "vitest";
import { AnalysisSink } from "../src/analysis/analyze-sink.ts";
import { attributeCalls } from "../src/analysis/calls.ts";
import { CauseAnalyzer } from "../src/analysis/causes/analyzer.ts";
import { Explainer } from "../src/analysis/evidence/explainer.ts";
import { type Frame, FrameFeed } from "../src/analysis/fields/frame.ts";
import { FIELDS } from "../src/analysis/fields/registry.ts";
import { FindingSink } from "../src/analysis/findings/read-findings.ts";
import { sixSteps } from "../src/analysis/steps.ts";
import { tellStory } from "../src/analysis/story.ts";
import { VerdictAnalyzer } from "../src/analysis/verdicts/analyzer.ts";
import { CaptureReader } from "../src/pcap/reader.ts";
import type { CaptureSink, CaptureWarning, PacketRecord } from "../src/pcap/sink.ts";
import { FieldRows } from "../src/report/fields.ts";
import { JsonFrames } from "../src/report/json.ts";
import { LinePrinter } from "../src/report/lines.ts";
import { TraceBuilder } from "../src/trace/builder.ts";
import type { SegmentRecord } from "../src/trace/segment.ts";
import { SegmentTracker } from "../src/trace/tracker.ts";
import { missing, SHARED, testWith } from "./needs.ts";

/** Damaged copies of each file, of either kind. */
const RUNS = Number(process.env["SEQACK_DAMAGE"] ?? "1");
/** Without being asked for more, files of this size are enough. */
const MAX_LEN = RUNS > 1 ? Infinity : 200_000;
const HOURS = 3_600_000;

const CHUNK_LEN = 10_007;

/** xorshift32, from 0 to 1; seeds that are alike are spread first. */
function random(seed: number): () => number {
  let x = Math.imul(seed, 0x9e37_79b1) | 1;
  const next = (): number => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return (x >>> 0) / 2 ** 32;
  };
  for (let i = 0; i < 8; i++) next();
  return next;
}

/** FNV-1a over everything that is added: equal after as many packets means equal packets. */
class Digest {
  value = 0x811c9dc5;

  add(n: number): void {
    this.value = Math.imul(this.value ^ n, 0x01000193);
    if (n > 0xffff_ffff) this.add(Math.floor(n / 2 ** 32));
  }
}

/** What reading a file gives, packet by packet. */
class Reading implements CaptureSink {
  /** Where each packet's record begins. */
  readonly offsets: number[] = [];
  /** The digest of everything up to each packet's verdicts. */
  readonly digests: number[] = [];
  readonly warnings: CaptureWarning[] = [];
  readonly reader = new CaptureReader(this);
  readonly #digest = new Digest();
  readonly #analyzer = new VerdictAnalyzer();
  readonly #tracker = new SegmentTracker({ onSegment: (s) => this.#onSegment(s) });

  constructor(bytes: Uint8Array) {
    pushAll(bytes, this.reader);
  }

  get fatal(): CaptureWarning | undefined {
    return this.warnings.find((w) => w.fatal);
  }

  onPacket(p: PacketRecord): void {
    const digest = this.#digest;
    this.offsets.push(p.offset);
    for (const n of [p.frame, p.iface, p.linkType, p.sec, p.nsec, p.capLen, p.origLen, p.flags]) {
      digest.add(n);
    }
    for (const c of p.comments) digest.add(c.length);
    for (let at = p.at; at < p.at + p.capLen; at++) digest.add(p.view.getUint8(at));
    this.#tracker.onPacket(p);
    this.digests.push(digest.value);
  }

  onWarning(warning: CaptureWarning): void {
    this.warnings.push(warning);
  }

  #onSegment(s: SegmentRecord): void {
    const digest = this.#digest;
    const v = this.#analyzer.analyze(s);
    for (const n of [s.stream, s.dir, s.relSeq, s.relAck, s.payloadLen, s.windowSize])
      digest.add(n);
    for (const n of [v.bits, v.acksFrame, v.bytesInFlight, v.completeness, v.rtoFrame])
      digest.add(n);
  }
}

function pushAll(bytes: Uint8Array, reader: CaptureReader): void {
  for (let at = 0; at < bytes.length; at += CHUNK_LEN) {
    reader.push(bytes.subarray(at, at + CHUNK_LEN));
  }
  reader.end();
}

/** What analyses and shows captures: it must take these too. */
function show(bytes: Uint8Array): void {
  const frames = new FrameFaces();
  const analysis = new AnalysisSink(true);
  const findings = new FindingSink();
  const builder = new TraceBuilder();
  for (const sink of [new SegmentTracker(frames.feed), new SegmentTracker(analysis), findings]) {
    pushAll(bytes, new CaptureReader(sink));
  }
  analysis.conversations.end();
  findings.finish();
  pushAll(bytes, new CaptureReader(builder));
  const trace = builder.build();
  const calls = attributeCalls(trace);
  for (let stream = 0; stream < Math.min(trace.streams, 4); stream++) {
    tellStory(trace, stream, calls);
    sixSteps(trace, stream, calls);
  }
}

/** Lines of every frame, every field of some, and why each segment is what it is said to be. */
class FrameFaces {
  readonly feed = new FrameFeed((frame) => this.#onFrame(frame));
  readonly #lines = new LinePrinter({ verbose: true, link: true });
  readonly #json = new JsonFrames(null);
  readonly #rows = new FieldRows(FIELDS.filter((field) => field.type !== "protocol"));
  readonly #causes = new CauseAnalyzer();
  readonly #analyzer = new VerdictAnalyzer();
  readonly #explainer = new Explainer();

  #onFrame(frame: Frame): void {
    const { segment, packet } = frame;
    if (segment === null) this.#lines.other(packet);
    else {
      this.#lines.segment(segment);
      this.#causes.analyze(segment);
      this.#explainer.pass(segment, this.#analyzer.analyze(segment));
      this.#explainer.reasons(null);
    }
    if (packet.frame % 16 === 0) this.#json.frame(frame);
    if (packet.frame % 16 === 8) this.#rows.row(frame);
  }
}

/** What is wrong with the reading of a damaged copy; `null`: nothing. `damage`: the first byte that differs. */
function faultOf(whole: Reading, copy: Reading, damage: number): string | null {
  const { offsets, digests } = whole;
  let before = 0;
  while (before + 1 < offsets.length && offsets[before + 1]! <= damage) before++;
  if (copy.digests.length < before) return `${before - copy.digests.length} packets are lost`;
  if (before > 0 && digests[before - 1] !== copy.digests[before - 1]) return "packets differ";
  const { warnings, fatal, reader } = copy;
  if (warnings.length > 60) return `${warnings.length} warnings`;
  if (warnings.filter((w) => w.fatal).length > 1) return "it ends twice";
  if (fatal !== undefined && fatal.frame !== reader.frames)
    return `ends after frame ${fatal.frame}`;
  const vague = warnings.find((w) => w.message === "" || !Number.isSafeInteger(w.offset));
  return vague === undefined ? null : `says "${vague.message}" of byte ${vague.offset}`;
}

interface File {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly whole: Reading;
  readonly next: () => number;
}

function files(): string[] {
  if (missing("shared") !== null) return [];
  const root = join(SHARED, "corpus");
  return readdirSync(root, { recursive: true, encoding: "utf8" })
    .map((name) => join(root, name))
    .filter((path) => !path.endsWith(".tsv") && statSync(path).isFile())
    .filter((path) => statSync(path).size <= MAX_LEN)
    .toSorted();
}

const PATHS = files();

/** Runs `damage` on every file, and expects it to find nothing. */
function eachFile(damage: (file: File) => string | null): void {
  const faults: string[] = [];
  for (const [i, path] of PATHS.entries()) {
    const bytes = new Uint8Array(readFileSync(path));
    const next = random(i + 1);
    const whole = new Reading(bytes);
    const file = { name: relative(SHARED, path), bytes, whole, next };
    for (let run = 0; run < RUNS; run++) {
      const fault = damage(file);
      if (fault !== null) faults.push(`${file.name}, run ${run}: ${fault}`);
    }
  }
  expect(PATHS.length).toBeGreaterThan(300);
  expect(faults).toEqual([]);
}

testWith("shared")(
  "cut at random places",
  () => {
    eachFile(({ bytes, whole, next }) => {
      const len = 1 + Math.floor(next() * (bytes.length - 1));
      const cut = bytes.subarray(0, len);
      const copy = new Reading(cut);
      show(cut);
      const fault = faultOf(whole, copy, len);
      if (fault !== null) return `cut at ${len}: ${fault}`;
      const isBetween = whole.offsets.includes(len);
      const { fatal } = copy;
      if (isBetween || whole.reader.format !== "pcap" || len > endOf(whole)) return null;
      if (fatal === undefined) return `cut at ${len}: nothing is said`;
      return fatal.offset < len ? null : `cut at ${len}: it is said of byte ${fatal.offset}`;
    });
  },
  HOURS,
);

/** As far as the file is read without damage. */
const endOf = (whole: Reading): number => whole.fatal?.offset ?? Infinity;

testWith("shared")(
  "1 % of the bytes flipped, of the whole file or from some place on",
  () => {
    let run = 0;
    eachFile(({ bytes, whole, next }) => {
      const damaged = bytes.slice();
      const from = run++ % 2 === 0 ? 0 : Math.floor(next() * bytes.length);
      let first = Infinity;
      for (let at = from; at < bytes.length; at++) {
        if (next() >= 0.01) continue;
        damaged[at] = Math.floor(next() * 256);
        if (damaged[at] !== bytes[at]) first = Math.min(first, at);
      }
      show(damaged);
      const fault = faultOf(whole, new Reading(damaged), first);
      return fault === null ? null : `flipped from ${first} on: ${fault}`;
    });
  },
  HOURS,
);

/** Compresses as a tool does that may not be there. */
const COMPRESSORS: readonly (readonly [string, (bytes: Uint8Array) => Uint8Array])[] = [
  ["gzip", (bytes) => gzipSync(bytes)],
  ["zstd", (bytes) => spawnSync("zstd", ["-c", "--check"], { input: bytes }).stdout],
  ["lz4", (bytes) => spawnSync("lz4", ["-c", "-BX"], { input: bytes }).stdout],
];

testWith("shared").each(COMPRESSORS)(
  "compressed with %s, then cut and flipped",
  (_, compress) => {
    let turn = 0;
    eachFile(({ bytes, whole, next }) => {
      if (turn++ % (40 * RUNS) >= RUNS) return null;
      const packed = compress(bytes);
      if (new Reading(packed).digests.at(-1) !== whole.digests.at(-1)) return "it reads otherwise";
      const len = 20 + Math.floor(next() * (packed.length - 20));
      const cut = new Reading(packed.subarray(0, len));
      if (cut.fatal === undefined) return `cut at ${len} of ${packed.length}: nothing is said`;
      const fault = faultOf(whole, cut, 0);
      if (fault !== null || !isPrefix(whole, cut)) return `cut at ${len}: ${fault ?? "differs"}`;
      const damaged = packed.slice();
      for (let at = Math.floor(next() * packed.length); at < packed.length; at++) {
        if (next() < 0.01) damaged[at] = Math.floor(next() * 256);
      }
      return faultOf(whole, new Reading(damaged), 0);
    });
  },
  HOURS,
);

const isPrefix = (whole: Reading, { digests }: Reading): boolean =>
  digests.length === 0 || digests.at(-1) === whole.digests[digests.length - 1];

testWith("shared")("memory stayed within bounds", () => {
  expect(process.resourceUsage().maxRSS).toBeLessThan(1024 * 1024);
});
