/**
 * Captures that nobody has: those of the corpus behind other headers, with packets lost,
 * doubled, overtaken and cut, with other sequence numbers; beside tshark.
 *
 * `SEQACK_FUZZ=500` compares so many captures instead of two dozen.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished } from "vitest";
import {
  ACCIDENTS,
  type IpPacket,
  ipPackets,
  joined,
  renumbered,
  wrapped,
} from "../../../test/fuzz/derive.ts";
import { Random } from "../../../test/fuzz/random.ts";
import { WRAPPINGS } from "../../../test/fuzz/wrap.ts";
import { SHARED, testWith } from "../../../test/needs.ts";
import { compareCapture, TCP_PARITY, WITHOUT_MEDDLERS } from "../../../test/parity.ts";

const CAPTURES = Number(process.env["SEQACK_FUZZ"] ?? 26);
const MOST_PACKETS = 1000;

/** Captures of the corpus with some TCP in them; not those of sFlow, which is TCP's neighbour there. */
function captures(): string[] {
  const lines = readFileSync(join(SHARED, "corpus/corpus.tsv"), "utf8").trim().split("\n");
  const rows = lines.map((line) => line.split("\t"));
  const segments = rows[0]!.indexOf("tcp_segments");
  return rows.slice(1).flatMap((row) => (Number(row[segments]) > 10 ? [row[0]!] : []));
}

function derived(r: Random, files: readonly string[], how: string): IpPacket[] {
  const some = (): IpPacket[] => ipPackets(join(SHARED, "corpus", r.of(files)), MOST_PACKETS);
  let packets = some();
  if (r.oneIn(4)) packets = joined(packets, some());
  if (r.oneIn(3)) packets = renumbered(packets, r.word());
  return ACCIDENTS[how]!(r, packets);
}

testWith("tshark", "shared")(
  "every field of TCP of captures derived from the corpus is tshark's",
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "seqack-derived-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const path = join(folder, "derived.pcap");
    const [files, wrappings] = [captures(), Object.entries(WRAPPINGS)];
    const wrong: string[] = [];
    let segments = 0;
    for (let seed = 0; seed < CAPTURES; seed++) {
      const r = new Random(seed);
      const [name, wrapping] = wrappings[seed % wrappings.length]!;
      const how = r.of(Object.keys(ACCIDENTS));
      const snapLen = r.of([262_144, 262_144, 128, 96, 70]);
      writeFileSync(path, Buffer.concat(wrapped(derived(r, files, how), wrapping, snapLen)));
      const parity = await compareCapture(path, { fields: TCP_PARITY, settings: WITHOUT_MEDDLERS });
      segments += parity.segments;
      for (const field of parity.differing) {
        wrong.push(`seed ${seed} ${name} ${how} ${field} ${parity.fields.get(field)!.example}`);
      }
    }
    expect(wrong).toEqual([]);
    expect(segments).toBeGreaterThan(1000);
  },
  3_600_000,
);
