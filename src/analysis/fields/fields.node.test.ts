/** Every field of every frame of the corpus against tshark's. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { SHARED, testWith } from "../../../test/needs.ts";
import { compareFairly } from "../../../test/parity.ts";

/** One in so many files: tshark takes a third of a second to start. `CI=true` compares all. */
const STRIDE = process.env["CI"] === undefined ? 6 : 1;

/** Files in which we read something else, and know why. */
const APART: readonly string[] = [
  "ng-simple-packets.pcapng", // packets without a time: we say 1970
  "ng-multi-if.pcapng", // a block that tshark takes for a packet
  "timestamp_invalid", // microseconds beyond a second
  "4829420752470016", // the same
  "5755755617189888", // more than 2^31 bytes on the wire
  "5758569646653440", // the same
];

function corpus(): string[] {
  const [, ...lines] = readFileSync(join(SHARED, "corpus/corpus.tsv"), "utf8").trim().split("\n");
  return lines
    .map((line) => line.split("\t")[0]!)
    .filter((file) => !APART.some((name) => file.includes(name)))
    .filter((_, i) => i % STRIDE === 0);
}

testWith("tshark", "shared")(
  "every field of every frame prints as tshark prints it",
  async () => {
    const wrong: string[] = [];
    let frames = 0;
    for (const file of corpus()) {
      const path = join(SHARED, "corpus", file);
      const parity = await compareFairly(path);
      frames += parity.frames;
      for (const name of parity.differing) {
        wrong.push(`${file} ${name} ${parity.fields.get(name)!.example}`);
      }
    }
    expect(wrong).toEqual([]);
    expect(frames).toBeGreaterThan(5000);
  },
  600_000,
);
