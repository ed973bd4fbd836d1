// oxlint-disable vitest/no-standalone-expect -- testWith() makes the test blocks
/** Merging against mergecap: the same frames in the same order, for captures of the corpus. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect } from "vitest";
import { missing, SHARED, testWith } from "../../test/needs.ts";
import { mergeCaptures } from "./merge.ts";
import { PcapWriter } from "./pcap-writer.ts";
import { CaptureReader } from "./reader.ts";
import type { PacketRecord } from "./sink.ts";

const folder = mkdtempSync(join(tmpdir(), "seqack-merge-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Whole captures of a size that is quickly merged. */
function corpus(): string[] {
  if (missing("shared") !== null) return [];
  const root = join(SHARED, "corpus");
  return readdirSync(root, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.pcap(?:ng)?$/.test(name) && !/fuzz/i.test(name))
    .toSorted()
    .map((name) => join(root, name))
    .filter((path) => statSync(path).size < 60_000);
}

const FILES = corpus();

const lineOf = ({ frame, sec, nsec, origLen, capLen }: PacketRecord): string =>
  `${frame}\t${sec}.${String(nsec).padStart(9, "0")}\t${origLen}\t${capLen}`;

async function ours(paths: readonly string[]): Promise<string[]> {
  const lines: string[] = [];
  const files = paths.map((path) => [readFileSync(path)]);
  await mergeCaptures(files, { onPacket: (p) => lines.push(lineOf(p)) });
  return lines;
}

/** `null` when mergecap does not take the files. */
function theirs(paths: readonly string[]): string[] | null {
  const to = join(folder, "merged.pcapng");
  if (spawnSync("mergecap", ["-w", to, ...paths]).status !== 0) return null;
  const fields = ["frame.number", "frame.time_epoch", "frame.len", "frame.cap_len"];
  const args = ["-n", "-r", to, "-T", "fields", ...fields.flatMap((f) => ["-e", f])];
  const { stdout } = spawnSync("tshark", args, { encoding: "utf8", maxBuffer: 1 << 28 });
  return stdout.trimEnd().split("\n");
}

testWith("tshark", "shared")(
  "every fourth capture of the corpus with the two behind it",
  async () => {
    let compared = 0;
    for (let i = 0; i + 2 < FILES.length; i += 12) {
      const group = FILES.slice(i, i + 3);
      const expected = theirs(group);
      if (expected === null) continue;
      compared++;
      expect([group, await ours(group)]).toEqual([group, expected]);
    }
    expect(compared).toBeGreaterThan(10);
  },
);

/** Deals the packets of a capture out to three files. */
function deal(path: string): string[] {
  const files: Uint8Array[][] = [[], [], []];
  let writer: PcapWriter | null = null;
  const reader = new CaptureReader({
    onPacket(p) {
      writer ??= new PcapWriter({ linkType: p.linkType });
      // Two neighbours stay together: times interleave, and equal ones meet in one file and in two.
      if (p.capLen <= p.origLen) files[Math.floor(p.frame / 2) % 3]!.push(writer.packet(p));
    },
  });
  reader.push(readFileSync(path));
  reader.end();
  return files.map((packets, i) => {
    const part = join(folder, `part${i}.pcap`);
    writeFileSync(part, Buffer.concat([writer!.header(), ...packets]));
    return part;
  });
}

testWith("tshark", "shared")(
  "captures dealt out to three files, whose times interleave",
  async () => {
    for (const path of FILES.filter((name, i) => i % 40 === 3 && name.endsWith("pcap"))) {
      const parts = deal(path);
      expect([path, await ours(parts)]).toEqual([path, theirs(parts)]);
    }
  },
);
