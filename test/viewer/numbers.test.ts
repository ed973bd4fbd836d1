/**
 * Every view of every capture of the corpus against the commands: what `seqack read`, `conversations`,
 * `findings` and `story` say of a file is what the page shows of it.
 *
 * All frames and connections are looked at in lists; of each capture the first connections in the views of
 * one connection, all of them with `SEQACK_NUMBERS=all`.
 */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { findScenario } from "../../src/lab/catalogue.ts";
import { runLab } from "../../src/lab/run.ts";
import { testWith } from "../needs.ts";
import { allCaptures } from "./corpus.ts";
import { compare } from "./numbers/compare.ts";

const isAll = process.env["SEQACK_NUMBERS"] === "all";
const ALL = { streams: Infinity, segments: Infinity, frames: 60 };
const MOST = { streams: 12, segments: 20_000, frames: 10 };

testWith("shared")(
  "every view shows the numbers of the commands, of every capture",
  async () => {
    const wrong: Record<string, readonly string[]> = {};
    let segments = 0;
    for (const file of allCaptures()) {
      const { differences, recording } = await compare(readFileSync(file), isAll ? ALL : MOST);
      if (differences.length > 0) wrong[file] = differences;
      segments += recording.trace.segments.length;
    }
    expect(wrong).toEqual({});
    expect(segments).toBeGreaterThan(50_000);
  },
  isAll ? 3_600_000 : 300_000,
);

test.each(["echo", "lossy-start", "half-close", "simultaneous-close", "reset", "refused"])(
  "seqack lab %s: the program's calls too",
  async (name) => {
    const run = await runLab(findScenario(name)!, {});
    const { differences } = await compare(run.recordings[0].bytes, ALL);
    expect(differences).toEqual([]);
  },
);
