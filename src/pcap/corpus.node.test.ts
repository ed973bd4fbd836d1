// oxlint-disable vitest/no-standalone-expect -- testWith() makes the test blocks
/** Real captures: as many packets as `corpus.tsv` says, and what tshark says of a sample of them. */
import { spawnSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect } from "vitest";
import { missing, SHARED, testWith } from "../../test/needs.ts";
import { logCapture } from "../testing/capture-log.ts";
import { CaptureReader } from "./reader.ts";

interface CorpusFile {
  readonly path: string;
  /** A number, or `">=1"` where the file is damaged. */
  readonly packets: string;
}

function corpus(): CorpusFile[] {
  if (missing("shared") !== null) return [];
  const [head, ...rows] = readFileSync(join(SHARED, "corpus/corpus.tsv"), "utf8")
    .trim()
    .split("\n");
  const column = head!.split("\t").indexOf("packets");
  return rows.map((row) => {
    const cells = row.split("\t");
    return { path: join(SHARED, "corpus", cells[0]!), packets: cells[column]! };
  });
}

const FILES = corpus();

testWith("shared")("every file has as many packets as are listed, in chunks of any size", () => {
  const wrong: string[] = [];
  for (const { path, packets } of FILES) {
    const bytes = readFileSync(path);
    const counts = [bytes.length, 65_536, 1000, 17].map((len) => count(bytes, len));
    if (new Set(counts).size !== 1) wrong.push(`${path}: ${counts.join()} by chunk`);
    const least = packets.startsWith(">=");
    const listed = Number(packets.replace(">=", ""));
    if (least ? counts[0]! < listed : counts[0] !== listed) wrong.push(`${path}: ${counts[0]}`);
  }
  expect(FILES.length).toBeGreaterThan(400);
  expect(wrong).toEqual([]);
});

function count(bytes: Uint8Array, chunkLen: number): number {
  let packets = 0;
  const reader = new CaptureReader({ onPacket: () => packets++ });
  for (let at = 0; at < bytes.length; at += chunkLen)
    reader.push(bytes.subarray(at, at + chunkLen));
  reader.end();
  return packets;
}

/**
 * Every kind of file that is not plain little-endian microseconds, and each fortieth of those that are.
 * Without what a fuzzer made: there tshark shows lengths and times that overflowed.
 */
const SAMPLE = FILES.filter(
  ({ path }, i) => (i % 40 === 0 || /own\+derived|\.pcapng$/.test(path)) && !/fuzz/i.test(path),
).map(({ path }) => path);

describe.each(SAMPLE)("%s", (path) => {
  testWith("tshark", "shared")("frame numbers, times and lengths are tshark's", () => {
    const fields = ["frame.number", "frame.time_epoch", "frame.cap_len", "frame.len"];
    const args = ["-n", "-r", path, "-T", "fields", ...fields.flatMap((f) => ["-e", f])];
    const { stdout } = spawnSync("tshark", [...args, "-Y", "frame.cap_len"], {
      encoding: "utf8",
      maxBuffer: 1 << 28,
    });
    const ours = logCapture(readFileSync(path)).packets.map(
      ({ frame, sec, nsec, capLen, origLen }) =>
        `${frame}\t${sec}.${String(nsec).padStart(9, "0")}\t${capLen}\t${origLen}`,
    );
    // Blocks that are no packets have frames in tshark's list too, without bytes on a wire.
    const numbers = new Set(ours.map((line) => line.split("\t")[0]));
    const theirs = stdout
      .split("\n")
      .filter((line) => numbers.has(line.split("\t")[0]))
      .map((line) => line.replace("\t\t", "\t0.000000000\t")); // simple packets have no time
    expect(ours).toEqual(theirs);
  });
});

/** xorshift32. */
function random(seed: number): () => number {
  let x = seed;
  return () => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return (x >>> 0) / 2 ** 32;
  };
}

const SMALL = FILES.map(({ path }) => path).filter((path) => statSync(path).size < 100_000);

testWith("shared")(
  "300 files with flipped bytes: nothing is thrown, the bytes decide the result",
  () => {
    const next = random(20_261_122);
    for (let run = 0; run < 300; run++) {
      const bytes = new Uint8Array(readFileSync(SMALL[Math.floor(next() * SMALL.length)]!));
      const rate = run % 3 === 0 ? 0.02 : 0.0005;
      for (let at = run % 2 === 0 ? 0 : 24; at < bytes.length; at++) {
        if (next() < rate) bytes[at] = Math.floor(next() * 256);
      }
      const whole = logCapture(bytes);
      expect(logCapture(bytes, 1 + Math.floor(next() * 500))).toEqual(whole);
      for (const { sec, nsec, capLen, hex } of whole.packets) {
        expect(
          Number.isSafeInteger(sec) && nsec >= 0 && nsec < 1e9 && hex.length === 2 * capLen,
        ).toBe(true);
      }
      expect(whole.warnings.length).toBeLessThan(40);
    }
  },
);
