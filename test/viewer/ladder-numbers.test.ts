/** The ladder of the viewer against the one that `seqack story --ladder` prints: the same rungs, numbers and states. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { STATES } from "../../src/analysis/states.ts";
import { formatLadder } from "../../src/report/ladder.ts";
import { findScenario } from "../../src/lab/catalogue.ts";
import { runLab } from "../../src/lab/run.ts";
import { callLabels, arrowLabels, statesAround } from "../../src/viewer/model/ladder-words.ts";
import { type Ladder, ladderOf } from "../../src/viewer/model/ladder.ts";
import { LadderList } from "../../src/viewer/model/ladder-list.ts";
import type { Recording } from "../../src/viewer/model/recording.ts";
import { testWith } from "../needs.ts";
import { capturesOf, opened } from "./corpus.ts";

const STREAMS = 6;

/** What of the viewer's ladder a printed line lacks. */
function missingIn(line: string, ladder: Ladder, list: LadderList, row: number): readonly string[] {
  const rung = list.at(row);
  if (rung === null) return ["a rung"];
  if (rung.kind === "call") {
    const { op } = ladder.calls[ladder.rungs[rung.index]!.call]!;
    const labels = callLabels(ladder, ladder.rungs[rung.index]!, "en");
    return labels.some((label) => line.includes(label)) ? [] : [op];
  }
  const { index } = rung;
  const states = ([0, 1] as const).flatMap((end) => {
    const { before, after } = statesAround(ladder, index, end);
    return before === after ? [] : [STATES[after]!];
  });
  const [whole = "", numbers = ""] = arrowLabels(ladder, index, "en");
  const label = line.includes(whole) ? whole : numbers;
  const start = new RegExp(`^ *${ladder.frame[index]} `);
  return [...states, label]
    .filter((part) => !line.includes(part))
    .concat(start.test(line) ? [] : ["frame"]);
}

function compare(name: string, recording: Recording): void {
  for (let stream = 0; stream < Math.min(STREAMS, recording.trace.streams); stream++) {
    const ladder = ladderOf(recording, stream)!;
    const list = new LadderList(ladder, null);
    const options = { lang: "en", columns: 240, calls: recording.calls } as const;
    const text = formatLadder(recording.trace, stream, options);
    const lines = text.trimEnd().split("\n");
    const body = lines.slice(lines.findIndex((line) => / client +server/.test(line)) + 2);
    expect([name, stream, body.length]).toEqual([name, stream, list.length]);
    const wrong = body.flatMap((line, row) =>
      missingIn(line, ladder, list, row).map((part) => [name, row, part, line]),
    );
    expect(wrong).toEqual([]);
  }
}

testWith("shared")("captures of the corpus: every rung of the first connections", async () => {
  for (const file of capturesOf({ every: 12, maxBytes: 60_000 })) {
    compare(file, await opened(readFileSync(file)));
  }
});

test.each(["echo", "lossy-start", "half-close", "simultaneous-close", "reset", "refused"])(
  "seqack lab %s: every rung, the calls among them",
  async (name) => {
    const run = await runLab(findScenario(name)!, {});
    compare(name, await opened(run.recordings[0].bytes));
  },
);
