/**
 * Every view of every capture of the corpus against the commands: what `seqack read`, `conversations`,
 * `findings` and `story` say of a file is what the page shows of it.
 * All frames and all connections; of each capture some frames in full.
 */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { findScenario } from "../../src/lab/catalogue.ts";
import { runLab } from "../../src/lab/run.ts";
import { testWith } from "../needs.ts";
import { allCaptures } from "./corpus.ts";
import { compare } from "./numbers/compare.ts";

testWith("shared")(
  "every view shows the numbers of the commands, of every capture",
  async () => {
    const wrong: Record<string, readonly string[]> = {};
    let segments = 0;
    for (const file of allCaptures()) {
      const { differences, recording } = await compare(readFileSync(file));
      if (differences.length > 0) wrong[file] = differences;
      segments += recording.trace.segments.length;
    }
    expect(wrong).toEqual({});
    expect(segments).toBeGreaterThan(50_000);
  },
  300_000,
);

test.each(["echo", "lossy-start", "half-close", "simultaneous-close", "reset", "refused"])(
  "seqack lab %s: the program's calls too",
  async (name) => {
    const run = await runLab(findScenario(name)!, {});
    const { differences } = await compare(run.recordings[0].bytes);
    expect(differences).toEqual([]);
  },
);
